import GRDB
import Ledger

/// The ledger as other stations take it: chain by chain, from what they lack on.
extension Register {
  /// Every end of every chain, chains of reads included.
  public func tips() throws -> [String: [VerificationReport.Head]] { try read { try $0.heads() } }

  /// Whether this line is here, or lies aside because its chain has too many branches: it need not come again.
  public func holds(_ chain: String, _ line: VerificationReport.Head) throws -> Bool {
    try pool.reading { db in
      if try StoredCommits(db).holds(line, of: chain) { return true }
      return try LinesAside(db).reason(line.hash) == LineAside.surplus
    }
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
    var lines: [[UInt8]] = []
    var size = 0
    func add(_ line: [UInt8]) -> Bool {
      if size > 0, size + line.count > bytes { return false }
      lines.append(line)
      size += line.count
      return true
    }
    // One line in each place is the only one there is, hence this branch's.
    var (last, isShared) = (after, false)
    try db.prepared(
      "SELECT sequence, line FROM commits WHERE chain = ? AND sequence > ? AND sequence <= ? ORDER BY sequence, hash"
    ).each(.integer(chain), .integer(after), .integer(sequence)) { row in
      isShared = row.integer(0) == last
      if isShared { return false }
      last = row.integer(0)
      return add(row.blob(1))
    }
    guard isShared else { return lines }
    // From the place that holds several on, only this branch's own are read, however many lie beside them.
    size -= lines.removeLast().count
    for (sequence, hash) in try branch(after: last - 1, db).reversed() {
      guard let line = try StoredCommits(db).line(hash, at: sequence, chain: chain)?.line, add(line) else { break }
    }
    return lines
  }

  /// This branch's places, the last first.
  private func branch(after: Int, _ db: Database) throws -> [(sequence: Int, hash: LineHash)] {
    var branch: [(sequence: Int, hash: LineHash)] = []
    var (at, next) = (sequence, hash)
    while at > after, let commit = try StoredCommits(db).line(next, at: at, chain: chain) {
      branch.append((at, next))
      (at, next) = (at - 1, commit.previous)
    }
    return branch
  }
}
