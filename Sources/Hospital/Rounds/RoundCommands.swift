import Ledger

/// Sheets go out for these units.
public struct StartRound: Command {
  /// Codes.
  public var units: [String]

  public init(units: [String]) { self.units = units }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.recount, moment)
    guard !units.isEmpty else { throw Refusal("round-units", field: "units") }
    return Decision(facts: [
      Fact(
        kind: "round.started", subject: "round/\(moment.newID())", at: moment.now,
        data: ["units": .array(units.map { .string($0) })])
    ])
  }
}

/// A unit's sheet is back: every bed on it was seen at that hour but those that differ, which are put right one by one.
public struct CountUnit: Command {
  public var round: Round
  public var unit: String
  /// `bed/<uuid>` of every bed of the sheet.
  public var beds: [String]
  /// Those of them that were not as written.
  public var differs: [String]
  /// Who walked, in words.
  public var by: String?
  /// The hour of the walk; nil for now.
  public var at: Instant?

  public init(round: Round, unit: String, beds: [String], differs: [String], by: String?, at: Instant?) {
    (self.round, self.unit, self.beds, self.differs, self.by, self.at) = (round, unit, beds, differs, by, at)
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.bedState, moment, units: unit)
    guard round.isOpen else { throw Refusal("round-ended") }
    guard round.units.contains(where: { $0.sameBytes(as: unit) }) else { throw Refusal("round-unit", field: "unit") }
    let hour = try EventHour(at, world, moment, patient: nil)
    if let started = round.started?.at, hour.at < started { throw Refusal("round-before", field: "at") }
    let by = try FreeText.tidied(by, field: "by")
    var seen = StateWriter()
    seen.put("by", by)
    let known = beds.compactMap { world.bed($0) }.filter { $0.unit?.sameBytes(as: unit) ?? false }
    let different = Set(differs)
    let facts = known.filter { !different.contains($0.id) }.map {
      Fact(kind: "bed.seen", subject: $0.id, at: hour.at, data: .object(seen.object))
    }
    var data = StateWriter()
    data.put("unit", unit)
    data.put("by", by)
    data.put("differs", known.map(\.id).filter(different.contains))
    let counted = Fact(kind: "round.counted", subject: round.id, at: hour.at, data: .object(data.object))
    return Decision(facts: facts + [counted])
  }
}

/// Nobody waits for the sheets that are still out.
public struct EndRound: Command {
  public var round: Round

  public init(round: Round) { self.round = round }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.recount, moment)
    guard round.isOpen else { throw Refusal("round-ended") }
    return Decision(facts: [Fact(kind: "round.ended", subject: round.id, at: moment.now, data: [:])])
  }
}
