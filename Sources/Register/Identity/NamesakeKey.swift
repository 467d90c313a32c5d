import GRDB
import Hospital

/// Birth name, first given name and birth date, as patients are found by them.
struct NamesakeKey: Hashable {
  let name: String
  let given: String
  /// `yyyymmdd`
  let date: Int

  /// nil where one of the three is not said.
  init?(_ entry: SearchEntry) {
    let fields = entry.names.utf8.split(separator: LatinLetter.slash, omittingEmptySubsequences: false)
    guard entry.date > 0, fields.count > 2, !fields[0].isEmpty, !fields[2].isEmpty else { return nil }
    (name, given, date) = (NamesakeKey.joined(fields[0]), NamesakeKey.joined(fields[2]), entry.date)
  }

  /// Out of `text`.
  init?(_ text: String) {
    let parts = text.split(separator: Suspects.separator).map(String.init)
    guard parts.count == 3, let date = Int(parts[2]) else { return nil }
    (name, given, self.date) = (parts[0], parts[1], date)
  }

  var text: String { [name, given, String(date)].joined(separator: String(Suspects.separator)) }

  private static func joined(_ field: Substring.UTF8View) -> String {
    String(decoding: field.filter { $0 != LatinLetter.space }, as: UTF8.self)
  }

  /// More bear none of them but in what somebody made up: of those, the first by name are asked about, on every station
  /// the same.
  static let bearersMax = 100

  /// Those of them whose rows were merged into the index, and perhaps some whose names changed since.
  /// - Parameter limit: any so many of them; one more than are asked about tells that there are too many.
  func merged(_ db: Database, limit: Int = bearersMax + 1) throws -> [Int] {
    try db.prepared("SELECT patient FROM searchNames WHERE word = ? AND given = ? AND date = ? LIMIT ?")
      .all(.text(name), .text(given), .integer(date), .integer(limit)) { $0.integer(0) }
  }
}

/// The others, for the writer: it reads each row once, and only where somebody may have two files.
final class RecentNamesakes {
  private var base = 0
  private var last = 0
  /// By the hash of their key.
  private var patients: [Int: [Int]] = [:]

  /// What was read may be of a transaction that is no more.
  func forget() { (base, last, patients) = (0, 0, [:]) }

  /// All who bear these, or more than are asked about, and perhaps some who did before.
  func bearers(of key: NamesakeKey, _ db: Database) throws -> Set<Int> {
    try readNew(db)
    return try Set(key.merged(db) + patients[key.hashValue, default: []].suffix(NamesakeKey.bearersMax + 1))
  }

  private func readNew(_ db: Database) throws {
    let base = try SearchIndex.base(db)
    if base != self.base { (self.base, last, patients) = (base, base, [:]) }
    try db.prepared("SELECT id, patient, date, names FROM searchRecent WHERE id > ? ORDER BY id").each(.integer(last)) {
      last = $0.integer(0)
      if let key = NamesakeKey(SearchEntry(date: $0.integer(2), names: $0.text(3))) {
        patients[key.hashValue, default: []].append($0.integer(1))
      }
      return true
    }
  }
}

extension Reading {
  /// All who bear these, in the order of their names, and perhaps some who did before; merged files too.
  func bearers(of key: NamesakeKey) throws -> [String] {
    let recent = try searchMemory.recent(db)
    let rows = recent.named(key.name, given: key.given).filter { $0.given == key.given && $0.date == key.date }
    // A negative limit is none.
    return try Set(key.merged(db, limit: -1) + rows.map(\.patient)).compactMap { try States.name($0, db) }
      .sorted { $0.precedesInBytes($1) }
  }
}
