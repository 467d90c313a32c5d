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
    let bearers = world.bearers(of: kind, person)
    guard !bearers.isEmpty else { throw Refusal("situation-absent", field: "kind") }
    for bearer in bearers where world.patient(bearer)?.isSaidThere(kind) ?? false { try world.requireOwn(bearer) }
    return Decision(facts: bearers.map { LegalSituation.ended(kind, of: $0, at: moment.now) })
  }
}

extension LegalSituation {
  static func ended(_ kind: String, of patient: String, at instant: Instant) -> Fact {
    Fact(kind: "patient.situation-ended", subject: patient, at: instant, data: ["kind": .string(kind)])
  }
}

extension World {
  /// Ids of the identities of this person of which a situation of that kind is said.
  func bearers(of kind: String, _ person: Patient) -> [String] {
    files(of: person).filter { $0.situations.contains { $0.kind.sameBytes(as: kind) } }.map(\.id)
  }
}
