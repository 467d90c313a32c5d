import Hospital
import Ledger

/// Requests that still wait: a row while somebody needs a bed, and none afterwards.
enum BedRequestRows {
  static let models = [
    Schema.Model(table: "bedRequests", columns: "request INTEGER PRIMARY KEY, at INTEGER NOT NULL")
  ]

  static func update(_ rows: RowUpdate, _ request: BedRequest?) throws {
    guard let request, request.isWaiting, let at = request.asked?.at else {
      return try rows.db.prepared("DELETE FROM bedRequests WHERE request = ?").run(.integer(rows.id))
    }
    try rows.db.prepared("INSERT OR REPLACE INTO bedRequests(request, at) VALUES (?, ?)")
      .run(.integer(rows.id), .integer(Int(at.milliseconds)))
  }
}
