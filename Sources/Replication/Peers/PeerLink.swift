import Ledger

/// What a station asks another one: the whole protocol. Over the network it is `HTTPPeerLink`; a simulation has its
/// own. Whoever implements it has made sure who answers, and ends a question when its task is cancelled.
public protocol PeerLink: Sendable {
  func heads() async throws -> PeerHeads

  /// The lines of the chain that ends at this hash with a sequence above `after`, oldest first, each followed by a
  /// newline, in pieces of any length. The next piece is not fetched before `take` returns.
  func commits(
    endingAt hash: LineHash, after: Int, _ take: @Sendable ([UInt8]) async throws -> Void
  ) async throws

  /// What lies beside the lines, with numbers above `after`, oldest first; empty where there is no more.
  func beside(after: Int) async throws -> [(number: Int, bytes: [UInt8])]

  /// Tells what the peer holds at once, and after each change, until the connection ends.
  func live(_ hear: @Sendable (PeerNews) async throws -> Void) async throws

  /// Gives the connection up, and waits for nobody.
  func close()
}

/// What a peer holds.
public struct PeerNews: Sendable, Equatable {
  public var tips: Heads
  /// The number of its newest entry beside the lines; 0 where it has none.
  public var besideEnd: Int

  public init(tips: Heads = [:], besideEnd: Int = 0) {
    self.tips = tips
    self.besideEnd = besideEnd
  }
}

/// Where a peer stands, as it said itself.
public struct PeerHeads: Sendable, Equatable {
  /// Who answered: authenticated, not merely said.
  public var station: String
  /// Of its program.
  public var version: String
  /// Its wall clock as it answered.
  public var time: Instant
  public var holds: PeerNews

  public init(station: String, version: String, time: Instant, holds: PeerNews) {
    self.station = station
    self.version = version
    self.time = time
    self.holds = holds
  }
}
