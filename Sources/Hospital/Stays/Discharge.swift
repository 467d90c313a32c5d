import Ledger

/// The end of a stay. In the same commit its bed is to be cleaned, or says that a body is present.
public struct Discharge: Command {
  public var stay: String
  /// PMSI: 6 7 0 8 9.
  public var exitMode: String
  public var destination: String?
  public var at: Instant?

  public init(stay: String, exitMode: String, destination: String? = nil, at: Instant? = nil) {
    self.stay = stay
    self.exitMode = exitMode
    self.destination = destination
    self.at = at
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let stay = try world.known(stay: stay)
    let hour = try EventHour(at, world, moment, patient: stay.patient.flatMap { world.patient($0) })
    let presence = try stay.present(at: hour, moment)
    try world.require(.discharge, moment, units: presence.place.unit)
    let warnings = try PMSICampaign.at(hour.at).checkExit(exitMode, destination)
    guard stay.isLast(hour) else { throw Refusal("movements-after", field: "at") }
    let movement = SaidMovement(
      kind: .discharged, trigger: "A03", hour: hour, place: presence.place, nature: "HMS",
      stayClass: presence.stayClass)
    let end = movement.fact(
      stay.id, moment,
      beside: [
        ("exitMode", .string(exitMode)), ("destination", destination.json ?? .null),
        ("leave", presence.away ? .null : nil),
      ])
    let bed = Lodging.left(presence.place, by: stay.id, at: hour.at, died: exitMode == "9", world, moment)
    return Decision(facts: [end] + bed, warnings: warnings)
  }
}
