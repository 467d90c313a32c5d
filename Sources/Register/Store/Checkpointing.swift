import Dispatch
import GRDB
import GRDBSQLite
import Synchronization

/// Moves pages from the write-ahead log into the store beside the writer, on a connection of its own: done within a
/// commit, as SQLite would, it holds up everybody for as long as the disk takes.
///
/// What it writes keeps the disk busy for a moment, in which everybody's fsync waits: the less at a time, the shorter.
/// But the longer it waits, the more pages of the log are the same one. A log that begins anew often is also written
/// where the disk has room for it already. A station that starts again after a crash reads all of the log first.
///
/// Under load the log never ends where it was copied to, and would grow for ever. So the copying is repeated until
/// little is left, and the writer itself, between two groups, does the last of it and waits for those who still read
/// the log; its next transaction begins the log anew.
final class Checkpointing: Sendable {
  /// Submissions between two checkpoints at most, of some four pages each.
  private static let submissionsMax = 300
  /// What a transaction counts in which lines of a backlog are taken in while nobody waits: most of its pages are those
  /// of the one before it, so they are copied once for all, and the log grows to some hundred megabytes.
  static func unattended(lines: Int) -> Int { max(submissionsMax / 14, lines * submissionsMax / (1 << 17)) }
  private static let quietSeconds = 2.0
  /// Pages that the writer may copy itself: a few milliseconds.
  private static let writerPagesMax = 400
  private static let roundsMax = 8
  /// A longer reader keeps the log for once.
  private static let restartMilliseconds = 50

  private let queue = DispatchQueue(label: "permanence.checkpoint", qos: .utility)
  private let connection: DatabaseQueue
  private let state = Mutex(State())

  /// Does the writer's part, and calls `done` after it.
  typealias Finish = @Sendable (_ done: @escaping @Sendable () -> Void) -> Void

  fileprivate struct State {
    var submissions = 0
    /// What `submissions` was when somebody last looked whether all is quiet; nil while nobody is to look again.
    var lookedAt: Int?
    var isRunning = false
  }

  init(path: String) throws {
    var configuration = Configuration()
    configuration.busyMode = .timeout(1)
    connection = try DatabaseQueue(path: path, configuration: configuration)
  }

  /// Counts what was written; begins a checkpoint once it is time, whose last part `finish` does on the writer's queue.
  func note(_ submissions: Int, finish: @escaping Finish) {
    let (isDue, looksLater) = state.withLock { state -> (Bool, Bool) in
      state.submissions += submissions
      if state.submissions >= Self.submissionsMax, !state.isRunning {
        state.begin()
        return (true, false)
      }
      guard state.lookedAt == nil else { return (false, false) }
      state.lookedAt = state.submissions
      return (false, true)
    }
    if isDue { queue.async { [self] in copyAll(finish) } }
    if looksLater { lookLater(finish) }
  }

  private func lookLater(_ finish: @escaping Finish) {
    queue.asyncAfter(deadline: .now() + Self.quietSeconds) { [self] in
      let (isQuiet, looksAgain) = state.withLock { state -> (Bool, Bool) in
        defer { if state.lookedAt != nil { state.lookedAt = state.submissions } }
        guard state.submissions == state.lookedAt, !state.isRunning else { return (false, true) }
        state.lookedAt = nil
        state.begin()
        return (true, false)
      }
      if isQuiet { copyAll(finish) }
      if looksAgain { lookLater(finish) }
    }
  }

  private func copyAll(_ finish: Finish) {
    var pages = (log: 0, copied: 0)
    for _ in 0..<Self.roundsMax {
      // A full disk: the next one does it.
      guard let now = try? connection.writeWithoutTransaction(Checkpointing.copy) else { break }
      try? connection.writeWithoutTransaction(Checkpointing.sync)
      defer { pages = now }
      if now.copied - pages.copied <= Self.writerPagesMax { break }
    }
    let done: @Sendable () -> Void = { [self] in state.withLock { $0.isRunning = false } }
    // While somebody reads an old state for long, the writer would copy all of the log, with everybody waiting.
    if pages.log - pages.copied <= Self.writerPagesMax { finish(done) } else { done() }
  }

  /// Copies the last of the log and sees to it that the next transaction begins it anew.
  static func restart(_ db: Database) throws {
    let usual = try Int.fetchOne(db, sql: "PRAGMA busy_timeout") ?? 0
    try db.execute(sql: "PRAGMA busy_timeout = \(restartMilliseconds)")
    defer { try? db.execute(sql: "PRAGMA busy_timeout = \(usual)") }
    try db.execute(sql: "PRAGMA wal_checkpoint(RESTART)")
  }

  /// Brings to the disk what was copied. SQLite would only do so after the last page of the log, which under load is the
  /// writer's part, and people would wait for all of it.
  private static func sync(_ db: Database) throws {
    var file: UnsafeMutablePointer<sqlite3_file>?
    let code = sqlite3_file_control(db.sqliteConnection, "main", SQLITE_FCNTL_FILE_POINTER, &file)
    guard code == SQLITE_OK, let file, let sync = file.pointee.pMethods?.pointee.xSync else { return }
    // One that fails is done again, by the writer.
    _ = sync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY)
  }

  /// Copies what no reader still needs; gives how many pages the log has, and how many of them are copied by now.
  private static func copy(_ db: Database) throws -> (log: Int, copied: Int) {
    // Whether another one was in the way, pages in the log, pages copied.
    try db.prepared("PRAGMA wal_checkpoint(PASSIVE)").first { ($0.integer(1), $0.integer(2)) } ?? (0, 0)
  }
}

extension Checkpointing.State {
  fileprivate mutating func begin() {
    submissions = 0
    isRunning = true
  }
}
