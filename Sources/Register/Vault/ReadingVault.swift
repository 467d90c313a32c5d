import GRDB
import Hospital
import Ledger

extension Reading {
  /// What the stations said of the vault; nil before any did.
  public func vault() throws -> Vault? {
    guard var vault = try States.one(Vault.subject, db) as? Vault else { return nil }
    vault.revoked = try Set(vault.recipients.map(\.station)).filter { try station($0)?.isRevoked ?? false }
    // Whoever goes on under another name says it again, if it is so still.
    if let who = vault.failure?.station, let known = try station(who), known.isRevoked || !known.successors.isEmpty {
      vault.failure = nil
    }
    return vault
  }
}

/// What this station put into a vault, as it was written: by it the station knows what is missing there, and what to
/// lock for longer. It is no proof that it is still there.
public struct SealedObject: Sendable, Equatable {
  public enum Kind: String, Sendable {
    case lines, snapshot, enrolments, program
  }

  public var target: String
  /// Within the target, as `SegmentName.path` gives it.
  public var path: String
  /// As the target names it; nil where it keeps none.
  public var version: String?
  public var kind: Kind
  /// Of `lines`: which chain, and the last line.
  public var chain: String?
  public var last: VerificationReport.Head?
  public var at: Instant
  public var bytes: Int
  /// nil where the target locks nothing.
  public var lockedUntil: Instant?

  public init(
    target: String, path: String, version: String?, kind: Kind, chain: String? = nil,
    last: VerificationReport.Head? = nil, at: Instant, bytes: Int, lockedUntil: Instant?
  ) {
    (self.target, self.path, self.version, self.kind, self.chain) = (target, path, version, kind, chain)
    (self.last, self.at, self.bytes, self.lockedUntil) = (last, at, bytes, lockedUntil)
  }
}

/// How much of it this station put into one vault.
public struct SealedCounts: Sendable, Equatable {
  public var segments = 0
  public var snapshots = 0
  public var bytes = 0
  /// When the first lock ends; nil where the target locks nothing. The program's own is not counted.
  public var lockedUntil: Instant?

  public init() {}

  init(segments: Int, snapshots: Int, bytes: Int, lockedUntil: Instant?) {
    (self.segments, self.snapshots, self.bytes, self.lockedUntil) = (segments, snapshots, bytes, lockedUntil)
  }
}

/// Own tables: they say where this station seals, and what it has sealed.
extension Register {
  /// Addresses of the vaults that this station seals to by itself, as people wrote them.
  public func vaultTargets() throws -> [String] {
    try readTables { db in
      guard try db.tableExists("vaultTargets") else { return [] }
      return try db.prepared("SELECT address FROM vaultTargets ORDER BY address").all { $0.text(0) }
    }
  }

  /// Keeps the address of a vault, to be sealed to at each start.
  public func addVaultTarget(_ address: String) throws {
    try writeTables { db in
      try VaultRows.make(db)
      try db.prepared("INSERT OR IGNORE INTO vaultTargets(address) VALUES (?)").run(.text(address))
    }
  }

  /// When the last object of that kind, of any but the program's where nil, was sealed; nil where there is none. What
  /// a clock that ran ahead dated is not the last.
  public func newestSealed(
    in target: String, _ kind: SealedObject.Kind? = nil, now: Instant
  ) throws -> Instant? {
    try readTables { db in
      guard try db.tableExists("vaultObjects") else { return nil }
      let latest = now.adding(seconds: HybridClock.aheadMaxSeconds)
      return try db.prepared(
        """
        SELECT at FROM vaultObjects WHERE target = ?1 AND iif(?2 IS NULL, kind <> 'program', kind = ?2) AND at <= ?3
        ORDER BY at DESC LIMIT 1
        """
      ).first(.text(target), .text(orNull: kind?.rawValue), .integer(Int(latest.milliseconds))) {
        Instant(milliseconds: Int64($0.integer(0)))
      }
    }
  }

  /// What was sealed there, counted.
  public func sealedCounts(in target: String) throws -> SealedCounts {
    try readTables { db in
      guard try db.tableExists("vaultObjects") else { return SealedCounts() }
      return try db.prepared(
        """
        SELECT count(*) FILTER (WHERE kind = 'lines'), count(*) FILTER (WHERE kind = 'snapshot'), ifnull(sum(bytes), 0),
        min(lockedUntil) FILTER (WHERE kind <> 'program') FROM vaultObjects WHERE target = ?
        """
      ).first(.text(target)) { row in
        SealedCounts(
          segments: row.integer(0), snapshots: row.integer(1), bytes: row.integer(2),
          lockedUntil: row.integerOrNil(3).map { Instant(milliseconds: Int64($0)) })
      } ?? SealedCounts()
    }
  }

  /// It is not where it was put: what it held is sealed again.
  public func forget(_ object: SealedObject) throws {
    try writeTables { db in
      try db.prepared("DELETE FROM vaultObjects WHERE target = ? AND path = ?").run(
        .text(object.target), .text(object.path))
    }
  }

  public func keep(_ object: SealedObject) throws {
    try writeTables { db in
      try VaultRows.make(db)
      try VaultRows.put(object, db)
    }
  }

  /// In the order sealed; nil gives those of every kind.
  public func sealedObjects(in target: String, _ kind: SealedObject.Kind? = nil) throws -> [SealedObject] {
    try readTables { db in
      guard try db.tableExists("vaultObjects") else { return [] }
      return try VaultRows.all(in: target, kind, db)
    }
  }

  /// The next of them after a path, in the order of the bytes of paths.
  /// - Parameters:
  ///   - lockedBefore: only those whose lock ends before that.
  ///   - count: at most so many.
  public func sealedObjects(
    in target: String, after path: String, lockedBefore: Instant? = nil, count: Int
  ) throws -> [SealedObject] {
    try readTables { db in
      guard try db.tableExists("vaultObjects") else { return [] }
      return try VaultRows.page(in: target, after: path, lockedBefore: lockedBefore, count: count, db)
    }
  }

  /// The newest snapshot that was sealed there, of those that no clock that ran ahead dated.
  public func newestSnapshot(in target: String, now: Instant) throws -> SealedObject? {
    try readTables { db in
      guard try db.tableExists("vaultObjects") else { return nil }
      return try VaultRows.newestSnapshot(
        in: target, notAfter: now.adding(seconds: HybridClock.aheadMaxSeconds), db)
    }
  }

  /// The ends of the runs of a chain that were sealed there, the last first.
  public func sealedEnds(of chain: String, in target: String) throws -> [VerificationReport.Head] {
    try readTables { db in
      guard try db.tableExists("vaultObjects") else { return [] }
      return try db.prepared(
        "SELECT sequence, hash FROM vaultObjects WHERE target = ? AND chain = ? ORDER BY sequence DESC LIMIT 64"
      ).all(.text(target), .text(chain)) { row in
        LineHash(bytes: row.blob(1)).map { VerificationReport.Head(sequence: row.integer(0), hash: $0) }
      }.compactMap(\.self)
    }
  }
}

private enum VaultRows {
  static func make(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE IF NOT EXISTS vaultTargets(address TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS vaultObjects(
          target TEXT NOT NULL, path TEXT NOT NULL, version TEXT, kind TEXT NOT NULL, chain TEXT, sequence INTEGER,
          hash BLOB, at INTEGER NOT NULL, bytes INTEGER NOT NULL, lockedUntil INTEGER, PRIMARY KEY (target, path));
        CREATE INDEX IF NOT EXISTS vaultObjectsByTime ON vaultObjects(target, at);
        CREATE INDEX IF NOT EXISTS vaultObjectsByChain ON vaultObjects(target, chain, sequence);
        """)
  }

  static func put(_ object: SealedObject, _ db: Database) throws {
    try db.prepared("INSERT OR REPLACE INTO vaultObjects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").run(
      .text(object.target), .text(object.path), .text(orNull: object.version), .text(object.kind.rawValue),
      .text(orNull: object.chain), .integer(orNull: object.last?.sequence),
      object.last.map { .blob($0.hash.bytes) } ?? .null, .integer(Int(object.at.milliseconds)),
      .integer(object.bytes), .integer(orNull: object.lockedUntil.map { Int($0.milliseconds) }))
  }

  private static let columns = "path, version, kind, chain, sequence, hash, at, bytes, lockedUntil"

  static func all(in target: String, _ kind: SealedObject.Kind?, _ db: Database) throws -> [SealedObject] {
    try db.prepared(
      """
      SELECT \(columns) FROM vaultObjects
      WHERE target = ?1 AND (?2 IS NULL OR kind = ?2) ORDER BY at, path
      """
    ).all(.text(target), .text(orNull: kind?.rawValue)) { object($0, target) }.compactMap(\.self)
  }

  static func page(
    in target: String, after path: String, lockedBefore: Instant?, count: Int, _ db: Database
  ) throws -> [SealedObject] {
    try db.prepared(
      """
      SELECT \(columns) FROM vaultObjects
      WHERE target = ?1 AND path > ?2 AND (?3 IS NULL OR lockedUntil < ?3) ORDER BY path LIMIT ?4
      """
    ).all(.text(target), .text(path), .integer(orNull: lockedBefore.map { Int($0.milliseconds) }), .integer(count)) {
      object($0, target)
    }.compactMap(\.self)
  }

  static func newestSnapshot(in target: String, notAfter latest: Instant, _ db: Database) throws -> SealedObject? {
    try db.prepared(
      """
      SELECT \(columns) FROM vaultObjects
      WHERE target = ?1 AND kind = 'snapshot' AND at <= ?2 ORDER BY at DESC, path DESC LIMIT 1
      """
    ).first(.text(target), .integer(Int(latest.milliseconds))) { object($0, target) } ?? nil
  }

  private static func object(_ row: SQLRow, _ target: String) -> SealedObject? {
    SealedObject.Kind(rawValue: row.text(2)).map { kind in
      SealedObject(
        target: target, path: row.text(0), version: row.textOrNil(1), kind: kind, chain: row.textOrNil(3),
        last: LineHash(bytes: row.blob(5)).map { .init(sequence: row.integer(4), hash: $0) },
        at: Instant(milliseconds: Int64(row.integer(6))), bytes: row.integer(7),
        lockedUntil: row.integerOrNil(8).map { Instant(milliseconds: Int64($0)) })
    }
  }
}
