import GRDB
import Ledger

/// The ledger as other stations take it: chain by chain, from what they lack on.
extension Register {
  /// Every end of every chain, chains of reads included.
  public func tips() throws -> [String: [VerificationReport.Head]] { try read { try $0.heads() } }

  /// Whether this line is here.
  public func holds(_ chain: String, _ hash: LineHash) throws -> Bool {
    try pool.reading { db in try OutgoingChain(ending: hash, of: chain, db) != nil }
  }

  /// Lines of the chain that ends with this one, oldest first, with a sequence above `after`.
  /// - Parameter bytes: about how much at most; there is at least one line if there is any.
  /// - Returns: nil where no line has this hash.
  public func lines(endingAt hash: LineHash, after: Int, bytes: Int) throws -> [[UInt8]]? {
    try pool.reading { db in try OutgoingChain(ending: hash, db)?.lines(after: after, bytes: bytes, db) }
  }
}

private struct OutgoingChain {
  let chain: Int
  let sequence: Int
  let hash: LineHash

  /// Looks among the ends first, then in the index of each chain, which holds every hash.
  init?(ending hash: LineHash, of name: String? = nil, _ db: Database) throws {
    let chains = try db.prepared("SELECT id, name FROM chains").all { ($0.integer(0), $0.text(1)) }
    for (chain, other) in chains where name.map({ $0.sameBytes(as: other) }) ?? true {
      let found = try db.prepared(
        "SELECT sequence FROM commits WHERE chain = ? AND hash = ? ORDER BY sequence DESC LIMIT 1"
      ).first(.integer(chain), .blob(hash.bytes)) { $0.integer(0) }
      if let found {
        (self.chain, sequence, self.hash) = (chain, found, hash)
        return
      }
    }
    return nil
  }

  func lines(after: Int, bytes: Int, _ db: Database) throws -> [[UInt8]] {
    let branch = try isForked(after: after, db) ? ancestors(after: after, db) : nil
    var lines: [[UInt8]] = []
    var size = 0
    try db.prepared(
      "SELECT hash, line FROM commits WHERE chain = ? AND sequence > ? AND sequence <= ? ORDER BY sequence, hash"
    ).each(.integer(chain), .integer(after), .integer(sequence)) { row in
      if let branch, let hash = LineHash(bytes: row.blob(0)), !branch.contains(hash) { return true }
      let line = row.blob(1)
      if size > 0, size + line.count > bytes { return false }
      lines.append(line)
      size += line.count
      return true
    }
    return lines
  }

  private func isForked(after: Int, _ db: Database) throws -> Bool {
    let count = try db.prepared("SELECT count(*) FROM commits WHERE chain = ? AND sequence > ? AND sequence <= ?")
      .first(.integer(chain), .integer(after), .integer(sequence)) { $0.integer(0) }
    return count ?? 0 > sequence - after
  }

  /// Of a chain that forked: this branch's own lines.
  private func ancestors(after: Int, _ db: Database) throws -> Set<LineHash> {
    var branch: Set<LineHash> = []
    var (at, next) = (sequence, hash)
    while at > after, let commit = try StoredCommits(db).line(next, at: at, chain: chain) {
      branch.insert(next)
      (at, next) = (at - 1, commit.previous)
    }
    return branch
  }
}
