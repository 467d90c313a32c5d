import GRDB
import Ledger

/// What a row of `commits` adds to the folds: the column `counts`.
enum Counting: Int {
  /// Another commit said the same message first.
  case another = 0
  case counts = 1
  /// Behind the last line of a revoked station that counts.
  case beyond = 2
}

/// Up to where the chains of revoked stations count, and when chains ended, as all that was heard says.
struct Marks: Sendable {
  typealias Head = VerificationReport.Head

  private struct Mark: Sendable {
    var revocation: Revocation
    /// Of the lines that it names, those that are not here, by chain.
    var missing: [String: Set<Head>] = [:]
  }

  private var marks: [String: Mark] = [:]
  /// Hours at which chains ended.
  private(set) var ends: [String: Instant] = [:]

  /// Those that every line here says, whether or not it counts: a mark holds by its own signature.
  init(reading db: Database, root: String) throws {
    let subjects = try db.prepared("SELECT id FROM subjects WHERE name >= 'station/' AND name < 'station0'").all {
      $0.integer(0)
    }
    for subject in subjects {
      for said in try StationFacts(db).all(of: subject) {
        if let revocation = Revocation(said.fact, root: root) { _ = try take(revocation, db) }
        if let ending = Ending(said.fact, root: root) { _ = take(ending) }
      }
    }
  }

  func revocation(of station: String) -> Revocation? { marks[station]?.revocation }

  func isRevoked(_ station: String) -> Bool { marks[station]?.revocation.last != nil }

  /// Stations whose later lines do not count, and whose connections are refused.
  var revoked: Set<String> { Set(marks.keys.filter(isRevoked)) }

  var stations: [String] { marks.keys.sorted() }

  /// Gives whether it holds now.
  mutating func take(_ revocation: Revocation, _ db: Database) throws -> Bool {
    if let known = marks[revocation.station], !revocation.follows(known.revocation) { return false }
    var mark = Mark(revocation: revocation)
    for (chain, tips) in revocation.last ?? [:] {
      mark.missing[chain] = Set(try tips.filter { try !StoredCommits(db).holds($0, of: chain) })
    }
    marks[revocation.station] = mark
    return true
  }

  /// Gives whether it holds now.
  mutating func take(_ ending: Ending) -> Bool {
    if let known = ends[ending.station], known >= ending.at { return false }
    ends[ending.station] = ending.at
    return true
  }

  /// Whether a line that comes now counts. The lines that lead to one that is named are here with it, so any other
  /// is of another branch. Before that one is here nobody can tell, and every line before it counts.
  func counts(_ commit: Commit) -> Bool {
    guard !marks.isEmpty, let mark = marks[StationName.station(ofChain: commit.station)],
      let last = mark.revocation.last
    else {
      return true
    }
    let isNamed = last[commit.station]?.contains { $0.sequence == commit.sequence && $0.hash == commit.hash }
    return isNamed ?? false || mark.missing[commit.station]?.contains { commit.sequence < $0.sequence } ?? false
  }

  /// A line is here now; gives whether that may tell which lines before it count.
  mutating func note(_ commit: Commit) -> Bool {
    if marks.isEmpty { return false }
    let station = StationName.station(ofChain: commit.station)
    let head = Head(sequence: commit.sequence, hash: commit.hash)
    return marks[station]?.missing[commit.station]?.remove(head) != nil
  }

  /// Lines of a chain that a mark names and that are not here.
  func awaited(of chain: String) -> Set<Head> { marks[StationName.station(ofChain: chain)]?.missing[chain] ?? [] }

  /// Sequences up to which lines count whatever branch they are of, while lines that are named are not here.
  func missing(of chain: String) -> Int { awaited(of: chain).map { $0.sequence - 1 }.max() ?? 0 }
}

/// Every fact about a station, whether or not it counts.
struct StationFacts {
  let db: Database

  init(_ db: Database) { self.db = db }

  struct Said {
    var fact: Fact
    var commit: Commit
    var counting: Counting
  }

  func all(of subject: Int) throws -> [Said] {
    try db.prepared(
      """
      SELECT commits.line, commits.counts, facts.place FROM facts JOIN commits ON commits.id = facts.commitID
      WHERE facts.subject = ? ORDER BY commits.id, facts.place
      """
    ).all(.integer(subject)) { ($0.blob(0), $0.integer(1), $0.integer(2)) }.compactMap { line, counts, place in
      let commit = try StoredCommits.read(line)
      guard commit.facts.indices.contains(place) else { return nil }
      return Said(fact: commit.facts[place], commit: commit, counting: Counting(rawValue: counts) ?? .another)
    }
  }
}
