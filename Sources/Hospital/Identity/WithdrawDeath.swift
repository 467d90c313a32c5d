import Ledger

/// A death said of the wrong person. The end of the stay is taken back by cancelling that movement.
public struct WithdrawDeath: Command {
  public var patient: String
  /// Also of the files that it absorbed: the merge is right, and the death is not.
  private var isOfAllFiles = false

  public init(patient: String) { self.patient = patient }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.discharge, moment)
    let person = try world.known(patient: patient)
    let dead = (isOfAllFiles ? world.files(of: person) : [person]).filter(\.isDead)
    for file in dead.isEmpty ? [person] : dead { try world.requireOwn(file.id) }
    guard !dead.isEmpty else { throw Refusal("not-deceased", field: "patient") }
    let ended = world.stays(ofPatient: person.id).compactMap { world.stay($0) }
      .filter { $0.status == .discharged && $0.exitMode == "9" }
    return Decision(
      facts: dead.map { Fact(kind: "patient.death-withdrawn", subject: $0.id, at: moment.now, data: [:]) },
      warnings: ended.map(Self.warning))
  }

  /// Of each of their files that says it; nothing where none does.
  static func everywhere(
    _ person: Patient, _ world: any World, _ moment: Moment
  ) throws(Refusal) -> Decision {
    guard world.files(of: person).contains(where: \.isDead) else { return Decision(facts: []) }
    var withdrawal = WithdrawDeath(patient: person.id)
    withdrawal.isOfAllFiles = true
    return try withdrawal.decide(world, moment)
  }

  static func warning(of stay: Stay) -> Warning { Warning("death-stay-ended", ["number": stay.number ?? "–"]) }
}
