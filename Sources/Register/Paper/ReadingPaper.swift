import Hospital
import Ledger

extension Reading {
  /// Knowing which of its stays were cancelled.
  public func sheetBlock(_ id: String) throws -> SheetBlock? {
    try (States.one(id, db) as? SheetBlock)?.knowing { try stay($0) }
  }

  /// Every block of sheets that some station reserved, the newest first.
  public func sheetBlocks() throws -> [SheetBlock] {
    let blocks = try States.all("sheets", db).compactMap { try ($0 as? SheetBlock)?.knowing { try stay($0) } }
    return blocks.filter { $0.count > 0 }.sorted { one, other in
      guard let left = one.reserved?.at, let right = other.reserved?.at, left != right else {
        return one.id.precedesInBytes(other.id)
      }
      return left > right
    }
  }

  /// The sheet that bears this number; nil where none does.
  public func sheet(_ number: String) throws -> Sheet? {
    guard case .sheet(let sheet) = try paper(number, isExact: true) else { return nil }
    return sheet
  }

  /// What a number on paper stands for, as scanned or typed: a sheet's own, the IPP or stay number reserved on it, a
  /// recount's or a pack's. A serial alone is enough where one block only can have it open.
  public func paper(_ typed: String, isExact: Bool = false) throws -> PaperFound {
    let number = SheetNumber.read(typed)
    guard !number.isEmpty else { return .nothing }
    let blocks = try sheetBlocks()
    for block in blocks where number.hasPrefix(SheetNumber.text(block.id, "")) {
      if let sheet = block.sheets.first(where: { $0.number.sameBytes(as: number) }) { return .sheet(sheet) }
    }
    if isExact { return .nothing }
    if number.utf8.count <= 3, let serial = Int(number), serial > 0 { return Self.alone(serial, blocks) }
    for block in blocks {
      let bearer = block.sheets.first { sheet in
        [sheet.ipp, sheet.stayNumber].contains { $0?.uppercased().sameBytes(as: number) ?? false }
      }
      if let bearer { return .sheet(bearer) }
    }
    for round in try rounds() {
      if let unit = round.units.first(where: { round.sheet($0).uppercased().sameBytes(as: number) }) {
        return .round(round, unit: unit)
      }
    }
    guard let own = SheetNumber.own(number) else { return .nothing }
    let codes = try [SheetNumber.emergency] + (structure?.units.map(\.code) ?? [])
    let unit = codes.first { $0.uppercased().sameBytes(as: own) }
    return unit.map { .list(pack: String(number.prefix(8)), unit: $0) } ?? .nothing
  }

  private static func alone(_ serial: Int, _ blocks: [SheetBlock]) -> PaperFound {
    let sheets = blocks.compactMap { $0.sheet(serial) }
    // A blank one may have been taken without anybody having been able to say so.
    let open = sheets.filter { $0.status != .entered && $0.status != .void }
    let meant = open.isEmpty ? sheets : open
    return meant.count > 1 ? .several : meant.first.map(PaperFound.sheet) ?? .nothing
  }
}

/// What a number on paper stands for.
public enum PaperFound: Sendable, Equatable {
  case sheet(Sheet)
  /// A sheet of a recount, or of a pack whose lists are counted.
  case round(Round, unit: String)
  /// A list of a pack of which nobody counts any yet, by the unit's code or `SheetNumber.emergency`.
  case list(pack: String, unit: String)
  /// A serial alone, where the sheets of more than one block may be meant.
  case several
  case nothing
}
