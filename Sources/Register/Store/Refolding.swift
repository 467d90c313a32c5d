import GRDB
import Hospital
import Ledger

/// A subject's facts out of the ledger, in the one order of facts.
struct Refolding {
  let db: Database

  init(_ db: Database) { self.db = db }

  /// Makes the state anew from every fact that counts; `through` ends them with that row of `commits`.
  func refold(_ name: String, _ entry: inout SubjectEntry, through last: Int = .max) throws {
    let facts = try facts(of: entry.id, through: last)
    entry.state = nil
    entry.newest = facts.last?.position ?? []
    guard let type = FoldedKinds.type(of: name), !facts.isEmpty else { return }
    var state = type.init(id: name)
    for fact in facts { state.fold(fact.heard) }
    entry.state = state
  }

  /// The same facts, each with its place in the ledger.
  func said(of subject: Int) throws -> [Said] {
    try facts(of: subject).map(\.said)
  }

  struct Placed {
    /// `Position.bytes`.
    var position: [UInt8]
    var heard: Heard
    var commit: Commit
    var place: Int
    /// Another commit said the same message first.
    var isAgain = false

    var said: Said {
      Said(
        heard: heard,
        place: FactPlace(station: commit.station, sequence: commit.sequence, hash: commit.hash, place: place))
    }
  }

  /// Every fact of a subject that counts, in order; `through` ends it with that row of `commits`.
  /// - Parameter again: with those of messages that another commit said first.
  func facts(of subject: Int, through last: Int = .max, again: Bool = false) throws -> [Placed] {
    let least: Counting = again ? .another : .counts
    let places = try db.prepared(
      """
      SELECT facts.commitID, facts.place, commits.counts FROM facts JOIN commits ON commits.id = facts.commitID
      WHERE facts.subject = ? AND facts.commitID <= ? AND commits.counts BETWEEN ? AND 1
      """
    ).all(.integer(subject), .integer(last), .integer(least.rawValue)) {
      ($0.integer(0), $0.integer(1), $0.integer(2))
    }
    let ends = try Endings.all(db)
    var commits: [Int: Commit] = [:]
    var found: [Placed] = []
    found.reserveCapacity(places.count)
    for (id, place, counts) in places {
      var commit = try commits[id] ?? StoredCommits(db).commit(id)
      commit.end = ends[commit.station]
      commits[id] = commit
      // A later format's facts are kept in the line and not understood.
      guard commit.facts.indices.contains(place) else { continue }
      found.append(
        Placed(
          position: Position(commit, place: place).bytes, heard: Heard(commit, place: place), commit: commit,
          place: place, isAgain: counts == Counting.another.rawValue))
    }
    return found.sorted { $0.position.lexicographicallyPrecedes($1.position) }
  }
}
