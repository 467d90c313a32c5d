import GRDB
import Hospital
import Ledger

/// Makes the read models again from the ledger after the folds changed: in one transaction, so that whoever reads
/// meanwhile sees the old ones, and one that is cut short never was.
struct Rebuild {
  private static let cacheKiB = 112 * 1024
  static let batchRows = 512
  private static let pieceBatches = 32
  /// Closed by whoever opened it once the rebuild is done: its cache is large.
  let pool: DatabasePool
  let station: String
  /// Fingerprint of the hospital's root; nil for that of the station.
  let root: String?
  /// Commits folded together.
  let batchRows: Int
  /// In a file that nobody reads and that is thrown away: in pieces, since a page is looked for in all of a log that one
  /// transaction leaves, without what people search and find by, and asking whether the ledger's tables are those of its
  /// lines.
  let isProof: Bool

  init(
    _ pool: DatabasePool, station: String, root: String? = nil, batchRows: Int = Self.batchRows, isProof: Bool = false
  ) {
    self.isProof = isProof
    self.pool = pool
    self.station = station
    self.root = root
    self.batchRows = batchRows
  }

  static func isNeeded(_ pool: DatabasePool) throws -> Bool {
    try pool.read { db in try Int.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'folds'") != Schema.folds }
  }

  /// For a folder opened for reading: takes the writer's lock for as long as the rebuild lasts.
  static func ifNeeded(_ folder: StationFolder, _ progress: (Int, Int) -> Void) throws {
    let pool = try Opening.pool(folder.store, writing: false)
    let isNeeded = try isNeeded(pool)
    try pool.close()
    guard isNeeded else { return }
    let lock = try FolderLock(folder)
    defer { withExtendedLifetime(lock) {} }
    let writing = try Opening.pool(folder.store, writing: true)
    // Somebody may have done it before the lock was ours.
    if try self.isNeeded(writing) {
      let station = try writing.read { try String.fetchOne($0, sql: Creating.stationQuery) }
      guard let station else { throw RegisterFault.noStation(folder: folder.path) }
      try Rebuild(writing, station: station).run(progress)
    }
    try writing.close()
  }

  func run(_ progress: (_ done: Int, _ of: Int) -> Void) throws {
    try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA cache_size = -\(Self.cacheKiB)") }
    // Before whoever reads on other connections begins: another version may know marks that the one before did not.
    let check = try pool.write { db -> LedgerCheck? in
      let root = try root ?? Enrolment(checking: StoredCommits(db).first(of: station)).rootFingerprint
      try OtherTables.make(db)
      try Recounting.all(db, root: root)
      return try isProof ? LedgerCheck(db, root: root) : nil
    }
    try pool.writeWithoutTransaction { db in
      try db.beginTransaction(.immediate)
      do {
        try fold(db, check, progress)
        try db.commit()
      } catch {
        try? db.rollback()
        throw error
      }
    }
    // The log is now as long as all that was made. A disk too full for it keeps it there, where it is as durable.
    try? pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
  }

  private func fold(
    _ db: Database, _ check: LedgerCheck?, _ progress: (_ done: Int, _ of: Int) -> Void
  ) throws {
    let total = try Int.fetchOne(db, sql: "SELECT count(*) FROM commits") ?? 0
    let last = try Int.fetchOne(db, sql: "SELECT max(id) FROM commits") ?? 0
    var reading = BatchReading(pool, station: station, rows: batchRows, through: last, check: check)
    defer { reading.end() }
    let folding = BatchFolding(Subjects(station: station), isIndexing: !isProof)
    var (done, batches, indexed) = (0, 0, UInt64(0))
    progress(0, total)
    try folding.begin(db)
    while let batch = try reading.next() {
      try Task.checkCancellation()
      try folding.take(batch, db)
      done += batch.count
      indexed &+= batch.indexed
      progress(done, total)
      batches += 1
      if isProof, batches.isMultiple(of: Self.pieceBatches) {
        try db.commit()
        // A disk too full for it keeps the log.
        try? Checkpointing.restart(db)
        try db.beginTransaction(.immediate)
      }
    }
    if check != nil { try LedgerCheck.requireIndex(indexed, db) }
    try folding.finish(db)
    try db.execute(sql: "INSERT OR REPLACE INTO meta(key, value) VALUES ('folds', ?)", arguments: [Schema.folds])
  }
}
