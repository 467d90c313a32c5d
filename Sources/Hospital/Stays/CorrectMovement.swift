import Ledger

/// The movement, or the coming of a series, happened, but at another hour or under another physician (Z99).
public struct CorrectMovement: Command {
  public var stay: String
  public var key: String
  public var at: Instant?
  public var attending: String?
  /// The hour is the main system's, however long ago.
  var isKnown = false

  public init(stay: String, key: String, at: Instant? = nil, attending: String? = nil) {
    self.stay = stay
    self.key = key
    self.at = at
    self.attending = attending
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let stay = try world.known(stay: stay)
    if let attendance = stay.attendances.first(where: { $0.key.sameBytes(as: key) }) {
      return try decide(attendance, of: stay, world, moment)
    }
    guard let movement = stay.movements.first(where: { $0.key.sameBytes(as: key) }) else {
      throw Refusal("movement-unknown", field: "movement")
    }
    try world.require(.cancelMovement, moment, units: movement.place.unit)
    try world.requireOwn(stay.id)
    guard !movement.cancelled else { throw Refusal("movement-cancelled", field: "movement") }
    guard at != nil || attending != nil else { throw Refusal("nothing-changed", field: "at") }
    guard let at else { return Decision(facts: [fact(stay, movement, movement.at)]) }
    if movement.isPreadmission { return Decision(facts: [fact(stay, movement, at)]) }
    let patient = stay.patient.flatMap { world.patient($0) }
    let hour = try EventHour(at, world, moment, patient: patient, isKnown: isKnown)
    try checkOrder(movement, at: hour.at, in: stay)
    let corrected = fact(stay, movement, hour.at)
    guard world.clashes(after: [corrected], moment).isEmpty else { throw Refusal("bed-occupied-then", field: "at") }
    return Decision(facts: [corrected])
  }

  /// Said again under its key, which puts it right.
  private func decide(
    _ attendance: Attendance, of stay: Stay, _ world: any World, _ moment: Moment
  ) throws(Refusal) -> Decision {
    try world.require(.cancelMovement, moment, units: attendance.unit ?? stay.place.unit)
    try world.requireOwn(stay.id)
    guard !attendance.cancelled else { throw Refusal("movement-cancelled", field: "movement") }
    let patient = stay.patient.flatMap { world.patient($0) }
    let hour = try at.map { at throws(Refusal) in try EventHour(at, world, moment, patient: patient).at }
    let attending = attending == attendance.attending ? nil : attending
    guard hour ?? attendance.at != attendance.at || attending != nil else {
      throw Refusal("nothing-changed", field: "at")
    }
    if let hour { try stay.requireAttendable(at: hour, besides: attendance.key, moment) }
    return Decision(facts: [
      AttendSession.fact(
        stay.id, key: attendance.key, at: hour ?? attendance.at, unit: nil, attending: attending)
    ])
  }

  /// What opens a visit comes before what happens in it, and what ends it after.
  private func checkOrder(_ movement: Movement, at: Instant, in stay: Stay) throws(Refusal) {
    let others = stay.movements.filter { $0.acts && $0.key != movement.key }
    let passes = others.contains { other in
      let (was, isNow) = (other.at < movement.at, other.at < at)
      return was != isNow && (movement.bounds || other.bounds)
    }
    guard !passes else { throw Refusal("movement-out-of-order", field: "at") }
  }

  private func fact(_ stay: Stay, _ movement: Movement, _ at: Instant) -> Fact {
    var said = StateWriter()
    said.put("key", movement.key)
    said.put("id", movement.id)
    said.put("trigger", movement.trigger.isEmpty ? nil : movement.trigger)
    said.put("attending", attending)
    return Fact(
      kind: StayFact.corrected.rawValue, subject: stay.id, at: at, data: ["movement": .object(said.object)])
  }
}

extension Movement {
  /// Others may change places with each other, but not with these.
  fileprivate var bounds: Bool { isBeginning || isDischarge || trigger == "A21" || trigger == "A22" }
}
