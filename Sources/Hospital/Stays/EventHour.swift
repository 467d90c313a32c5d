import Ledger

/// When something happened, as a person says it: now, or earlier. Late entry is an ordinary gesture, bounded and marked.
struct EventHour: Equatable {
  let at: Instant
  /// Said well after it happened: the movement goes to its place in history and says so.
  let historic: Bool

  /// What is typed within these minutes was typed as it happened.
  static let promptMinutes = 15
  /// Clocks of stations differ by this much without anybody speaking of the future.
  static let aheadMinutes = 5

  /// Of what is still to come.
  init(expected: Instant) {
    at = expected
    historic = false
  }

  /// Of what is known to have happened, however long ago.
  init(known at: Instant, _ moment: Moment) {
    self.at = at
    historic = at < moment.now.adding(seconds: -Self.promptMinutes * 60)
  }

  /// - Parameter isKnown: another system says when: however long ago.
  init(
    _ said: Instant?, _ world: any World, _ moment: Moment, patient: Patient?, isKnown: Bool = false
  ) throws(Refusal) {
    guard let said else {
      self.init(known: moment.now, moment)
      return
    }
    guard said <= moment.now.adding(seconds: Self.aheadMinutes * 60) else { throw Refusal("at-future", field: "at") }
    let hours = world.structure?.lateEntryHoursMax ?? 72
    guard isKnown || said >= moment.now.adding(seconds: -hours * 3600) else {
      throw Refusal("at-too-old", field: "at", ["hours": String(hours)])
    }
    if let birth = patient?.birthDate, Self.isBefore(said, birth) { throw Refusal("at-before-birth", field: "at") }
    self.init(known: said, moment)
  }

  /// Whether the day has not begun anywhere on earth on which the patient was born, as far as that is known.
  private static func isBefore(_ instant: Instant, _ birth: PartialDate) -> Bool {
    let day = LocalTime(offsetSeconds: 14 * 3600).day(instant)
    return (day.year, day.month, day.day) < (birth.year, birth.month ?? 1, birth.day ?? 1)
  }
}
