import Ledger

/// A legal situation no longer holds.
public struct EndSituation: Command {
  public var patient: String
  public var kind: String

  public init(patient: String, kind: String) {
    self.patient = patient
    self.kind = kind
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.protect, moment)
    let person = try world.known(patient: patient)
    guard person.situations.contains(where: { $0.kind.sameBytes(as: kind) }) else {
      throw Refusal("situation-absent", field: "kind")
    }
    let fact = Fact(
      kind: "patient.situation-ended", subject: person.id, at: moment.now, data: ["kind": .string(kind)])
    return Decision(facts: [fact])
  }
}
