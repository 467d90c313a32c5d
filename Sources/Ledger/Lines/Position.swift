/// A fact's place in the one order of all facts, which is the same on every station whatever arrived when:
/// instant, sender, control id, time, station, sequence, hash, place in the commit.
///
/// Text compares as bytes, except that control ids made of digits compare as numbers and come before others.
public struct Position: Sendable, Hashable {
  /// The source's, or the commit's own where there is no source or the source is too far ahead.
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

  public init(
    source: Source?, time: HybridTime, station: String, sequence: Int, hash: LineHash, place: Int
  ) {
    let ahead = source.map { Position.isAhead($0, of: time) } ?? true
    instant = ahead ? time.instant : source?.instant ?? time.instant
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
      source: commit.source, time: commit.time, station: commit.station, sequence: commit.sequence,
      hash: commit.hash, place: place)
  }

  /// Whether the source's clock is more than a day ahead of the commit's: ordered by `time`, with a warning.
  public static func isAhead(_ source: Source, of time: HybridTime) -> Bool {
    source.instant > time.instant.adding(seconds: sourceAheadMaxSeconds)
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
