import Interop
import Logging
import NIOCore
import Synchronization

/// One sender: its blocks are taken in as they come, as many together as one read brought, and answered in their order.
/// While they are written nothing more is read.
struct MLLPConnection: Sendable {
  /// Taken in together at most.
  static let batchMax = 64

  private typealias Outbound = NIOAsyncChannelOutboundWriter<ByteBuffer>

  let client: NIOAsyncChannel<ByteBuffer, ByteBuffer>
  let answering: Answering
  let connections: MLLPConnections
  let turn: MLLPConnections.Turn

  func run(_ logger: Logger) async {
    let host = client.channel.remoteAddress?.ipAddress ?? ""
    var key = answering.book.open(host, at: answering.settings.now())
    do {
      try await client.executeThenClose { inbound, outbound in
        var blocks = MLLPBlocks()
        for try await part in inbound {
          var found: [MLLPBlocks.Block] = []
          blocks.feed(part.readableBytesView) { found.append($0) }
          if blocks.isEndless {
            answering.book.close(.endless)
            found.append(blocks.givenUp())
          }
          try await answer(found, host, &key, outbound)
          if blocks.isEndless { return }
          turn.waits(blocks.isInBlock)
          guard connections.hold(blocks.heldBytes, for: turn) else {
            answering.book.close(.crowded)
            return
          }
        }
      }
    } catch { logger.info("a sender of messages went away: \(error)") }
    answering.book.end(key)
  }

  private func answer(
    _ blocks: [MLLPBlocks.Block], _ host: String, _ key: inout FeedBook.Key, _ outbound: Outbound
  ) async throws {
    for start in stride(from: 0, to: blocks.count, by: Self.batchMax) {
      // While they are written the other side owes nothing.
      turn.waits(false)
      let batch = Array(blocks[start..<min(start + Self.batchMax, blocks.count)])
      let answers = await answering.answer(batch, from: host, &key)
      guard !answers.isEmpty else { continue }
      turn.waits(true)
      try await outbound.write(ByteBuffer(bytes: answers))
      turn.waits(false)
    }
  }
}

/// What is open, so that what makes no progress is found.
package final class MLLPConnections: Sendable {
  final class Turn: Sendable {
    fileprivate let channel: any Channel
    /// Since when the other side owes something.
    private let since = Mutex<NIODeadline?>(nil)
    /// Bytes of its block that are in memory.
    fileprivate let held = Mutex(0)

    fileprivate init(_ channel: any Channel) { self.channel = channel }

    /// Whether the other side owes the end of a block, or the reading of an answer.
    func waits(_ isOwed: Bool) {
      since.withLock { since in
        if !isOwed { since = nil } else if since == nil { since = .now() }
      }
    }

    fileprivate func isStalled(for time: TimeAmount) -> Bool {
      since.withLock { $0.map { .now() - $0 > time } ?? false }
    }
  }

  /// Of all blocks without an end together; one that is no longer than a usual message is always let in.
  private static let heldBytesMax = 48 << 20
  private static let usualBytes = 8 << 10

  private let turns = Mutex<[ObjectIdentifier: Turn]>([:])
  private let held = Mutex(0)

  package var channels: [any Channel] { turns.withLock { $0.values.map(\.channel) } }
  var count: Int { turns.withLock { $0.count } }

  func open(_ channel: any Channel) -> Turn {
    let turn = Turn(channel)
    turns.withLock { $0[ObjectIdentifier(turn)] = turn }
    return turn
  }

  func end(_ turn: Turn) {
    turns.withLock { $0[ObjectIdentifier(turn)] = nil }
    _ = hold(0, for: turn)
  }

  /// Notes how much of a block is in memory; false where there is too much on all connections.
  func hold(_ bytes: Int, for turn: Turn) -> Bool {
    let more = turn.held.withLock { held in
      defer { held = bytes }
      return bytes - held
    }
    let all = held.withLock { held in
      held += more
      return held
    }
    return all <= Self.heldBytesMax || bytes <= Self.usualBytes
  }

  /// Closes what is stalled, until it is cancelled.
  func watch(_ book: FeedBook, stall: TimeAmount) async {
    while (try? await Task.sleep(for: .nanoseconds(stall.nanoseconds / 6))) != nil {
      let stalled = turns.withLock { turns in
        let stalled = turns.filter { $0.value.isStalled(for: stall) }
        for key in stalled.keys { turns[key] = nil }
        return stalled.values
      }
      for turn in stalled {
        book.close(.stalled)
        turn.channel.close(promise: nil)
      }
    }
  }
}
