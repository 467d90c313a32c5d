import GRDB
import Ledger

/// Lines that came from elsewhere and could not be taken in: kept with the reason, shown to a person, and tried again
/// once what they stand on is there.
struct LinesAside {
  let db: Database

  init(_ db: Database) { self.db = db }

  /// Of one line: a longer one is kept as far as this.
  private static let bytesMax = Line.bytesMax

  /// Gives whether it was not there yet.
  func put(_ line: [UInt8], _ commit: Commit?, from peer: String, _ reason: String, at now: Instant) throws -> Bool {
    let kept = Array(line.prefix(Self.bytesMax))
    try db.prepared(
      """
      INSERT OR IGNORE INTO aside(at, peer, chain, sequence, hash, previous, reason, line)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """
    ).run(
      .integer(Int(now.milliseconds)), .text(peer), .text(orNull: commit?.station),
      .integer(orNull: commit?.sequence), .blob(LineHash(of: kept).bytes),
      commit.map { .blob($0.previous.bytes) } ?? .null, .text(reason), .blob(kept))
    return db.changesCount > 0
  }

  func remove(_ hash: LineHash) throws {
    try db.prepared("DELETE FROM aside WHERE hash = ?").run(.blob(hash.bytes))
  }

  func isEmpty(_ chain: String) throws -> Bool {
    try db.prepared("SELECT 1 FROM aside WHERE chain = ? LIMIT 1").first(.text(chain)) { _ in true } == nil
  }

  /// The line of this hash, if it lies aside.
  func line(_ hash: LineHash) throws -> Commit? {
    try db.prepared("SELECT line FROM aside WHERE hash = ?").first(.blob(hash.bytes)) { $0.blob(0) }
      .flatMap { try? Commit(reading: $0) }
  }

  /// Why the line of this hash lies aside; nil where it does not.
  func reason(_ hash: LineHash) throws -> String? {
    try db.prepared("SELECT reason FROM aside WHERE hash = ?").first(.blob(hash.bytes)) { $0.text(0) }
  }

  func setReason(_ reason: String, of hash: LineHash) throws {
    try db.prepared("UPDATE aside SET reason = ? WHERE hash = ? AND reason <> ?")
      .run(.text(reason), .blob(hash.bytes), .text(reason))
  }

  /// Lines of this chain that say they follow one of these.
  func following(_ hashes: [LineHash], in chain: String) throws -> [Commit] {
    try hashes.flatMap { hash in
      try db.prepared("SELECT line FROM aside WHERE chain = ? AND previous = ?")
        .all(.text(chain), .blob(hash.bytes)) { $0.blob(0) }
    }.compactMap { try? Commit(reading: $0) }
  }

  /// All of a chain: its first line came.
  func all(of chain: String) throws -> [Commit] {
    try db.prepared("SELECT line FROM aside WHERE chain = ?").all(.text(chain)) { $0.blob(0) }
      .compactMap { try? Commit(reading: $0) }
  }
}

/// A line that was kept aside.
public struct LineAside: Sendable, Equatable {
  public var at: Instant
  /// Who gave it: a station's name, after `carrierPrefix` where a carrier brought it.
  public var peer: String
  /// What it says of itself, where it can be read.
  public var chain: String?
  public var sequence: Int?
  public var reason: String
}

extension LineAside {
  /// Begins `peer` where a carrier brought the line; the name of the station that sealed it follows.
  public static let carrierPrefix = "carrier "
  /// The reason of lines of one branch too many. They hold: whoever gave them may be honest.
  public static let surplus = "its chain has \(Tips.branchesMax) branches already"
}

extension Reading {
  /// How many lie aside.
  public func linesAsideCount() throws -> Int {
    guard try db.tableExists("aside") else { return 0 }
    return try db.prepared("SELECT count(*) FROM aside").first { $0.integer(0) } ?? 0
  }

  /// Newest first.
  public func linesAside(limit: Int = 200) throws -> [LineAside] {
    guard try db.tableExists("aside") else { return [] }
    return try db.prepared("SELECT at, peer, chain, sequence, reason FROM aside ORDER BY id DESC LIMIT ?")
      .all(.integer(limit)) { row in
        LineAside(
          at: Instant(milliseconds: Int64(row.integer(0))), peer: row.text(1), chain: row.textOrNil(2),
          sequence: row.integerOrNil(3), reason: row.text(4))
      }
  }
}
