import Hospital
import Ledger
import Register
import Testing

/// Stations that could not hear each other, and what people decide once they can.
struct DecidingTests {
  /// Two stations of one hospital, each with somebody in bed 4EST 1 A since `night`.
  private struct Pair {
    let first: TestStation
    let second: TestStation
    let author = "account/duty"

    init() async throws {
      first = try TestStation()
      second = try first.joined("urg-2", seed: 7)
      try await first.say(
        Fact(
          kind: "account.opened", subject: author, at: .night, data: ["login": "duty", "roles": ["duty"], "units": []]),
        Fact(
          kind: "range.granted", subject: "range/\(second.register.station)", at: .night,
          data: ["kind": "nda", "first": 5000, "last": 5999]),
        Fact(
          kind: "range.granted", subject: "range/\(second.register.station)", at: .night,
          data: ["kind": "unknown", "first": 1, "last": 999]),
        .registered("patient/a", "MARTIN"),
        .stay("admitted", "stay/a", patient: "patient/a", key: "a1", bed: "4EST|1|A", number: "N1"))
      try await meet()
    }

    /// Each hears what the other said, until nothing is new.
    func meet() async throws {
      try await second.take(from: first)
      try await first.take(from: second)
      #expect(try first.digest() == second.digest())
    }

    /// What both show, which is the same.
    func open() throws -> [Conflict] {
      let shown = try [first, second].map { try $0.register.read { try $0.conflicts() } }
      #expect(shown[0].map(\.id) == shown[1].map(\.id))
      #expect(shown[0].map(\.version) == shown[1].map(\.version))
      return shown[0]
    }

    /// Where no side can hold, all is left as it is.
    func decide(_ conflict: Conflict, side: Int?, note: String? = nil, at station: TestStation) async throws {
      let side = conflict.kind.hasChoice ? side : nil
      let note = side == nil ? note ?? "vu" : note
      _ = try await station.register.submit(
        Submission(
          DecideConflict(conflict, side: side, note: note), key: "\(conflict.version) \(station.register.station)",
          author: author))
    }

    func stay(_ id: String = "stay/a") throws -> Stay? { try first.register.read { try $0.stay(id) } }
  }

  /// One way of saying things differently on two stations.
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var kind: Conflict.Kind
    var here: [Fact]
    var there: [Fact]
    /// Said by a third station that has heard nothing since it began.
    var later: [Fact]
  }

  static func patient(_ id: String, _ data: JSON) -> Fact {
    Fact(kind: "patient.corrected", subject: id, at: .night, data: data)
  }
  static func number(_ value: String) -> JSON {
    ["identifiers": [["value": .string(value), "authority": "1.2", "type": "PI"]]]
  }
  static func unknown(_ id: String) -> Fact { patient(id, ["unknown": ["label": "BLOC-3-001"]]) }
  static let ins: JSON = ["ins": ["matricule": "296032116623634", "oid": "1.2.250.1.213.1.4.8"]]

  static let rows: [Row] = [
    Row(
      testDescription: "one bed", kind: .bed,
      here: [
        .registered("patient/b", "DURAND"),
        .stay("admitted", "stay/b", patient: "patient/b", key: "b1", bed: "4EST|2|A"),
      ],
      there: [
        .registered("patient/c", "PETIT"),
        .stay("admitted", "stay/c", patient: "patient/c", key: "c1", bed: "4EST|2|A"),
      ],
      later: [.stay("admitted", "stay/d", patient: "patient/d", key: "d1", bed: "4EST|2|A")]),
    Row(
      testDescription: "one number of two files", kind: .identifier, here: [patient("patient/b", number("77"))],
      there: [patient("patient/c", number("77"))], later: [patient("patient/b", ["birthName": "DURAND"])]),
    Row(
      testDescription: "one INS", kind: .ins, here: [patient("patient/b", ins)], there: [patient("patient/c", ins)],
      later: [patient("patient/c", ["sex": "F"])]),
    Row(
      testDescription: "one name of two unknown patients", kind: .label, here: [unknown("patient/b")],
      there: [unknown("patient/c")], later: [unknown("patient/d")]),
    Row(
      testDescription: "two files of one person", kind: .person, here: [.registered(Patient.jean("patient/b"))],
      there: [.registered(Patient.jean("patient/c"))], later: [patient("patient/b", ["birthPlace": "75056"])]),
    Row(
      testDescription: "one number of two stays", kind: .number,
      here: [.stay("admitted", "stay/b", patient: "patient/b", key: "b1", number: "N7")],
      there: [.stay("admitted", "stay/c", patient: "patient/c", key: "c1", number: "N7")],
      later: [Fact(kind: "stay.reassigned", subject: "stay/b", at: .night, data: ["patient": "patient/d"])]),
    Row(
      testDescription: "merged into each other", kind: .ring,
      here: [Fact(kind: "patient.merged", subject: "patient/b", at: .night, data: ["into": "patient/c"])],
      there: [Fact(kind: "patient.merged", subject: "patient/c", at: .night, data: ["into": "patient/b"])],
      later: [
        Fact(kind: "patient.unmerged", subject: "patient/b", at: .night, data: [:]),
        Fact(kind: "patient.merged", subject: "patient/b", at: .night, data: ["into": "patient/c"]),
      ]),
    Row(
      testDescription: "one stay of two patients", kind: .claimed,
      here: [.stay("admitted", "stay/b", patient: "patient/b", key: "b1")],
      there: [Fact(kind: "stay.described", subject: "stay/b", at: .night, data: ["patient": "patient/c"])],
      later: [Fact(kind: "stay.described", subject: "stay/b", at: .night, data: ["patient": "patient/d"])]),
    Row(
      testDescription: "discharged here, moved there", kind: .stay,
      here: [.stay("discharged", "stay/a", key: "a2", at: .hours(1))],
      there: [.stay("transferred", "stay/a", key: "a3", bed: "CHIR|1|A", at: .hours(1))],
      later: [.stay("transferred", "stay/a", key: "a4", bed: "CHIR|2|B", at: .hours(2))]),
    Row(
      testDescription: "corrected on both sides", kind: .traits, here: [patient("patient/a", ["birthName": "DURAND"])],
      there: [patient("patient/a", ["birthName": "PETIT"])], later: [patient("patient/a", ["birthName": "MOREL"])]),
  ]

  @Test(arguments: rows)
  func whatWasSaidDifferentlyIsFoundOnBothSides(row: Row) async throws {
    let pair = try await Pair()
    for fact in row.here { try await pair.first.say(fact) }
    for fact in row.there { try await pair.second.say(fact) }
    #expect(try pair.first.register.read { try $0.conflicts() }.isEmpty)
    try await pair.meet()
    #expect(try pair.open().map(\.kind) == [row.kind])
    for station in [pair.first, pair.second] {
      let rebuilt = try TestStation(after: station, rebuilding: true)
      #expect(try rebuilt.register.read { try $0.conflicts() }.map(\.version) == pair.open().map(\.version))
    }
  }

  @Test(arguments: rows)
  func aDecisionSettlesItOnBothSides(row: Row) async throws {
    let pair = try await Pair()
    for fact in row.here { try await pair.first.say(fact) }
    for fact in row.there { try await pair.second.say(fact) }
    try await pair.meet()
    let conflict = try #require(try pair.open().first)
    try await pair.decide(conflict, side: conflict.sides.count - 1, at: pair.second)
    try await pair.meet()
    #expect(try pair.open().isEmpty)
    // An old decision can be looked at again, with both its sides.
    let old = try #require(try pair.first.register.read { try $0.decisions(limit: 9) }.first)
    #expect(old.heard.fact.subject == conflict.id && old.heard.author == pair.author)
    let again = try #require(try pair.first.register.read { try $0.conflict(conflict.id) })
    #expect(again.isSettled && again.sides.count == conflict.sides.count)
    #expect(again.decisions.map(\.place) == [old.place])
  }

  @Test(arguments: rows)
  func whatIsSaidSinceOpensItAgain(row: Row) async throws {
    let pair = try await Pair()
    let third = try pair.first.joined("urg-3", seed: 9)
    try await third.take(from: pair.first)
    for fact in row.here { try await pair.first.say(fact) }
    for fact in row.there { try await pair.second.say(fact) }
    try await pair.meet()
    let conflict = try #require(try pair.open().first)
    try await pair.decide(conflict, side: nil, note: "les deux", at: pair.second)
    try await pair.meet()
    #expect(try pair.open().isEmpty)
    for fact in row.later { try await third.say(fact) }
    try await pair.first.take(from: third)
    try await pair.meet()
    #expect(try pair.open().map(\.kind) == [row.kind])
    #expect(try pair.first.register.read { try $0.conflict(conflict.id) }?.decisions.count == 1)
  }

  /// Neither saw the other decide: neither decision settles anything, and one that sees both does.
  @Test(arguments: rows)
  func twoBlindDecisionsAreAConflict(row: Row) async throws {
    let pair = try await Pair()
    for fact in row.here { try await pair.first.say(fact) }
    for fact in row.there { try await pair.second.say(fact) }
    try await pair.meet()
    let conflict = try #require(try pair.open().first)
    try await pair.decide(conflict, side: 0, at: pair.first)
    try await pair.decide(conflict, side: 1, at: pair.second)
    try await pair.meet()
    let crossed = try #require(try pair.open().first { $0.id == conflict.id })
    #expect(crossed.decisions.count == 2)
    try await pair.decide(crossed, side: 0, at: pair.second)
    try await pair.meet()
    #expect(try pair.open().isEmpty)
  }

  /// A feed that says the same again says nothing new.
  @Test func whatChangesNothingOpensNothing() async throws {
    let pair = try await Pair()
    for name in ["b", "c"] { try await pair.first.say(Self.patient("patient/\(name)", Self.number("77"))) }
    let conflict = try #require(try pair.first.register.read { try $0.conflicts() }.first)
    try await pair.decide(conflict, side: nil, note: "jumeaux", at: pair.first)
    #expect(try pair.first.register.read { try $0.conflicts() }.isEmpty)
    try await pair.first.say(Self.patient("patient/b", Self.number("77")))
    try await pair.first.say(Self.patient("patient/c", ["phones": ["0102030405"]]))
    #expect(try pair.first.register.read { try $0.conflicts() }.isEmpty)
    try await pair.first.say(Self.patient("patient/c", ["birthName": "PETIT"]))
    #expect(try pair.first.register.read { try $0.conflicts() }.map(\.id) == [conflict.id])
  }

  /// No line names any other chain yet.
  @Test func stationsThatNeverHeardOfEachOther() async throws {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    for (station, name) in [(first, "DURAND"), (second, "PETIT")] {
      try await station.say(Self.patient("patient/a", ["birthName": .string(name)]))
    }
    try await first.take(from: second)
    let shown = try first.register.read { try $0.conflicts() }
    #expect(shown.map(\.kind) == [.traits])
    let rebuilt = try TestStation(after: first, rebuilding: true)
    #expect(try rebuilt.register.read { try $0.conflicts() }.map(\.version) == shown.map(\.version))
  }

  /// Said one after the other, each knowing what came before: nothing to decide.
  @Test(arguments: rows.filter { $0.kind == .stay || $0.kind == .traits })
  func whoeverKnewSaysWhatHappenedNext(row: Row) async throws {
    let pair = try await Pair()
    for fact in row.here { try await pair.first.say(fact) }
    try await pair.meet()
    for fact in row.there { try await pair.second.say(fact) }
    try await pair.meet()
    #expect(try pair.open().isEmpty)
  }

  /// Whoever has heard from a third that a line exists has not read it.
  @Test func hearsayIsNotKnowing() async throws {
    let pair = try await Pair()
    let third = try pair.first.joined("urg-3", seed: 9)
    try await third.take(from: pair.first)
    try await pair.first.say(.stay("discharged", "stay/a", key: "a2", at: .hours(1)))
    // The third reads it and says so; the second hears the third, and not the first.
    try await third.take(from: pair.first)
    try await third.say(.registered("patient/z", "MOREL"))
    let said = try third.lines().filter { try Commit(reading: $0).station == third.register.station }
    _ = try await pair.second.register.takeIn(said, from: "urg-3")
    try await pair.second.say(.stay("transferred", "stay/a", key: "a3", bed: "CHIR|1|A", at: .hours(1)))
    try await pair.first.take(from: third)
    try await pair.meet()
    #expect(try pair.open().map(\.kind) == [.stay])
  }

  /// A disk was cloned: what each branch knew is its own, and a person learns of it once.
  @Test func eachBranchOfAForkKnowsItsOwn() async throws {
    let pair = try await Pair()
    let clone = try TestStation(after: pair.first)
    try await pair.first.say(.stay("discharged", "stay/a", key: "a2", at: .hours(1)))
    try await clone.say(.registered("patient/z", "MOREL"))
    try await clone.say(.stay("transferred", "stay/a", key: "a3", bed: "CHIR|1|A", at: .hours(1)))
    try await pair.second.take(from: clone)
    try await pair.meet()
    #expect(try pair.open().map(\.kind) == [.stay, .fork])
    let fork = try #require(try pair.open().last)
    #expect(fork.sides.map { $0.said.map(\.place.sequence) } == [[4], [4]])
    try await pair.decide(fork, side: nil, at: pair.second)
    try await pair.first.say(.registered("patient/y", "PETIT"))
    try await pair.meet()
    #expect(try pair.open().map(\.kind) == [.stay])
  }

  /// Two decisions that undo each other leave nothing that clashes, but themselves.
  @Test func crossedDecisionsAreShownWhateverIsLeft() async throws {
    let pair = try await Pair()
    let row = try #require(Self.rows.first { $0.kind == .stay })
    for fact in row.here { try await pair.first.say(fact) }
    for fact in row.there { try await pair.second.say(fact) }
    try await pair.meet()
    let conflict = try #require(try pair.open().first)
    try await pair.decide(conflict, side: 0, at: pair.first)
    try await pair.decide(conflict, side: 1, at: pair.second)
    try await pair.meet()
    #expect(try pair.stay()?.movements.filter(\.cancelled).map(\.key).sorted() == ["a2", "a3"])
    let crossed = try #require(try pair.open().first)
    #expect(
      crossed.sides.map { $0.said.map { $0.heard.fact.kind } }
        == conflict.sides.map { $0.said.map { $0.heard.fact.kind } })
    let moved = try #require(crossed.sides.firstIndex { $0.said[0].heard.fact.kind == "stay.transferred" })
    try await pair.decide(crossed, side: moved, at: pair.first)
    try await pair.meet()
    #expect(try pair.open().isEmpty)
    #expect(try pair.stay()?.place == Place(unit: "CHIR", room: "1", bed: "A"))
    #expect(try pair.stay()?.status == .admitted)
    for station in [pair.first, pair.second] {
      #expect(try TestStation(after: station, rebuilding: true).register.read { try $0.conflicts() }.isEmpty)
    }
  }
}
