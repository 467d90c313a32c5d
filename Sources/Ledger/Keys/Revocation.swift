import X509

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

  /// What the enrolling key signs: lines of text, each ended by a newline.
  fileprivate var signed: [UInt8] {
    var text = "permanence \(Self.kind) 1\n\(station)\n\(at.text)\n"
    if let last {
      for (chain, tips) in last.sorted(by: { $0.key.precedesInBytes($1.key) }) {
        for tip in tips.sorted(by: { ($0.sequence, $0.hash) < ($1.sequence, $1.hash) }) {
          text += "\(chain) \(tip.sequence) \(tip.hash.hex)\n"
        }
      }
    } else {
      text += "all\n"
    }
    return Array(text.utf8)
  }
}

extension Revocation {
  /// Reads and checks a fact of any line; nil for one of another kind, or that no enrolling key of this root signed.
  public init?(_ fact: Fact, root: String) {
    guard fact.kind == Self.kind, fact.subject.hasPrefix("station/"),
      let ders = fact.data["certificates"]?.array?.compactMap({ $0.string.flatMap { Base64.bytes(standard: $0.utf8) } }
      ),
      let key = try? AuthorityCertificates(checking: ders), key.rootFingerprint.sameBytes(as: root),
      let signature = fact.data["signature"]?.string.flatMap({ Base64.bytes(url: $0.utf8) })
    else { return nil }
    station = String(fact.subject.dropFirst("station/".utf8.count))
    guard StationName.isValid(station) else { return nil }
    at = fact.at
    if let chains = fact.data["last"] {
      guard let last = Self.heads(chains, of: station) else { return nil }
      self.last = last
    } else {
      last = nil
    }
    guard key.publicKey.isValid(signature: signature, for: signed) else { return nil }
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

  /// The fact that says it.
  fileprivate func fact(signature: [UInt8], certificates: [[UInt8]]) -> Fact {
    var data = JSONObject()
    if let last {
      let chains = last.sorted { $0.key.precedesInBytes($1.key) }.map { chain, tips in
        (key: chain, value: JSON.array(tips.map { [.integer($0.sequence), .string($0.hash.hex)] }))
      }
      data["last"] = .object(JSONObject(chains))
    }
    data["certificates"] = .array(certificates.map { .string(Base64.standard($0)) })
    data["signature"] = .string(Base64.url(signature))
    return Fact(kind: Self.kind, subject: "station/\(station)", at: at, data: .object(data))
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
    return revocation.fact(signature: try sign(revocation.signed), certificates: try certificates())
  }
}
