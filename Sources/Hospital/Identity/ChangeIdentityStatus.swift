import Ledger

/// A person raises or lowers the trust in an identity, on the proof that the RNIV asks for: an INS comes with RECUP or QUAL,
/// and goes with its history when the status falls below them.
public struct ChangeIdentityStatus: Command {
  public var patient: String
  public var status: IdentityStatus
  /// What was shown; nil for the one already recorded.
  public var document: IdentityDocument?
  /// What the INSi service answered; nil for the one already recorded.
  public var ins: INS?

  public init(patient: String, status: IdentityStatus, document: IdentityDocument? = nil, ins: INS? = nil) {
    self.patient = patient
    self.status = status
    self.document = document
    self.ins = ins
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.qualifyIdentity, moment)
    let person = try world.known(patient: patient)
    try world.requireOwn(person.id)
    let old = person.identityStatus
    guard status != old else { throw Refusal("status-unchanged", field: "status") }
    guard StatusMoves.from(old).contains(status) else {
      throw Refusal("status-move", field: "status", ["from": old.rawValue, "to": status.rawValue])
    }
    if status != .provisional { try person.mayRise() }
    var data = StateWriter()
    var warnings: [Warning] = []
    data.put("status", status.rawValue)
    try proveByDocument(person, world.today(moment), &data, &warnings)
    try proveByINS(person, world, &data, &warnings)
    var facts = [Fact(kind: "patient.status-changed", subject: person.id, at: moment.now, data: .object(data.object))]
    // An INS that is no longer answered for goes, before the new status is said.
    if person.ins != nil, !StatusMoves.needsINS(status) {
      facts.insert(Fact(kind: "patient.ins-removed", subject: person.id, at: moment.now, data: [:]), at: 0)
    }
    return Decision(facts: facts, warnings: warnings)
  }

  private func proveByDocument(
    _ person: Patient, _ today: CivilDate, _ data: inout StateWriter, _ warnings: inout [Warning]
  ) throws(Refusal) {
    guard StatusMoves.needsDocument(status) else {
      // Lowered because the paper proves nothing after all.
      if person.document != nil { data.put("document", .null) }
      return
    }
    guard let document = document ?? person.document, !document.kind.isEmpty else {
      throw Refusal("document-missing", field: "document")
    }
    guard try document.validates(birthDate: person.birthDate, today: today) else {
      throw Refusal("document-not-trusted", field: "document")
    }
    if document.isExpired(today: today) { warnings.append(Warning("document-expired", field: "document")) }
    if document != person.document { data.put("document", document.json) }
  }

  private func proveByINS(
    _ person: Patient, _ world: any World, _ data: inout StateWriter, _ warnings: inout [Warning]
  ) throws(Refusal) {
    guard StatusMoves.needsINS(status) else { return }
    guard let ins = ins ?? person.ins else { throw Refusal("ins-missing", field: "ins") }
    try ins.check(world)
    guard ins != person.ins else { return }
    // Two numbers for one person: somebody must look before one is written over.
    guard person.ins?.isWellFormed != true else { throw Refusal("ins-present", field: "ins") }
    let others = world.patients(withINS: ins.matricule).filter { $0 != person.id }
    if !others.isEmpty { warnings.append(Warning("ins-borne-by-another", field: "ins")) }
    if ins.speaksAgainst(person.sex) { warnings.append(Warning("ins-other-sex", field: "ins")) }
    data.put("ins", ins.json)
  }
}

extension Patient {
  /// Nothing above provisional for who is doubtful, fictive or not named.
  func mayRise() throws(Refusal) {
    if isDoubtful { throw Refusal("identity-doubtful", field: "status") }
    if isFictive { throw Refusal("identity-fictive", field: "status") }
    guard unknown == nil, birthName != nil, birthGivenName != nil, birthDate != nil, sex != nil else {
      throw Refusal("strict-traits-missing", field: "status")
    }
  }
}

extension INS {
  /// - Throws: `ins-domain`, `ins-key`, or `ins-practice` where patients are real.
  func check(_ world: any World) throws(Refusal) {
    guard let domain else { throw Refusal("ins-domain", field: "ins") }
    guard keyFits else { throw Refusal("ins-key", field: "ins") }
    if domain.isForPractice, world.structure?.fictive != true { throw Refusal("ins-practice", field: "ins") }
  }
}
