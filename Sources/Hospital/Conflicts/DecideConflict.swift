import Ledger

/// A person decides what was said differently twice. Nothing is erased: what does not hold is put right by the same
/// facts as anywhere else, in one commit with the decision.
public struct DecideConflict: Command {
  /// As the person had it before them.
  public var conflict: Conflict
  /// Which of its sides holds; nil leaves all as it is, and says why.
  public var side: Int?
  public var note: String?

  public init(_ conflict: Conflict, side: Int?, note: String? = nil) {
    self.conflict = conflict
    self.side = side
    self.note = note
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    guard moment.author != "system" else { throw Refusal("decide-by-person") }
    try world.require(.settle, moment)
    let note = try FreeText.tidied(note, field: "note")
    var decision = Decision(facts: [])
    if let side {
      guard conflict.kind.hasChoice, conflict.sides.indices.contains(side) else {
        throw Refusal("conflict-side-unknown", field: "side")
      }
      decision = try Remedy(conflict, side, world, moment).decision()
      // What was said at the bed is decided whoever's the file is.
      for subject in decision.facts.map(\.subject) where subject.hasPrefix("patient/") || subject.hasPrefix("stay/") {
        try world.requireOwn(subject)
      }
    } else if conflict.kind.needsNote {
      guard note != nil else { throw Refusal("reason-missing", field: "note") }
      if conflict.kind == .bed { decision = try share(world, moment, note) }
    }
    let holds = side.map { conflict.sides[$0] }
    decision.facts.append(ConflictDecision.fact(conflict, holds: holds, note: note, at: moment.now))
    return decision
  }

  /// Two in one bed on purpose.
  private func share(_ world: any World, _ moment: Moment, _ note: String?) throws(Refusal) -> Decision {
    guard let id = conflict.key, let bed = world.bed(id), !bed.doubled else { return Decision(facts: []) }
    return try DoubleBed(bed: id, doubled: true, reason: note).decide(world, moment)
  }
}
