import Ledger

/// Whether a feed still speaks, as it usually does at this hour: by what it said on earlier days.
public struct FeedPulse: Sendable, Equatable {
  public struct Hour: Sendable, Equatable {
    public var begins: Instant
    /// Messages kept.
    public var count: Int
    /// The mean of the same hour of earlier days; nil where there is none.
    public var usual: Double?
  }

  /// Looked back at, at most.
  public static let daysMax = 28
  /// Fewer say nothing of what is usual.
  public static let daysMin = 3
  /// A silence shorter than this alarms nobody.
  public static let silenceSecondsMin = 600

  /// `application|facility`.
  public var sender: String
  public var lastAt: Instant
  /// The last twenty-four, the present one last.
  public var hours: [Hour]
  /// Earlier days that are compared with.
  public var days: Int
  /// The longest that it was ever silent at about this hour, and 600 s at least; nil where too few days are known.
  public var silenceSecondsUsual: Int?
  /// Longer silent than it ever is at this hour. One that ended weeks ago is none.
  public var isSilent: Bool
  /// Messages that this station refused since the last one that was kept, and that wait for a person.
  public var refused = 0
  /// It speaks still, and for as long as would be silence nothing of it was taken.
  public var isRefused = false

  public var lastDay: Int { hours.reduce(0) { $0 + $1.count } }
  /// Of all hours that have one.
  public var lastDayUsual: Double? {
    let usual = hours.compactMap(\.usual)
    return usual.isEmpty ? nil : usual.reduce(0, +)
  }
}

extension FeedPulse {
  /// - Parameter rows: of the last `daysMax` days and one more, in order.
  init(_ sender: String, _ rows: [FeedHours.Hour], lastAt: Int64, now: Instant) {
    let size = FeedHours.hourMilliseconds
    let present = Int(now.milliseconds / size)
    let counts = Dictionary(rows.map { ($0.hour, $0.count) }) { first, _ in first }
    let first = rows.first?.hour ?? present
    let days = min(Self.daysMax, max(0, (present - first) / 24))
    hours = (present - 23...present).map { hour in
      let earlier = (1...Self.daysMax).map { hour - 24 * $0 }.filter { $0 >= first }
      let sum = earlier.reduce(0) { $0 + (counts[$1] ?? 0) }
      return Hour(
        begins: Instant(milliseconds: Int64(hour) * size), count: counts[hour] ?? 0,
        usual: earlier.isEmpty ? nil : Double(sum) / Double(earlier.count))
    }
    self.sender = sender
    self.lastAt = Instant(milliseconds: lastAt)
    self.days = days
    silenceSecondsUsual = nil
    isSilent = false
    guard days >= Self.daysMin else { return }
    let usual = max(Self.silenceSecondsMin, Int(Self.longestSilence(rows, days: days, now: now) / 1000))
    silenceSecondsUsual = usual
    isSilent = now.milliseconds - lastAt > Int64(usual) * 1000
  }

  /// Of all silences that any earlier day had within an hour of this one, wherever they began and ended.
  private static func longestSilence(_ rows: [FeedHours.Hour], days: Int, now: Instant) -> Int64 {
    let size = FeedHours.hourMilliseconds
    var longest: Int64 = 0
    let moments = (1...days).map { now.milliseconds - Int64($0) * 24 * size }
    for (place, row) in rows.enumerated() {
      if moments.contains(where: { abs(Int64(row.hour) - $0 / size) <= 1 }) { longest = max(longest, row.longest) }
      guard place + 1 < rows.count else { continue }
      let (from, to) = (row.lastAt, rows[place + 1].firstAt)
      if moments.contains(where: { from < $0 + size && to > $0 - size }) { longest = max(longest, to - from) }
    }
    return longest
  }
}

extension Reading {
  /// Every feed that was ever heard, by any station, in the order of their names.
  public func feedPulses(now: Instant) throws -> [FeedPulse] {
    let since = Int(now.milliseconds / FeedHours.hourMilliseconds) - (FeedPulse.daysMax + 1) * 24
    return try FeedHours.senders(db).map { sender, last in
      var pulse = FeedPulse(sender, try FeedHours.all(of: sender, since: since, db), lastAt: last.lastAt, now: now)
      let refused = try refused(of: sender, since: pulse.lastAt)
      pulse.refused = refused.count
      let silence = Int64(pulse.silenceSecondsUsual ?? 0) * 1000
      if pulse.isSilent, refused.count > 0, now.milliseconds - refused.lastAt.milliseconds <= silence {
        (pulse.isRefused, pulse.isSilent) = (true, false)
      }
      return pulse
    }
  }
}
