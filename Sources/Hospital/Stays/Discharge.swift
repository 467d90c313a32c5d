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
    let patient = world.person(of: stay)
    let hour = try EventHour(at, world, moment, patient: patient)
    let presence = try stay.present(at: hour, moment)
    try world.require(.discharge, moment, units: presence.place.unit)
    try world.requireOwn(stay.id)
    var warnings = try PMSICampaign.at(hour.at, world.structure).checkExit(exitMode, destination)
    // A death is a physician's, who reads the wristband again: `RecordDeath` ends the stay with it.
    if exitMode == "9", patient?.deceased == false { throw Refusal("death-not-recorded", field: "exitMode") }
    warnings += patient.map { Discharge.cautions($0, exitMode: exitMode, at: hour.at, world.structure) } ?? []
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
    let transfers = world.transfers(ofStay: stay.id)
    if stay.awaySince(at: hour.at, transfers) != nil { warnings.append(Warning("discharge-away")) }
    // Nobody watches for a return any more.
    let away = transfers.filter(\.isAway).map {
      Fact(kind: "transfer.ended", subject: $0.id, at: hour.at, data: [:])
    }
    return Decision(facts: [end] + bed + away, warnings: warnings)
  }

  /// Who must not simply leave: what to check before they do.
  public static func cautions(
    _ patient: Patient, exitMode: String, at: Instant, _ structure: Structure?
  ) -> [Warning] {
    var warnings: [Warning] = []
    let day = LocalTime(of: structure).day(at)
    if patient.isMinor(on: day), ["0", "7", "8"].contains(exitMode) { warnings.append(Warning("discharge-minor")) }
    guard exitMode == "8" else { return warnings }
    if patient.situation(.prisoner) != nil { warnings.append(Warning("discharge-prisoner")) }
    if patient.situation(.custody) != nil { warnings.append(Warning("discharge-custody")) }
    let care = patient.situation(.psychiatric)?.code.flatMap(PsychiatricCare.init)
    if care?.isWithoutConsent ?? false { warnings.append(Warning("discharge-psychiatric")) }
    return warnings
  }
}
