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
  /// When an envelope's first user said who they are.
  public var claimedAt: Instant?
  public var validUntil: Instant?
  public var closed = false

  public init(id: String) { self.id = id }

  /// May sign in and act at that instant.
  public func isActive(at instant: Instant) -> Bool {
    !closed && validUntil.map { instant < $0 } ?? true
  }

  /// An envelope that nobody has put a name to.
  public var awaitsClaim: Bool { emergency && claimedAt == nil }
}

/// What a person is here for; `Permissions` says what each may do.
public enum Role: String, Sendable, CaseIterable {
  case admission, triage, physician
  case bedManager = "bed-manager"
  case nurse, supervisor, switchboard
  case duty, security, records, auditor, administrator
  /// A program that asks over FHIR; nobody signs in with it.
  case client
}

extension Account: Folded {
  public mutating func fold(_ heard: Heard) {
    guard let data = heard.fact.data.object else { return }
    switch heard.fact.kind {
    case "account.opened", "account.changed":
      for (key, value) in data.members { take(key, value) }
    case "account.claimed":
      if let value = data["name"] { name.take(value) }
      if let value = data["function"] { function.take(value) }
      claimedAt = claimedAt ?? heard.fact.at
    case "account.closed": closed = true
    default: break
    }
  }

  private mutating func take(_ key: String, _ value: JSON) {
    switch key {
    case "login": login.take(value)
    case "name": name.take(value)
    case "function": function.take(value)
    case "roles":
      // Said as a list or not at all; a role that only a later version knows gives nothing here.
      if value.isNull { roles = [] }
      if let said = value.strings { roles = said.compactMap { Role(rawValue: $0) } }
    case "units":
      if value.isNull { units = [] }
      if let said = value.strings { units = said }
    case "emergency": emergency.take(value)
    case "validUntil": validUntil.take(value)
    default: break
    }
  }

  public var stored: JSON {
    var writer = StateWriter(id: id)
    writer.put("login", login)
    writer.put("name", name)
    writer.put("function", function)
    writer.put("roles", roles.map(\.rawValue))
    writer.put("units", units)
    writer.put("emergency", emergency)
    writer.put("claimedAt", claimedAt)
    writer.put("validUntil", validUntil)
    writer.put("closed", closed)
    return .object(writer.object)
  }

  public init?(stored: JSON) {
    guard let object = stored.object, let id = object["id"]?.string else { return nil }
    self.init(id: id)
    login = object["login"]?.string
    name = object["name"]?.string
    function = object["function"]?.string
    roles = object["roles"]?.strings?.compactMap { Role(rawValue: $0) } ?? []
    units = object["units"]?.strings ?? []
    emergency = object["emergency"]?.bool ?? false
    claimedAt = object["claimedAt"]?.storedInstant
    validUntil = object["validUntil"]?.storedInstant
    closed = object["closed"]?.bool ?? false
  }
}
