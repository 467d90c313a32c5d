import GRDB
import Ledger

/// The ledger as it leaves the store: verified where it lies, or as files that any tool can check.
extension Register {
  /// Verifies every line of every chain, as `ledger verify` does with files. `progress` hears how many lines of how
  /// many were checked.
  public func verifyLedger(
    root: String? = nil, progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws -> VerificationReport {
    try Self.verify(pool, root: root, progress)
  }

  static func verify(
    _ pool: DatabasePool, root: String?, _ progress: (_ done: Int, _ of: Int) -> Void
  ) throws -> VerificationReport {
    try pool.read { db in
      let total = try Int.fetchOne(db, sql: "SELECT count(*) FROM commits") ?? 0
      var verification = Verification(root: root)
      var done = 0
      for chain in try chains(db) {
        verification.begin(chain.name)
        var batches = ChainLines(chain.id, db)
        while let lines = try batches.next() {
          try Task.checkCancellation()
          verification.take(lines)
          done += lines.count
          progress(done, total)
        }
      }
      return verification.finish()
    }
  }

  /// Writes one `<station>.ledger` file for each chain into `folder`, which must be there.
  @discardableResult
  public func exportLedger(
    to folder: String, progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws -> (stations: [String], commits: Int) {
    do {
      return try pool.read { db in
        let total = try Int.fetchOne(db, sql: "SELECT count(*) FROM commits") ?? 0
        var done = 0
        var names: [String] = []
        for chain in try Self.chains(db) {
          var export = try LedgerExport(chain: chain.name, folder: folder)
          var batches = ChainLines(chain.id, db)
          while let lines = try batches.next() {
            for line in lines { try export.append(line) }
            done += lines.count
            progress(done, total)
          }
          try export.finish()
          names.append(chain.name)
        }
        return (names, done)
      }
    } catch { throw RegisterFault(error) }
  }

  private static func chains(_ db: Database) throws -> [(id: Int, name: String)] {
    try db.prepared("SELECT id, name FROM chains ORDER BY name").all { ($0.integer(0), $0.text(1)) }
  }
}

/// The lines of one chain by sequence, then hash, in batches.
private struct ChainLines {
  private let chain: Int
  private let db: Database
  private var last: (sequence: Int, hash: [UInt8]) = (0, [])

  init(_ chain: Int, _ db: Database) {
    self.chain = chain
    self.db = db
  }

  /// nil at the end.
  mutating func next() throws -> [[UInt8]]? {
    let rows = try db.prepared(
      """
      SELECT sequence, hash, line FROM commits WHERE chain = ? AND (sequence, hash) > (?, ?)
      ORDER BY sequence, hash LIMIT ?
      """
    ).all(.integer(chain), .integer(last.sequence), .blob(last.hash), .integer(Verification.batchLines)) {
      (sequence: $0.integer(0), hash: $0.blob(1), line: $0.blob(2))
    }
    guard let newest = rows.last else { return nil }
    last = (newest.sequence, newest.hash)
    return rows.map(\.line)
  }
}
