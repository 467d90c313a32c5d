/// A hybrid logical clock's reading: UTC milliseconds, then a 16-bit counter (Kulkarni et al., 2014).
/// Written `2022-08-21T01:00:00.000Z/0007`.
public struct HybridTime: Sendable, Hashable, Comparable {
  public var instant: Instant
  public var counter: UInt16

  public init(instant: Instant, counter: UInt16) {
    self.instant = instant
    self.counter = counter
  }

  public static func < (left: HybridTime, right: HybridTime) -> Bool {
    (left.instant, left.counter) < (right.instant, right.counter)
  }
}
