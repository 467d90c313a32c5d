import Hospital
import Ledger

/// When a vault is due, by the hours that are known of it. What a clock that ran ahead dated counts for nothing.
public enum VaultNights {
  /// When most sleep, in the hospital's time.
  private static let hour = 3
  private static let againSeconds = 3600

  /// Whether a snapshot is due: the first at once, then each night, and at once where a night was missed; one that
  /// could not be sealed, an hour later.
  /// - Parameters:
  ///   - newest: when the newest snapshot was sealed there.
  ///   - failed: when one could not be, where none was since.
  public static func isDue(newest: Instant?, failed: Instant?, now: Instant, _ clock: LocalTime) -> Bool {
    if let failed, failed <= now, now < failed.adding(seconds: againSeconds) { return false }
    guard let newest, !newest.isAhead(of: now) else { return true }
    return newest < last(before: now, clock)
  }

  /// Whether a snapshot was sealed there since one was last tried, whoever sealed it and whatever came in between.
  /// - Parameter tried: the hours of what came out well, and of what did not.
  public static func isUnproved(newest: Instant?, tried: [Instant], now: Instant) -> Bool {
    guard let newest, !newest.isAhead(of: now) else { return false }
    return tried.allSatisfy { $0 < newest || $0.isAhead(of: now) }
  }

  private static func last(before now: Instant, _ clock: LocalTime) -> Instant {
    let today = clock.day(now).daysSince1970
    func night(_ day: Int) -> Instant { clock.instant(ofLocal: (day * 24 + hour) * 3600) }
    return night(today) <= now ? night(today) : night(today - 1)
  }
}
