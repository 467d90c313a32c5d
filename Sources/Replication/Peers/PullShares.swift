import Ledger
import Synchronization

/// How much may come of each station in a day, and how much room must be left, before pulling pauses: whoever floods
/// the others fills no disk, and a disk that fills up keeps room for the station's own admissions.
///
/// A day is one of UTC by this station's wall clock. Shared by all peers of a station, since a flood comes through
/// whoever has it.
public final class PullShares: Sendable {
  /// Some three million lines.
  public static let usualDayBytes = 4 << 30
  /// A tenth of the disk.
  public static let usualFreeShare = 0.1

  private struct Day {
    var number: Int64 = 0
    var bytes: [String: Int] = [:]
  }

  private let dayBytes: Int
  private let freeShare: Double
  private let free: @Sendable () -> Double?
  private let day = Mutex(Day())

  /// - Parameters:
  ///   - dayBytes: of the lines of each station.
  ///   - freeShare: of the disk.
  ///   - free: which share of the disk is free, 0...1; nil where nobody knows.
  public init(
    dayBytes: Int = usualDayBytes, freeShare: Double = usualFreeShare,
    free: @escaping @Sendable () -> Double? = { nil }
  ) {
    self.dayBytes = dayBytes
    self.freeShare = freeShare
    self.free = free
  }

  /// Why no more of this chain is to be taken now; nil where it is.
  func pause(_ chain: String, at now: Instant) -> String? {
    if let free = free(), free < freeShare { return "\(Int(freeShare * 100)) % of the disk is left" }
    let station = StationName.station(ofChain: chain)
    let taken = day.withLock { day in
      Self.begin(&day, now)
      return day.bytes[station] ?? 0
    }
    return taken < dayBytes ? nil : "\(station) has said more than its share of today"
  }

  func take(_ bytes: Int, of chain: String, at now: Instant) {
    day.withLock { day in
      Self.begin(&day, now)
      day.bytes[StationName.station(ofChain: chain), default: 0] += bytes
    }
  }

  private static func begin(_ day: inout Day, _ now: Instant) {
    let number = now.milliseconds / 86_400_000
    if number != day.number { day = Day(number: number) }
  }
}
