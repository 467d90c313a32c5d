/// Gives one station's hybrid times: always after the last one, and as near the wall clock as that allows.
public struct HybridClock: Sendable, Equatable {
  /// How far ahead of its own wall clock another station's time may move this one.
  public static let aheadMaxSeconds = 300

  /// The last time given or observed; nil before the first.
  public private(set) var last: HybridTime?

  /// Continues after `last`, the time of the station's newest commit.
  public init(after last: HybridTime? = nil) {
    self.last = last
  }

  /// The next time, strictly after every one before it, whatever the wall clock does.
  public mutating func next(wall: Instant) -> HybridTime {
    let next: HybridTime
    if let last, wall <= last.instant { next = last.successor } else { next = HybridTime(instant: wall, counter: 0) }
    last = next
    return next
  }

  /// Moves past another station's time, so that what is said next comes after what was read. A time more than
  /// five minutes ahead of this station's wall clock moves nothing: one dead battery must not date the hospital.
  public mutating func observe(_ other: HybridTime, wall: Instant) {
    guard !other.instant.isAhead(of: wall) else { return }
    if let last, other <= last { return }
    last = other
  }
}

extension Instant {
  /// Whether only a clock that runs ahead can have said so.
  public func isAhead(of now: Instant) -> Bool { self > now.adding(seconds: HybridClock.aheadMaxSeconds) }
}

extension HybridTime {
  /// The least time after this one: a full counter advances the millisecond.
  public var successor: HybridTime {
    counter == .max
      ? HybridTime(instant: Instant(milliseconds: instant.milliseconds + 1), counter: 0)
      : HybridTime(instant: instant, counter: counter + 1)
  }
}
