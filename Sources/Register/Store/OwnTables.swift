import GRDB

/// Tables beside the ledger, for what no line may hold: sign-in verifiers, sessions. They are neither rebuilt nor
/// digested, and leave this station only as `Beside` says.
extension Register {
  /// Reads own tables in one consistent state.
  package func readTables<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try pool.reading(body)
  }

  /// Writes own tables in one transaction, as durable as a commit.
  package func writeTables<Value>(_ body: (Database) throws -> Value) throws -> Value {
    defer { writer?.noteWritten() }
    do { return try pool.write(body) } catch let error as DatabaseError { throw RegisterFault(error) }
  }
}
