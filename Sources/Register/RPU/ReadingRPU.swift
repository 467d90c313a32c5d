import Hospital
import Ledger

extension Reading {
  public func rpuDelivery(_ id: String) throws -> RPUDelivery? { try States.one(id, db) as? RPUDelivery }

  /// Ids of the days of which somebody once said that they are there.
  public func rpuAcknowledged() throws -> Set<String> {
    Set(
      try States.all("rpu", db).compactMap { $0 as? RPUDelivery }.filter { !$0.acknowledgements.isEmpty }.map(\.id))
  }

  /// When the first came to emergency between two hours.
  public func firstEmergencyArrival(from: Instant, to: Instant) throws -> Instant? {
    try db.prepared("SELECT fromAt FROM emergencyVisits WHERE fromAt >= ? AND fromAt < ? ORDER BY fromAt LIMIT 1")
      .first(.integer(Int(from.milliseconds)), .integer(Int(to.milliseconds))) {
        Instant(milliseconds: Int64($0.integer(0)))
      }
  }
}
