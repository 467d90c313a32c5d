import GRDB
import Ledger

/// The ends of chains.
struct Tips {
  /// Of one chain. Innocent forks have two branches, or a few; whoever makes thousands must not make what each station
  /// says of its chains too long for the others to hear.
  static let branchesMax = 64

  let db: Database

  init(_ db: Database) { self.db = db }

  /// Lines from `first` to `last` were added to a chain.
  func move(_ chain: Int, from first: Commit, to last: Commit) throws {
    try db.prepared("DELETE FROM tips WHERE chain = ? AND hash = ?").run(.integer(chain), .blob(first.previous.bytes))
    try db.prepared("INSERT OR IGNORE INTO tips(chain, hash, sequence, isSaid) VALUES (?, ?, ?, 0)")
      .run(.integer(chain), .blob(last.hash.bytes), .integer(last.sequence))
  }

  /// Lines from `first` to `last` are another branch of this station's own chain, whose own end is `own`. No line of
  /// the chain names either; the chain that this machine opens after it names both.
  func fork(_ chain: Int, _ own: (sequence: Int, hash: LineHash), from first: Commit, to last: Commit) throws {
    try move(chain, from: first, to: last)
    try db.prepared("INSERT OR IGNORE INTO tips(chain, hash, sequence, isSaid) VALUES (?, ?, ?, 0)")
      .run(.integer(chain), .blob(own.hash.bytes), .integer(own.sequence))
  }

  /// A chain that was this station's own is another's from now on, which no line of its new one names yet.
  func leave(_ name: String) throws {
    try db.prepared(
      """
      INSERT INTO tips(chain, hash, sequence, isSaid) SELECT chain, hash, sequence, 0 FROM commits
      WHERE chain = (SELECT id FROM chains WHERE name = ?) AND chain NOT IN (SELECT chain FROM tips)
      ORDER BY sequence DESC LIMIT 1
      """
    ).run(.text(name))
  }

  /// Whether a chain has as many branches as are taken in.
  func isFull(_ chain: Int) throws -> Bool {
    try db.prepared("SELECT COUNT(*) FROM tips WHERE chain = ?").first(.integer(chain)) {
      $0.integer(0) >= Self.branchesMax
    } ?? false
  }

  /// Whether this line is the end of a branch.
  func holds(_ hash: LineHash, of chain: Int) throws -> Bool {
    try db.prepared("SELECT 1 FROM tips WHERE chain = ? AND hash = ?").first(.integer(chain), .blob(hash.bytes)) { _ in
      true
    } ?? false
  }

  /// Which of this station's own chains have another branch.
  func forked(of names: [String]) throws -> Set<Int> {
    try Set(
      names.flatMap { name in
        try db.prepared("SELECT DISTINCT chain FROM tips WHERE chain = (SELECT id FROM chains WHERE name = ?)")
          .all(.text(name)) { $0.integer(0) }
      })
  }

  /// Another number once what is known of who knew of whom may be another: where a chain forked, after each line.
  func version() throws -> Int {
    if try forked().isEmpty { return 0 }
    return try db.prepared("SELECT MAX(id) FROM commits").first { $0.integer(0) } ?? 0
  }

  /// Every chain of which more than one end is known.
  func forked() throws -> Set<Int> {
    guard try db.tableExists("tips") else { return [] }
    return try Set(db.prepared("SELECT chain FROM tips GROUP BY chain HAVING COUNT(*) > 1").all { $0.integer(0) })
  }

  /// A line of this station names them.
  func said(_ witnessed: [CommitPlace]) throws {
    for head in witnessed {
      try db.prepared("UPDATE tips SET isSaid = 1 WHERE chain = (SELECT id FROM chains WHERE name = ?) AND hash = ?")
        .run(.text(head.station), .blob(head.hash.bytes))
    }
  }

  /// Those that no line of this station, whose chains are `own`, names yet.
  func unsaid(but own: [String]) throws -> [CommitPlace] {
    try db.prepared(
      """
      SELECT chains.name, tips.sequence, tips.hash FROM tips JOIN chains ON chains.id = tips.chain
      WHERE tips.isSaid = 0 ORDER BY chains.name, tips.sequence
      """
    ).all { ($0.text(0), $0.integer(1), $0.blob(2)) }.compactMap { name, sequence, hash in
      own.contains(name) ? nil : LineHash(bytes: hash).map { CommitPlace(station: name, sequence: sequence, hash: $0) }
    }
  }
}

extension Reading {
  /// The ends of each chain: one, or more where it forked.
  public func heads() throws -> [String: [VerificationReport.Head]] {
    var heads: [String: [VerificationReport.Head]] = [:]
    func add(_ row: (chain: String, sequence: Int, hash: [UInt8])) {
      guard let hash = LineHash(bytes: row.hash) else { return }
      heads[row.chain, default: []].append(VerificationReport.Head(sequence: row.sequence, hash: hash))
    }
    if try db.tableExists("tips") {
      try db.prepared(
        """
        SELECT chains.name, tips.sequence, tips.hash FROM tips JOIN chains ON chains.id = tips.chain
        ORDER BY chains.name, tips.sequence, tips.hash
        """
      ).all { ($0.text(0), $0.integer(1), $0.blob(2)) }.forEach(add)
    }
    try db.prepared(
      """
      SELECT chains.name, commits.sequence, commits.hash FROM chains JOIN commits ON commits.chain = chains.id
      AND commits.sequence = (SELECT max(sequence) FROM commits WHERE chain = chains.id)
      ORDER BY chains.name, commits.hash
      """
    ).all { ($0.text(0), $0.integer(1), $0.blob(2)) }.filter { heads[$0.0] == nil }.forEach(add)
    return heads
  }
}
