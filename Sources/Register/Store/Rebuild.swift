import Dispatch
import GRDB
import Hospital
import Ledger
import Synchronization

/// Makes the read models again from the ledger: after the folds changed, or where one was cut short.
struct Rebuild {
  /// Commits folded together: enough for every core, little memory.
  private static let batchCommits = 4096
  /// Batches in one transaction: a page that many of them touch is written once.
  private static let batchesPerTransaction = 8
  private static let cacheKiB = 192 * 1024
  private static let unfinished = 0
  /// Closed by whoever opened it once the rebuild is done: its commits are not awaited.
  let pool: DatabasePool
  let station: String

  init(_ pool: DatabasePool, station: String) {
    self.pool = pool
    self.station = station
  }

  static func isNeeded(_ pool: DatabasePool) throws -> Bool {
    try pool.read { db in try folds(db) != Schema.folds }
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
    let station = try writing.read { try String.fetchOne($0, sql: Creating.stationQuery) }
    guard let station else { throw RegisterFault.noStation(folder: folder.path) }
    try Rebuild(writing, station: station).run(progress)
    try writing.close()
  }

  func run(_ progress: (_ done: Int, _ of: Int) -> Void) throws {
    let total = try pool.write { db in
      try Rebuild.setFolds(Rebuild.unfinished, db)
      try Schema.makeModels(db)
      return try Int.fetchOne(db, sql: "SELECT count(*) FROM commits") ?? 0
    }
    // What a power cut takes back is made again. The ledger's own tables are only read.
    try pool.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -\(Self.cacheKiB)")
    }
    var folding = BatchFolding(Subjects(station: station))
    var done = 0
    progress(0, total)
    var next = Ahead { try nextBatch(after: 0) }
    while try !next.value().isEmpty {
      try pool.write { db in
        for _ in 0..<Self.batchesPerTransaction {
          let batch = try next.value()
          guard let last = batch.last?.id else { break }
          next = Ahead { try nextBatch(after: last) }
          try folding.take(batch, db)
          done += batch.count
        }
      }
      // Or the log would be as long as everything that is made again.
      _ = try pool.writeWithoutTransaction(Checkpointing.copy)
      progress(done, total)
    }
    try pool.write { db in
      try Schema.makeIndexes(db)
      try Suspects.noteAll(db)
      try Rebuild.setFolds(Schema.folds, db)
    }
  }

  /// The next commits by row, read on every core; none at the end.
  private func nextBatch(after last: Int) throws -> [BatchFolding.Row] {
    let lines = try pool.read { db in
      try db.prepared("SELECT id, counts, line FROM commits WHERE id > ? ORDER BY id LIMIT ?")
        .all(.integer(last), .integer(Self.batchCommits)) {
          (id: $0.integer(0), counts: $0.integer(1), line: $0.blob(2))
        }
    }
    let commits = Concurrently.map(lines) { row in Result { try StoredCommits.read(row.line) } }
    return try zip(lines, commits).map { row, commit in
      BatchFolding.Row(id: row.id, counts: row.counts == 1, commit: try commit.get())
    }
  }

  private static func folds(_ db: Database) throws -> Int? {
    try Int.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'folds'")
  }

  private static func setFolds(_ version: Int, _ db: Database) throws {
    try db.execute(sql: "INSERT OR REPLACE INTO meta(key, value) VALUES ('folds', ?)", arguments: [version])
  }
}

/// A value that another thread makes meanwhile.
private final class Ahead<Value: Sendable>: Sendable {
  private let made = Mutex<Result<Value, any Error>?>(nil)
  private let isMade = DispatchGroup()

  init(_ make: @escaping @Sendable () throws -> Value) {
    DispatchQueue.global().async(group: isMade) { [made = self] in
      let result = Result { try make() }
      made.made.withLock { $0 = result }
    }
  }

  func value() throws -> Value {
    isMade.wait()
    guard let result = made.withLock({ $0 }) else { throw RegisterFault.store("nothing was read") }
    return try result.get()
  }
}
