/// One command's worth of facts, as its line says it. The bytes of the line are kept: nobody re-encodes a commit.
public struct Commit: Sendable {
  /// Of the format. Above 1, what the facts mean is not known here: `facts` is then empty, and the line is kept,
  /// verified and passed on like any other.
  public let version: Int
  /// The chain it belongs to: a station, or `reads-` and a station.
  public let station: String
  /// 1, 2, 3 … without a gap.
  public let sequence: Int
  /// Of this station's commit before, or 64 zeros.
  public let previous: LineHash
  public let time: HybridTime
  /// Account id, or `system`.
  public let author: String
  /// Idempotency key.
  public let command: String
  /// Present when the facts came in a message.
  public let source: Source?
  /// Other stations' heads that this one had verified and folded, where they had moved: pointers, not proofs.
  public let witnessed: [CommitPlace]
  public let facts: [Fact]
  /// Of `line`.
  public let hash: LineHash
  /// `<signature> <body>`, verbatim, without the newline.
  public let line: [UInt8]
  /// The hour at which its chain ended, where somebody said so: it does not count later. Not in the line; set by
  /// whoever knows.
  public var end: Instant?
}
