import GRDB
import Ledger

/// A store's connections, set so that what SQLite acknowledges is on the disk.
enum Opening {
  /// SQLite's `synchronous=FULL`.
  private static let full = 2
  private static let writerCacheKiB = 32 * 1024
  private static let readerCacheKiB = 6 * 1024
  private static let joiningCacheKiB = 96 * 1024
  private static let readersMax = 6

  /// The writer moves nothing from the log into the store while people wait: `Checkpointing` does.
  static func pool(_ path: String, writing: Bool) throws -> DatabasePool {
    var configuration = Configuration()
    configuration.readonly = !writing
    configuration.maximumReaderCount = readersMax
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { db in
      let isReader = db.configuration.readonly
      try db.execute(sql: "PRAGMA cache_size = -\(isReader ? readerCacheKiB : writerCacheKiB)")
      try db.execute(sql: "PRAGMA temp_store = MEMORY")
    }
    let pool = try DatabasePool(path: path, configuration: configuration)
    if writing { try makeDurable(pool) }
    return pool
  }

  /// GRDB sets NORMAL when it turns the write-ahead log on, after any preparation of ours: a power cut would take
  /// back what was acknowledged, and no killed process shows it.
  private static func makeDurable(_ pool: DatabasePool) throws {
    let synchronous = try pool.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0")
      // Debian's SQLite writes zeros over every page that a table no longer needs; over deleted rows is enough.
      try db.execute(sql: "PRAGMA secure_delete = FAST")
      return try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1
    }
    guard synchronous == full else { throw RegisterFault.notDurable(synchronous: synchronous) }
  }

  /// A power cut may take back what was written last, which is pulled again: the log is brought to the disk before any
  /// of it is copied into the store. Pages that random names touch stay in memory.
  static func hasten(_ db: Database) throws {
    try db.execute(sql: "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -\(joiningCacheKiB)")
  }
}
