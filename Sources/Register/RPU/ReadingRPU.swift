import Hospital
import Ledger

extension Reading {
  public func rpuDelivery(_ id: String) throws -> RPUDelivery? { try States.one(id, db) as? RPUDelivery }

  /// The quarters of an hour in which somebody came to emergency, in order: a day of any clock begins with one.
  public func emergencyQuarters(from: Instant, to: Instant) throws -> [Instant] {
    try db.prepared(
      "SELECT DISTINCT fromAt / 900000 FROM emergencyVisits WHERE fromAt >= ? AND fromAt < ? ORDER BY 1"
    ).all(.integer(Int(from.milliseconds)), .integer(Int(to.milliseconds))) { row in
      Instant(milliseconds: Int64(row.integer(0)) * 900_000)
    }
  }
}
