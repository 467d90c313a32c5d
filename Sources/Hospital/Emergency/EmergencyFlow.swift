import Ledger

/// How patients went through emergency in some hours: who came, how long they waited and stayed, where they went. Waits
/// are of those who arrived then, lengths of stay of those who left then; all in whole minutes.
public struct EmergencyFlow: Sendable, Equatable {
  /// One visit, of nobody in particular.
  public struct Visit: Sendable, Equatable {
    public var span: EmergencySpan
    public var course: VisitCourse

    public init(_ span: EmergencySpan, _ course: VisitCourse) {
      self.span = span
      self.course = course
    }
  }

  /// The hours of one request to a partner.
  public struct Request: Sendable, Equatable {
    public var steps: [PatientTransfer.Step: Instant]

    public init(_ steps: [PatientTransfer.Step: Instant]) { self.steps = steps }
  }

  public struct Hour: Sendable, Equatable {
    public var from: Instant
    public var arrivals = 0
    public var departures = 0
    /// At its end.
    public var present = 0
    public var triage = Wait()
    public var physician = Wait()
    public var orientations: [Orientation.Way: Int] = [:]
    public var transfers: [PatientTransfer.Step: Int] = [:]
    /// From asking to being accepted, of those accepted in this hour.
    public var answer = Spread([])
  }

  /// Waits that ended, those that last, and who left before theirs ended.
  public struct Wait: Sendable, Equatable {
    public var minutes = Spread([])
    public var waiting = 0
    public var gone = 0
  }

  public struct Level: Sendable, Equatable {
    public var level: String
    /// nil for a level that the site's scale no longer has.
    public var targetMinutes: Int?
    public var wait: Wait
    /// Seen within the time of the level.
    public var inTime: Int
  }

  public struct Outcome: Sendable, Equatable {
    /// nil where nobody said it here.
    public var way: Orientation.Way?
    public var minutes: Spread
    public var withinFourHours: Int
  }

  /// Of a transfer's steps those that are counted by the hour.
  public static let steps: [PatientTransfer.Step] = [.asked, .accepted, .refused, .left]
  /// Longer visits are ones whose end a feed never said: they are neither present nor a length of stay.
  public static let longestSeconds = 3 * 86_400
  static let fourHours = 240

  public let from: Instant
  /// Not included.
  public let until: Instant
  public let hours: [Hour]
  /// Most urgent first; those of nobody left out.
  public let levels: [Level]
  /// In the order of the ways; those of nobody left out.
  public let outcomes: [Outcome]
  public let triage: Wait
  public let physician: Wait
  public let stay: Outcome
  public let answer: Spread

  /// - Parameters:
  ///   - visits: that began no earlier than `longestSeconds` before the first hour.
  ///   - from: where the first hour begins; hours follow each other from there.
  ///   - until: where the last one ends, no later than now.
  public init(
    _ visits: [Visit], _ requests: [Request], from: Instant, until: Instant, _ settings: EmergencySettings
  ) {
    let hourMilliseconds: Int64 = 3_600_000
    let count = Int((max(until.milliseconds - from.milliseconds, 0) + hourMilliseconds - 1) / hourMilliseconds)
    func hour(_ instant: Instant?) -> Int? {
      guard let instant, instant >= from, instant < until else { return nil }
      return Int((instant.milliseconds - from.milliseconds) / hourMilliseconds)
    }
    var hours = (0..<count).map { Hour(from: from.adding(seconds: $0 * 3600)) }
    var triage = [Waits](repeating: Waits(), count: count)
    var physician = triage
    var levels: [String: Waits] = [:]
    var stays: [Orientation.Way?: [Int]] = [:]
    for visit in visits {
      let (span, course) = (visit.span, visit.course)
      if let hour = hour(span.from) {
        hours[hour].arrivals += 1
        triage[hour].add(span, endedAt: course.triagedAt)
        physician[hour].add(span, endedAt: course.seenAt)
        if let level = course.level { levels[level, default: Waits()].add(span, endedAt: course.seenAt) }
      }
      let end = span.until ?? .distant
      if let hour = hour(span.until) {
        hours[hour].departures += 1
        let minutes = span.from.minutes(until: end)
        if minutes * 60 < Self.longestSeconds { stays[course.way, default: []].append(minutes) }
      }
      if let way = course.way, let hour = hour(course.orientedAt) { hours[hour].orientations[way, default: 0] += 1 }
      guard span.from < until else { continue }
      let last = min(end, span.from.adding(seconds: Self.longestSeconds))
      let first = max(0, (span.from.milliseconds - from.milliseconds) / hourMilliseconds)
      let beyond = last >= until ? Int64(count) : (last.milliseconds - from.milliseconds) / hourMilliseconds
      if first < beyond { for hour in first..<beyond { hours[Int(hour)].present += 1 } }
    }
    var answers = [[Int]](repeating: [], count: count)
    for request in requests {
      for step in Self.steps {
        if let hour = hour(request.steps[step]) { hours[hour].transfers[step, default: 0] += 1 }
      }
      if let asked = request.steps[.asked], let accepted = request.steps[.accepted], let hour = hour(accepted) {
        answers[hour].append(asked.minutes(until: accepted))
      }
    }
    for hour in hours.indices {
      hours[hour].triage = triage[hour].wait
      hours[hour].physician = physician[hour].wait
      hours[hour].answer = Spread(answers[hour])
    }
    self.from = from
    self.until = until
    self.hours = hours
    self.levels = levels.map { level, waits in
      let target = settings.minutes(of: level)
      return Level(
        level: level, targetMinutes: target, wait: waits.wait,
        inTime: target.map { target in waits.ended.count { $0 <= target } } ?? 0)
    }.sorted { one, other in
      let (first, second) = (settings.urgency(of: one.level) ?? .max, settings.urgency(of: other.level) ?? .max)
      return first == second ? one.level.precedesInBytes(other.level) : first < second
    }
    outcomes = (Orientation.Way.allCases + [nil]).compactMap { way in
      stays[way].map { Self.outcome(way, $0) }
    }
    self.triage = Waits(triage).wait
    self.physician = Waits(physician).wait
    stay = Self.outcome(nil, stays.values.flatMap(\.self))
    answer = Spread(answers.flatMap(\.self))
  }

  private static func outcome(_ way: Orientation.Way?, _ minutes: [Int]) -> Outcome {
    Outcome(way: way, minutes: Spread(minutes), withinFourHours: minutes.count { $0 < fourHours })
  }

  /// Waits as they are gathered.
  private struct Waits {
    var ended: [Int] = []
    var waiting = 0
    var gone = 0

    init() {}

    init(_ parts: [Waits]) {
      ended = parts.flatMap(\.ended)
      waiting = parts.reduce(0) { $0 + $1.waiting }
      gone = parts.reduce(0) { $0 + $1.gone }
    }

    mutating func add(_ span: EmergencySpan, endedAt: Instant?) {
      if let endedAt {
        ended.append(span.from.minutes(until: endedAt))
      } else if span.until == nil {
        waiting += 1
      } else {
        gone += 1
      }
    }

    var wait: Wait { Wait(minutes: Spread(ended), waiting: waiting, gone: gone) }
  }
}

extension Instant {
  /// Whole minutes; none where the other is earlier, as clocks of two stations may have it.
  fileprivate func minutes(until other: Instant) -> Int { max(0, Int((other.milliseconds - milliseconds) / 60_000)) }

  fileprivate static let distant = Instant(milliseconds: .max / 2)
}
