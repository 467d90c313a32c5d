import Ledger

/// Non-divulgation de présence, asked for by the patient or lifted: nobody outside is told that they are here.
public struct ProtectPresence: Command {
  public var patient: String
  public var protected: Bool
  public var reason: String?

  public init(patient: String, protected: Bool, reason: String? = nil) {
    self.patient = patient
    self.protected = protected
    self.reason = reason
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.protect, moment)
    let person = try world.known(patient: patient)
    guard person.protected != protected else { throw Refusal("nothing-changed", field: "protected") }
    if person.isProtectedThere { try world.requireOwn(person.id) }
    let reason = try FreeText.tidied(reason, field: "reason")
    return Decision(facts: [Self.fact(person, protected, reason: reason, moment)])
  }

  static func fact(_ person: Patient, _ protected: Bool, reason: String?, _ moment: Moment) -> Fact {
    var data = StateWriter()
    data.put("protected", .bool(protected))
    data.put("reason", reason)
    return Fact(kind: "patient.protected", subject: person.id, at: moment.now, data: .object(data.object))
  }
}
