import GRDB
import Hospital
import Ledger

/// What became of hand-backs, one row for each commit that was begun.
enum HandbackRows {
  static let models = [
    Schema.Model(
      table: "handbacks",
      columns: """
        subject INTEGER PRIMARY KEY, hash BLOB NOT NULL, isDone INTEGER NOT NULL, acknowledged INTEGER NOT NULL,
        refused INTEGER NOT NULL, settled INTEGER NOT NULL, edited INTEGER NOT NULL
        """,
      indexes: ["CREATE INDEX handbacksByCommit ON handbacks(hash)"])
  ]

  static func update(_ rows: RowUpdate, _ handback: Handback?) throws {
    guard let handback, let commit = handback.commit else {
      try rows.db.prepared("DELETE FROM handbacks WHERE subject = ?").run(.integer(rows.id))
      return
    }
    func count(_ status: Handback.Message.Status) -> SQLValue {
      .integer(handback.messages.count { $0.status == status })
    }
    try rows.db.prepared(
      """
      INSERT OR REPLACE INTO handbacks(subject, hash, isDone, acknowledged, refused, settled, edited)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """
    ).run(
      .integer(rows.id), .blob(commit.hash.bytes), .integer(handback.isDone ? 1 : 0), count(.acknowledged),
      count(.refused), count(.settled), .integer(handback.messages.count { !$0.edits.isEmpty }))
  }
}

extension Reading {
  /// How many messages of hand-backs were answered, and how.
  public func handbackCounts() throws -> (acknowledged: Int, refused: Int, settled: Int, edited: Int) {
    try db.prepared(
      """
      SELECT ifnull(sum(acknowledged), 0), ifnull(sum(refused), 0), ifnull(sum(settled), 0), ifnull(sum(edited), 0)
      FROM handbacks
      """
    ).first { ($0.integer(0), $0.integer(1), $0.integer(2), $0.integer(3)) } ?? (0, 0, 0, 0)
  }

  /// Whether anything was ever answered, or entered by hand.
  public func anyHandback() throws -> Bool {
    try db.prepared("SELECT 1 FROM handbacks UNION ALL SELECT 1 FROM reentryCommits LIMIT 1").first { _ in true }
      ?? false
  }

  /// Those of which a message is refused, the longest waiting first.
  public func handbacksRefused(limit: Int = 200) throws -> [Handback] {
    try db.prepared(
      """
      SELECT states.stored FROM handbacks JOIN states ON states.subject = handbacks.subject
      WHERE handbacks.refused > 0 ORDER BY handbacks.subject LIMIT ?
      """
    ).all(.integer(limit)) { try FoldedKinds.state("exchange/", stored: $0.bytes(0)) }.compactMap { $0 as? Handback }
  }

  /// What became of a commit so far; nil before its first message was answered.
  public func handback(of commit: CommitPlace) throws -> Handback? {
    try States.one(Handback.subject(of: commit), db) as? Handback
  }

  public func handback(_ subject: String) throws -> Handback? { try States.one(subject, db) as? Handback }
}
