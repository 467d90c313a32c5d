import GRDB
import Ledger

/// Counts the lines of a revoked station again, once its mark has moved or a line that the mark names has come.
struct Recounting {
  private let db: Database
  private let marks: Marks

  init(_ db: Database, _ marks: Marks) {
    self.db = db
    self.marks = marks
  }

  /// What counts now and did not, or no longer does.
  struct Changed {
    /// To be folded again.
    fileprivate(set) var subjects: Set<ExactText> = []
    /// Lines of chains of reads.
    fileprivate(set) var reads: [(row: Int, commit: Commit, counts: Bool)] = []
    /// Lines of one message that say something else than the one that counts now.
    fileprivate(set) var apart: [UnderstoodApart.Rows] = []

    fileprivate mutating func note(_ commit: Commit) {
      for fact in commit.facts { subjects.insert(ExactText(fact.subject)) }
    }
  }

  /// Of every station that has a mark, in the ledger's tables alone: before the read models are made again.
  static func all(_ db: Database, root: String) throws {
    let recounting = Recounting(db, try Marks(reading: db, root: root))
    try Endings.keep(recounting.marks, db)
    for station in recounting.marks.stations { _ = try recounting.recount(station, before: []) }
  }

  /// - Parameter before: marks that held before; lines behind them may count again.
  func recount(_ station: String, before: [Revocation]) throws -> Changed {
    var changed = Changed()
    var messages: [Commit] = []
    for name in [station, StationName.reads(of: station)] {
      guard let chain = try StoredCommits(db).chain(named: name) else { continue }
      for (row, commit, counts) in try recount(name, chain, before) {
        if commit.source != nil { messages.append(commit) }
        if name == station { changed.note(commit) } else { changed.reads.append((row, commit, counts)) }
      }
    }
    // Of one message that several stations heard, the first that counts is another one now.
    for message in messages { try settle(message, &changed) }
    return changed
  }

  private func recount(
    _ name: String, _ chain: Int, _ before: [Revocation]
  ) throws -> [(row: Int, commit: Commit, counts: Bool)] {
    let station = StationName.station(ofChain: name)
    let branches = try Branches(name, chain, marks.revocation(of: station), missing: marks.missing(of: name), db)
    var floor = branches.floor
    for revocation in before { floor = min(floor, try Branches(name, chain, revocation, missing: 0, db).floor) }
    if floor == .max { return [] }
    let rows = try db.prepared(
      "SELECT id, sequence, hash, counts FROM commits WHERE chain = ? AND sequence > ? ORDER BY sequence, hash"
    ).all(.integer(chain), .integer(floor)) { (id: $0.integer(0), $0.integer(1), $0.blob(2), $0.integer(3)) }
    return try rows.compactMap { id, sequence, hash, counts in
      let isCounting = LineHash(bytes: hash).map { branches.holds($0, at: sequence) } ?? false
      guard isCounting == (counts == Counting.beyond.rawValue) else { return nil }
      let commit = try StoredCommits(db).commit(id)
      // One that came in a message counts once it is known whether another said it first.
      let counting: Counting = !isCounting ? .beyond : commit.source == nil ? .counts : .another
      try StoredCommits(db).count(id, counting)
      return (id, commit, isCounting)
    }
  }

  private func settle(_ commit: Commit, _ changed: inout Changed) throws {
    let saying = try StoredCommits(db).all(saying: commit)
    guard let first = saying.min(by: { $0.commit.precedes($1.commit) }) else { return }
    for said in saying {
      if let rows = UnderstoodApart.Rows((said.row, said.commit), (first.row, first.commit)) {
        changed.apart.append(rows)
      }
      let counting: Counting = said.row == first.row ? .counts : .another
      guard said.counting != counting else { continue }
      try StoredCommits(db).count(said.row, counting)
      changed.note(said.commit)
    }
  }
}

/// The lines of a chain that lead to those that a mark names.
private struct Branches {
  /// Every line up to here counts; `Int.max` where all do.
  let floor: Int
  /// Lines up to here count, of whatever branch.
  private let missing: Int
  /// Above the first place that holds two lines.
  private var hashes: Set<LineHash> = []
  private let last: Int

  init(_ name: String, _ chain: Int, _ revocation: Revocation?, missing: Int, _ db: Database) throws {
    self.missing = missing
    guard let named = revocation.flatMap({ $0.last.map { $0[name] ?? [] } }) else {
      (floor, last) = (.max, .max)
      return
    }
    let held = try named.filter { try StoredCommits(db).holds($0, of: name) }
    last = held.map(\.sequence).max() ?? 0
    let fork =
      try db.prepared(
        "SELECT min(sequence) FROM (SELECT sequence FROM commits WHERE chain = ? GROUP BY sequence HAVING count(*) > 1)"
      ).first(.integer(chain)) { $0.integerOrNil(0) } ?? nil
    floor = min(max(last, missing), (fork ?? .max) - 1)
    for head in held {
      var (at, hash) = (head.sequence, head.hash)
      while at > floor, let commit = try StoredCommits(db).line(hash, at: at, chain: chain) {
        hashes.insert(hash)
        (at, hash) = (at - 1, commit.previous)
      }
    }
  }

  func holds(_ hash: LineHash, at sequence: Int) -> Bool {
    sequence <= floor || sequence <= missing || hashes.contains(hash)
  }
}

extension StoredCommits {
  /// Whether this line of the chain is here.
  func holds(_ line: VerificationReport.Head, of chain: String) throws -> Bool {
    try db.prepared(
      "SELECT 1 FROM commits WHERE chain = (SELECT id FROM chains WHERE name = ?) AND sequence = ? AND hash = ?"
    ).first(.text(chain), .integer(line.sequence), .blob(line.hash.bytes)) { _ in true } ?? false
  }

  func count(_ row: Int, _ counting: Counting) throws {
    try db.prepared("UPDATE commits SET counts = ? WHERE id = ?").run(.integer(counting.rawValue), .integer(row))
  }
}
