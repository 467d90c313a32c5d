import GRDB
import Hospital
import Ledger

/// Who read which patient's file, for the audit page alone.
enum ReadRows {
  static let kind = "read.recorded"

  static let models = [
    Schema.Model(
      table: "reads",
      columns: """
        id INTEGER PRIMARY KEY, commitID INTEGER NOT NULL, patient INTEGER, account TEXT NOT NULL,
        at INTEGER NOT NULL, place TEXT NOT NULL, why TEXT
        """,
      indexes: [
        "CREATE INDEX readsByPatient ON reads(patient, at)", "CREATE INDEX readsByAccount ON reads(account, at)",
      ],
      compared: "commitID, patient, account, at, place, why")
  ]

  /// Takes in one commit of a chain of reads, which `commits` holds as this row.
  static func take(_ commit: Commit, row: Int, _ subjects: Subjects, _ db: Database) throws {
    for fact in commit.facts where fact.kind.sameBytes(as: kind) {
      guard let account = fact.data["account"]?.string else { continue }
      let patient = try fact.data["patient"]?.string.map { try subjects.id($0, db) }
      try db.prepared("INSERT INTO reads(commitID, patient, account, at, place, why) VALUES (?, ?, ?, ?, ?, ?)").run(
        .integer(row), .integer(orNull: patient), .text(account), .integer(Int(fact.at.milliseconds)),
        .text(fact.data["where"]?.string ?? ""), .text(orNull: fact.data["why"]?.string))
    }
  }
  /// Takes back what a commit said: it counts no more.
  static func remove(row: Int, _ db: Database) throws {
    try db.prepared("DELETE FROM reads WHERE commitID = ?").run(.integer(row))
  }
}
