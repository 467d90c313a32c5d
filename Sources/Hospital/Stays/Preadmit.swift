import Ledger

/// Somebody is expected: a stay with its number, and a bed kept if one is named.
public struct Preadmit: Command {
  public var patient: String
  public var stayClass: StayClass
  public var unit: String?
  /// `bed/<uuid>`, to be kept.
  public var bed: String?
  public var attending: String?
  public var reason: String?
  public var expectedAt: Instant
  /// Coverage and other objects, kept as they are.
  public var other: JSONObject

  public init(
    patient: String, stayClass: StayClass, unit: String?, bed: String? = nil, attending: String? = nil,
    reason: String? = nil, expectedAt: Instant, other: JSONObject = JSONObject()
  ) {
    self.patient = patient
    self.stayClass = stayClass
    self.unit = unit
    self.bed = bed
    self.attending = attending
    self.reason = reason
    self.expectedAt = expectedAt
    self.other = other
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.preadmit, moment, units: unit)
    _ = try world.known(patient: patient)
    guard Admit.classes.contains(stayClass) else { throw Refusal("class-unknown", field: "stayClass") }
    guard expectedAt >= moment.now.adding(seconds: -86_400) else { throw Refusal("expected-past", field: "expectedAt") }
    let unit = try Lodging.known(unit, world)
    var place = Place(unit: unit)
    var keeping: [Fact] = []
    let id = "stay/\(moment.newID())"
    if let bed {
      keeping = try ReserveBed(bed: bed, for: id, reason: nil).facts(world, moment, as: .preadmit)
      if let known = world.bed(bed) { place = Place(unit: known.unit ?? unit, room: known.room, bed: known.code) }
    }
    let movement = SaidMovement(
      kind: .preadmitted, trigger: "A05", hour: EventHour(expected: expectedAt), place: place, nature: "HMS",
      stayClass: stayClass, attending: attending)
    let beside: [(String, JSON?)] = [
      ("patient", .string(patient)), ("number", .string(try world.newStayNumber())),
      ("numberAuthority", (world.structure?.ndaAuthority).json), ("reason", reason.json),
    ]
    let fact = movement.fact(id, moment, beside: beside + other.members.map { ($0.key, $0.value) })
    return Decision(facts: [fact] + keeping)
  }
}
