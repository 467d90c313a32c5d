import Ledger

/// What the INSi service answered for this identity: a provisional one becomes retrieved, a validated one qualified.
public struct SetINS: Command {
  public var patient: String
  public var ins: INS

  public init(patient: String, ins: INS) {
    self.patient = patient
    self.ins = ins
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.qualifyIdentity, moment)
    let person = try world.known(patient: patient)
    try ins.check(world)
    try person.mayRise()
    guard person.ins != ins else { throw Refusal("nothing-changed", field: "ins") }
    // Two numbers for one person, or one number for two: a person must look before it is written over.
    guard person.ins == nil else { throw Refusal("ins-present", field: "ins") }
    var warnings: [Warning] = []
    let others = world.patients(withIdentifier: ins.matricule, authority: ins.oid).filter { $0 != person.id }
    if !others.isEmpty { warnings.append(Warning("ins-borne-by-another", field: "ins")) }
    let status: IdentityStatus = person.identityStatus == .validated ? .qualified : .retrieved
    let data: JSON = ["status": .string(status.rawValue), "ins": ins.json]
    let fact = Fact(kind: "patient.status-changed", subject: person.id, at: moment.now, data: data)
    return Decision(facts: [fact], warnings: warnings)
  }
}
