import Ledger

/// What a sealed file says of itself, inside: who sealed it, when, and what it holds.
public struct SealedManifest: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    /// Lines of one chain.
    case lines
    /// Lines of any chains.
    case carrier
    /// Read models, and the heads that they are the fold of.
    case snapshot
    /// Lines that enrol or revoke stations.
    case enrolments
  }

  /// The lines of one chain that the file holds.
  public struct Range: Sendable, Equatable {
    public var chain: String
    public var first: Int
    public var last: Int
    /// Of the last line.
    public var hash: LineHash

    public init(chain: String, first: Int, last: Int, hash: LineHash) {
      (self.chain, self.first, self.last, self.hash) = (chain, first, last, hash)
    }
  }

  public struct Head: Sendable, Equatable {
    public var chain: String
    public var sequence: Int
    public var hash: LineHash

    public init(chain: String, sequence: Int, hash: LineHash) {
      (self.chain, self.sequence, self.hash) = (chain, sequence, hash)
    }
  }

  public var kind: Kind
  /// Who sealed it, with the name that ends with the digits of its key.
  public var station: String
  public var publicKey: PublicKey
  /// DER: the station's, the enrolling key's, the root's. Not checked here: see `init(parsing:)`.
  public var certificates: [[UInt8]]
  public var sealedAt: Instant
  public var ranges: [Range] = []
  /// Every tip of every chain.
  public var heads: [Head] = []
  /// What a person recognises it by, such as `patients` and `beds`.
  public var counts: [String: Int] = [:]
  /// Of the state, as `permanence digest` prints it.
  public var digest: String?

  public init(
    kind: Kind, station: String, publicKey: PublicKey, certificates: [[UInt8]], sealedAt: Instant,
    ranges: [Range] = [], heads: [Head] = [], counts: [String: Int] = [:], digest: String? = nil
  ) {
    (self.kind, self.station, self.publicKey, self.certificates) = (kind, station, publicKey, certificates)
    (self.sealedAt, self.ranges, self.heads, self.counts, self.digest) = (sealedAt, ranges, heads, counts, digest)
  }
}
