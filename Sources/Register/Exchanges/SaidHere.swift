import GRDB
import Ledger

/// Commits that speak of a patient or a stay, by the hour at which they were written: what somebody here said may have to
/// be handed back, and what a feed says once the main system is back is compared with it.
enum SaidHere {
  static let models = ["saidHere", "saidThere"].map {
    Schema.Model(
      table: $0, columns: "at INTEGER NOT NULL, line INTEGER NOT NULL, PRIMARY KEY (at, line)", isWithoutRowID: true)
  }

  static func isSaid(_ commit: Commit) -> Bool {
    commit.facts.contains { $0.subject.hasPrefix("stay/") || $0.subject.hasPrefix("patient/") }
  }

  /// Whether it counts or not, which a mark may change.
  static func keep(_ commit: Commit, row: Int, _ db: Database) throws {
    guard isSaid(commit) else { return }
    try keep(at: commit.time.instant, row: row, isFeed: commit.source != nil, db)
  }

  static func keep(at instant: Instant, row: Int, isFeed: Bool, _ db: Database) throws {
    try db.prepared(
      isFeed
        ? "INSERT OR IGNORE INTO saidThere(at, line) VALUES (?, ?)"
        : "INSERT OR IGNORE INTO saidHere(at, line) VALUES (?, ?)"
    ).run(.integer(Int(instant.milliseconds)), .integer(row))
  }
}
