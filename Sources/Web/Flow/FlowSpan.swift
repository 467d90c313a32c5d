import Hospital
import Ledger

/// The hours that flow figures are asked of: whole ones by the wall's clock, the last as far as it has gone.
package struct FlowSpan: Sendable, Equatable {
  package enum Usual: String, Sendable, CaseIterable { case night, day, week }

  static let daysMax = 7
  private static let nightHour = 20

  /// nil for hours that somebody chose.
  package var usual: Usual?
  package var from: Instant
  /// Not included.
  package var until: Instant

  /// `span=night|day|week`, or `from` and `to` as people type hours; the last day without either.
  /// - Throws: `time-unreadable` and its like, `flow-span-order`, `flow-span-long`.
  package init(_ query: Fields, _ hours: Hours, now: Instant) throws(Refusal) {
    // What was said just now counts.
    let end = now.adding(seconds: 1)
    let from = try TypedTime(hours, now: now, field: "from").read(query["from"])
    let to = try TypedTime(hours, now: now, field: "to").read(query["to"])
    guard from != nil || to != nil else {
      self.init(query["span"].flatMap(Usual.init(rawValue:)) ?? .day, hours, now: now)
      return
    }
    let until = to.map { min($0, end) } ?? end
    let first = hours.wholeHour(from ?? until.adding(seconds: -86_400))
    guard first < until else { throw Refusal("flow-span-order", field: "to") }
    guard until <= first.adding(seconds: (Self.daysMax * 24 + 1) * 3600) else {
      throw Refusal("flow-span-long", field: "from", ["days": String(Self.daysMax)])
    }
    self.init(usual: nil, from: first, until: until)
  }

  private init(usual: Usual?, from: Instant, until: Instant) {
    self.usual = usual
    self.from = from
    self.until = until
  }

  package init(_ usual: Usual, _ hours: Hours, now: Instant) {
    let from: Instant
    switch usual {
    case .day: from = hours.wholeHour(now).adding(seconds: -23 * 3600)
    case .week: from = hours.wholeHour(now).adding(seconds: -(Self.daysMax * 24 - 1) * 3600)
    case .night:
      let today = hours.day(now)
      let evening = hours.instant(today, hour: Self.nightHour, minute: 0)
      let yesterday = CivilDate(daysSince1970: today.daysSince1970 - 1)
      from = evening <= now ? evening : hours.instant(yesterday, hour: Self.nightHour, minute: 0)
    }
    self.init(usual: usual, from: from, until: now.adding(seconds: 1))
  }
}

extension Hours {
  /// The last full hour of the wall's clock, no later than an instant.
  fileprivate func wholeHour(_ instant: Instant) -> Instant {
    let wall = instant.milliseconds + Int64(offset(instant)) * 1000
    let past = wall % 3_600_000
    return Instant(milliseconds: instant.milliseconds - (past < 0 ? past + 3_600_000 : past))
  }
}
