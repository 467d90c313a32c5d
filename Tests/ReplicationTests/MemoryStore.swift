import Ledger
import Register
import Replication
import Synchronization

/// A station's lines in memory, verified one by one.
final class MemoryStore: LineStore {
  private struct State {
    var lines: [String: [LineHash: Commit]] = [:]
    var tips: [String: Set<LineHash>] = [:]
    var keys: [String: PublicKey] = [:]
    var aside: [[UInt8]] = []
    var longestBatch = 0
    var beside: [[UInt8]] = []
    var refusesBeside = false
    var heldElsewhere = 0
    var listeners: [AsyncStream<Void>.Continuation] = []
  }

  let station: String
  private let root: String
  private let state = Mutex(State())

  init(_ station: String, root: Authority) {
    self.station = station
    self.root = root.rootFingerprint
  }

  var aside: [[UInt8]] { state.withLock { $0.aside } }
  /// Bytes of the longest batch that it was given.
  var longestBatch: Int { state.withLock { $0.longestBatch } }
  var count: Int { state.withLock { $0.lines.values.reduce(0) { $0 + $1.count } } }

  func tips() throws -> Heads {
    state.withLock { state in
      state.tips.mapValues { hashes in hashes.sorted().map { hash in hash } }
        .reduce(into: [:]) { heads, chain in
          heads[chain.key] = chain.value.compactMap { hash in
            state.lines[chain.key]?[hash].map { Tip(sequence: $0.sequence, hash: hash) }
          }
        }
    }
  }

  func holds(_ chain: String, _ line: Tip) throws -> Bool {
    state.withLock { $0.lines[chain]?[line.hash]?.sequence == line.sequence }
  }

  func lines(endingAt hash: LineHash, after: Int, bytes: Int) throws -> [[UInt8]]? {
    state.withLock { state in
      guard let chain = state.lines.values.first(where: { $0[hash] != nil }) else { return nil }
      var found: [[UInt8]] = []
      var next = chain[hash]
      while let commit = next, commit.sequence > after {
        found.append(commit.line)
        next = chain[commit.previous]
      }
      var room = bytes
      return found.reversed().prefix { line in
        defer { room -= line.count }
        return room > 0
      }
    }
  }

  func takeIn(_ lines: [[UInt8]], from peer: String) async throws -> TakenIn {
    state.withLock { $0.longestBatch = max($0.longestBatch, lines.reduce(0) { $0 + $1.count }) }
    return keep(lines)
  }

  @discardableResult
  func keep(_ lines: [[UInt8]]) -> TakenIn {
    let (taken, listeners) = state.withLock { state in
      var taken = TakenIn()
      for line in lines { keep(line, &state, &taken) }
      return (taken, state.listeners)
    }
    if taken.accepted > 0 { for listener in listeners { listener.yield() } }
    return taken
  }

  private func keep(_ line: [UInt8], _ state: inout State, _ taken: inout TakenIn) {
    guard let commit = try? verified(line, &state) else {
      if state.aside.contains(line) {
        taken.stillAside += 1
      } else {
        state.aside.append(line)
        taken.aside += 1
      }
      return
    }
    guard state.lines[commit.station]?[commit.hash] == nil else {
      taken.known += 1
      return
    }
    state.lines[commit.station, default: [:]][commit.hash] = commit
    state.tips[commit.station, default: []].insert(commit.hash)
    state.tips[commit.station]?.remove(commit.previous)
    taken.accepted += 1
  }

  private func verified(_ line: [UInt8], _ state: inout State) throws -> Commit {
    let read = try Commit(reading: line)
    if let held = state.lines[read.station]?[read.hash] { return held }
    if read.sequence == 1 {
      let enrolment = try Enrolment(checking: read)
      guard enrolment.rootFingerprint == root else { throw EnrolmentFailure.root }
      state.keys[read.station] = enrolment.publicKey
    }
    if read.sequence == 1, read.previous != .none { throw LineFailure.previous }
    if read.sequence > 1 {
      let previous = try (state.lines[read.station]?[read.previous]).orThrow()
      guard previous.sequence == read.sequence - 1 else { throw LineFailure.sequence(expected: previous.sequence + 1) }
      guard previous.time < read.time else { throw LineFailure.time }
    }
    guard try read.isSigned(by: state.keys[read.station].orThrow()) else { throw LineFailure.signature }
    return read
  }

  /// What is kept beside the lines here; anything that comes is taken, and nobody has signed it.
  var besides: [[UInt8]] { state.withLock { $0.beside } }

  func keepBeside(_ entries: [UInt8]...) {
    let listeners = state.withLock { state in
      state.beside += entries
      return state.listeners
    }
    for listener in listeners { listener.yield() }
  }

  func refuseBeside(_ isSo: Bool) { state.withLock { $0.refusesBeside = isSo } }

  func besideEnd() throws -> Int { state.withLock { $0.beside.count } }

  func beside(after: Int, bytes: Int) throws -> [(number: Int, bytes: [UInt8])] {
    state.withLock { state in
      state.beside.enumerated().dropFirst(after).prefix(max(1, bytes / 10)).map { ($0.offset + 1, $0.element) }
    }
  }

  func takeInBeside(_ entries: [[UInt8]]) throws -> BesideTaken {
    state.withLock { state in
      if state.refusesBeside { return BesideTaken(refused: entries.count) }
      let new = entries.filter { !state.beside.contains($0) }
      state.beside += new
      return BesideTaken(accepted: new.count, known: entries.count - new.count)
    }
  }

  var heldElsewhere: Int { state.withLock { $0.heldElsewhere } }

  func note(heldElsewhere sequence: Int) { state.withLock { $0.heldElsewhere = sequence } }

  func growth() -> AsyncStream<Void> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
      state.withLock { $0.listeners.append(continuation) }
    }
  }
}
