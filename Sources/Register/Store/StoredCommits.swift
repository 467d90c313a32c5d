import GRDB
import Ledger

/// The ledger's lines, as the store keeps them.
struct StoredCommits {
  let db: Database

  init(_ db: Database) { self.db = db }

  /// The commit of this row.
  func commit(_ id: Int) throws -> Commit {
    let line = try db.prepared("SELECT line FROM commits WHERE id = ?").first(.integer(id)) { $0.blob(0) }
    guard let line else { throw RegisterFault.store("commit \(id) is missing") }
    return try StoredCommits.read(line)
  }

  /// The last commit of a chain, nil for one that has not begun.
  func last(of chain: String) throws -> Commit? {
    try db.prepared(
      """
      SELECT line FROM commits WHERE chain = (SELECT id FROM chains WHERE name = ?) ORDER BY sequence DESC LIMIT 1
      """
    ).first(.text(chain)) { $0.blob(0) }.map(StoredCommits.read)
  }

  /// The commit that opened a chain.
  func first(of chain: String) throws -> Commit {
    guard let first = try firstOrNil(of: chain) else {
      throw RegisterFault.store("the chain \(chain) has no first line")
    }
    return first
  }

  /// What was kept first under an idempotency key on this chain, or else on another where whoever asks may have asked
  /// there: the commit and what lies beside it.
  func said(_ command: String, on chain: Int, orElsewhere: Bool) throws -> (commit: Commit, beside: [UInt8])? {
    if command.isEmpty { return nil }
    return try db.prepared(
      """
      SELECT line, warnings FROM commits WHERE command = ?1 AND (chain = ?2 OR ?3 AND counts = 1)
      ORDER BY chain <> ?2, id LIMIT 1
      """
    ).first(.text(command), .integer(chain), .integer(orElsewhere ? 1 : 0)) { ($0.blob(0), $0.blob(1)) }
      .map { (try StoredCommits.read($0.0), $0.1) }
  }

  /// The last commit under a key that was said on this chain.
  func lastSaid(_ command: String, on chain: Int) throws -> Commit? {
    try db.prepared("SELECT line FROM commits WHERE command = ? AND chain = ? ORDER BY id DESC LIMIT 1")
      .first(.text(command), .integer(chain)) { $0.blob(0) }.map(StoredCommits.read)
  }

  /// The number of a chain; nil for one of which nothing is here.
  func chain(named name: String) throws -> Int? {
    try db.prepared("SELECT id FROM chains WHERE name = ?").first(.text(name)) { $0.integer(0) }
  }

  /// The number of a chain, given to it now if it has none.
  func chain(_ name: String) throws -> Int {
    if let known = try chain(named: name) { return known }
    try db.prepared("INSERT INTO chains(name) VALUES (?)").run(.text(name))
    return Int(db.lastInsertedRowID)
  }

  /// Keeps a commit's line; gives the row.
  /// - Parameter isAskedFor: somebody may ask for it by its idempotency key. Keys are random, so each that is kept costs
  ///   a page of their index.
  func insert(
    _ commit: Commit, chain: Int, _ counting: Counting = .counts, isAskedFor: Bool = true, beside: [UInt8] = []
  ) throws -> Int {
    try db.prepared(
      "INSERT INTO commits(chain, sequence, hash, command, counts, warnings, line) VALUES (?, ?, ?, ?, ?, ?, ?)"
    ).run(
      .integer(chain), .integer(commit.sequence), .blob(commit.hash.bytes),
      .text(isAskedFor ? commit.command : ""),
      .integer(counting.rawValue), beside.isEmpty ? .null : .blob(beside), .blob(commit.line))
    return Int(db.lastInsertedRowID)
  }

  static func read(_ line: [UInt8]) throws -> Commit {
    do { return try Commit(reading: line) } catch { throw RegisterFault.store("a line cannot be read: \(error)") }
  }
}
