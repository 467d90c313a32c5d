import GRDB
import Hospital
import Ledger

/// Makes the read models again from the ledger: after the folds changed, or where one was cut short.
struct Rebuild {
  /// Commits in one transaction: enough for every core, little memory.
  private static let batchCommits = 4096
  private static let unfinished = 0
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
    let subjects = Subjects(station: station)
    var last = 0
    var done = 0
    progress(0, total)
    while let batch = try nextBatch(after: last) {
      try pool.write { db in
        var folding = BatchFolding(db, subjects, through: batch[batch.count - 1].id)
        try folding.take(batch)
      }
      // Or the log would be as long as everything that is made again.
      _ = try pool.writeWithoutTransaction(Checkpointing.copy)
      subjects.trim()
      last = batch[batch.count - 1].id
      done += batch.count
      progress(done, total)
    }
    try pool.write { db in
      try Schema.makeIndexes(db)
      try Suspects.noteAll(db)
      try Rebuild.setFolds(Schema.folds, db)
    }
  }

  /// The next commits by row, read on every core; nil at the end.
  private func nextBatch(after last: Int) throws -> [BatchFolding.Row]? {
    let lines = try pool.read { db in
      try db.prepared("SELECT id, counts, line FROM commits WHERE id > ? ORDER BY id LIMIT ?")
        .all(.integer(last), .integer(Self.batchCommits)) {
          (id: $0.integer(0), counts: $0.integer(1), line: $0.blob(2))
        }
    }
    if lines.isEmpty { return nil }
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
