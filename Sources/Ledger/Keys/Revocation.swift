/// Up to where a station's chains count, said under an enrolling key. Lines up to the last that is named here count;
/// later ones are kept and passed on, and folded into nothing.
///
/// It holds whoever carries it, in whatever line: what makes it true is its signature alone. Of several for one
/// station the last hour holds, which is signed too, so that an old one said again moves nothing.
public struct Revocation: Sendable, Equatable {
  public static let kind = "station.revoked"

  public let station: String
  /// When it was said; later than any other that its author knew of.
  public let at: Instant
  /// The last line that counts of each branch, by chain: the station's own, or its chain of reads. Of a chain that is
  /// not there, no line counts. nil takes the revocation back: every line counts.
  public let last: [String: [VerificationReport.Head]]?

  /// Whether it holds rather than another one of the same station.
  public func follows(_ other: Revocation) -> Bool {
    at != other.at ? at > other.at : other.signed.lexicographicallyPrecedes(signed)
  }

  /// What the enrolling key signs.
  fileprivate var signed: [UInt8] {
    guard let last else { return Countersignature.text(Self.kind, station, at, ["all"]) }
    let lines = last.sorted { $0.key.precedesInBytes($1.key) }.flatMap { chain, tips in
      tips.sorted { ($0.sequence, $0.hash) < ($1.sequence, $1.hash) }.map { "\(chain) \($0.sequence) \($0.hash.hex)" }
    }
    return Countersignature.text(Self.kind, station, at, lines)
  }
}

extension Revocation {
  /// Reads and checks a fact of any line; nil for one of another kind, or that no enrolling key of this root signed.
  public init?(_ fact: Fact, root: String) {
    guard let station = Countersignature.station(fact, Self.kind) else { return nil }
    self.station = station
    at = fact.at
    if let chains = fact.data["last"] {
      guard let last = Self.heads(chains, of: station) else { return nil }
      self.last = last
    } else {
      last = nil
    }
    guard Countersignature.holds(fact, signed, root: root) else { return nil }
  }

  private static func heads(_ json: JSON, of station: String) -> [String: [VerificationReport.Head]]? {
    guard let chains = json.object else { return nil }
    var heads: [String: [VerificationReport.Head]] = [:]
    for (chain, tips) in chains.members {
      guard StationName.station(ofChain: chain).sameBytes(as: station), let tips = tips.array else { return nil }
      heads[chain] = tips.compactMap { tip in
        guard let pair = tip.array, pair.count == 2, let sequence = pair[0].integer,
          let hash = pair[1].string.flatMap(LineHash.init(hex:))
        else { return nil }
        return VerificationReport.Head(sequence: sequence, hash: hash)
      }
      guard heads[chain]?.count == tips.count else { return nil }
    }
    return heads
  }

  /// As `data` says it.
  fileprivate var lastJSON: JSON? {
    last.map { last in
      let chains = last.sorted { $0.key.precedesInBytes($1.key) }.map { chain, tips in
        (key: chain, value: JSON.array(tips.map { [.integer($0.sequence), .string($0.hash.hex)] }))
      }
      return .object(JSONObject(chains))
    }
  }
}

extension Authority {
  /// The fact that names the last lines of a station that count.
  /// - Parameters:
  ///   - last: by chain, of each branch; nil takes a revocation back.
  ///   - at: after that of every mark that is known for this station.
  public func revoke(
    station: String, last: [String: [VerificationReport.Head]]?, at: Instant
  ) throws(KeyFault) -> Fact {
    let revocation = Revocation(station: station, at: at, last: last)
    var data = JSONObject()
    data["last"] = revocation.lastJSON
    return try fact(Revocation.kind, station: station, at: at, data, signing: revocation.signed)
  }
}
