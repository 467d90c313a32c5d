import Ledger

/// Someone who may sign in, or a sealed envelope that waits for someone. Secrets are elsewhere.
public struct Account: Sendable, Equatable {
  /// `account/<uuid>`.
  public let id: String
  public var login: String?
  /// Surname and given name as shown.
  public var name: String?
  public var function: String?
  public var roles: [Role] = []
  /// Unit codes; empty for everywhere.
  public var units: [String] = []
  /// Sealed envelope: the first use asks who.
  public var emergency = false
  public var validUntil: Instant?
  public var closed = false

  public init(id: String) { self.id = id }
}

/// What a person is here for; `Permissions` says what each may do.
public enum Role: String, Sendable, CaseIterable {
  case admission, triage, physician, bedManager = "bed-manager", nurse, supervisor, switchboard
  case duty, security, records, auditor, administrator
}
