import Ledger

/// A death said of the wrong person. The end of the stay is taken back by cancelling that movement.
public struct WithdrawDeath: Command {
  public var patient: String

  public init(patient: String) { self.patient = patient }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.discharge, moment)
    let person = try world.known(patient: patient)
    try world.requireOwn(person.id)
    guard person.deceased else { throw Refusal("not-deceased", field: "patient") }
    let ended = world.stays(ofPatient: person.id).compactMap { world.stay($0) }
      .filter { $0.status == .discharged && $0.exitMode == "9" }
    let fact = Fact(kind: "patient.death-withdrawn", subject: person.id, at: moment.now, data: [:])
    return Decision(
      facts: [fact], warnings: ended.map(Self.warning))
  }

  static func warning(of stay: Stay) -> Warning { Warning("death-stay-ended", ["number": stay.number ?? "–"]) }
}
