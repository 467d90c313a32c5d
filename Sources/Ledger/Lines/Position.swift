/// A fact's place in the one order of all facts, which is the same on every station whatever arrived when:
/// instant, sender, control id, time, station, sequence, hash, place in the commit.
///
/// Text compares as bytes, except that control ids made of digits compare as numbers and come before others.
public struct Position: Sendable, Hashable {
  /// The source's, or the commit's own where there is no source or the source is too far ahead; of a chain that was
  /// ended, not later than that.
  public let instant: Instant
  /// Empty for what was said at the station.
  public let sender: String
  /// Empty for what was said at the station.
  public let control: String
  public let time: HybridTime
  public let station: String
  public let sequence: Int
  public let hash: LineHash
  /// In the commit's facts, from 0.
  public let place: Int

  /// A source may be this far ahead of its commit and still say when it belongs.
  public static let sourceAheadMaxSeconds = 86_400

  /// - Parameter end: the hour at which the chain ended, where somebody said so.
  public init(
    source: Source?, time: HybridTime, end: Instant? = nil, station: String, sequence: Int, hash: LineHash, place: Int
  ) {
    let written = end.map { min($0, time.instant) } ?? time.instant
    let ahead = source.map { Position.isAhead($0, of: written) } ?? true
    instant = ahead ? written : source?.instant ?? written
    sender = source?.sender ?? ""
    control = source?.control ?? ""
    self.time = time
    self.station = station
    self.sequence = sequence
    self.hash = hash
    self.place = place
  }

  /// Of the fact at `place` among `commit`'s.
  public init(_ commit: Commit, place: Int) {
    self.init(
      source: commit.source, time: commit.time, end: commit.end, station: commit.station, sequence: commit.sequence,
      hash: commit.hash, place: place)
  }

  /// Whether the source's clock is more than a day ahead of the commit's: ordered by `time`, with a warning.
  public static func isAhead(_ source: Source, of time: HybridTime) -> Bool { isAhead(source, of: time.instant) }

  private static func isAhead(_ source: Source, of written: Instant) -> Bool {
    source.instant > written.adding(seconds: sourceAheadMaxSeconds)
  }
}

extension Position: Comparable {
  public static func < (left: Position, right: Position) -> Bool {
    if left.instant != right.instant { return left.instant < right.instant }
    if !left.sender.sameBytes(as: right.sender) { return left.sender.precedesInBytes(right.sender) }
    let (leftControl, rightControl) = (Control(left.control), Control(right.control))
    if leftControl != rightControl { return leftControl < rightControl }
    if left.time != right.time { return left.time < right.time }
    if !left.station.sameBytes(as: right.station) { return left.station.precedesInBytes(right.station) }
    if left.sequence != right.sequence { return left.sequence < right.sequence }
    if left.hash != right.hash { return left.hash < right.hash }
    return left.place < right.place
  }

  /// Neither is before the other: `007` and `7` are one number.
  public static func == (left: Position, right: Position) -> Bool {
    left.instant == right.instant && left.sender.sameBytes(as: right.sender)
      && Control(left.control) == Control(right.control) && left.time == right.time
      && left.station.sameBytes(as: right.station) && left.sequence == right.sequence
      && left.hash == right.hash && left.place == right.place
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(hash)
    hasher.combine(place)
  }
}

/// A control id as it is compared.
enum Control: Comparable {
  /// Without its leading zeros.
  case number([UInt8])
  case text([UInt8])

  init(_ control: String) {
    let bytes = Array(control.utf8)
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    if !bytes.isEmpty, bytes.allSatisfy(digits.contains) {
      self = .number(Array(bytes.drop { $0 == UInt8(ascii: "0") }))
    } else {
      self = .text(bytes)
    }
  }

  static func < (left: Control, right: Control) -> Bool {
    switch (left, right) {
    case (.number(let a), .number(let b)): a.count == b.count ? a.lexicographicallyPrecedes(b) : a.count < b.count
    case (.number, .text): true
    case (.text, .number): false
    case (.text(let a), .text(let b)): a.lexicographicallyPrecedes(b)
    }
  }
}
