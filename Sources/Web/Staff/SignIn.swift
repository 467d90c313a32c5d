import Hospital
import Ledger
import Register
import Synchronization

/// Finds out whether somebody is who they say, and opens their session.
package final class SignIn: Sendable {
  /// After the PIN, the badge alone changes users on this station for a shift.
  static let badgeAloneSeconds = 12 * 3600

  enum Answer {
    case welcome(token: String, Session, Credential)
    /// The badge is known; its PIN has not been typed here for a shift.
    case needsPin(name: String)
    /// Key of the sentence that says why not.
    case refused(String)
    case wait(seconds: Int)
  }

  private let register: Register
  private let environment: Outside
  private let sessions: Sessions
  private let tokens: ClientTokens
  private let checking = SecretChecking()
  private let attempts = Attempts()
  /// Until when an account's badge is enough here.
  private let badges = Mutex<[String: Instant]>([:])

  init(register: Register, environment: Outside, sessions: Sessions, tokens: ClientTokens) {
    self.register = register
    self.environment = environment
    self.sessions = sessions
    self.tokens = tokens
  }

  /// By account and secret.
  func enter(login: String, secret: String, address: String) async throws -> Answer {
    try await enter(
      try register.credentials(ofLogin: login), name: Credential.key(login), secret: secret, address: address,
      refusal: "sign-in.wrong")
  }

  /// By what a badge's code says, with the PIN or, within a shift, without.
  func enter(badge: String, secret: String?, address: String) async throws -> Answer {
    let digest = Secret.digest(badge)
    let name = Hex.text(of: digest.prefix(8))
    if let seconds = wait(name, address) { return .wait(seconds: seconds) }
    guard let credential = try register.credential(ofBadge: digest) else {
      attempts.failed(login: name, address: address, at: environment.now())
      return .refused("sign-in.badge-unknown")
    }
    if let secret {
      return try await enter([credential], name: name, secret: secret, address: address, refusal: "sign-in.wrong-pin")
    }
    let now = environment.now()
    guard badges.withLock({ $0[credential.account].map { now < $0 } ?? false }) else {
      return .needsPin(name: try account(credential)?.name ?? "")
    }
    return try open(credential)
  }

  /// Whoever is signed in shows that they still know their secret, before it changes.
  func confirm(_ account: String, secret: String, address: String) async throws -> Answer {
    let credentials = try register.credential(ofAccount: account).map { [$0] } ?? []
    return try await check(credentials, name: account, secret, address, refusal: "sign-in.wrong-pin") { credential in
      .needsPin(name: credential.account)
    }
  }

  func verifier(of secret: String) async throws -> ScryptVerifier {
    try await checking.verifier(of: secret, salt: environment.randomBytes(16))
  }

  /// Its badge asks for the PIN again, and what it has open ends, a program's tokens too.
  func forget(account: String) {
    badges.withLock { $0[account] = nil }
    sessions.close(account: account)
    tokens.close(account: account)
  }

  private func enter(
    _ credentials: [Credential], name: String, secret: String, address: String, refusal: String
  ) async throws -> Answer {
    try await check(credentials, name: name, secret, address, refusal: refusal) { credential in
      let now = environment.now()
      badges.withLock { $0[credential.account] = now.adding(seconds: SignIn.badgeAloneSeconds) }
      return try open(credential)
    }
  }

  private func check(
    _ credentials: [Credential], name: String, _ secret: String, _ address: String, refusal: String,
    then: (Credential) throws -> Answer
  ) async throws -> Answer {
    if let seconds = attempts.begin(login: name, address: address, at: environment.now()) {
      return .wait(seconds: seconds)
    }
    guard let credential = try await checking.first(of: credentials, matching: secret) else {
      return .refused(refusal)
    }
    attempts.succeeded(login: name, address: address)
    return try then(credential)
  }

  private func wait(_ name: String, _ address: String) -> Int? {
    let seconds = attempts.wait(login: name, address: address, at: environment.now())
    return seconds > 0 ? seconds : nil
  }

  private func open(_ credential: Credential) throws -> Answer {
    let now = environment.now()
    guard let account = try account(credential), !account.closed else { return .refused("sign-in.closed") }
    guard account.isActive(at: now) else { return .refused("sign-in.expired") }
    let (token, session) = open(account, at: now)
    return .welcome(token: token, session, credential)
  }

  private func account(_ credential: Credential) throws -> Account? {
    try register.read { try $0.account(credential.account) }
  }

  /// A session for an account that has proved who it is.
  func open(_ account: Account, at now: Instant) -> (token: String, session: Session) {
    let longest = now.adding(seconds: Sessions.secondsMax)
    let session = Session(
      who: account, csrf: Secret.token(environment.randomBytes(32)), began: now,
      until: min(longest, account.validUntil ?? longest))
    return (sessions.open(session), session)
  }
}
