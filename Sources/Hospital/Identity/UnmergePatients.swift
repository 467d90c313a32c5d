import Ledger

/// Two files that were said to be of one person are not.
public struct UnmergePatients: Command {
  /// `patient/<uuid>` that was absorbed.
  public var patient: String
  public var reason: String?

  public init(patient: String, reason: String? = nil) {
    self.patient = patient
    self.reason = reason
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    guard moment.author != "system" else { throw Refusal("merge-by-person") }
    try world.require(.merge, moment)
    guard let person = world.patient(patient) else { throw Refusal("patient-unknown", field: "patient") }
    try world.requireOwn(person.id)
    guard person.mergedInto != nil else { throw Refusal("not-merged", field: "patient") }
    var data = StateWriter()
    data.put("reason", try FreeText.tidied(reason, field: "reason"))
    let fact = Fact(kind: "patient.unmerged", subject: person.id, at: moment.now, data: .object(data.object))
    return Decision(facts: [fact], warnings: [Warning("print-again")])
  }
}
