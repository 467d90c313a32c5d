import GRDB
import Hospital
import Ledger

/// Who was in emergency, from when to when, and how it went; and who is announced. The board reads those who have not
/// left by an index that holds nobody else, so it costs the same after ten years.
enum EmergencyRows {
  /// `visit` is the subject of what emergency says of the stay, spoken of or not; `untilAt` is `StayRows.open` while
  /// they are there.
  static let models: [Schema.Model] = [
    Schema.Model(
      table: "emergencyVisits",
      columns: "stay INTEGER PRIMARY KEY, visit INTEGER NOT NULL, fromAt INTEGER NOT NULL, untilAt INTEGER NOT NULL",
      indexes: [
        "CREATE INDEX emergencyPresent ON emergencyVisits(fromAt, stay, visit) WHERE untilAt = \(StayRows.open)",
        "CREATE INDEX emergencyByArrival ON emergencyVisits(fromAt)",
      ]),
    // Of visits of which emergency said something.
    Schema.Model(
      table: "visitCourses",
      columns: """
        visit INTEGER PRIMARY KEY, triagedAt INTEGER, level TEXT, seenAt INTEGER, way TEXT, orientedAt INTEGER
        """),
    Schema.Model(
      table: "announcements", columns: "announcement INTEGER PRIMARY KEY, toldAt INTEGER NOT NULL"),
  ]

  /// - Parameter stay: `stay/<uuid>`.
  static func update(_ rows: RowUpdate, stay: String, old: StayOutline?, new: StayOutline?) throws {
    let before = old?.emergency
    let after = new?.emergency
    if before?.from == after?.from, before?.until == after?.until { return }
    guard let after else {
      return try rows.db.prepared("DELETE FROM emergencyVisits WHERE stay = ?").run(.integer(rows.id))
    }
    try rows.db.prepared("INSERT OR REPLACE INTO emergencyVisits(stay, visit, fromAt, untilAt) VALUES (?, ?, ?, ?)")
      .run(
        .integer(rows.id), try rows.reference(EmergencyVisit.id(ofStay: stay)),
        .integer(Int(after.from.milliseconds)), .integer(after.until.stored ?? StayRows.open))
  }

  static func update(_ rows: RowUpdate, _ new: EmergencyVisit?) throws {
    guard let course = new?.course else {
      return try rows.db.prepared("DELETE FROM visitCourses WHERE visit = ?").run(.integer(rows.id))
    }
    try rows.db.prepared(
      "INSERT OR REPLACE INTO visitCourses(visit, triagedAt, level, seenAt, way, orientedAt) VALUES (?, ?, ?, ?, ?, ?)"
    ).run(
      .integer(rows.id), .integer(orNull: course.triagedAt.stored), .text(orNull: course.level),
      .integer(orNull: course.seenAt.stored), .text(orNull: course.way?.rawValue),
      .integer(orNull: course.orientedAt.stored))
  }

  /// Stays of those who came no earlier and are there.
  static func staysPresent(since: Instant, _ db: Database) throws -> [String] {
    try db.prepared(
      """
      SELECT subjects.name FROM emergencyVisits JOIN subjects ON subjects.id = emergencyVisits.stay
      WHERE untilAt = \(StayRows.open) AND fromAt >= ? ORDER BY subjects.name
      """
    ).all(.integer(Int(since.milliseconds))) { $0.text(0) }
  }

  /// Only who is awaited has a row.
  static func update(_ rows: RowUpdate, _ new: Announcement?) throws {
    guard let new, new.isAwaited else {
      return try rows.db.prepared("DELETE FROM announcements WHERE announcement = ?").run(.integer(rows.id))
    }
    try rows.db.prepared("INSERT OR REPLACE INTO announcements(announcement, toldAt) VALUES (?, ?)")
      .run(.integer(rows.id), .integer(new.toldAt.stored ?? 0))
  }
}
