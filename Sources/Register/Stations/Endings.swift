import GRDB
import Ledger

/// Hours at which chains ended, after which none of their lines counts.
enum Endings {
  /// By chain.
  static func all(_ db: Database) throws -> [String: Instant] {
    let rows = try db.prepared("SELECT chain, at FROM ends").all { ($0.text(0), $0.integer(1)) }
    return Dictionary(rows.map { ($0, Instant(milliseconds: Int64($1))) }) { first, _ in first }
  }

  /// Keeps those that marks say, which is all that a store that was made of a snapshot has of them.
  static func keep(_ marks: Marks, _ db: Database) throws {
    for (chain, at) in marks.ends { try keep(chain, at, db) }
  }

  static func keep(_ chain: String, _ at: Instant, _ db: Database) throws {
    // A station on a full disk opens too: what is kept already is not written again.
    try db.prepared(
      """
      INSERT INTO ends(chain, at) VALUES (?, ?)
      ON CONFLICT(chain) DO UPDATE SET at = excluded.at WHERE at <> excluded.at
      """
    ).run(.text(chain), .integer(Int(at.milliseconds)))
  }

  /// What lines of this chain speak of that say of themselves that they are later than `hour`.
  static func subjects(of chain: String, after hour: Instant, _ db: Database) throws -> Set<ExactText> {
    guard let chain = try StoredCommits(db).chain(named: chain) else { return [] }
    var subjects: Set<ExactText> = []
    let ends = try db.prepared(
      """
      SELECT sequence, hash FROM tips WHERE chain = ?
      UNION SELECT sequence, hash FROM commits WHERE chain = ?
      AND sequence = (SELECT max(sequence) FROM commits WHERE chain = ?)
      """
    ).all(.integer(chain), .integer(chain), .integer(chain)) { ($0.integer(0), $0.blob(1)) }
    for (sequence, hash) in ends {
      var (at, next) = (sequence, LineHash(bytes: hash))
      // Times grow along each branch: before a line that is not later, none is.
      while let hash = next, let commit = try StoredCommits(db).line(hash, at: at, chain: chain),
        commit.time > HybridTime(instant: hour, counter: 0)
      {
        for fact in commit.facts { subjects.insert(ExactText(fact.subject)) }
        (at, next) = (at - 1, commit.previous)
      }
    }
    return subjects
  }
}
