import Ledger

/// Where the paper record lies, as its box or shelf is marked.
public struct SetArchiveMark: Command {
  public var patient: String
  /// nil or empty where there is none any more.
  public var mark: String?

  public init(patient: String, mark: String?) {
    self.patient = patient
    self.mark = mark
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.correctIdentity, moment)
    let person = try world.known(patient: patient)
    let mark = try FreeText.tidied(mark, field: "archiveMark")
    guard mark != person.archiveMark else { throw Refusal("nothing-changed", field: "archiveMark") }
    let data: JSON = ["archiveMark": mark.map { .string($0) } ?? .null]
    return Decision(facts: [Fact(kind: "patient.corrected", subject: person.id, at: moment.now, data: data)])
  }
}
