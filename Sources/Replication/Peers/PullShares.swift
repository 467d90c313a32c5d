import Ledger
import Synchronization

/// How much may come of each station in a day, and from each peer of what is kept aside, and how much room must be
/// left, before pulling pauses: whoever floods the others fills no disk, and a disk that fills up keeps room for the
/// station's own admissions.
///
/// A day is one of UTC by this station's wall clock. Shared by all peers of a station, since a flood comes through
/// whoever has it.
public final class PullShares: Sendable {
  /// Some three million lines.
  public static let usualDayBytes = 4 << 30
  /// Far more than what lies aside in good faith.
  public static let usualAsideBytes = 64 << 20
  /// A tenth of the disk.
  public static let usualFreeShare = 0.1

  private struct Day {
    var number: Int64 = 0
    /// By the station that said the lines.
    var bytes: [String: Int] = [:]
    /// Of what was kept aside, by the peer that gave it: nobody knows who said it.
    var aside: [String: Int] = [:]
  }

  private let dayBytes: Int
  private let asideBytes: Int
  private let freeShare: Double
  private let free: @Sendable () -> Double?
  private let day = Mutex(Day())

  /// - Parameters:
  ///   - dayBytes: of the lines of each station.
  ///   - asideBytes: of what each peer gives that is kept aside.
  ///   - freeShare: of the disk.
  ///   - free: which share of the disk is free, 0...1; nil where nobody knows.
  public init(
    dayBytes: Int = usualDayBytes, asideBytes: Int = usualAsideBytes, freeShare: Double = usualFreeShare,
    free: @escaping @Sendable () -> Double? = { nil }
  ) {
    self.dayBytes = dayBytes
    self.asideBytes = asideBytes
    self.freeShare = freeShare
    self.free = free
  }

  /// Why no more of this chain is to be taken from this peer now; nil where it is.
  func pause(_ chain: String, from peer: String, at now: Instant) -> String? {
    if let free = free(), free < freeShare { return "\(Int(freeShare * 100)) % of the disk is left" }
    let station = StationName.station(ofChain: chain)
    let (taken, aside) = day.withLock { day in
      Self.begin(&day, now)
      return (day.bytes[station] ?? 0, day.aside[peer] ?? 0)
    }
    if aside >= asideBytes { return "\(peer) has given too much today that does not hold" }
    return taken < dayBytes ? nil : "\(station) has said more than its share of today"
  }

  func take(_ bytes: Int, of chain: String, at now: Instant) {
    day.withLock { day in
      Self.begin(&day, now)
      day.bytes[StationName.station(ofChain: chain), default: 0] += bytes
    }
  }

  func takeAside(_ bytes: Int, from peer: String, at now: Instant) {
    day.withLock { day in
      Self.begin(&day, now)
      day.aside[peer, default: 0] += bytes
    }
  }

  private static func begin(_ day: inout Day, _ now: Instant) {
    let number = now.milliseconds / 86_400_000
    if number != day.number { day = Day(number: number) }
  }
}
