import GRDB
import Ledger

/// Hours at which chains ended, after which none of their lines counts.
enum Endings {
  /// By chain.
  static func all(_ db: Database) throws -> [String: Instant] {
    let rows = try db.prepared("SELECT chain, at FROM ends").all { ($0.text(0), $0.integer(1)) }
    return Dictionary(rows.map { ($0, Instant(milliseconds: Int64($1))) }) { first, _ in first }
  }

  static func keep(_ chain: String, _ at: Instant, _ db: Database) throws {
    try db.prepared("INSERT OR REPLACE INTO ends(chain, at) VALUES (?, ?)")
      .run(.text(chain), .integer(Int(at.milliseconds)))
  }

  /// What lines of this chain speak of that say of themselves that they are later than `hour`.
  static func subjects(of chain: String, after hour: Instant, _ db: Database) throws -> Set<SubjectName> {
    guard let chain = try StoredCommits(db).chain(named: chain) else { return [] }
    var subjects: Set<SubjectName> = []
    var last = Int.max
    var isLater = true
    try db.prepared("SELECT sequence, line FROM commits WHERE chain = ? ORDER BY sequence DESC").each(.integer(chain)) {
      // Times grow along each branch: behind a place where none is later, none is.
      if $0.integer(0) != last {
        guard isLater else { return false }
        (last, isLater) = ($0.integer(0), false)
      }
      let commit = try StoredCommits.read($0.blob(1))
      guard commit.time.instant > hour else { return true }
      isLater = true
      for fact in commit.facts { subjects.insert(SubjectName(fact.subject)) }
      return true
    }
    return subjects
  }
}
