import GRDB
import Ledger

/// How many messages of each sender were kept in each hour, and how long it was silent within it: what is usual at an
/// hour is read from it, and a restart forgets nothing.
enum FeedHours {
  static let hourMilliseconds: Int64 = 3_600_000

  /// `hour` counts from 1970; `firstAt`, `lastAt` and `longest`, the longest silence between two of them, are milliseconds.
  static let models = [
    Schema.Model(
      table: "feedHours",
      columns: """
        sender TEXT NOT NULL, hour INTEGER NOT NULL, count INTEGER NOT NULL, firstAt INTEGER NOT NULL,
        lastAt INTEGER NOT NULL, longest INTEGER NOT NULL, PRIMARY KEY (sender, hour)
        """,
      isWithoutRowID: true,
      // The longest silence depends on the order in which messages came, and so does the count: of a message that
      // several stations heard, each that counted for a while is counted.
      compared: nil)
  ]

  static func add(_ sender: String, at instant: Instant, _ db: Database) throws {
    let at = instant.milliseconds
    try db.prepared(
      """
      INSERT INTO feedHours(sender, hour, count, firstAt, lastAt, longest) VALUES (?1, ?2, 1, ?3, ?3, 0)
      ON CONFLICT (sender, hour) DO UPDATE SET count = count + 1, firstAt = min(firstAt, excluded.firstAt),
        longest = max(longest, excluded.lastAt - lastAt), lastAt = max(lastAt, excluded.lastAt)
      """
    ).run(.text(sender), .integer(Int(at / hourMilliseconds)), .integer(Int(at)))
  }

  struct Hour {
    var hour: Int
    var count: Int
    var firstAt: Int64
    var lastAt: Int64
    var longest: Int64
  }

  /// In order.
  static func all(of sender: String, since hour: Int, _ db: Database) throws -> [Hour] {
    try db.prepared(
      "SELECT hour, count, firstAt, lastAt, longest FROM feedHours WHERE sender = ? AND hour >= ? ORDER BY hour"
    ).all(.text(sender), .integer(hour)) { row in
      Hour(
        hour: row.integer(0), count: row.integer(1), firstAt: Int64(row.integer(2)), lastAt: Int64(row.integer(3)),
        longest: Int64(row.integer(4)))
    }
  }

  /// Every sender, one look into the index for each.
  static func senders(_ db: Database) throws -> [(sender: String, last: Hour)] {
    let names = try db.prepared(
      """
      WITH RECURSIVE found(sender) AS (
        SELECT min(sender) FROM feedHours UNION ALL
        SELECT (SELECT min(sender) FROM feedHours WHERE sender > found.sender) FROM found WHERE sender IS NOT NULL)
      SELECT sender FROM found WHERE sender IS NOT NULL
      """
    ).all { $0.text(0) }
    return try names.compactMap { name in
      try db.prepared(
        "SELECT hour, count, firstAt, lastAt, longest FROM feedHours WHERE sender = ? ORDER BY hour DESC LIMIT 1"
      ).first(.text(name)) { row in
        (
          name,
          Hour(
            hour: row.integer(0), count: row.integer(1), firstAt: Int64(row.integer(2)),
            lastAt: Int64(row.integer(3)), longest: Int64(row.integer(4)))
        )
      }
    }
  }
}
