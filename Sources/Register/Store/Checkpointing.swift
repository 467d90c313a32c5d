import Dispatch
import GRDB
import Synchronization

/// Moves pages from the write-ahead log into the store beside the writer, on a connection of its own: done within a
/// commit, as SQLite would, it holds up everybody for as long as the disk takes.
///
/// Under load the log never ends where it was copied to, and would grow for ever: a station that starts again after a
/// crash reads all of it first. So the copying is repeated until little is left, and the writer itself, between two
/// groups, does the last of it and waits for those who still read the log; its next transaction begins the log anew.
final class Checkpointing: Sendable {
  /// Submissions between two checkpoints: about as many pages times ten.
  private static let submissionsBetween = 2000
  /// Pages that the writer may copy itself: a few milliseconds.
  private static let writerPagesMax = 400
  private static let roundsMax = 8
  /// A longer reader keeps the log for once.
  private static let restartMilliseconds = 50

  private let queue = DispatchQueue(label: "permanence.checkpoint", qos: .utility)
  private let connection: DatabaseQueue
  private let state = Mutex<(submissions: Int, isRunning: Bool)>((0, false))

  init(path: String) throws {
    var configuration = Configuration()
    configuration.busyMode = .timeout(1)
    connection = try DatabaseQueue(path: path, configuration: configuration)
  }

  /// Counts what was written; now and then begins a checkpoint, whose last part `finish` does on the writer's queue.
  func note(_ submissions: Int, finish: @escaping @Sendable () -> Void) {
    let isDue = state.withLock { state in
      state.submissions += submissions
      guard state.submissions >= Self.submissionsBetween, !state.isRunning else { return false }
      state = (0, true)
      return true
    }
    guard isDue else { return }
    queue.async { [self] in
      for _ in 0..<Self.roundsMax {
        // A full disk or a reader in the way: the next one does it.
        guard let left = try? connection.writeWithoutTransaction(Checkpointing.copy) else { break }
        if left <= Self.writerPagesMax { break }
      }
      finish()
      state.withLock { $0.isRunning = false }
    }
  }

  /// Copies the last of the log and sees to it that the next transaction begins it anew.
  static func restart(_ db: Database) throws {
    let usual = try Int.fetchOne(db, sql: "PRAGMA busy_timeout") ?? 0
    try db.execute(sql: "PRAGMA busy_timeout = \(restartMilliseconds)")
    defer { try? db.execute(sql: "PRAGMA busy_timeout = \(usual)") }
    try db.execute(sql: "PRAGMA wal_checkpoint(RESTART)")
  }

  /// Copies what no reader still needs; gives how many pages are left.
  static func copy(_ db: Database) throws -> Int {
    // Whether another one was in the way, pages in the log, pages copied.
    let row = try db.prepared("PRAGMA wal_checkpoint(PASSIVE)").first { ($0.integer(1), $0.integer(2)) }
    return row.map { max($0.0 - $0.1, 0) } ?? 0
  }
}
