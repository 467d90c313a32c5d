import GRDB
import Ledger

/// What another station said of itself when it last answered this one.
public struct HeardStation: Sendable, Equatable {
  public var station: String
  /// Where it answered.
  public var address: String
  /// By this station's wall clock.
  public var at: Instant
  /// Of its program.
  public var version: String
  /// Its wall clock less this station's, in milliseconds.
  public var clockDifference: Int64
  /// What it said that it holds, as it said it.
  public var heads: [UInt8]

  public init(
    station: String, address: String, at: Instant, version: String, clockDifference: Int64, heads: [UInt8]
  ) {
    self.station = station
    self.address = address
    self.at = at
    self.version = version
    self.clockDifference = clockDifference
    self.heads = heads
  }
}

extension Register {
  /// Keeps it in place of what the same station said before.
  public func note(_ heard: HeardStation) throws {
    try writeTables { db in
      try db.prepared(
        "INSERT OR REPLACE INTO heard(station, address, at, version, clock, heads) VALUES (?, ?, ?, ?, ?, ?)"
      ).run(
        .text(heard.station), .text(heard.address), .integer(Int(heard.at.milliseconds)), .text(heard.version),
        .integer(Int(heard.clockDifference)), .blob(heard.heads))
    }
  }

  /// By name.
  public func heard() throws -> [HeardStation] {
    try readTables { db in
      guard try db.tableExists("heard") else { return [] }
      return try db.prepared("SELECT station, address, at, version, clock, heads FROM heard ORDER BY station").all {
        HeardStation(
          station: $0.text(0), address: $0.text(1), at: Instant(milliseconds: Int64($0.integer(2))),
          version: $0.text(3), clockDifference: Int64($0.integer(4)), heads: $0.blob(5))
      }
    }
  }
}
