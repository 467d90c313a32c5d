import GRDB
import Ledger

/// Commits in which somebody here said something of a patient or a stay: what may have to be handed back.
enum SaidHere {
  static let models = [
    Schema.Model(
      table: "saidHere", columns: "at INTEGER NOT NULL, line INTEGER NOT NULL, PRIMARY KEY (at, line)",
      isWithoutRowID: true)
  ]

  static func isSaid(_ commit: Commit) -> Bool {
    commit.source == nil
      && commit.facts.contains { $0.subject.hasPrefix("stay/") || $0.subject.hasPrefix("patient/") }
  }

  /// Whether it counts or not, which a mark may change.
  static func keep(_ commit: Commit, row: Int, _ db: Database) throws {
    guard isSaid(commit) else { return }
    try keep(at: commit.time.instant, row: row, db)
  }

  static func keep(at instant: Instant, row: Int, _ db: Database) throws {
    try db.prepared("INSERT OR IGNORE INTO saidHere(at, line) VALUES (?, ?)")
      .run(.integer(Int(instant.milliseconds)), .integer(row))
  }
}
