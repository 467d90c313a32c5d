import Ledger

/// What was written on a sheet is typed in: the admission as it was, and what the sheet became, in one commit. The file
/// and the stay that it opens bear the sheet's own numbers, which may be on wristbands and tubes since.
public struct EnterSheet: Command {
  /// `sheets/<uuid>`.
  public var block: String
  public var serial: Int
  /// The hour that is written on the sheet.
  public var at: Instant?
  private let admission: any Command

  /// - Parameter admission: with the same hour.
  public init(block: String, serial: Int, at: Instant?, admission: any Command) {
    (self.block, self.serial, self.at, self.admission) = (block, serial, at, admission)
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.admit, moment)
    let (block, sheet) = try world.sheetToEnter(block, serial)
    guard let at else { throw Refusal("sheet-hour", field: "at") }
    var said = try admission.decide(WorldAfter(world, sheet, of: block, moment), moment)
    guard let stay = said.facts.last(where: { $0.subject.hasPrefix("stay/") })?.subject else {
      throw Refusal("stay-unknown", field: "sheet")
    }
    if sheet.voided != nil { said.warnings.append(Warning("sheet-was-void")) }
    said.facts.append(sheet.entered(stay, at: at))
    return said
  }
}

/// Whoever is written on a sheet was admitted without it, at a desk that worked again: the sheet is that stay.
public struct MatchSheet: Command {
  /// `sheets/<uuid>`.
  public var block: String
  public var serial: Int
  public var stayNumber: String

  public init(block: String, serial: Int, stayNumber: String) {
    (self.block, self.serial, self.stayNumber) = (block, serial, stayNumber)
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.admit, moment)
    let (_, sheet) = try world.sheetToEnter(block, serial)
    let stays = world.stays(withNumber: stayNumber).compactMap { world.stay($0) }
      .filter { $0.status == .admitted || $0.status == .discharged }
    guard let stay = stays.first, stays.count == 1 else { throw Refusal("sheet-no-stay", field: "stayNumber") }
    // Of two sheets with one stay, one is a patient whom nobody would look for any more.
    if let other = world.sheet(ofStay: stay.id) {
      throw Refusal("sheet-stay-has-one", field: "stayNumber", ["sheet": other.number])
    }
    return Decision(facts: [sheet.entered(stay.id, at: stay.admittedAt ?? moment.now)])
  }
}

/// A sheet was matched with somebody else's stay: it is to be typed in still.
public struct PartSheet: Command {
  /// `sheets/<uuid>`.
  public var block: String
  public var serial: Int
  /// `stay/<uuid>`.
  public var stay: String

  public init(block: String, serial: Int, stay: String) {
    (self.block, self.serial, self.stay) = (block, serial, stay)
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.admit, moment)
    guard let sheet = world.sheetBlock(block)?.sheet(serial),
      sheet.entries.contains(where: { $0.stay.sameBytes(as: stay) })
    else { throw Refusal("sheet-unknown", field: "sheet") }
    // Whoever was admitted by the sheet bears its number: only their admission can be wrong.
    guard sheet.isApart(from: world.stay(stay)) else { throw Refusal("sheet-part-own", field: "notStay") }
    return Decision(facts: [
      Fact(
        kind: "sheets.parted", subject: sheet.block, at: moment.now,
        data: ["serial": .integer(sheet.serial), "stay": .string(stay)])
    ])
  }
}

extension World {
  /// - Throws: `sheet-unknown`, `sheet-entered`.
  fileprivate func sheetToEnter(_ block: String, _ serial: Int) throws(Refusal) -> (SheetBlock, Sheet) {
    guard let block = sheetBlock(block), let sheet = block.sheet(serial) else {
      throw Refusal("sheet-unknown", field: "sheet")
    }
    if let entry = sheet.entries.first(where: { !$0.isCancelled }) {
      let number = stay(entry.stay)?.number ?? "–"
      throw Refusal("sheet-entered", field: "sheet", ["sheet": sheet.number, "number": number])
    }
    return (block, sheet)
  }
}

extension Sheet {
  fileprivate func entered(_ stay: String, at instant: Instant) -> Fact {
    Fact(
      kind: "sheets.entered", subject: block, at: instant, data: ["serial": .integer(serial), "stay": .string(stay)])
  }
}

/// The numbers of a sheet, each given once, before any other.
final class SheetNumbers {
  private var left: [NumberKind: String]

  init(_ sheet: Sheet) {
    left = [:]
    left[.ipp] = sheet.ipp
    left[.nda] = sheet.stayNumber
  }

  /// nil where it was given, or where somebody bears it already: a feed, or another station's typing of the sheet.
  func take(_ kind: NumberKind, _ world: any World) -> String? {
    guard let number = left.removeValue(forKey: kind) else { return nil }
    let bearers =
      kind == .ipp
      ? world.patients(withIdentifier: number, authority: world.structure?.ippAuthority)
      : world.stays(withNumber: number)
    return bearers.isEmpty ? number : nil
  }
}
