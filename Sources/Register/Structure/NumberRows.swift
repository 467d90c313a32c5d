import GRDB
import Hospital
import Ledger

/// The slices of numbers of this station, and the first serial of each that was never used. Serials that were given
/// to a refused command are in no row: nobody saw them.
enum NumberRows {
  static let table = "slices"

  static let models = [
    Schema.Model(
      table: table,
      columns: """
        kind TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, next INTEGER NOT NULL,
        rank INTEGER NOT NULL, PRIMARY KEY (kind, first)
        """,
      isWithoutRowID: true,
      // One station's own, in no snapshot.
      compared: nil)
  ]

  /// Takes over what was granted to this station, and what it has ceded.
  static func update(_ range: NumberSlices, _ db: Database) throws {
    for slice in try slices(db)
    where !range.slices.contains(where: { $0.kind == slice.kind && $0.first == slice.first }) {
      try db.prepared("DELETE FROM slices WHERE kind = ? AND first = ?")
        .run(.text(slice.kind.rawValue), .integer(slice.first))
    }
    for (rank, slice) in range.slices.enumerated() {
      try db.prepared(
        """
        INSERT INTO slices(kind, first, last, next, rank) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (kind, first) DO UPDATE SET last = excluded.last, rank = excluded.rank
        """
      ).run(
        .text(slice.kind.rawValue), .integer(slice.first), .integer(slice.last), .integer(slice.first), .integer(rank))
    }
  }

  /// This serial is used: neither it nor an earlier one of its slice will be given.
  static func use(_ kind: NumberKind, _ serial: Int, _ db: Database) throws {
    try db.prepared("UPDATE slices SET next = ? WHERE kind = ? AND first <= ? AND last >= ? AND next <= ?").run(
      .integer(serial + 1), .text(kind.rawValue), .integer(serial), .integer(serial), .integer(serial))
  }

  struct Slice {
    var kind: NumberKind
    var first: Int
    var last: Int
    /// The first serial never given.
    var next: Int
  }

  /// In the order granted.
  static func slices(_ db: Database) throws -> [Slice] {
    try db.prepared("SELECT kind, first, last, next FROM slices ORDER BY rank").all { row in
      NumberKind(rawValue: row.text(0)).map {
        Slice(kind: $0, first: row.integer(1), last: row.integer(2), next: row.integer(3))
      }
    }.compactMap(\.self)
  }
}

/// Gives numbers, each once: what was given is not given again, whatever became of the command it was given to.
final class NumberGiving {
  private var slices: [NumberRows.Slice] = []
  /// The highest serial of each slice that the transaction used, not written yet.
  private var used: [Int: Int] = [:]

  /// Takes over what the store has, without going back.
  func load(_ db: Database) throws {
    try write(db)
    let stored = try NumberRows.slices(db)
    slices = stored.map { slice in
      var slice = slice
      let known = slices.first { $0.kind == slice.kind && $0.first == slice.first }
      slice.next = max(slice.next, known?.next ?? 0)
      return slice
    }
  }

  func unused(_ kind: NumberKind) -> [NumberSlices.Slice] {
    slices.filter { $0.kind == kind && $0.next <= $0.last }
      .map { NumberSlices.Slice(kind: kind, first: $0.next, last: $0.last) }
  }

  func next(_ kind: NumberKind) -> Int? {
    guard let index = slices.firstIndex(where: { $0.kind == kind && $0.next <= $0.last }) else { return nil }
    defer { slices[index].next += 1 }
    return slices[index].next
  }

  /// Somebody used this one, and perhaps those before it: a printed sheet is used as a whole.
  func use(_ kind: NumberKind, _ serial: Int) {
    for index in slices.indices where slices[index].kind == kind {
      if slices[index].first <= serial, serial <= slices[index].last {
        slices[index].next = max(slices[index].next, serial + 1)
        used[index] = max(used[index] ?? 0, serial)
      }
    }
  }

  /// Writes what the transaction used, once, at its end.
  func write(_ db: Database) throws {
    for (index, serial) in used { try NumberRows.use(slices[index].kind, serial, db) }
    used = [:]
  }

  /// The transaction is no more. What it gave is not given again.
  func forgetUsed() { used = [:] }
}

extension NumberKind {
  /// The serials that a fact said at this station uses. It may speak of another's label.
  static func used(by fact: Fact, at station: String, in structure: Structure) -> [(kind: NumberKind, serial: Int)] {
    var used: [(NumberKind, Int)] = []
    func note(_ kind: NumberKind, _ text: String?) {
      if let text, let serial = structure.numbers[kind]?.serial(of: text) { used.append((kind, serial)) }
    }
    if fact.kind.hasPrefix("patient.") {
      for identifier in fact.data["identifiers"]?.array ?? [] { note(.ipp, identifier["value"]?.string) }
      if let label = fact.data["unknown"]?["label"]?.string, let serial = unknownSerial(of: label, station) {
        used.append((.unknown, serial))
      }
    } else if fact.kind.hasPrefix("stay.") {
      note(.nda, fact.data["number"]?.string)
      note(.nda, fact.data["preadmissionNumber"]?.string)
    } else if fact.kind == "sheets.reserved" {
      for sheet in fact.data["sheets"]?.array ?? [] {
        note(.ipp, sheet["ipp"]?.string)
        note(.nda, sheet["number"]?.string)
      }
    }
    return used
  }

  /// `URG1-003`: three digits, more where it must be, after the station, so that two never share one.
  static func unknownText(_ serial: Int, station: String) -> String {
    let digits = String(serial)
    let name = StationName.shown(station).uppercased()
    return "\(name)-" + String(repeating: "0", count: max(0, 3 - digits.utf8.count)) + digits
  }

  /// 3 of `URG1-003`, where that is this station's.
  private static func unknownSerial(of label: String, _ station: String) -> Int? {
    guard let serial = label.split(separator: "-").last.flatMap({ Int($0) }),
      label.sameBytes(as: unknownText(serial, station: station))
    else { return nil }
    return serial
  }
}
