import GRDBSQLite

/// A store as any program that knows SQLite reads it: nothing of the code under test comes between.
final class StoreFile {
  private var store: OpaquePointer?

  struct Unreadable: Error { var code: Int32 }

  init(of station: SimulatedStation) throws {
    let code = sqlite3_open_v2("\(station.disk.path)/store.sqlite", &store, SQLITE_OPEN_READONLY, nil)
    guard code == SQLITE_OK else { throw Unreadable(code: code) }
  }

  deinit { sqlite3_close(store) }

  /// Every line of every chain.
  func lines() throws -> [[UInt8]] { try blobs("SELECT line FROM commits") }

  /// Those that lie aside with a reason.
  func aside() throws -> [[UInt8]] { try blobs("SELECT line FROM aside WHERE reason <> ''") }

  private func blobs(_ sql: String) throws -> [[UInt8]] {
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    var code = sqlite3_prepare_v2(store, sql, -1, &statement, nil)
    guard code == SQLITE_OK else { throw Unreadable(code: code) }
    var found: [[UInt8]] = []
    code = sqlite3_step(statement)
    while code == SQLITE_ROW {
      let bytes = UnsafeRawBufferPointer(
        start: sqlite3_column_blob(statement, 0), count: Int(sqlite3_column_bytes(statement, 0)))
      found.append(Array(bytes))
      code = sqlite3_step(statement)
    }
    guard code == SQLITE_DONE else { throw Unreadable(code: code) }
    return found
  }
}
