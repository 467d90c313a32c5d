import Hospital
import Ledger

/// Accounts made without anybody signed in.
public enum Accounts {
  /// Shown once, and kept nowhere.
  public struct First: Sendable {
    /// `account/<uuid>`.
    public var id: String
    /// What is typed at sign-in.
    public var name: String
    public var secret: String
  }

  /// The first account of a new station: it opens all others.
  /// - Throws: `Refusal`, or `RegisterFault`.
  public static func createFirst(
    _ register: Register, environment: Environment, login: String = "admin", shownAs name: String = "Administration",
    scryptRounds: Int = ScryptVerifier.usualRounds
  ) async throws -> First {
    let secret = NewSecret.password(environment.randomBytes)
    let verifier = try ScryptVerifier(of: secret, salt: environment.randomBytes(16), rounds: scryptRounds)
    let id = "account/\(environment.newID())"
    let command = OpenAccount(
      account: id, login: login, name: name, function: nil, roles: [.administrator, .admission])
    _ = try await register.submit(Submission(command, key: environment.newID(), author: "system"))
    try register.keep(Credential(account: id, login: login, verifier: verifier))
    return First(id: id, name: login, secret: secret)
  }
}
