import Hospital
import Ledger
import Register
import Synchronization

/// Who is signed in. In memory, by digest of the token: looking one up costs a hash and a lock. Kept beside the ledger
/// too, so that a station that starts again does not send everybody back to sign-in; a full disk keeps nobody out.
package final class Sessions: Sendable {
  /// Without a request for this long: signed out. Drafts stay with whoever typed them.
  package static let idleSecondsMax = 3600
  package static let secondsMax = 12 * 3600

  private struct Entry {
    var session: Session
    var used: Instant

    func isOpen(at now: Instant) -> Bool {
      now < session.until && now < used.adding(seconds: Sessions.idleSecondsMax)
    }
  }

  private let entries: Mutex<[[UInt8]: Entry]>
  private let register: Register
  private let environment: Outside
  private let ended: @Sendable () -> Void

  /// Takes over the sessions that were open when the station stopped.
  /// - Parameter ended: called after sessions were ended by hand, so that what they still show ends too.
  init(_ register: Register, environment: Outside, ended: @escaping @Sendable () -> Void) {
    self.ended = ended
    self.register = register
    self.environment = environment
    let now = environment.now()
    var entries: [[UInt8]: Entry] = [:]
    for kept in (try? register.keptSessions(at: now)) ?? [] {
      guard let account = try? register.read({ try $0.account(kept.account) }), account.isActive(at: now) else {
        continue
      }
      let session = Session(who: account, csrf: kept.csrf, began: kept.began, until: kept.until)
      entries[kept.digest] = Entry(session: session, used: now)
    }
    self.entries = Mutex(entries)
  }

  /// - Returns: the token, which only the browser keeps.
  func open(_ session: Session) -> String {
    let token = Secret.token(environment.randomBytes(32))
    let digest = Secret.digest(token)
    let now = environment.now()
    entries.withLock { entries in
      entries = entries.filter { $0.value.isOpen(at: now) }
      entries[digest] = Entry(session: session, used: now)
    }
    try? register.keep(
      KeptSession(
        digest: digest, account: session.account, csrf: session.csrf, began: session.began, until: session.until))
    return token
  }

  func session(of token: String) -> Session? {
    guard token.utf8.count == 64 else { return nil }
    let digest = Secret.digest(token)
    let now = environment.now()
    return entries.withLock { entries -> Session? in
      guard let entry = entries[digest] else { return nil }
      guard entry.isOpen(at: now) else {
        entries[digest] = nil
        return nil
      }
      entries[digest]?.used = now
      return entry.session
    }
  }

  /// Whether a stream of changes goes on. A screen on the wall is in use while it shows; one with names is left like
  /// any other page.
  func isWelcome(_ token: String, onWall: Bool = false) -> @Sendable () -> Bool {
    let digest = Secret.digest(token)
    return { [self] in
      let now = environment.now()
      return entries.withLock { entries in
        guard entries[digest]?.isOpen(at: now) ?? false else { return false }
        if onWall { entries[digest]?.used = now }
        return true
      }
    }
  }

  /// The same session for an account that changed under its own hand.
  func replace(_ token: String, who account: Account) {
    let digest = Secret.digest(token)
    entries.withLock { entries in
      guard let old = entries[digest]?.session else { return }
      entries[digest]?.session = Session(who: account, csrf: old.csrf, began: old.began, until: old.until)
    }
  }

  func close(_ token: String) {
    let digest = Secret.digest(token)
    entries.withLock { $0[digest] = nil }
    try? register.forgetSession(digest)
    ended()
  }

  /// Ends whatever this account has open: it was closed, or its roles or its secret changed.
  package func close(account: String) {
    entries.withLock { entries in entries = entries.filter { $0.value.session.account != account } }
    try? register.forgetSessions(ofAccount: account)
    ended()
  }
}
