import Ledger

/// An INS that is not this person's: every INS and its history go out of use, and the status falls with it.
public struct RemoveINS: Command {
  public var patient: String

  public init(patient: String) { self.patient = patient }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.qualifyIdentity, moment)
    let person = try world.known(patient: patient)
    guard person.ins != nil else { throw Refusal("ins-absent", field: "ins") }
    var facts = [Fact(kind: "patient.ins-removed", subject: person.id, at: moment.now, data: [:])]
    let fallen: IdentityStatus? =
      switch person.statusSaid {
      case .retrieved: .provisional
      case .qualified: .validated
      case .provisional, .validated, nil: nil
      }
    if let fallen {
      facts.append(
        Fact(
          kind: "patient.status-changed", subject: person.id, at: moment.now, data: ["status": .string(fallen.rawValue)]
        ))
    }
    return Decision(facts: facts, warnings: [Warning("print-again")])
  }
}
