import GRDB
import Hospital

/// What is counted as it changes, because counting it when asked would read every row.
enum Counters: String, CaseIterable {
  case identities, stays, openStays, accounts
  /// Identities by their status, merged ones apart.
  case provisional, retrieved, validated, qualified, merged
  case withINS, withPhone

  static func identities(of status: IdentityStatus) -> Counters {
    switch status {
    case .provisional: .provisional
    case .retrieved: .retrieved
    case .validated: .validated
    case .qualified: .qualified
    }
  }

  static func value(_ counter: Counters, _ db: Database) throws -> Int {
    try db.prepared("SELECT value FROM counters WHERE name = ?").first(.text(counter.rawValue)) { $0.integer(0) } ?? 0
  }
}

/// What one transaction adds to the counters, written once at its end.
struct Tally {
  private var changes: [Counters: Int] = [:]

  mutating func add(_ change: Int, to counter: Counters) { changes[counter, default: 0] += change }

  mutating func write(_ db: Database) throws {
    for (counter, change) in changes where change != 0 {
      try db.prepared(
        "INSERT INTO counters(name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value"
      ).run(.text(counter.rawValue), .integer(change))
    }
    changes = [:]
  }
}
