import GRDB
import Hospital
import Ledger

/// Chains with two branches. Both count; a person must know that a machine was put back or cloned.
struct ForkedChains {
  private let db: Database

  init(_ db: Database) { self.db = db }

  /// What bears on each is where its branches begin.
  func conflicts() throws -> [Conflict] {
    let forked = try Tips(db).forked()
    return try forked.sorted().compactMap { chain in
      let name = try db.prepared("SELECT name FROM chains WHERE id = ?").first(.integer(chain)) { $0.text(0) }
      guard let name else { return nil }
      // A machine's two chains fork together: once is enough.
      let station = StationName.station(ofChain: name)
      if station != name, let own = try StoredCommits(db).chain(named: station), forked.contains(own) { return nil }
      let subject = "station/\(name)"
      let sides = try beginnings(chain).map { Conflict.Side(subject: subject, said: [$0]) }
      return sides.count > 1 ? Conflict(.fork, key: name, subjects: [subject], sides: sides) : nil
    }
  }

  /// The first facts of lines that share their place with more others than the lines before them did.
  private func beginnings(_ chain: Int) throws -> [Said] {
    let shared = try db.prepared(
      "SELECT sequence, COUNT(*) FROM commits WHERE chain = ? GROUP BY sequence HAVING COUNT(*) > 1 ORDER BY sequence"
    ).all(.integer(chain)) { (sequence: $0.integer(0), lines: $0.integer(1)) }
    var before = (sequence: 0, lines: 1)
    var beginnings: [Int] = []
    for now in shared {
      if before.sequence != now.sequence - 1 { before.lines = 1 }
      if now.lines > before.lines { beginnings.append(now.sequence) }
      before = now
    }
    return try beginnings.flatMap { sequence in
      try db.prepared("SELECT line FROM commits WHERE chain = ? AND sequence = ? ORDER BY hash")
        .all(.integer(chain), .integer(sequence)) { $0.blob(0) }.map(StoredCommits.read).map { commit in
          Said(
            heard: Heard(commit, place: 0),
            place: FactPlace(station: commit.station, sequence: commit.sequence, hash: commit.hash, place: 0))
        }
    }
  }
}
