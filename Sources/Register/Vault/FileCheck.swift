import GRDB
import GRDBSQLite

/// Whether a file agrees with itself: whoever made it may have changed a table and not its indexes, so that a row is
/// there for whoever reads all, and not for whoever looks for it.
enum FileCheck {
  /// Of SQLite's virtual machine, between two looks whether the task was ended.
  private static let steps: Int32 = 100_000

  /// The first contradiction, in SQLite's words; nil where there is none.
  static func contradiction(_ db: Database) throws -> String? {
    sqlite3_progress_handler(db.sqliteConnection, steps, { _ in Task.isCancelled ? 1 : 0 }, nil)
    defer { sqlite3_progress_handler(db.sqliteConnection, 0, nil, nil) }
    do {
      let found = try String.fetchOne(db, sql: "PRAGMA integrity_check(1)")
      return found == "ok" ? nil : found ?? "nothing was said"
    } catch {
      try Task.checkCancellation()
      throw error
    }
  }
}
