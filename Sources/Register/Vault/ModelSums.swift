import GRDB

/// What the read models of a file hold, so that two of them, both looked at by this process, can be compared: of each
/// table the sum of its rows' hashes, in whichever order they lie. The hashes are keyed anew in each process, so that
/// nobody can make rows that sum up to the same.
struct ModelSums: Equatable {
  /// All that a screen shows of patients, stays, beds and accounts. Left out is what need not be alike however it came to
  /// be: the row of the ledger that changed something last, what is still to be merged into the search index, what is
  /// looked for among conflicts.
  private static let columns = [
    "states": "subject, newest, stored",
    "identifiers": "*", "insNumbers": "*", "newborns": "*", "merges": "*",
    "stays": "*", "presences": "*", "movementKeys": "*",
    "emergencyVisits": "*", "visitCourses": "*", "announcements": "*",
    "appointments": "*", "bedRequests": "*", "handbacks": "*", "reentries": "*", "reentryCommits": "*",
    "transfers": "*",
  ]

  private var sums: [String: UInt64] = [:]

  init(_ db: Database) throws {
    for (table, columns) in Self.columns {
      var sum: UInt64 = 0
      try db.prepared("SELECT \(columns) FROM \(table)").each { row in
        var hasher = Hasher()
        row.hash(into: &hasher)
        sum &+= UInt64(bitPattern: Int64(hasher.finalize()))
        return true
      }
      sums[table] = sum
    }
  }
}
