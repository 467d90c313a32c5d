import GRDB
import Hospital
import Ledger

/// What no line says, of the lines that are here: when those of other stations came, and whose state they changed
/// without speaking of them. It is this station's own: it goes into no snapshot, and no rebuild makes it again.
struct HoursTaken {
  let db: Database

  init(_ db: Database) { self.db = db }

  /// `taken` has a row for each transaction that took lines in: its first row of `commits`, and its hour. `remade` has
  /// the row of `commits` whose arrival made a subject be folded again.
  static func make(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE IF NOT EXISTS taken(firstRow INTEGER PRIMARY KEY, at INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS remade(
          subject INTEGER NOT NULL, commitID INTEGER NOT NULL, PRIMARY KEY (subject, commitID)) WITHOUT ROWID;
        """)
  }

  /// The row of the next line.
  func nextRow() throws -> Int {
    (try db.prepared("SELECT max(id) FROM commits").first { $0.integer(0) } ?? 0) + 1
  }

  /// The lines from this row on came at this hour; never before those that came before, whatever the clock does.
  func note(from row: Int, at hour: Instant) throws {
    let last = try self.hour(of: row) ?? hour
    try db.prepared("INSERT INTO taken(firstRow, at) VALUES (?, ?)")
      .run(.integer(row), .integer(Int(max(hour, last).milliseconds)))
  }

  /// When the line of this row came; for a line of this station itself, the last hour at which others came before it.
  /// nil where nobody noted it.
  func hour(of row: Int) throws -> Instant? {
    try db.prepared("SELECT at FROM taken WHERE firstRow <= ? ORDER BY firstRow DESC LIMIT 1")
      .first(.integer(row)) { Instant(milliseconds: Int64($0.integer(0))) }
  }

  func noteRemade(_ subject: Int, at row: Int) throws {
    try db.prepared("INSERT OR IGNORE INTO remade(subject, commitID) VALUES (?, ?)")
      .run(.integer(subject), .integer(row))
  }

  /// The last row that made this subject be folded again.
  func lastRemade(_ subject: Int) throws -> Int? {
    try db.prepared("SELECT commitID FROM remade WHERE subject = ? ORDER BY commitID DESC LIMIT 1")
      .first(.integer(subject)) { $0.integer(0) }
  }
}
