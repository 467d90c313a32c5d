import GRDB
import Ledger

/// Lines that made an identity: those with which a person registered it, or those of a feed that speaks of it.
struct Registration {
  var byPeople: [FactPlace] = []
  /// Of every station that heard it; for nothing where a person registered the same identity.
  var byFeeds: [FactPlace] = []
}

/// Where identities were made.
struct Registrations {
  static let kind = "patient.registered"
  private static let feedKinds = ["patient.described", "patient.mentioned"]

  /// As lines have it.
  enum Mark: String {
    /// A person made an identity.
    case registered = "\"patient.registered\""
    /// Somebody was spoken of.
    case spokenOf = "\"patient."

    fileprivate var value: SQLValue { .blob(Array(rawValue.utf8)) }
  }

  private let db: Database

  init(_ db: Database) { self.db = db }

  func of(_ patient: String) throws -> Registration {
    try db.prepared("SELECT id FROM subjects WHERE name = ?").first(.text(patient)) { $0.integer(0) }.map(of)
      ?? Registration()
  }

  /// Those facts of one patient that count; of a message that several stations heard, what each of them wrote.
  func of(_ patient: Int) throws -> Registration {
    var made = Registration()
    let lines = try db.prepared(
      """
      SELECT facts.place, commits.line, commits.counts FROM facts CROSS JOIN commits ON commits.id = facts.commitID
      WHERE facts.subject = ? AND commits.counts < ? AND instr(commits.line, ?) > 0
      """
    ).all(.integer(patient), .integer(Counting.beyond.rawValue), Mark.spokenOf.value) {
      ($0.integer(0), $0.blob(1), Counting(rawValue: $0.integer(2)) == .counts)
    }
    for (place, line, counts) in lines {
      let commit = try StoredCommits.read(line)
      guard commit.facts.indices.contains(place) else { continue }
      let fact = FactPlace(station: commit.station, sequence: commit.sequence, hash: commit.hash, place: place)
      let kind = commit.facts[place].kind
      if commit.source == nil {
        if counts, kind == Self.kind { made.byPeople.append(fact) }
      } else if Self.feedKinds.contains(kind) {
        made.byFeeds.append(fact)
      }
    }
    return made
  }

  /// The last line of a chain with such a mark, of those after `first` up to `last`.
  fileprivate func last(_ mark: Mark, of chain: Int, after first: Int, through last: Int) throws -> Int? {
    try db.prepared(
      """
      SELECT sequence FROM commits WHERE chain = ? AND sequence > ? AND sequence <= ? AND instr(line, ?) > 0
      ORDER BY sequence DESC LIMIT 1
      """
    ).first(.integer(chain), .integer(first), .integer(last), mark.value) { $0.integer(0) }
  }

  /// Up to where chains have some, as far as the writer asked: it looks at each line once. Chains with one branch only.
  final class Ends {
    private let mark: Mark
    private var known: [Int: (first: Int, through: Int, last: Int)] = [:]

    init(_ mark: Mark) { self.mark = mark }

    /// What was read may be of a transaction that is no more.
    func forget() { known = [:] }

    func isAny(of chain: Int, after seen: Int, _ db: Database) throws -> Bool {
      let registrations = Registrations(db)
      let newest = try StoredCommits(db).newest(of: chain)
      // Whoever has seen more than is here has seen all that is: what is missing is looked at once it comes.
      let seen = min(seen, newest)
      var held = known[chain] ?? (first: seen, through: seen, last: 0)
      if held.last <= seen, seen < held.first {
        held.last = try registrations.last(mark, of: chain, after: seen, through: held.first) ?? held.last
        held.first = seen
      }
      held.last = try registrations.last(mark, of: chain, after: held.through, through: newest) ?? held.last
      held.through = max(held.through, newest)
      known[chain] = held
      return held.last > seen
    }

    /// The first line of a chain with such a mark after `seen`, if there is one.
    func first(of chain: Int, after seen: Int, _ db: Database) throws -> Int? {
      try db.prepared(
        "SELECT sequence FROM commits WHERE chain = ? AND sequence > ? AND instr(line, ?) > 0 ORDER BY sequence LIMIT 1"
      ).first(.integer(chain), .integer(seen), mark.value) { $0.integer(0) }
    }
  }
}

extension Commit {
  /// Patients whom a person registers with it.
  var registered: [String] { source == nil ? facts.filter { $0.kind == Registrations.kind }.map(\.subject) : [] }

  /// Patients of whom it speaks.
  var spokenOf: [String] { facts.map(\.subject).filter { $0.hasPrefix("patient/") } }
}
