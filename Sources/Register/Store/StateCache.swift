import GRDB
import Hospital
import Synchronization

/// States that pages show all day, decoded once for each change of them: a bed board reads two thousand.
final class StateCache: Sendable {
  private static let statesMax = 10_000
  private let states = Mutex<[Int: (revision: Int, state: any Folded)]>([:])

  /// The state of subject `id` at `revision`, which is a row of `commits`: what it holds is committed, and the same
  /// for everyone who reads that revision.
  func state(_ id: Int, revision: Int, _ db: Database) throws -> (any Folded)? {
    if let known = states.withLock({ $0[id] }), known.revision == revision { return known.state }
    let state =
      try db.prepared(
        """
        SELECT subjects.name, states.stored FROM states JOIN subjects ON subjects.id = states.subject
        WHERE states.subject = ?
        """
      ).first(.integer(id)) { try FoldedKinds.state($0.text(0), stored: $0.bytes(1)) } ?? nil
    guard let state else { return nil }
    states.withLock { states in
      if states.count >= Self.statesMax { states = [:] }
      states[id] = (revision, state)
    }
    return state
  }
}
