import Ledger
import Register
import Synchronization

/// Takes one answer of a peer into the store, in batches of bounded size, as it comes: one is stored while the next
/// comes and is read.
actor Intake {
  /// The answer begins after a line that is not held here: it must be asked for from further back.
  struct Detached: Error {}

  private let store: any LineStore
  private let peer: String
  private let chain: String
  private let after: Int
  private let batchBytesMax: Int
  private let stored: @Sendable (Int) throws -> Void
  private var splitting = LineSplitting()
  private var batch: [[UInt8]] = []
  private var batchBytes = 0
  /// The batch before, and its bytes.
  private var storing: (taking: Task<TakenIn, any Error>, bytes: Int)?
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
  ///   - stored: called with the bytes of lines each time some were stored; throws where no more are to come.
  init(
    _ store: any LineStore, from peer: String, chain: String, tip: Tip, after: Int, batchBytesMax: Int,
    stored: @escaping @Sendable (Int) throws -> Void
  ) {
    self.store = store
    self.peer = peer
    self.chain = chain
    self.after = after
    self.batchBytesMax = batchBytesMax
    self.stored = stored
    missing = tip.sequence - after
  }

  nonisolated var currentPace: Pace { pace.withLock { $0 } }

  func take(_ piece: [UInt8]) async throws {
    pace.withLock { $0.bytes += piece.count }
    for line in try splitting.split(piece) {
      guard missing > 0 else { throw PeerFault.tooMuch }
      if isFirst { try checkFirst(line) }
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

  /// Waits for the batch that is being stored. Where it could not be, what came behind it is let go.
  func settle() async throws {
    guard let (taking, bytes) = storing else { return }
    storing = nil
    pace.withLock { $0.isStoring = true }
    defer { pace.withLock { $0.isStoring = false } }
    do {
      let taken = try await taking.value
      let pause = Result { try stored(bytes) }
      guard taken.aside == 0 else { throw PeerFault.aside(chain: chain, lines: taken.aside) }
      try pause.get()
    } catch {
      (batch, batchBytes) = ([], 0)
      throw error
    }
  }

  private func handOver() async throws {
    guard !batch.isEmpty else { return }
    let (lines, bytes) = (batch, batchBytes)
    (batch, batchBytes) = ([], 0)
    pace.withLock { $0.isStoring = true }
    defer { pace.withLock { $0.isStoring = false } }
    let rest = try await store.readAhead(lines, from: peer)
    try await settle()
    storing = (Task { try await rest() }, bytes)
  }

  /// Only the first is read here: whether the others follow it is for the store to verify.
  private func checkFirst(_ line: [UInt8]) throws {
    guard let commit = try? Commit(reading: line), commit.station.sameBytes(as: chain), commit.sequence == after + 1
    else { throw PeerFault.garbage("not the line \(after + 1) of \(chain)") }
    guard try after == 0 || store.holds(chain, Tip(sequence: after, hash: commit.previous)) else { throw Detached() }
  }
}
