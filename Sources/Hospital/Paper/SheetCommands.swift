import Ledger

/// Numbers blank forms, with an IPP and a stay number of this station's own for each. Those are given: no admission
/// draws them any more. Once few are left, they are for whoever stands at the desk, and a sheet has none.
public struct ReserveSheets: Command {
  public var form: SheetForm
  /// 1 to `SheetBlock.countMax`.
  public var count: Int

  public init(form: SheetForm, count: Int) { (self.form, self.count) = (form, count) }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.admit, moment)
    guard (1...SheetBlock.countMax).contains(count) else {
      throw Refusal("sheets-count", field: "count", ["most": String(SheetBlock.countMax)])
    }
    let numbers = (0..<count).map { _ in
      SheetBlock.Numbers(ipp: spare(.ipp, world, moment), stay: spare(.nda, world, moment))
    }
    return Decision(facts: [
      Fact(
        kind: "sheets.reserved", subject: "sheets/\(moment.newID())", at: moment.now,
        data: ["form": .string(form.rawValue), "sheets": .array(numbers.map(\.json))])
    ])
  }

  private func spare(_ kind: NumberKind, _ world: any World, _ moment: Moment) -> String? {
    let granted = world.slices(ofStation: moment.station).filter { $0.kind == kind }.reduce(0) { $0 + $1.count }
    let left = world.unused(kind).reduce(0) { $0 + $1.count }
    return left * 100 < granted * NumberSlices.alarmPercent ? nil : world.nextNumber(kind)
  }
}

/// Sheets of a block by serial: `first` to `last`, both included.
public struct SheetRange: Sendable, Equatable {
  /// `sheets/<uuid>`.
  public var block: String
  public var first: Int
  public var last: Int

  public init(block: String, first: Int, last: Int) {
    (self.block, self.first, self.last) = (block, first, last)
  }

  public init(_ sheet: Sheet) { self.init(block: sheet.block, first: sheet.serial, last: sheet.serial) }

  /// - Throws: `sheet-unknown`, `sheet-range`.
  fileprivate func sheets(_ world: any World) throws(Refusal) -> [Sheet] {
    guard let block = world.sheetBlock(block), block.count > 0 else { throw Refusal("sheet-unknown", field: "number") }
    guard 1 <= first, first <= last, last <= block.count else {
      throw Refusal("sheet-range", field: "first", ["last": Sheet.text(block.count)])
    }
    return block.sheets.filter { (first...last).contains($0.serial) }
  }

  fileprivate func fact(_ kind: String, _ moment: Moment, _ more: StateWriter = StateWriter()) -> Fact {
    let data = JSONObject(
      [("first", .integer(first)), ("last", .integer(last))] + more.object.members.map { ($0.key, $0.value) })
    return Fact(kind: kind, subject: block, at: moment.now, data: .object(data))
  }
}

/// These are given to somebody: a unit, a person.
public struct IssueSheets: Command {
  public var range: SheetRange
  public var to: String

  public init(_ range: SheetRange, to: String) { (self.range, self.to) = (range, to) }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.admit, moment)
    let used = try range.sheets(world).first { [.entered, .void, .returned].contains($0.status) }
    if let used { throw Refusal("sheet-issued-used", field: "first", ["sheet": used.number]) }
    guard let to = try FreeText.tidied(to, field: "to") else { throw Refusal("sheets-to", field: "to") }
    var more = StateWriter()
    more.put("to", to)
    return Decision(facts: [range.fact("sheets.issued", moment, more)])
  }
}

/// These are back, to be typed in.
public struct ReturnSheets: Command {
  public var range: SheetRange

  public init(_ range: SheetRange) { self.range = range }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.admit, moment)
    let sheets = try range.sheets(world)
    // Scanned once more: nothing new is said.
    if sheets.allSatisfy({ $0.status == .returned || $0.status == .entered }) { return Decision(facts: []) }
    return Decision(facts: [range.fact("sheets.returned", moment)])
  }
}

/// Nothing will be typed in of these: spoilt, unused, or looked for in vain.
public struct VoidSheets: Command {
  public var range: SheetRange
  public var why: Sheet.VoidReason
  public var note: String?

  public init(_ range: SheetRange, why: Sheet.VoidReason, note: String?) {
    (self.range, self.why, self.note) = (range, why, note)
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.admit, moment)
    if let entered = try range.sheets(world).first(where: { $0.status == .entered }) {
      throw Refusal("sheet-void-entered", field: "number", ["sheet": entered.number])
    }
    let note = try FreeText.tidied(note, field: "note")
    // A sheet may be a patient: whoever gives it up says what was done to find it.
    if why == .lost, note == nil { throw Refusal("sheet-lost-note", field: "note") }
    var more = StateWriter()
    more.put("why", why.rawValue)
    more.put("note", note)
    return Decision(facts: [range.fact("sheets.voided", moment, more)])
  }
}
