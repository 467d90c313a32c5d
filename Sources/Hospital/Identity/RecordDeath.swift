import Ledger

/// A physician finds a death. In the same commit the stay ends by death, and its bed says that a body is present.
/// The wristband is read a second time: a death said of the wrong person is not taken back easily.
public struct RecordDeath: Command {
  public var patient: String
  /// As read or scanned from the wristband: the IPP, another number of this person, or the label of an unknown patient.
  public var wristband: String
  /// Hour of the constat; nil for now.
  public var at: Instant?
  public var physician: String
  /// Obstacle médico-légal.
  public var obstacle: Bool
  /// Who told the family; nil while nobody has.
  public var familyToldBy: String?

  public init(
    patient: String, wristband: String, at: Instant? = nil, physician: String, obstacle: Bool = false,
    familyToldBy: String? = nil
  ) {
    self.patient = patient
    self.wristband = wristband
    self.at = at
    self.physician = physician
    self.obstacle = obstacle
    self.familyToldBy = familyToldBy
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.discharge, moment)
    let person = try world.known(patient: patient)
    try world.requireOwn(person.id)
    guard !person.deceased else { throw Refusal("already-deceased", field: "patient") }
    let hour = try EventHour(at, world, moment, patient: person)
    guard let physician = try FreeText.tidied(physician, field: "physician") else {
      throw Refusal("physician-missing", field: "physician")
    }
    try WristbandCheck(wristband).require(person, world)
    var data = StateWriter()
    data.put("deathAt", hour.at.text)
    data.put("physician", physician)
    data.put("obstacle", obstacle)
    data.put("familyToldBy", try FreeText.tidied(familyToldBy, field: "familyToldBy"))
    let fact = Fact(kind: "patient.died", subject: person.id, at: hour.at, data: .object(data.object))
    var decision = Decision(facts: [fact])
    endStays(of: person, &decision, world, moment, hour)
    return decision
  }

  /// A death is written whatever its stay says: what cannot be ended with it is left open, with a warning.
  private func endStays(
    of person: Patient, _ decision: inout Decision, _ world: any World, _ moment: Moment, _ hour: EventHour
  ) {
    for id in world.stays(ofPatient: person.id) {
      guard let stay = world.stay(id) else { continue }
      let isThere = stay.status(at: hour.at) == .admitted
      // Arrived dead: the stay that was opened since ends now.
      guard isThere || stay.status(at: moment.now) == .admitted else { continue }
      do {
        // Of two stays in one bed, the last to end leaves the body there.
        let end = try Discharge(stay: id, exitMode: "9", at: isThere ? at : nil)
          .decide(WorldAfter(world, decision.facts, moment), moment)
        decision.facts += end.facts
        decision.warnings += end.warnings
      } catch {
        decision.warnings.append(Warning("death-stay-open", ["number": stay.number ?? "–"]))
      }
    }
  }
}
