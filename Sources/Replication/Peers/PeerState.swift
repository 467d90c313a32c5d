import Ledger

/// What is known of a peer, for `station list`.
public struct PeerState: Sendable, Equatable {
  /// Where it is reached, as configured.
  public var address: String
  /// nil before it first answered, where nobody said who should.
  public var station: String?
  public var isConnected = false
  /// By this station's wall clock; nil before it first answered.
  public var lastHeard: Instant?
  /// Of its program.
  public var version: String?
  /// Its wall clock less this station's, in milliseconds, half the time of the question allowed for.
  public var clockDifference: Int64?
  /// What it said it holds, when last heard.
  public var heads: Heads = [:]
  /// Why some of its lines are not taken now.
  public var pause: String?
  /// Chains of it that are left alone until the next pulse, whole or in part: nothing of that can be kept now.
  public var resting: [String: Resting] = [:]
  /// Entries beside the lines that it has may be missing here.
  public var lacksBeside = true
  /// Why the last connection ended; nil since one succeeded.
  public var fault: String?

  public init(address: String, station: String? = nil) {
    self.address = address
    self.station = station
  }

  /// What of a chain is left alone.
  public struct Resting: Sendable, Equatable {
    /// Why: of the last of it.
    public var reason: String
    /// Where the branches end that do not verify; nil for the whole chain.
    public var tips: Set<Tip>?
  }

  /// What holds of a station: what the way says by which it was heard last. Where that one is cut, one by which it is
  /// asked says why.
  /// - Parameters:
  ///   - addresses: where the station said that it is reached.
  ///   - asked: the ways by which stations are asked now.
  ///   - heard: each station as it was when it last answered.
  public init(of station: String, at addresses: [String], asked: [PeerState], heard: [PeerState]) {
    self =
      (asked + heard).filter { $0.station == station }
      .max { ($0.lastHeard?.milliseconds ?? 0) < ($1.lastHeard?.milliseconds ?? 0) }
      ?? PeerState(address: addresses.first ?? "", station: station)
    guard !isConnected, fault == nil else { return }
    let address = address
    fault =
      asked.filter { $0.station == station || $0.station == nil && $0.address == address }
      .compactMap(\.fault).first
  }

  /// Whether this branch is left alone.
  public func rests(_ chain: String, _ tip: Tip) -> Bool {
    guard let resting = resting[chain] else { return false }
    return resting.tips?.contains(tip) ?? true
  }

  /// Lines that `tips` has and that the peer had not said it has, when last heard: how far behind it is. Where a chain
  /// forked, its longest branch counts.
  public func behind(_ tips: Heads) -> Int { Self.lines(of: tips, beyond: heads) }

  /// Lines that the peer said it has and `tips` has not.
  public func ahead(of tips: Heads) -> Int { Self.lines(of: heads, beyond: tips) }

  private static func lines(of heads: Heads, beyond others: Heads) -> Int {
    heads.reduce(0) { total, chain in
      let theirs = others[chain.key]?.map(\.sequence).max() ?? 0
      let (sum, isBeyond) = total.addingReportingOverflow(
        max(0, (chain.value.map(\.sequence).max() ?? 0) - theirs))
      // A hostile peer may say any length.
      return isBeyond ? .max : sum
    }
  }
}
