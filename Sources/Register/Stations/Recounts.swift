import GRDB
import Ledger
import Synchronization

/// Stations whose lines must be counted again, once all of a transaction are there, with the marks that held before.
struct Recounts {
  fileprivate var before: [String: [Revocation]] = [:]
  /// Those whose mark is another one now.
  fileprivate(set) var marked: Set<String> = []
  /// Chains whose lines after this hour count at another one now.
  fileprivate var ended: [String: Instant] = [:]
}

extension WriterDesk {
  /// Takes the marks that a line just kept says, and notes whether it tells which lines of its chain count.
  func note(_ commit: Commit, _ recounts: inout Recounts, _ db: Database) throws {
    let station = StationName.station(ofChain: commit.station)
    if marks.note(commit) { recounts.before[station, default: []] += [] }
    guard station == commit.station else { return }
    for fact in commit.facts where fact.kind == Ending.kind {
      guard let ending = Ending(fact, root: chainKeys.root) else { continue }
      let before = marks.ends[ending.station]
      guard marks.take(ending) else { continue }
      try Endings.keep(ending.station, ending.at, db)
      recounts.ended[ending.station] = [recounts.ended[ending.station], before, ending.at].compactMap(\.self).min()
    }
    for fact in commit.facts where fact.kind == Revocation.kind {
      guard let revocation = Revocation(fact, root: chainKeys.root) else { continue }
      let held = marks.revocation(of: revocation.station)
      guard try marks.take(revocation, db) else { continue }
      recounts.before[revocation.station, default: []] += [held].compactMap(\.self)
      recounts.marked.insert(revocation.station)
    }
  }

  /// Folds again what counts now and did not, or no longer does.
  func recount(_ recounts: Recounts, _ applying: inout Applying, at row: Int, _ db: Database) throws {
    for (station, before) in recounts.before.sorted(by: { $0.key < $1.key }) {
      let changed = try Recounting(db, marks).recount(station, before: before)
      let names = changed.subjects.map(\.text).sorted()
      try applying.refold(names, at: row)
      try Contradictions(db).note(Set(names), subjects, at: row)
      for rows in changed.apart { try rows.keep(db) }
      for (row, commit, counts) in changed.reads {
        if counts { try ReadRows.take(commit, row: row, subjects, db) } else { try ReadRows.remove(row: row, db) }
      }
    }
    for (chain, hour) in recounts.ended.sorted(by: { $0.key < $1.key }) {
      try applying.refold(Endings.subjects(of: chain, after: hour, db).map(\.text).sorted(), at: row)
    }
  }
}

/// Whom the others do not listen to, for whoever asks beside the writer.
final class RevokedStations: Sendable {
  private let names: Mutex<Set<String>>

  init(_ marks: Marks) { names = Mutex(marks.revoked) }

  func take(_ marks: Marks) {
    let revoked = marks.revoked
    names.withLock { $0 = revoked }
  }

  func contains(_ station: String) -> Bool { names.withLock { $0.contains(station) } }
}
