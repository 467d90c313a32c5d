import Ledger

/// What is given is changed; nil says nothing.
public struct ChangeAccount: Command {
  public var account: String
  public var login: String?
  public var name: String?
  public var function: String?
  public var roles: [Role]?
  public var units: [String]?
  public var validUntil: Instant?

  public init(
    account: String, login: String? = nil, name: String? = nil, function: String? = nil, roles: [Role]? = nil,
    units: [String]? = nil, validUntil: Instant? = nil
  ) {
    self.account = account
    self.login = login
    self.name = name
    self.function = function
    self.roles = roles
    self.units = units
    self.validUntil = validUntil
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.staff, moment)
    let known = try world.openAccount(account)
    if let roles {
      guard !roles.isEmpty else { throw Refusal("roles-missing", field: "roles") }
      // Nobody locks the door behind themselves.
      guard known.id != moment.author || !known.roles.contains(.administrator) || roles.contains(.administrator) else {
        throw Refusal("own-account", field: "roles")
      }
    }
    for unit in units ?? [] { _ = try Lodging.known(unit, world) }
    var data = StateWriter()
    data.put("login", login)
    data.put("name", name)
    data.put("function", function)
    var object = data.object
    if let roles { object.append("roles", .array(roles.map { .string($0.rawValue) })) }
    if let units { object.append("units", .array(units.map { .string($0) })) }
    if let validUntil { object.append("validUntil", .string(validUntil.text)) }
    guard !object.isEmpty else { throw Refusal("nothing-changed") }
    return Decision(facts: [
      Fact(kind: "account.changed", subject: account, at: moment.now, data: .object(object))
    ])
  }
}

public struct CloseAccount: Command {
  public var account: String
  public var reason: String?

  public init(account: String, reason: String? = nil) {
    self.account = account
    self.reason = reason
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.staff, moment)
    let known = try world.openAccount(account)
    guard known.id != moment.author else { throw Refusal("own-account", field: "account") }
    var data = JSONObject()
    if let reason = reason.json { data.append("reason", reason) }
    return Decision(facts: [Fact(kind: "account.closed", subject: account, at: moment.now, data: .object(data))])
  }
}

/// The first use of a sealed envelope: who are you? Whoever holds badge and PIN answers for themselves.
public struct ClaimEnvelope: Command {
  public var surname: String
  public var givenName: String
  public var function: String

  public init(surname: String, givenName: String, function: String) {
    self.surname = surname
    self.givenName = givenName
    self.function = function
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let known = try world.openAccount(moment.author)
    guard known.isActive(at: moment.now) else { throw Refusal("account-inactive") }
    guard known.emergency else { throw Refusal("not-an-envelope") }
    guard known.awaitsClaim else { throw Refusal("envelope-claimed") }
    guard !surname.isBlank else { throw Refusal("surname-missing", field: "surname") }
    guard !givenName.isBlank else { throw Refusal("given-name-missing", field: "givenName") }
    guard !function.isBlank else { throw Refusal("function-missing", field: "function") }
    let data: JSON = ["name": .string("\(surname) \(givenName)"), "function": .string(function)]
    return Decision(facts: [Fact(kind: "account.claimed", subject: known.id, at: moment.now, data: data)])
  }
}

extension World {
  fileprivate func openAccount(_ id: String) throws(Refusal) -> Account {
    guard let account = account(id) else { throw Refusal("account-unknown", field: "account") }
    guard !account.closed else { throw Refusal("account-closed", field: "account") }
    return account
  }
}
