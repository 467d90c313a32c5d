import GRDB
import Ledger

/// What each station had before it when it wrote: the heads of other chains that its lines name, and what follows
/// from them. Whoever has only heard from a third that a line exists has not read it, so nothing is followed further
/// than one line's own word.
final class Witnesses {
  /// `line` is a row of `commits`; `seen` and `hash` the head of the chain `other` that it names.
  static let models = [
    Schema.Model(
      table: "witnesses",
      columns: """
        chain INTEGER NOT NULL, other TEXT NOT NULL, sequence INTEGER NOT NULL, line INTEGER NOT NULL,
        seen INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (chain, other, sequence, line)
        """,
      isWithoutRowID: true)
  ]

  /// Notes the heads that a line names, which `commits` holds as row `line`. Chains of reads say nothing of patients.
  static func note(_ commit: Commit, chain: Int, line: Int, _ db: Database) throws {
    for head in commit.witnessed where StationName.station(ofChain: head.station) == head.station {
      try db.prepared(
        "INSERT OR IGNORE INTO witnesses(chain, other, sequence, line, seen, hash) VALUES (?, ?, ?, ?, ?, ?)"
      ).run(
        .integer(chain), .text(head.station), .integer(commit.sequence),
        .integer(line), .integer(head.sequence), .blob(head.hash.bytes))
    }
  }

  private let db: Database
  private var numbers: [ExactText: Int] = [:]
  /// Chains of which more than one end is known.
  let forked: Set<Int>

  init(_ db: Database) throws {
    self.db = db
    forked = try Tips(db).forked()
  }

  /// Whether any line may not know of another that came before it: several stations spoke, or a chain forked.
  func anyBlind() throws -> Bool {
    let stations = try db.prepared("SELECT COUNT(*) FROM chains WHERE name NOT LIKE 'reads-%'").first { $0.integer(0) }
    return stations ?? 0 > 1 || !forked.isEmpty
  }

  /// Up to where all of these lines of one chain had another before them, where neither forked.
  func leastSeen(of other: (id: Int, name: String), by chain: Int, from first: Int, through last: Int) throws -> Int {
    let before = try db.prepared("SELECT MAX(sequence) FROM witnesses WHERE chain = ? AND other = ? AND sequence <= ?")
      .first(.integer(chain), .text(other.name), .integer(first)) { $0.integerOrNil(0) }
    guard let before = before.flatMap(\.self) else { return 0 }
    // Heads rise along a chain, unless somebody lies.
    let least =
      try db.prepared(
        "SELECT MIN(seen) FROM witnesses WHERE chain = ? AND other = ? AND sequence BETWEEN ? AND ?"
      ).first(.integer(chain), .text(other.name), .integer(before), .integer(last)) { $0.integer(0) } ?? 0
    let isAnother = try db.prepared(
      """
      SELECT 1 FROM witnesses WHERE chain = ? AND other = ? AND sequence BETWEEN ? AND ? AND seen = ?
      AND hash <> (SELECT hash FROM commits WHERE chain = ? AND sequence = ?) LIMIT 1
      """
    ).first(
      .integer(chain), .text(other.name), .integer(before), .integer(last), .integer(least), .integer(other.id),
      .integer(least)
    ) { _ in true }
    return isAnother == nil ? least : least - 1
  }

  /// Whether all lines of one chain from `first` on had this one of another before them, where neither forked.
  func haveAllSeen(
    _ sequence: Int, of other: (id: Int, name: String), by chain: Int, from first: Int
  ) throws -> Bool {
    let before = try db.prepared("SELECT MAX(sequence) FROM witnesses WHERE chain = ? AND other = ? AND sequence <= ?")
      .first(.integer(chain), .text(other.name), .integer(first)) { $0.integerOrNil(0) }
    guard let before = before.flatMap(\.self) else { return false }
    // Of a long chain that is taken in behind another, the first one tells.
    let blind = try db.prepared(
      """
      SELECT 1 FROM witnesses WHERE chain = ? AND other = ? AND sequence >= ?
      AND (seen < ? OR seen = ? AND hash <> (SELECT hash FROM commits WHERE chain = ? AND sequence = ?)) LIMIT 1
      """
    ).first(
      .integer(chain), .text(other.name), .integer(before), .integer(sequence), .integer(sequence), .integer(other.id),
      .integer(sequence)
    ) { _ in true }
    return blind == nil
  }

  /// Up to where the last line of one chain that names another had it before it, where neither forked.
  func lastSeen(of other: String, by chain: Int) throws -> Int {
    try db.prepared("SELECT seen FROM witnesses WHERE chain = ? AND other = ? ORDER BY sequence DESC LIMIT 1")
      .first(.integer(chain), .text(other)) { $0.integer(0) } ?? 0
  }

  private struct Line: Equatable {
    var chain: Int
    var sequence: Int
    var hash: LineHash
  }

  /// Whether whoever said `later` had `earlier` before them.
  func hadSeen(_ laterFact: FactPlace, _ earlierFact: FactPlace) throws -> Bool {
    let (later, earlier) = (try line(laterFact), try line(earlierFact))
    if later.chain == earlier.chain { return try leads(to: later, from: earlier) }
    let isForked = forked.contains(later.chain) || forked.contains(earlier.chain)
    // Heads grow along a chain that has one branch, so the last one named says all.
    let heads = try db.prepared(
      """
      SELECT witnesses.seen, witnesses.hash, witnesses.sequence, commits.hash
      FROM witnesses JOIN commits ON commits.id = witnesses.line
      WHERE witnesses.chain = ? AND witnesses.other = ? AND witnesses.sequence <= ?
      ORDER BY witnesses.sequence DESC LIMIT ?
      """
    ).all(
      .integer(later.chain), .text(earlierFact.station), .integer(later.sequence), .integer(isForked ? -1 : 1)
    ) { (seen: $0.integer(0), head: $0.blob(1), sequence: $0.integer(2), line: $0.blob(3)) }
    return try heads.contains { named in
      guard named.seen >= earlier.sequence, let head = LineHash(bytes: named.head),
        let hash = LineHash(bytes: named.line)
      else { return false }
      return try leads(to: Line(chain: earlier.chain, sequence: named.seen, hash: head), from: earlier)
        && leads(to: later, from: Line(chain: later.chain, sequence: named.sequence, hash: hash))
    }
  }

  /// Whether `last` stands on `first`, or is it.
  private func leads(to last: Line, from first: Line) throws -> Bool {
    if first.sequence >= last.sequence { return first == last }
    if !forked.contains(first.chain) { return true }
    let commits = StoredCommits(db)
    let beside = try db.prepared("SELECT COUNT(*) FROM commits WHERE chain = ? AND sequence = ?")
      .first(.integer(first.chain), .integer(first.sequence)) { $0.integer(0) }
    if beside == 1 { return true }
    var line = last
    while line.sequence > first.sequence {
      // A head that no line bears out leads nowhere.
      guard let commit = try commits.line(line.hash, at: line.sequence, chain: line.chain) else { return false }
      line = Line(chain: line.chain, sequence: line.sequence - 1, hash: commit.previous)
    }
    return line == first
  }

  private func line(_ place: FactPlace) throws -> Line {
    let name = ExactText(place.station)
    let number = try numbers[name] ?? StoredCommits(db).chain(named: place.station) ?? 0
    numbers[name] = number
    return Line(chain: number, sequence: place.sequence, hash: place.hash)
  }
}
