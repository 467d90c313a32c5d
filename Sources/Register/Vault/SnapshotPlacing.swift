import GRDB
import Hospital
import Ledger

extension Register {
  /// Makes a station of a snapshot: the hospital as it was sealed, under a new name and a new key.
  /// - Parameters:
  ///   - snapshot: a file that `snapshot(to:)` wrote, on the same disk; it is moved into the folder. nil for an empty
  ///     station, whose lines come through `takeIn`.
  ///   - folder: empty or absent.
  ///   - people: what people will call the station.
  ///   - root: from the paper; the station gets an enrolling key of its own under it, so that others can join it.
  ///   - unverified: what `unverified` says until `noteVerified`.
  /// - Throws: `RegisterFault.store` where the file is none of ours.
  public static func restore(
    snapshot: String?, in folder: String, station people: String, root: SigningKey, hospital: String,
    unverified: String, environment: Environment
  ) throws(RegisterFault) {
    do {
      if let snapshot { try SnapshotSchema.check(snapshot) }
      try Creating.restore(
        snapshot, StationFolder(path: folder), station: people, root: root, hospital: hospital, unverified: unverified,
        environment)
    } catch { throw RegisterFault(error) }
  }

  /// What this station was restored from, as long as its history was not verified behind it; nil once it was, and for
  /// a station that was never restored.
  public func unverified() throws -> String? { try readTables(Reading.unverified) }

  /// The history behind what was restored agrees with it.
  public func noteVerified() throws {
    try writeTables { try $0.execute(sql: "DELETE FROM meta WHERE key = 'unverified'") }
  }

  /// Whether nobody was told yet how to sign in at this restored station.
  public func isUnprepared() throws -> Bool {
    try readTables { try $0.prepared("SELECT 1 FROM meta WHERE key = 'unprepared'").first { _ in true } ?? false }
  }

  /// Somebody was.
  public func notePrepared() throws {
    try writeTables { try $0.execute(sql: "DELETE FROM meta WHERE key = 'unprepared'") }
  }

  /// Whether this station was restored as a drill: it has no numbers and seals nowhere by itself.
  public func isDrill() throws -> Bool { try readTables(Reading.isDrill) }

  /// It is one from now on.
  public func noteDrill() throws {
    try writeTables { try $0.execute(sql: "INSERT OR REPLACE INTO meta(key, value) VALUES ('drill', 1)") }
  }

  /// What a snapshot's file holds, without making a station of it.
  public static func contents(ofSnapshot path: String) throws(RegisterFault) -> Snapshot {
    do {
      try SnapshotSchema.check(path)
      let queue = try DatabaseQueue(path: path)
      defer { try? queue.close() }
      return try queue.read { try Snapshot(path: path, $0) }
    } catch { throw RegisterFault(error) }
  }
}

extension Reading {
  fileprivate static func unverified(_ db: Database) throws -> String? {
    try db.prepared("SELECT value FROM meta WHERE key = 'unverified'").first { $0.text(0) }
  }

  /// See `Register.unverified`.
  public func unverified() throws -> String? { try Self.unverified(db) }

  fileprivate static func isDrill(_ db: Database) throws -> Bool {
    try db.prepared("SELECT 1 FROM meta WHERE key = 'drill'").first { _ in true } ?? false
  }

  /// See `Register.isDrill`.
  public func isDrill() throws -> Bool { try Self.isDrill(db) }
}

/// A file that somebody else may have made: SQLite runs what its schema says, so it must say what ours does.
enum SnapshotSchema {
  /// What of `meta` goes into a snapshot; `store` is every file's own.
  static let keys = "('folds', 'store', 'structure', 'suspects')"

  private static let areRowsNumbered =
    "SELECT count(*) = 0 OR min(id) = 1 AND max(id) = count(*) FROM commits"

  static func check(_ path: String) throws {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    defer { try? queue.close() }
    let version = try queue.read { db in try Int.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'folds'") }
    guard let folds = version, folds <= Schema.folds else {
      throw RegisterFault.store("the snapshot was made by a newer version: restore with the program beside it")
    }
    // What a station says of itself there would stand in the way of the one that is made of it.
    try require(try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM meta WHERE key NOT IN \(keys)") } == 0)
    // Rows are read from 1 on: another would never be reached, or after all time.
    try require(try queue.read { try Bool.fetchOne($0, sql: Self.areRowsNumbered) } == true)
    // Nor may what no line says come with it: a key for carriers that somebody else holds, an hour from which on a
    // station's lines do not count.
    for table in OtherTables.own {
      try require(
        try queue.read { try !$0.tableExists(table) || Int.fetchOne($0, sql: "SELECT 1 FROM \(table) LIMIT 1") == nil })
    }
    let found = try queue.read(texts)
    if folds < Schema.folds {
      // Its read models are made again; its own tables must be ours all the same.
      return try require(found.allSatisfy { $0.hasPrefix("table ") || $0.hasPrefix("index ") })
    }
    let ours = try DatabaseQueue()
    let expected = try ours.write { db in
      try Schema.makeLedger(db)
      try Schema.makeModels(db)
      try OtherTables.make(db)
      try Schema.makeLedgerIndexes(db)
      try Schema.makeIndexes(db)
      return try texts(db)
    }
    try require(found == expected)
  }

  private static func require(_ holds: Bool) throws {
    guard holds else { throw RegisterFault.store("the file is not a snapshot of this program") }
  }

  private static func texts(_ db: Database) throws -> Set<String> {
    Set(try String.fetchAll(db, sql: "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master"))
  }
}
