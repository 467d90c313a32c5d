import GRDB
import Ledger

/// The ledger as other stations take it: chain by chain, from what they lack on.
extension Register {
  /// Every end of every chain, chains of reads included.
  public func tips() throws -> [String: [VerificationReport.Head]] { try read { try $0.heads() } }

  /// Whether this line is here.
  public func holds(_ chain: String, _ line: VerificationReport.Head) throws -> Bool {
    try pool.reading { try StoredCommits($0).holds(line, of: chain) }
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

  /// How far back each chain is looked through at first: whoever asks was told of this end a moment ago.
  private static let recent = 1000

  init?(ending hash: LineHash, _ db: Database) throws {
    let chains = try db.prepared("SELECT id FROM chains").all { $0.integer(0) }
    for reach in [Self.recent, .max] {
      for chain in chains {
        if let sequence = try Self.find(hash, in: chain, reach: reach, db) {
          (self.chain, self.sequence, self.hash) = (chain, sequence, hash)
          return
        }
      }
    }
    return nil
  }

  /// In the index of places, which holds every hash.
  private static func find(_ hash: LineHash, in chain: Int, reach: Int, _ db: Database) throws -> Int? {
    let last = try db.prepared("SELECT max(sequence) FROM commits WHERE chain = ?").first(.integer(chain)) {
      $0.integer(0)
    }
    return try db.prepared(
      "SELECT sequence FROM commits WHERE chain = ? AND sequence > ? AND hash = ? ORDER BY sequence DESC LIMIT 1"
    ).first(.integer(chain), .integer((last ?? 0) - min(reach, last ?? 0)), .blob(hash.bytes)) { $0.integer(0) }
  }

  func lines(after: Int, bytes: Int, _ db: Database) throws -> [[UInt8]] {
    var rows: [(sequence: Int, line: [UInt8])] = []
    var size = 0
    try db.prepared(
      "SELECT sequence, line FROM commits WHERE chain = ? AND sequence > ? AND sequence <= ? ORDER BY sequence, hash"
    ).each(.integer(chain), .integer(after), .integer(sequence)) { row in
      let next = (sequence: row.integer(0), line: row.blob(1))
      // Both lines of one place, or neither: which of them is meant is seen below.
      let isBeside = rows.last?.sequence == next.sequence
      if size > 0, !isBeside, size + next.line.count > bytes { return false }
      rows.append(next)
      size += next.line.count
      return true
    }
    // One line in each place: the only one there is, hence this branch's.
    guard let last = rows.last, rows.count > last.sequence - after else { return rows.map(\.line) }
    let branch = try ancestors(after: after, db)
    return rows.map(\.line).filter { branch.contains(LineHash(of: $0)) }
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
