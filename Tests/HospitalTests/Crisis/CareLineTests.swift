import Hospital
import Ledger
import Testing

struct CareLineTests {
  static let ct = CareKey.ct.subject(finess: "910000000")
  static let duty = "account/duty"

  static func closed(_ key: CareKey = .ct, until: Instant? = .hours(4), note: String? = nil) -> DeclareCare.Line {
    DeclareCare.Line(key, .closed, reason: .system, note: note, reviewAt: until)
  }

  @Test(
    arguments: [
      ("closed, on duty", [closed()], "duty", "care.declared"),
      ("by a cadre", [closed()], "supervisor", "care.declared"),
      ("by a clerk", [closed()], "admission", "not-permitted"),
      ("two in one commit", [closed(), closed(.mri)], "duty", "care.declared care.declared"),
      ("none", [], "duty", "care-unchanged"),
      ("open, said for all to know", [DeclareCare.Line(.ct, .open)], "duty", "care.declared"),
      (
        "without a reason", [DeclareCare.Line(.ct, .limited, reviewAt: .hours(2))], "duty",
        "care-reason-missing [reason]"
      ),
      ("without a review", [closed(until: nil)], "duty", "care-review-missing [reviewAt]"),
      ("reviewed already", [closed(until: .night)], "duty", "care-review-when [reviewAt]"),
      ("in a week", [closed(until: .hours(168))], "duty", "care.declared"),
      ("in more than a week", [closed(until: .hours(168, minutes: 1))], "duty", "care-review-when [reviewAt]"),
      (
        "one refused refuses all", [closed(.mri), closed(until: nil)], "duty", "care-review-missing [reviewAt]"
      ),
    ] as [(String, [DeclareCare.Line], String, String)])
  func declared(rule: String, lines: [DeclareCare.Line], role: String, outcome: String) {
    #expect(Scene.outcome(DeclareCare(lines), in: MemoryWorld(), by: "account/\(role)") == outcome, "\(rule)")
  }

  @Test func aNight() throws {
    let world = MemoryWorld()
    try world.run(DeclareCare([Self.closed(note: "PACS chiffré")]), by: Self.duty)
    let first = try #require(world.care[Self.ct]?.holding)
    #expect(first.state == .closed)
    #expect(first.reason == "system")
    #expect(first.note == "PACS chiffré")
    #expect(first.by == Self.duty)
    #expect(world.care[Self.ct]?.isOverdue(at: .hours(3)) == false)
    #expect(world.care[Self.ct]?.isOverdue(at: .hours(4)) == true)
    // The same again says nothing; another hour of review does, and it has been closed since the first.
    #expect(
      Scene.outcome(DeclareCare([Self.closed(note: "PACS chiffré")]), in: world, by: Self.duty) == "care-unchanged")
    try world.run(DeclareCare([Self.closed(until: .hours(8))]), by: Self.duty, at: .hours(3))
    #expect(world.care[Self.ct]?.holding?.since == .night)
    #expect(world.care[Self.ct]?.holding?.note == nil)
    try world.run(DeclareCare([DeclareCare.Line(.ct, .open, reason: .system)]), by: Self.duty, at: .hours(6))
    let open = try #require(world.care[Self.ct]?.holding)
    #expect(open.state == .open)
    #expect(open.since == .hours(6))
    #expect(open.reason == nil)
    #expect(world.care[Self.ct]?.declarations.count == 1)
  }

  /// What a station says that has `after` before it.
  static func said(_ state: String, at hour: Int, by station: String, after: [String] = []) -> Heard {
    let data: JSON = [
      "line": "ct", "state": .string(state), "reason": "system", "after": .array(after.map { .string($0) }),
    ]
    return Heard(
      fact: Fact(kind: "care.declared", subject: ct, at: .hours(hour), data: data),
      time: HybridTime(instant: .hours(hour), counter: 0), station: station, author: duty, command: "", source: nil)
  }

  static func name(_ hour: Int, _ station: String) -> String {
    "\(HybridTime(instant: .hours(hour), counter: 0).text) \(station)"
  }

  /// State that holds, since which hour, and whether stations contradict each other.
  @Test(
    arguments: [
      ("one", [said("closed", at: 1, by: "a")], "closed", 1, false),
      (
        "said again by one who knew",
        [said("closed", at: 1, by: "a"), said("open", at: 2, by: "b", after: [name(1, "a")])],
        "open", 2, false
      ),
      ("unaware of each other", [said("closed", at: 1, by: "a"), said("open", at: 2, by: "b")], "closed", 1, true),
      (
        "unaware, and of one mind", [said("closed", at: 1, by: "a"), said("closed", at: 2, by: "b")], "closed", 2, false
      ),
      (
        "settled by whoever saw both",
        [
          said("closed", at: 1, by: "a"), said("open", at: 2, by: "b"),
          said("limited", at: 3, by: "a", after: [name(1, "a"), name(2, "b")]),
        ], "limited", 3, false
      ),
      (
        "whoever saw one settles nothing",
        [
          said("closed", at: 1, by: "a"), said("open", at: 2, by: "b"),
          said("limited", at: 3, by: "a", after: [name(1, "a")]),
        ], "limited", 3, true
      ),
      (
        "a clock that is ahead", [said("open", at: 2, by: "b", after: [name(9, "a")]), said("closed", at: 9, by: "a")],
        "open", 2, false
      ),
      (
        "a state that nobody knows", [said("closed", at: 1, by: "a"), said("half", at: 2, by: "b")], "closed", 1, false
      ),
    ] as [(String, [Heard], String, Int, Bool)])
  func holds(rule: String, said: [Heard], state: String, since: Int, contradicted: Bool) throws {
    var line = CareLine(id: Self.ct)
    for one in said { line.fold(one) }
    #expect(line.holding?.state.rawValue == state, "\(rule)")
    #expect(line.holding?.since == .hours(since), "\(rule)")
    #expect(line.isContradicted == contradicted, "\(rule)")
    let read = try #require(CareLine(stored: line.stored))
    #expect(read == line, "\(rule)")
  }

  @Test func linesHaveOneSubjectEach() {
    #expect(Set(CareKey.allCases.map { $0.subject(finess: "910000000") }).count == CareKey.allCases.count)
    #expect(Self.ct != CareKey.ct.subject(finess: "910000001"))
  }
}
