import Ledger
import Replication
import Synchronization

/// What a network, or a hostile peer, does to one answer.
struct Disturbance: Sendable {
  /// Pieces of at most so many bytes.
  var pieceMax = 1 << 16
  /// The connection breaks after so many bytes of lines; nil: never.
  var cutAfter: Int?
  /// Where `heads` fails.
  var isGone = false
  /// Replaces what the peer says it holds.
  var heads: (@Sendable (Heads) -> Heads)?
  /// Replaces the bytes of the answer.
  var lines: (@Sendable ([UInt8]) -> [UInt8])?
  /// Says nothing more once asked for lines.
  var isSilent = false
}

struct Broken: Error {}

/// Asks another store in the same process. Each link made for a peer is disturbed in its own way.
final class MemoryLink: PeerLink {
  private let store: any LineStore
  private let disturbance: Disturbance
  /// What was asked for.
  let asked: Asked

  final class Asked: Sendable {
    private let questions = Mutex<[(chain: LineHash, after: Int)]>([])
    var afters: [Int] { questions.withLock { $0.map(\.after) } }
    var tips: [LineHash] { questions.withLock { $0.map(\.chain) } }
    func add(_ hash: LineHash, _ after: Int) { questions.withLock { $0.append((hash, after)) } }
  }

  init(to store: any LineStore, _ disturbance: Disturbance = Disturbance(), asked: Asked = Asked()) {
    self.store = store
    self.disturbance = disturbance
    self.asked = asked
  }

  private func news() throws -> PeerNews { PeerNews(tips: try said(), besideEnd: try store.besideEnd()) }

  func beside(after: Int) async throws -> [(number: Int, bytes: [UInt8])] {
    try BesideText.entries(reading: BesideText.bytes(of: store.beside(after: after, bytes: 10)), after: after)
  }

  private func said() throws -> Heads {
    let heads = try store.tips()
    return disturbance.heads?(heads) ?? heads
  }

  func heads() async throws -> PeerHeads {
    if disturbance.isGone { throw Broken() }
    return PeerHeads(
      station: store.station, version: "1", time: Instant(milliseconds: 1_661_043_602_500), holds: try news())
  }

  func commits(
    endingAt hash: LineHash, after: Int, _ take: @Sendable ([UInt8]) async throws -> Void
  ) async throws {
    asked.add(hash, after)
    if disturbance.isSilent { try await Task.sleep(for: .seconds(3600)) }
    guard let lines = try store.lines(endingAt: hash, after: after, bytes: .max) else { throw PeerFault.lacks(hash) }
    var bytes = [UInt8]()
    for line in lines { bytes += line + [UInt8(ascii: "\n")] }
    if let change = disturbance.lines { bytes = change(bytes) }
    var sent = 0
    while sent < bytes.count {
      let end = min(sent + disturbance.pieceMax, bytes.count, disturbance.cutAfter ?? .max)
      guard end > sent else { throw Broken() }
      try await take(Array(bytes[sent..<end]))
      sent = end
    }
  }

  func live(_ hear: @Sendable (PeerNews) async throws -> Void) async throws {
    let growth = store.growth()
    try await hear(news())
    for await _ in growth { try await hear(news()) }
    throw CancellationError()
  }

  func close() {}
}
