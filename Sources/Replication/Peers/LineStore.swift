import Ledger
import Register

/// The last line of a branch of a chain.
public typealias Tip = VerificationReport.Head

/// Every tip of every chain, chains of reads included, by the chain's name.
public typealias Heads = [String: [Tip]]

/// What replication needs of a station's store.
public protocol LineStore: Sendable {
  /// This station's own name, which is that of its chain.
  var station: String { get }

  func tips() throws -> Heads

  /// Whether this line of the chain is here, whether or not another follows it, and need not come again.
  func holds(_ chain: String, _ line: Tip) throws -> Bool

  /// Lines of the chain that ends at this hash, without their newlines, oldest first, with a sequence above `after`:
  /// at most about `bytes` of them, and at least one where there is one; nil where the hash is unknown.
  func lines(endingAt hash: LineHash, after: Int, bytes: Int) throws -> [[UInt8]]?

  /// Verifies, keeps and folds; what fails is kept aside with its reason. Lines already held change nothing. Throws
  /// only where this store fails, never for what the lines say.
  func takeIn(_ lines: [[UInt8]], from peer: String) async throws -> TakenIn

  /// Does of `takeIn` what asks nothing of lines before these; what it gives does the rest.
  func readAhead(_ lines: [[UInt8]], from peer: String) async throws -> Register.TakingRest

  /// The number of the newest entry beside the lines: 0 where there is none.
  func besideEnd() throws -> Int

  /// Entries beside the lines with a number above `after`, oldest first: at most about `bytes` of them, and at least
  /// one where there is one.
  func beside(after: Int, bytes: Int) throws -> [(number: Int, bytes: [UInt8])]

  /// Keeps those that a station of this hospital has signed and that come after what is here. Throws only where this
  /// store fails.
  func takeInBeside(_ entries: [[UInt8]]) throws -> BesideTaken

  /// A peer says that it holds this station's own chain up to here.
  func note(heldElsewhere sequence: Int)

  /// An element after something was added; several additions may share one.
  func growth() -> AsyncStream<Void>
}

extension LineStore {
  public func readAhead(_ lines: [[UInt8]], from peer: String) async throws -> Register.TakingRest {
    { try await takeIn(lines, from: peer) }
  }
}

/// A station's own store. Its methods say what these do.
extension Register: LineStore {
  public func growth() -> AsyncStream<Void> {
    let changes = changes()
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let listening = Task {
      for await _ in changes { continuation.yield() }
      continuation.finish()
    }
    continuation.onTermination = { _ in listening.cancel() }
    return stream
  }
}
