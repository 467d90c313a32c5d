import GRDB
import Ledger

/// Since when something cannot be done at a vault, and why it was so the last time.
public struct SealingFailure: Sendable, Equatable {
  public enum Kind: String, Sendable {
    /// Not even lines.
    case lines
    /// Lines go there, and no copy of the whole store.
    case snapshot
    /// Both go there, and what lies there is not locked for longer.
    case locks
  }

  public var target: String
  public var kind: Kind
  public var since: Instant
  public var reason: String

  public init(target: String, kind: Kind, since: Instant, reason: String) {
    (self.target, self.kind, self.since, self.reason) = (target, kind, since, reason)
  }

  /// Longer than it takes a bucket to start again: a vault is sealed to every minute.
  public static let toldAfterSeconds = 120

  /// Whether people are told.
  public func isTold(now: Instant) -> Bool {
    since <= now.adding(seconds: -Self.toldAfterSeconds) || since.isAhead(of: now)
  }
}

/// An own table: the failures that no success has followed.
extension Register {
  /// Those of which people are told.
  public func sealingFailures(now: Instant) throws -> [SealingFailure] {
    let failures: [SealingFailure] = try readTables { db in
      guard try db.tableExists("vaultFailures") else { return [] }
      return try db.prepared("SELECT target, kind, since, reason FROM vaultFailures ORDER BY target, kind").all { row in
        SealingFailure.Kind(rawValue: row.text(1)).map {
          SealingFailure(
            target: row.text(0), kind: $0, since: Instant(milliseconds: Int64(row.integer(2))), reason: row.text(3))
        }
      }.compactMap(\.self)
    }
    return failures.filter { $0.isTold(now: now) }
  }

  /// The first failure's hour stays. Of a vault to which this station does not seal by itself nothing is kept.
  public func noteSealingFailed(_ failure: SealingFailure) throws {
    guard try vaultTargets().contains(where: { $0.sameBytes(as: failure.target) }) else { return }
    try writeTables { db in
      try db.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS vaultFailures(
            target TEXT NOT NULL, kind TEXT NOT NULL, since INTEGER NOT NULL, reason TEXT NOT NULL,
            PRIMARY KEY (target, kind)) WITHOUT ROWID
          """)
      try db.prepared(
        """
        INSERT INTO vaultFailures VALUES (?, ?, ?, ?)
        ON CONFLICT(target, kind) DO UPDATE SET reason = excluded.reason WHERE reason <> excluded.reason
        """
      ).run(
        .text(failure.target), .text(failure.kind.rawValue), .integer(Int(failure.since.milliseconds)),
        .text(failure.reason))
    }
  }

  /// What was sealed ends them.
  public func noteSealed(to target: String, _ kinds: Set<SealingFailure.Kind>) throws {
    let isFailing = try readTables { db in
      try db.tableExists("vaultFailures")
        && db.prepared("SELECT 1 FROM vaultFailures WHERE target = ?").first(.text(target)) { _ in true } ?? false
    }
    guard isFailing else { return }
    try writeTables { db in
      for kind in kinds {
        try db.prepared("DELETE FROM vaultFailures WHERE target = ? AND kind = ?").run(
          .text(target), .text(kind.rawValue))
      }
    }
  }
}
