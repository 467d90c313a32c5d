import Ledger

extension Reading {
  /// Stays that began since then, and are not only awaited.
  public func arrivalsCount(since instant: Instant) throws -> Int {
    try db.prepared("SELECT count(*) FROM presences WHERE untilAt >= ? AND fromAt >= ? AND part = 0")
      .first(.integer(Int(instant.milliseconds)), .integer(Int(instant.milliseconds))) { $0.integer(0) } ?? 0
  }
}
