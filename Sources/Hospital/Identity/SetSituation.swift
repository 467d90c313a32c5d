import Ledger

/// Mineur, majeur protégé, détenu, garde à vue, soins psychiatriques. One of each kind holds at a time.
public struct SetSituation: Command {
  public var patient: String
  /// Without `since`, it holds from now.
  public var situation: LegalSituation

  public init(patient: String, situation: LegalSituation) {
    self.patient = patient
    self.situation = situation
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.protect, moment)
    let person = try world.known(patient: patient)
    let checked = try situation.checked(moment)
    let fact = Fact(
      kind: "patient.situation-set", subject: person.id, at: checked.since ?? moment.now, data: checked.json)
    return Decision(facts: [fact])
  }
}
