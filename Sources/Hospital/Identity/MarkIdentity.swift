import Ledger

/// A person marks an identity: a homonym (HOMA, HOMD), doubtful (DOUT), fictive (FICT); or lifts the mark. Doubt takes
/// every proof away: what is proved again is proved anew.
public struct MarkIdentity: Command {
  public var patient: String
  public var attribute: String
  public var isSet: Bool

  public init(patient: String, attribute: String, isSet: Bool) {
    self.patient = patient
    self.attribute = attribute
    self.isSet = isSet
  }

  /// Those that people set; feeds say others, which are kept.
  public static let attributes = ["HOMA", "HOMD", "DOUT", "FICT"]

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.qualifyIdentity, moment)
    let person = try world.known(patient: patient)
    try world.requireOwn(person.id)
    guard Self.attributes.contains(attribute) else { throw Refusal("attribute-unknown", field: "attribute") }
    let isThere = person.attributes.contains { $0.sameBytes(as: attribute) }
    guard isThere != isSet else { throw Refusal("nothing-changed", field: "attribute") }
    let attributes = isSet ? person.attributes + [attribute] : person.attributes.filter { $0 != attribute }
    var data = StateWriter()
    var facts: [Fact] = []
    if isSet, ["DOUT", "FICT"].contains(attribute) {
      data.put("status", IdentityStatus.provisional.rawValue)
      if person.ins != nil {
        facts.append(Fact(kind: "patient.ins-removed", subject: person.id, at: moment.now, data: [:]))
      }
    }
    data.put("attributes", .array(attributes.map { .string($0) }))
    facts.append(
      Fact(kind: "patient.status-changed", subject: person.id, at: moment.now, data: .object(data.object)))
    return Decision(facts: facts)
  }
}
