import Ledger
import Register
import Synchronization

/// Takes one answer of a peer into the store, in batches of bounded size, as it comes: one is stored while the next is
/// read and another comes.
actor Intake {
  /// The answer begins after a line that is not held here: it must be asked for from further back.
  struct Detached: Error {}

  private let store: any LineStore
  private let peer: String
  private let chain: String
  private let after: Int
  private let batchBytesMax: Int
  private let stored: @Sendable (Int, TakenIn) throws -> Void
  /// Batches that are being read or stored at most.
  private static let underWayMax = 2
  private var splitting = LineSplitting()
  private var batch: [[UInt8]] = []
  private var batchBytes = 0
  /// Each waits for the one before it. Where one could not be stored, what came behind it is let go.
  private var underWay: [Task<Void, any Error>] = []
  /// The sequence of the last line that is to come.
  private let last: Int
  /// Lines still to come.
  private var missing: Int
  private var isFirst = true
  private let pace = Mutex(Pace())

  /// What came so far, and whether it is the store that takes its time.
  struct Pace: Sendable {
    var bytes = 0
    var isStoring = false
  }

  /// - Parameters:
  ///   - after: what was asked for.
  ///   - stored: called with the bytes of lines each time some were, and what became of them; throws where no more are
  ///     to come.
  init(
    _ store: any LineStore, from peer: String, chain: String, tip: Tip, after: Int, batchBytesMax: Int,
    stored: @escaping @Sendable (Int, TakenIn) throws -> Void
  ) {
    self.store = store
    self.peer = peer
    self.chain = chain
    self.after = after
    self.batchBytesMax = batchBytesMax
    self.stored = stored
    last = tip.sequence
    missing = tip.sequence - after
  }

  nonisolated var currentPace: Pace { pace.withLock { $0 } }

  func take(_ piece: [UInt8]) async throws {
    pace.withLock { $0.bytes += piece.count }
    for line in splitting.cut(piece) {
      guard missing > 0 else { throw PeerFault.tooMuch }
      guard try line.count <= Line.bytesMax && (!isFirst || isNext(line)) else { try await giveUp(line) }
      isFirst = false
      missing -= 1
      batch.append(line)
      batchBytes += line.count
      if batchBytes >= batchBytesMax { try await handOver() }
    }
  }

  /// The answer has come to its end.
  func finish() async throws {
    try await flush()
    guard !splitting.isInsideLine, missing == 0 else { throw PeerFault.cut }
  }

  /// Stores the whole lines that came: what was cut resumes after them.
  func flush() async throws {
    try await handOver()
    try await settle()
  }

  /// Waits for what is being stored.
  func settle() async throws { try await settle(downTo: 0) }

  private func settle(downTo left: Int) async throws {
    pace.withLock { $0.isStoring = true }
    defer { pace.withLock { $0.isStoring = false } }
    while underWay.count > left {
      do { try await underWay.removeFirst().value } catch {
        (batch, batchBytes, underWay) = ([], 0, [])
        throw error
      }
    }
  }

  private func handOver() async throws {
    guard !batch.isEmpty else { return }
    try await settle(downTo: Self.underWayMax - 1)
    let (lines, bytes) = (batch, batchBytes)
    (batch, batchBytes) = ([], 0)
    underWay.append(
      Task { [store, peer, chain, stored, before = underWay.last] in
        let rest = try await store.readAhead(lines, from: peer)
        try await before?.value
        let taken = try await rest()
        let pause = Result { try stored(bytes, taken) }
        let aside = taken.aside + taken.stillAside
        guard aside == 0 else { throw PeerFault.aside(chain: chain, lines: aside) }
        try pause.get()
      })
  }

  /// Only the first is read here: whether the others follow it is for the store to verify.
  private func isNext(_ line: [UInt8]) throws -> Bool {
    guard let commit = try? Commit(reading: line), commit.station.sameBytes(as: chain), commit.sequence == after + 1
    else { return false }
    guard try after == 0 || store.holds(chain, Tip(sequence: after, hash: commit.previous)) else { throw Detached() }
    return true
  }

  /// What cannot be the next line is the store's to keep aside, of a longer one what tells that it is; nothing that
  /// comes behind it could be placed.
  private func giveUp(_ line: [UInt8]) async throws -> Never {
    let kept = Array(line.prefix(Line.bytesMax + 1))
    let taken = try await store.takeIn([kept], from: peer)
    try stored(kept.count, taken)
    throw PeerFault.noLine(chain: chain, sequence: last - missing + 1)
  }
}
