import Ledger

/// Sheets go out for these units; or the lists of a pack that lay there are counted, since one of them came back.
public struct StartRound: Command {
  /// Codes.
  public var units: [String]
  /// Eight hexadecimal digits, as on its lists; nil for a recount. Said again of one that has ended, it goes on.
  public var pack: String?

  public init(units: [String], pack: String? = nil) { (self.units, self.pack) = (units, pack) }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(pack == nil ? .recount : .admit, moment)
    guard !units.isEmpty else { throw Refusal("round-units", field: "units") }
    if pack == nil, let structure = world.structure, units.contains(where: { structure.unit($0) == nil }) {
      throw Refusal("round-unit", field: "units")
    }
    var data = StateWriter()
    data.put("units", units)
    data.put("pack", pack)
    let subject = pack.map(Round.subject(ofPack:)) ?? "round/\(moment.newID())"
    return Decision(facts: [Fact(kind: "round.started", subject: subject, at: moment.now, data: .object(data.object))])
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
    try world.require(.bedState, moment, units: unit.sameBytes(as: SheetNumber.emergency) ? nil : unit)
    try round.requireOpen(unit)
    let hour = try EventHour(at, world, moment, patient: nil)
    // A pack was written on before anybody could say that its lists are counted.
    if round.pack == nil, let started = round.started?.at, hour.at < started {
      throw Refusal("round-before", field: "at")
    }
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

/// A unit's sheet is back, to be typed in later.
public struct ReturnUnitSheet: Command {
  public var round: Round
  public var unit: String

  public init(round: Round, unit: String) { (self.round, self.unit) = (round, unit) }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.admit, moment)
    try round.requireOpen(unit)
    // Scanned once more: nothing new is said.
    guard round.status(of: unit) == .missing else { return Decision(facts: []) }
    return Decision(facts: [
      Fact(kind: "round.returned", subject: round.id, at: moment.now, data: ["unit": .string(unit)])
    ])
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

extension Round {
  /// - Throws: `round-ended`, `round-unit`.
  fileprivate func requireOpen(_ unit: String) throws(Refusal) {
    guard isOpen else { throw Refusal("round-ended") }
    guard units.contains(where: { $0.sameBytes(as: unit) }) else { throw Refusal("round-unit", field: "unit") }
  }
}
