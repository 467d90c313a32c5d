import GRDB
import Hospital
import Ledger

/// Requests by their patient, and those that still wait.
enum BedRequestRows {
  static let models = [
    Schema.Model(
      table: "bedRequests",
      columns: "request INTEGER PRIMARY KEY, patient INTEGER, at INTEGER NOT NULL, isWaiting INTEGER NOT NULL",
      indexes: [
        "CREATE INDEX bedRequestsByHour ON bedRequests(at) WHERE isWaiting",
        "CREATE INDEX bedRequestsByPatient ON bedRequests(patient)",
      ])
  ]

  static func update(_ rows: RowUpdate, _ request: BedRequest?) throws {
    guard let request, let at = request.asked?.at else {
      return try rows.db.prepared("DELETE FROM bedRequests WHERE request = ?").run(.integer(rows.id))
    }
    try rows.db.prepared("INSERT OR REPLACE INTO bedRequests(request, patient, at, isWaiting) VALUES (?, ?, ?, ?)")
      .run(
        .integer(rows.id), try rows.reference(request.patient), .integer(Int(at.milliseconds)),
        .integer(request.isWaiting ? 1 : 0))
  }
}
