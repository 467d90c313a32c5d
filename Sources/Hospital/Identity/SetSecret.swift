import Ledger

/// Accouchement sous le secret, asked for after the file was made (CSP R1112-28): from then on the maternity alone
/// finds it. Or the woman lifts it.
public struct SetSecret: Command {
  public var patient: String
  public var secret: Bool

  public init(patient: String, secret: Bool) {
    self.patient = patient
    self.secret = secret
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.protect, moment)
    let person = try world.known(patient: patient)
    guard person.secret != secret else { throw Refusal("nothing-changed", field: "secret") }
    // A child who bears her name tells of her: its file closes and opens with hers.
    let children = world.newborns(ofMother: person.id).compactMap { world.patient($0) }
    let concerned = [person] + children.filter { $0.secret != secret && $0.mergedInto == nil }
    return Decision(
      facts: concerned.map { patient in
        Fact(kind: "patient.corrected", subject: patient.id, at: moment.now, data: ["secret": .bool(secret)])
      })
  }
}
