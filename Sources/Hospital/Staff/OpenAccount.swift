import Ledger

/// A new account, or a sealed envelope that waits for someone. Its secret is made and kept elsewhere.
public struct OpenAccount: Command {
  /// `account/<uuid>`, so that its secret can be kept beside it.
  public var account: String
  public var login: String?
  public var name: String?
  public var function: String?
  public var roles: [Role]
  /// Unit codes; empty for everywhere.
  public var units: [String]
  /// Sealed envelope.
  public var emergency: Bool
  public var validUntil: Instant?

  public init(
    account: String, login: String?, name: String?, function: String?, roles: [Role], units: [String] = [],
    emergency: Bool = false, validUntil: Instant? = nil
  ) {
    self.account = account
    self.login = login
    self.name = name
    self.function = function
    self.roles = roles
    self.units = units
    self.emergency = emergency
    self.validUntil = validUntil
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.staff, moment)
    return Decision(facts: [try fact(world, moment)])
  }

  func fact(_ world: any World, _ moment: Moment) throws(Refusal) -> Fact {
    guard account.hasPrefix("account/") else { throw Refusal("account-id-invalid") }
    guard world.account(account) == nil else { throw Refusal("account-there") }
    guard !roles.isEmpty else { throw Refusal("roles-missing", field: "roles") }
    guard emergency || name.map({ !$0.isBlank }) ?? false else { throw Refusal("name-missing", field: "name") }
    for unit in units { _ = try Lodging.known(unit, world) }
    if let validUntil, validUntil <= moment.now { throw Refusal("valid-until-past", field: "validUntil") }
    var data = StateWriter()
    data.put("login", login)
    data.put("name", name)
    data.put("function", function)
    data.put("roles", roles.map(\.rawValue))
    data.put("units", units)
    data.put("emergency", emergency)
    data.put("validUntil", validUntil?.text)
    return Fact(kind: "account.opened", subject: account, at: moment.now, data: .object(data.object))
  }
}

/// A cadre lets somebody in for this night: twenty seconds, twelve hours, their own units.
public struct OpenTemporaryAccount: Command {
  public var account: String
  public var login: String?
  public var name: String
  public var function: String
  public var roles: [Role]
  public var units: [String]

  public static let hours = 12
  /// What a cadre may hand out for a night.
  public static let roles: [Role] = [.admission, .triage, .physician, .bedManager, .nurse, .switchboard]

  public init(
    account: String, login: String?, name: String, function: String, roles: [Role] = [.nurse], units: [String] = []
  ) {
    self.account = account
    self.login = login
    self.name = name
    self.function = function
    self.roles = roles
    self.units = units
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.temporaryStaff, moment)
    let own = world.account(moment.author)?.units ?? []
    guard own.isEmpty || units.allSatisfy({ own.contains($0) }) else { throw Refusal("unit-not-yours", field: "units") }
    guard !function.isBlank else { throw Refusal("function-missing", field: "function") }
    guard roles.allSatisfy({ Self.roles.contains($0) }) else { throw Refusal("role-not-temporary", field: "roles") }
    let opening = OpenAccount(
      account: account, login: login, name: name, function: function, roles: roles, units: units.isEmpty ? own : units,
      validUntil: moment.now.adding(seconds: Self.hours * 3600))
    return Decision(facts: [try opening.fact(world, moment)])
  }
}
