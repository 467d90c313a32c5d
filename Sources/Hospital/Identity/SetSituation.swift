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
    var checked = try situation.checked(moment)
    // The same one, told more exactly, keeps its name in the main system.
    let before = world.whole(person).situations.first { $0.kind.sameBytes(as: checked.kind) }
    if checked.since == before?.since { checked.id = before?.id }
    let fact = Fact(
      kind: "patient.situation-set", subject: person.id, at: checked.since ?? moment.now, data: checked.json)
    // The one of another of their identities that it replaces: the main system's own measure of that name goes on.
    let replaced = world.bearers(of: checked.kind, person).filter { bearer in
      let said = world.patient(bearer)?.situations.first { $0.kind.sameBytes(as: checked.kind) }
      return !bearer.sameBytes(as: person.id) && (said?.id == nil || said?.id != checked.id)
    }
    return Decision(facts: [fact] + replaced.map { LegalSituation.ended(checked.kind, of: $0, at: fact.at) })
  }
}
