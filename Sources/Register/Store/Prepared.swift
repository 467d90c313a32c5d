import GRDB
import GRDBSQLite
import Ledger

/// A value as SQLite keeps it.
enum SQLValue {
  case null
  case integer(Int)
  case text(String)
  case blob([UInt8])

  static func text(orNull value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
  static func integer(orNull value: Int?) -> SQLValue { value.map { .integer($0) } ?? .null }
  /// Any number of texts as one value, for `json_each`: the statement is the same however many there are.
  static func list(_ texts: [String]) -> SQLValue { list(texts.map(JSON.string)) }
  static func list(_ values: [JSON]) -> SQLValue { .text("\(JSON.array(values))") }
  static func list(orNull texts: [String]?) -> SQLValue { texts.map { .list($0) } ?? .null }
}

extension SQLValue {
  /// As `SQLRow` does it for a column that holds it.
  func hash(into hasher: inout Hasher) {
    switch self {
    case .null:
      hasher.combine(SQLITE_NULL)
      hasher.combine(0)
    case .integer(let integer):
      hasher.combine(SQLITE_INTEGER)
      hasher.combine(integer)
    case .text(var text):
      hasher.combine(SQLITE_TEXT)
      text.withUTF8 { SQLRow.hash($0, into: &hasher) }
    case .blob(let bytes):
      hasher.combine(SQLITE_BLOB)
      bytes.withUnsafeBufferPointer { SQLRow.hash($0, into: &hasher) }
    }
  }
}

/// SQLITE_TRANSIENT: SQLite copies.
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

/// A prepared statement, bound and stepped by hand: GRDB keeps it for its connection, and nothing lies between it and
/// SQLite. The writer runs a dozen of these for each admission, so their cost is the writer's.
struct Prepared {
  private let statement: Statement
  private let handle: OpaquePointer

  fileprivate init(_ statement: Statement) {
    self.statement = statement
    handle = statement.sqliteStatement
  }

  /// Runs a statement that gives no rows, or whose rows do not matter.
  func run(_ values: SQLValue...) throws {
    try bound(values) { while try step() {} }
  }

  /// Every row, read by `body`.
  func all<Value>(_ values: SQLValue..., body: (SQLRow) throws -> Value) throws -> [Value] {
    try bound(values) {
      var found: [Value] = []
      while try step() { found.append(try body(SQLRow(handle: handle))) }
      return found
    }
  }

  /// The first row, read by `body`.
  func first<Value>(_ values: SQLValue..., body: (SQLRow) throws -> Value) throws -> Value? {
    try bound(values) { try step() ? try body(SQLRow(handle: handle)) : nil }
  }

  /// Hands each row to `body` while it gives true. The same statement must not be run inside.
  func each(_ values: SQLValue..., body: (SQLRow) throws -> Bool) throws {
    try each(binding: values, body: body)
  }

  /// The same, of values already in a list.
  func each(binding values: [SQLValue], body: (SQLRow) throws -> Bool) throws {
    try bound(values) {
      while try step() { guard try body(SQLRow(handle: handle)) else { return } }
    }
  }

  private func step() throws -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: true
    case SQLITE_DONE: false
    default: throw failure
    }
  }

  /// Runs `body` while the values from `index` on are bound. SQLite reads texts and blobs where they lie, so each is held
  /// there until `body` ends and the statement is reset.
  private func bound<Value>(_ values: [SQLValue], from index: Int = 0, _ body: () throws -> Value) throws -> Value {
    guard index < values.count else {
      defer { sqlite3_reset(handle) }
      return try body()
    }
    let place = Int32(index + 1)
    switch values[index] {
    case .null: try check(sqlite3_bind_null(handle, place))
    case .integer(let integer): try check(sqlite3_bind_int64(handle, place, Int64(integer)))
    case .text(var text):
      return try text.withUTF8 { utf8 in
        try utf8.withMemoryRebound(to: CChar.self) {
          // An empty text may have no address, and no address would be NULL.
          try check(
            $0.isEmpty
              ? sqlite3_bind_text(handle, place, "", 0, copied)
              : sqlite3_bind_text(handle, place, $0.baseAddress, Int32($0.count), nil))
          return try bound(values, from: index + 1, body)
        }
      }
    case .blob(let bytes) where bytes.isEmpty: try check(sqlite3_bind_zeroblob(handle, place, 0))
    case .blob(let bytes):
      return try bytes.withUnsafeBytes {
        try check(sqlite3_bind_blob(handle, place, $0.baseAddress, Int32($0.count), nil))
        return try bound(values, from: index + 1, body)
      }
    }
    return try bound(values, from: index + 1, body)
  }

  private func check(_ code: Int32) throws {
    guard code == SQLITE_OK else { throw failure }
  }

  private var failure: DatabaseError {
    let connection = sqlite3_db_handle(handle)
    return DatabaseError(
      resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
      message: String(cString: sqlite3_errmsg(connection)))
  }
}

/// The current row of a statement; columns count from 0.
struct SQLRow {
  fileprivate let handle: OpaquePointer

  func integer(_ column: Int32) -> Int { Int(sqlite3_column_int64(handle, column)) }

  func integerOrNil(_ column: Int32) -> Int? { isNull(column) ? nil : integer(column) }

  func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

  func textOrNil(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  func blob(_ column: Int32) -> [UInt8] { Array(bytes(column)) }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  /// Each column, with its type.
  func hash(into hasher: inout Hasher) {
    for column in 0..<sqlite3_column_count(handle) {
      let type = sqlite3_column_type(handle, column)
      hasher.combine(type)
      if type == SQLITE_INTEGER { hasher.combine(integer(column)) } else { Self.hash(bytes(column), into: &hasher) }
    }
  }

  fileprivate static func hash(_ bytes: UnsafeBufferPointer<UInt8>, into hasher: inout Hasher) {
    hasher.combine(bytes.count)
    hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
  }

  /// The bytes of a text or blob, valid until the next step.
  func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
    let start = sqlite3_column_blob(handle, column)
    let count = Int(sqlite3_column_bytes(handle, column))
    return UnsafeBufferPointer(start: start?.assumingMemoryBound(to: UInt8.self), count: start == nil ? 0 : count)
  }
}

extension Database {
  /// The statement of this text, prepared once for each connection.
  func prepared(_ sql: String) throws -> Prepared { Prepared(try cachedStatement(sql: sql)) }
}

extension DatabasePool {
  /// Reads one consistent state beside the writer, in a transaction of statements prepared once. Readers of a pool can
  /// only read, so they need no other guard; those that `read` adds cost as much as finding a patient. Somebody who reads
  /// and calls somebody who reads sees one state: GRDB stops the process over it otherwise.
  func reading<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try unsafeReentrantRead { db in
      if db.isInsideTransaction { return try body(db) }
      try db.prepared("BEGIN").run()
      // GRDB stops the process over a transaction left open.
      defer { do { try db.prepared("COMMIT").run() } catch { try? db.execute(sql: "ROLLBACK") } }
      return try body(db)
    }
  }
}
