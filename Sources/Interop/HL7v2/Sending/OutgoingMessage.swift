import Crypto
import Hospital
import Ledger

/// A message on its way to another system. The same commit gives the same number (MSH-10), so that sending it again is
/// a repeat.
public struct OutgoingMessage: Sendable, Equatable {
  /// MSH-10: 20 characters that sort as what they tell was said.
  public var control: String
  /// `A28`.
  public var trigger: String
  /// The commit that it tells of.
  public var commit: CommitPlace
  /// The identities that it speaks of: what follows for one of them waits for it.
  public var patients: [String]
  /// `patient/<uuid>` or `stay/<uuid>`.
  public var subject: String
  public var segments: [String]

  /// Segments ended by CR, without MLLP's framing; `lost` counts characters that the set lacks and that were
  /// transliterated.
  public func bytes(in charset: Charset) -> (bytes: [UInt8], lost: Int) {
    charset.encode(segments.map { $0 + "\r" }.joined())
  }

  /// The number of the message at `place` of those of one commit.
  static func control(_ commit: CommitPlace, at time: HybridTime, place: Int) -> String {
    let hash = commit.hash.bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    return base36(Int(time.instant.milliseconds), 9) + base36(Int(time.counter), 4) + base36(place, 2)
      + base36(hash, 5)
  }

  /// The last `width` digits.
  private static func base36(_ value: Int, _ width: Int) -> String {
    let digits = String(value, radix: 36, uppercase: true).suffix(width)
    return String(repeating: "0", count: width - digits.count) + digits
  }
}
