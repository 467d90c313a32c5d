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

extension Reading {
  /// When the oldest line of `heads` was said that is beyond what somebody else said that they hold; nil for none.
  /// Where a chain forked, its longest branch counts.
  public func oldestLine(
    of heads: [String: [VerificationReport.Head]], beyond others: [String: [VerificationReport.Head]]
  ) throws -> Instant? {
    var oldest: Instant?
    for (chain, tips) in heads {
      let held = others[chain]?.map(\.sequence).max() ?? 0
      guard let last = tips.map(\.sequence).max(), held < last, let number = try StoredCommits(db).chain(named: chain),
        let said = try StoredCommits(db).time(of: held + 1, chain: number)
      else { continue }
      oldest = min(oldest ?? said, said)
    }
    return oldest
  }
}

extension StoredCommits {
  /// When the line of this sequence was said: of several branches, the first by hash.
  fileprivate func time(of sequence: Int, chain: Int) throws -> Instant? {
    try db.prepared("SELECT line FROM commits WHERE chain = ? AND sequence = ? ORDER BY hash LIMIT 1")
      .first(.integer(chain), .integer(sequence)) { $0.blob(0) }.map { try StoredCommits.read($0).time.instant }
  }
}
