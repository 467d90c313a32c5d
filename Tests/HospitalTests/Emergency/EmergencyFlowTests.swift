import Hospital
import Ledger
import Seeded
import Testing

/// What went through emergency in some hours, as figures.
struct EmergencyFlowTests {
  @Test(arguments: [
    ([], nil, nil), ([7], 7, 7), ([1, 9], 1, 9), ([3, 1, 2], 2, 3), ([4, 1, 3, 2], 2, 4),
    (Array(1...10), 5, 9), (Array(1...11), 6, 10), (Array(1...100), 50, 90), ([0, 0, 0, 600], 0, 600),
  ])
  func theMiddleAndNineInTen(values: [Int], median: Int?, ninetieth: Int?) {
    let spread = Spread(values)
    #expect(spread.count == values.count && spread.median == median && spread.ninetieth == ninetieth)
  }

  static func at(_ minutes: Int) -> Instant { .hours(0, minutes: minutes) }

  /// Minutes from the first hour: arrived, triaged, seen, left.
  static func visit(
    _ arrived: Int, triaged: Int? = nil, _ level: String? = nil, seen: Int? = nil, left: Int? = nil,
    _ way: Orientation.Way? = nil, oriented: Int? = nil
  ) -> EmergencyFlow.Visit {
    EmergencyFlow.Visit(
      EmergencySpan(from: at(arrived), until: left.map(at)),
      VisitCourse(
        triagedAt: triaged.map(at), level: level, seenAt: seen.map(at), way: way, orientedAt: oriented.map(at)))
  }

  static func flow(
    _ visits: [EmergencyFlow.Visit], _ requests: [EmergencyFlow.Request] = [], minutes: Int = 150
  ) -> EmergencyFlow {
    EmergencyFlow(visits, requests, from: at(0), until: at(minutes), .usual)
  }

  static let night = flow([
    // Came before, left in the second hour.
    visit(-100, triaged: -90, "4", seen: -30, left: 70, .home, oriented: 65),
    visit(0, triaged: 10, "2", seen: 15, left: 140, .admit, oriented: 61),
    visit(59, triaged: 75, "2", seen: 100),
    // On the hour is the next hour's.
    visit(60, triaged: 61, "3A"),
    visit(61, left: 119, .left, oriented: 119),
    visit(149),
    // Nobody ever said that they left.
    visit(-4400, triaged: -4390, "5"),
  ])

  @Test func eachHourHasItsOwn() {
    let hours = Self.night.hours
    #expect(hours.map(\.from) == [Self.at(0), Self.at(60), Self.at(120)])
    #expect(hours.map(\.arrivals) == [2, 2, 1] && hours.map(\.departures) == [0, 2, 1])
    #expect(hours.map(\.present) == [3, 3, 3])
    #expect(hours.map(\.triage.minutes) == [Spread([10, 16]), Spread([1]), Spread([])])
    #expect(hours.map(\.triage.waiting) == [0, 0, 1] && hours.map(\.triage.gone) == [0, 1, 0])
    #expect(hours.map(\.physician.minutes) == [Spread([15, 41]), Spread([]), Spread([])])
    #expect(hours.map(\.orientations) == [[:], [.home: 1, .admit: 1, .left: 1], [:]])
  }

  @Test func levelsStandBesideTheirTargets() {
    let levels = Self.night.levels
    #expect(levels.map(\.level) == ["2", "3A"] && levels.map(\.targetMinutes) == [20, 60])
    #expect(levels.map(\.wait.minutes) == [Spread([15, 41]), Spread([])] && levels.map(\.inTime) == [1, 0])
    #expect(levels.map(\.wait.waiting) == [0, 1])
    #expect(Self.night.physician.minutes == Spread([15, 41]) && Self.night.physician.waiting == 2)
    #expect(Self.night.triage.gone == 1 && Self.night.physician.gone == 1)
  }

  @Test func lengthsOfStayAreOfThoseWhoLeft() {
    let outcomes = Self.night.outcomes
    #expect(outcomes.map(\.way) == [.admit, .home, .left])
    #expect(outcomes.map(\.minutes) == [Spread([140]), Spread([170]), Spread([58])])
    let long = Self.flow([
      Self.visit(-230, left: 9), Self.visit(-230, left: 10), Self.visit(-4319, left: 0), Self.visit(-4320, left: 0),
    ])
    #expect(long.outcomes.map(\.way) == [nil])
    #expect(long.stay.minutes == Spread([239, 240, 4319]) && long.stay.withinFourHours == 1)
  }

  @Test func transfersAreCountedAtTheHourOfEachStep() {
    let flow = Self.flow(
      [],
      [
        EmergencyFlow.Request([.asked: Self.at(-20), .accepted: Self.at(10), .left: Self.at(130)]),
        EmergencyFlow.Request([.asked: Self.at(10), .refused: Self.at(70)]),
        EmergencyFlow.Request([.asked: Self.at(60), .accepted: Self.at(66), .arrived: Self.at(80)]),
        EmergencyFlow.Request([.asked: Self.at(150)]),
      ])
    #expect(
      flow.hours.map(\.transfers) == [[.asked: 1, .accepted: 1], [.asked: 1, .accepted: 1, .refused: 1], [.left: 1]])
    #expect(flow.hours.map(\.answer) == [Spread([30]), Spread([6]), Spread([])])
    #expect(flow.answer == Spread([30, 6]))
  }

  /// However visits lie: whoever came and has not left is there, and nobody is counted twice.
  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func whoCameAndHasNotLeftIsThere(seed: UInt64) {
    var dice = Seeded(seed: seed)
    let minutes = Int.random(in: 1...600, using: &dice)
    let visits = (0..<Int.random(in: 0...80, using: &dice)).map { _ in
      let arrived = Int.random(in: -300...700, using: &dice)
      let left = Bool.random(using: &dice) ? nil : arrived + Int.random(in: 0...400, using: &dice)
      return Self.visit(
        arrived, seen: Bool.random(using: &dice) ? arrived + Int.random(in: 0...90, using: &dice) : nil, left: left)
    }
    let flow = Self.flow(visits, minutes: minutes)
    #expect(flow.hours.count == (minutes + 59) / 60)
    var present = visits.count { $0.span.from < Self.at(0) && $0.span.until.map { $0 >= Self.at(0) } ?? true }
    for hour in flow.hours {
      present += hour.arrivals - hour.departures
      #expect(hour.present == present)
    }
    let came = visits.count { $0.span.from >= Self.at(0) && $0.span.from < Self.at(minutes) }
    for wait in [flow.triage, flow.physician] {
      #expect(wait.minutes.count + wait.waiting + wait.gone == came)
    }
    #expect(flow.stay.minutes.count == flow.hours.reduce(0) { $0 + $1.departures })
  }

  @Test func aPhysicianHasThemInHandFromTheFirstHour() throws {
    let world = Scene.world()
    let stay = try EmergencyTests.arrived(in: world)
    func course() throws -> VisitCourse { try EmergencyTests.visit(stay, world).course }
    try world.run(EmergencyTests.triage(stay, "4"), by: "account/triage")
    #expect(try course() == VisitCourse(triagedAt: .night, level: "4"))
    try world.run(NoteCare(stay: stay, nextStep: "ECG"), by: "account/triage")
    #expect(try course().seenAt == nil)
    world.hear(
      Fact(
        kind: "emergency.noted", subject: EmergencyVisit.id(ofStay: stay), at: .hours(1), data: ["doctor": "Leroy"]),
      at: .hours(1))
    // What is said later changes neither the hour nor the level that held then.
    world.hear(
      Fact(
        kind: "emergency.triaged", subject: EmergencyVisit.id(ofStay: stay), at: .hours(2),
        data: ["level": "2", "scale": "FRENCH"]), at: .hours(2))
    world.hear(
      Fact(kind: "emergency.assessed", subject: EmergencyVisit.id(ofStay: stay), at: .hours(3), data: ["ccmu": "2"]),
      at: .hours(3))
    #expect(try course() == VisitCourse(triagedAt: .night, level: "4", seenAt: .hours(1)))
  }

  @Test func whoLeavesByThemselvesWasNotSeen() throws {
    let world = Scene.world()
    let stay = try EmergencyTests.arrived(in: world)
    try world.run(OrientPatient(stay: stay, way: .left, orient: "PSA"), by: "account/physician")
    let course = try EmergencyTests.visit(stay, world).course
    #expect(course.seenAt == nil && course.way == .left && course.orientedAt == .night)
  }
}
