import Hospital
import Ledger
import Testing

struct ModeTests {
  struct Said: Sendable {
    var subject: String
    var kind: String
    var mode: String?
    var hour: Int
  }

  static let hospital = "mode/hospital"
  static let station = "mode/urg-1-3fa9c2d1"

  static func hears(_ said: [Said]) -> ModeState {
    let world = MemoryWorld()
    for one in said {
      let data: JSON = one.mode.map { ["mode": .string($0), "reason": "panne"] } ?? [:]
      world.hear(
        Fact(kind: one.kind, subject: one.subject, at: .hours(one.hour), data: data), at: .hours(one.hour),
        author: "account/duty")
    }
    return world.mode
  }

  @Test(
    arguments: [
      ("nobody said anything", [], "veille", "hospital"),
      (
        "the hospital", [Said(subject: hospital, kind: "mode.declared", mode: "degrade", hour: 0)], "degrade",
        "hospital"
      ),
      (
        "a station alone", [Said(subject: station, kind: "mode.declared", mode: "degrade", hour: 0)], "degrade",
        "station"
      ),
      (
        "another station's is its own",
        [Said(subject: "mode/lits-2-fb928193", kind: "mode.declared", mode: "degrade", hour: 0)], "veille", "hospital"
      ),
      (
        "a station after the hospital",
        [
          Said(subject: hospital, kind: "mode.declared", mode: "veille", hour: 0),
          Said(subject: station, kind: "mode.declared", mode: "degrade", hour: 1),
        ], "degrade", "station"
      ),
      (
        "the hospital later overrules",
        [
          Said(subject: station, kind: "mode.declared", mode: "degrade", hour: 0),
          Said(subject: hospital, kind: "mode.declared", mode: "reprise", hour: 1),
        ], "reprise", "hospital"
      ),
      (
        "the hospital ends it",
        [
          Said(subject: station, kind: "mode.declared", mode: "degrade", hour: 0),
          Said(subject: hospital, kind: "mode.declared", mode: "degrade", hour: 1),
          Said(subject: hospital, kind: "mode.ended", mode: nil, hour: 2),
        ], "veille", "hospital"
      ),
      (
        "the station ends its own",
        [
          Said(subject: hospital, kind: "mode.declared", mode: "reprise", hour: 0),
          Said(subject: station, kind: "mode.declared", mode: "degrade", hour: 1),
          Said(subject: station, kind: "mode.ended", mode: nil, hour: 2),
        ], "reprise", "hospital"
      ),
      (
        "a mode that nobody knows", [Said(subject: hospital, kind: "mode.declared", mode: "panic", hour: 0)], "veille",
        "hospital"
      ),
    ] as [(String, [Said], String, String)])
  func holds(rule: String, said: [Said], mode: String, scope: String) {
    let state = Self.hears(said)
    #expect(state.mode.rawValue == mode, "\(rule)")
    #expect(state.scope == scope, "\(rule)")
  }

  @Test func whoSinceWhenAndWhy() {
    let state = Self.hears([Said(subject: Self.hospital, kind: "mode.declared", mode: "degrade", hour: -2)])
    #expect(
      state
        == ModeState(mode: .degraded, scope: "hospital", since: .hours(-2), by: "account/duty", reason: "panne"))
  }

  static let declareLocal = DeclareMode(mode: .degraded, isLocal: true, reason: "ne répond pas")

  @Test(
    arguments: [
      ("two presses at any admission post", declareLocal, "admission", "mode.declared"),
      ("a nurse at night", declareLocal, "nurse", "mode.declared"),
      ("the front desk", declareLocal, "switchboard", "not-permitted"),
      (
        "without a reason", DeclareMode(mode: .degraded, isLocal: true, reason: "  "), "admission",
        "reason-missing [reason]"
      ),
      (
        "hand-back on one station", DeclareMode(mode: .handback, isLocal: true, reason: "x"), "duty",
        "mode-not-local [mode]"
      ),
      (
        "the hospital, by a clerk", DeclareMode(mode: .degraded, isLocal: false, reason: "x"), "admission",
        "not-permitted"
      ),
      ("the hospital, on duty", DeclareMode(mode: .degraded, isLocal: false, reason: "x"), "duty", "mode.declared"),
      (
        "the hospital, by the administrator", DeclareMode(mode: .handback, isLocal: false, reason: "x"),
        "administrator", "mode.declared"
      ),
      (
        "veille before anybody said it", DeclareMode(mode: .standby, isLocal: false, reason: "x"), "duty",
        "mode.declared"
      ),
    ] as [(String, DeclareMode, String, String)])
  func declared(rule: String, command: DeclareMode, role: String, outcome: String) {
    #expect(Scene.outcome(command, in: MemoryWorld(), by: "account/\(role)") == outcome, "\(rule)")
  }

  @Test func aNight() throws {
    let world = MemoryWorld()
    #expect(Scene.outcome(EndLocalMode(), in: world) == "no-local-mode")
    #expect(Scene.outcome(Self.declareLocal, in: world) == "mode.declared")
    #expect(world.facts.map(\.subject) == [Self.station])
    #expect(Scene.outcome(Self.declareLocal, in: world) == "mode-unchanged [mode]")
    let confirm = DeclareMode(mode: .degraded, isLocal: false, reason: "attaque")
    #expect(Scene.outcome(confirm, in: world, by: "account/duty", at: .hours(1)) == "mode.declared")
    #expect(world.mode.scope == "hospital")
    #expect(Scene.outcome(confirm, in: world, by: "account/duty", at: .hours(2)) == "mode-unchanged [mode]")
    #expect(Scene.outcome(EndLocalMode(), in: world, at: .hours(2)) == "no-local-mode")
  }
}

struct NumberSlicesTests {
  static func slices(_ granted: [(String, Int, Int)]) -> NumberSlices {
    var slices = NumberSlices(id: "range/urg-1-3fa9c2d1")
    for (kind, first, last) in granted {
      let data: JSON = ["kind": .string(kind), "first": .integer(first), "last": .integer(last)]
      let fact = Fact(kind: "range.granted", subject: slices.id, at: .night, data: data)
      slices.fold(StayFoldTests.heard(fact, 0))
    }
    return slices
  }

  static let two = slices([("nda", 1, 3), ("ipp", 50, 90), ("nda", 10, 16), ("nda", 1, 3), ("nda", 9, 8), ("x", 1, 2)])

  @Test(arguments: [(nil, 1), (1, 2), (3, 10), (10, 11), (16, nil), (99, 1)] as [(Int?, Int?)])
  func oneAfterTheOther(last: Int?, next: Int?) { #expect(Self.two.next(.nda, after: last) == next) }

  @Test(arguments: [(nil, 10), (1, 9), (3, 7), (10, 6), (16, 0)] as [(Int?, Int)])
  func whatIsLeft(last: Int?, left: Int) {
    #expect(Self.two.left(.nda, after: last) == (left, 10))
  }

  @Test func noneGranted() {
    #expect(Self.two.next(.unknown, after: nil) == nil)
    #expect(Self.two.left(.unknown, after: nil) == (0, 0))
  }
}
