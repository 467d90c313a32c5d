import GRDB

/// What is counted as it changes, because counting it when asked would read every row.
enum Counters: String {
  case identities, stays, openStays, accounts

  static func add(_ change: Int, to counter: Counters, _ db: Database) throws {
    try db.prepared(
      "INSERT INTO counters(name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value"
    ).run(.text(counter.rawValue), .integer(change))
  }

  static func value(_ counter: Counters, _ db: Database) throws -> Int {
    try db.prepared("SELECT value FROM counters WHERE name = ?").first(.text(counter.rawValue)) { $0.integer(0) } ?? 0
  }
}
