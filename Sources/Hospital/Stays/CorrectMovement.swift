import Ledger

/// The movement happened, but at another hour or under another physician (Z99).
public struct CorrectMovement: Command {
  public var stay: String
  public var key: String
  public var at: Instant?
  public var attending: String?

  public init(stay: String, key: String, at: Instant? = nil, attending: String? = nil) {
    self.stay = stay
    self.key = key
    self.at = at
    self.attending = attending
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let stay = try world.known(stay: stay)
    guard let movement = stay.movements.first(where: { $0.key.sameBytes(as: key) }) else {
      throw Refusal("movement-unknown", field: "movement")
    }
    try world.require(.cancelMovement, moment, units: movement.place.unit)
    guard !movement.cancelled else { throw Refusal("movement-cancelled", field: "movement") }
    guard at != nil || attending != nil else { throw Refusal("nothing-changed", field: "at") }
    if movement.isPreadmission, let at {
      return Decision(facts: [fact(stay, movement, at)])
    }
    let patient = stay.patient.flatMap { world.patient($0) }
    let hour = at == nil ? nil : try EventHour(at, world, moment, patient: patient)
    return Decision(facts: [fact(stay, movement, hour?.at ?? movement.at)])
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
