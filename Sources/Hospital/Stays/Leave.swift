import Ledger

/// Away with the bed kept: a permission, or a scan elsewhere and back.
public struct Leave: Command {
  public var stay: String
  /// `permission`, or `round-trip` for an examination elsewhere.
  public var kind: String
  /// Where to, in words.
  public var to: String?
  /// When they are expected back.
  public var until: Instant?
  public var at: Instant?

  /// CSP R1112-56: what is longer is a discharge.
  public static let permissionHoursMax = 48

  public init(
    stay: String, kind: String = "permission", to: String? = nil, until: Instant? = nil, at: Instant? = nil
  ) {
    self.stay = stay
    self.kind = kind
    self.to = to
    self.until = until
    self.at = at
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let stay = try world.known(stay: stay)
    let hour = try EventHour(at, world, moment, patient: stay.patient.flatMap { world.patient($0) })
    let presence = try stay.present(at: hour, moment)
    try world.require(.move, moment, units: presence.place.unit)
    try world.requireOwn(stay.id)
    guard ["permission", "round-trip"].contains(kind) else { throw Refusal("leave-kind-unknown", field: "kind") }
    guard !presence.away else { throw Refusal("already-away", field: "stay") }
    if let until {
      guard until > hour.at else { throw Refusal("return-before-leave", field: "until") }
      guard until <= hour.at.adding(seconds: Self.permissionHoursMax * 3600) else {
        throw Refusal("leave-too-long", field: "until", ["hours": String(Self.permissionHoursMax)])
      }
    }
    var leave: [(key: String, value: JSON)] = [("kind", .string(kind))]
    if let to = to.json { leave.append(("to", to)) }
    if let until { leave.append(("until", .string(until.text))) }
    let movement = SaidMovement(kind: .left, trigger: "A21", hour: hour)
    return Decision(facts: [movement.fact(stay.id, moment, beside: [("leave", .object(JSONObject(leave)))])])
  }
}

/// Back from leave, into the place that was kept.
public struct Return: Command {
  public var stay: String
  public var at: Instant?

  public init(stay: String, at: Instant? = nil) {
    self.stay = stay
    self.at = at
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let stay = try world.known(stay: stay)
    let hour = try EventHour(at, world, moment, patient: stay.patient.flatMap { world.patient($0) })
    let presence = try stay.present(at: hour, moment)
    try world.require(.move, moment, units: presence.place.unit)
    try world.requireOwn(stay.id)
    guard presence.away else { throw Refusal("not-away", field: "stay") }
    let movement = SaidMovement(kind: .returned, trigger: "A22", hour: hour)
    return Decision(facts: [movement.fact(stay.id, moment, beside: [("leave", .null)])])
  }
}
