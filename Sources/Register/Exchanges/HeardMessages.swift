import GRDB
import Hospital
import Ledger

/// Which control ids of which senders were heard, by any station: a sender that uses one again for something else was
/// put back to an earlier day, or counts from 1 again.
struct HeardMessage: Sendable {
  var sender: String
  var control: String
  /// A row of `commits`.
  var row: Int
  /// When it was kept.
  var at: Instant

  /// nil for what no other system sent.
  init?(_ commit: Commit, row: Int) {
    guard let source = commit.source else { return nil }
    (sender, control) = (source.sender, source.control)
    self.row = row
    at = commit.time.instant
  }

  static let models = [
    Schema.Model(
      table: "heardMessages",
      columns: "sender TEXT NOT NULL, control TEXT NOT NULL, line INTEGER NOT NULL, PRIMARY KEY (sender, control)",
      isWithoutRowID: true,
      // The first that came under a number is kept, whichever it was, and stays where a mark moves before it.
      compared: nil)
  ]

  /// The first under each number is kept.
  func keep(_ db: Database) throws {
    try db.prepared("INSERT OR IGNORE INTO heardMessages(sender, control, line) VALUES (?, ?, ?)")
      .run(.text(sender), .text(control), .integer(row))
    try FeedHours.add(sender, at: at, db)
  }

  /// What to tell whoever sends another message under a number that was heard.
  static func warning(of source: Source, command: String, _ db: Database) throws -> Warning? {
    let known = try db.prepared(
      """
      SELECT commits.command FROM heardMessages JOIN commits ON commits.id = heardMessages.line
      WHERE heardMessages.sender = ? AND heardMessages.control = ?
      """
    ).first(.text(source.sender), .text(source.control)) { $0.text(0) }
    guard let known, !known.sameBytes(as: command) else { return nil }
    return Warning("hl7.control-known", field: "MSH-10")
  }
}
