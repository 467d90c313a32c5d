import GRDB
import Ledger

/// Lines with which people made identities.
struct Registrations {
  static let kind = "patient.registered"
  /// As lines have it.
  private static let mark = SQLValue.blob(Array("\"\(kind)\"".utf8))

  private let db: Database

  init(_ db: Database) { self.db = db }

  func of(_ patient: String) throws -> [FactPlace] {
    try db.prepared("SELECT id FROM subjects WHERE name = ?").first(.text(patient)) { $0.integer(0) }.map(of) ?? []
  }

  /// Those facts of one patient that count.
  func of(_ patient: Int) throws -> [FactPlace] {
    try db.prepared(
      """
      SELECT facts.place, commits.line FROM facts CROSS JOIN commits ON commits.id = facts.commitID
      WHERE facts.subject = ? AND commits.counts = 1 AND instr(commits.line, ?) > 0
      """
    ).all(.integer(patient), Self.mark) { ($0.integer(0), $0.blob(1)) }.compactMap { place, line in
      let commit = try StoredCommits.read(line)
      guard commit.source == nil, place < commit.facts.count, commit.facts[place].kind == Self.kind else { return nil }
      return FactPlace(station: commit.station, sequence: commit.sequence, hash: commit.hash, place: place)
    }
  }

  /// The last line of a chain with one, of those after `first` up to `last`.
  fileprivate func last(of chain: Int, after first: Int, through last: Int) throws -> Int? {
    try db.prepared(
      """
      SELECT sequence FROM commits WHERE chain = ? AND sequence > ? AND sequence <= ? AND instr(line, ?) > 0
      ORDER BY sequence DESC LIMIT 1
      """
    ).first(.integer(chain), .integer(first), .integer(last), Self.mark) { $0.integer(0) }
  }

  /// Up to where chains have some, as far as the writer asked: it looks at each line once. Chains with one branch only.
  final class Ends {
    private var known: [Int: (first: Int, through: Int, last: Int)] = [:]

    /// What was read may be of a transaction that is no more.
    func forget() { known = [:] }

    func isAny(of chain: Int, after seen: Int, _ db: Database) throws -> Bool {
      let registrations = Registrations(db)
      let newest = try StoredCommits(db).newest(of: chain)
      var held = known[chain] ?? (first: seen, through: seen, last: 0)
      if held.last <= seen, seen < held.first {
        held.last = try registrations.last(of: chain, after: seen, through: held.first) ?? held.last
        held.first = seen
      }
      held.last = try registrations.last(of: chain, after: held.through, through: newest) ?? held.last
      held.through = max(held.through, newest)
      known[chain] = held
      return held.last > seen
    }
  }
}

extension Commit {
  /// Patients whom a person registers with it.
  var registered: [String] { source == nil ? facts.filter { $0.kind == Registrations.kind }.map(\.subject) : [] }
}
