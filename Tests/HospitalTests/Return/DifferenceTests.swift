import Hospital
import Ledger
import Seeded
import Testing

/// What differs between three states, and what a decision settles.
struct DifferenceTests {
  private static func said(_ sequence: Int) -> Said {
    let heard = Heard(
      fact: Fact(kind: "patient.described", subject: "patient/1", at: .night, data: [:]),
      time: HybridTime(instant: .night, counter: UInt16(sequence)), station: "urg-1-3fa9c2d1", author: "system",
      command: "", source: nil)
    return Said(heard: heard, place: place(sequence))
  }

  private static func place(_ sequence: Int) -> FactPlace {
    FactPlace(station: "urg-1-3fa9c2d1", sequence: sequence, hash: LineHash(of: [UInt8(sequence & 255)]), place: 0)
  }

  private static func state(_ values: [ReturnField: String], _ sequence: Int) -> ReturnState {
    var state = ReturnState()
    if !values.isEmpty { state.note(values, after: said(sequence)) }
    return state
  }

  private static let louise: [ReturnField: String] = [
    .birthName: "ZWEIFEL", .birthGivenName: "LOUISE", .birthDate: "1961-03-12", .sex: "F",
  ]

  static func changed(_ changes: [ReturnField: String]) -> [ReturnField: String] {
    louise.merging(changes) { $1 }
  }

  /// Field, here, there, whether that is a difference.
  @Test(arguments: [
    (ReturnField.birthName, "D'ARTAGNAN", "d’Artagnan", false), (.birthName, "LE GOFF", "LE-GOFF", false),
    (.birthName, "LEVEQUE", "Lévêque", false), (.birthName, "MARTIN", "MARTINE", true),
    (.birthDate, "1961-03-12", "1961-03", false), (.birthDate, "1961-03-12", "1961-03-13", true),
    (.birthDate, "1961-03", "1961-03-12", false), (.birthDate, "1961-1", "1961-12", true),
    (.sex, "F", "M", true), (.birthPlace, "75056", "75056", false), (.place, "4EST 1", "4EST", false),
    (.place, "4EST 1", "4EST 2", true), (.place, "4EST 1", "CHIR 1", true),
    (.stayStatus, "admitted", "discharged", true),
  ])
  func sameness(_ field: ReturnField, _ one: String, _ other: String, _ isDifference: Bool) {
    #expect(field.isSame(one, other) != isDifference)
    #expect(field.isSame(other, one) != isDifference)
  }

  /// What the recovered system says, and the kinds of what differs.
  @Test(arguments: [
    ([:] as [ReturnField: String], ["missing-there"]), (louise, []), (changed([.birthDate: "1961-03-13"]), ["trait"]),
    (changed([.birthDate: "1961-03-13", .sex: "M"]), ["trait", "trait"]),
    (changed([.birthName: "OTTER", .birthDate: "1943-01-01"]), ["number"]),
    (changed([.identityStatus: "VALI"]), []),
  ])
  func identities(_ there: [ReturnField: String], _ kinds: [String]) {
    let found = Difference.identity(
      "patient/1", number: "7100", before: Self.state([:], 1), here: Self.state(Self.louise, 2),
      there: Self.state(there, 3), missing: Self.said(4))
    #expect(found.map(\.kind.rawValue) == kinds)
  }

  @Test(arguments: [
    (["stayStatus": "admitted", "place": "4EST 1"], [] as [String]),
    (["stayStatus": "discharged"], ["open"]), (["stayStatus": "admitted", "place": "4EST 2"], ["place"]),
    (["stayStatus": "preadmitted"], ["open"]), ([:], ["missing-there"]),
  ])
  func stays(_ there: [String: String], _ kinds: [String]) {
    let values = there.reduce(into: [ReturnField: String]()) { $0[ReturnField(rawValue: $1.key) ?? .sex] = $1.value }
    let found = Difference.stay(
      "stay/1", number: "72", before: Self.state([:], 1),
      here: Self.state([.stayStatus: "admitted", .place: "4EST 1"], 2), there: Self.state(values, 3),
      missing: Self.said(4))
    #expect(found.map(\.kind.rawValue) == kinds)
  }

  /// A stay of which nothing is held here is unknown here, where it is open there.
  @Test(arguments: [("admitted", ["missing-here"]), ("discharged", []), ("preadmitted", [])])
  func staysUnknownHere(_ status: String, _ kinds: [String]) {
    let found = Difference.stay(
      "stay/1", number: "72", before: ReturnState(), here: ReturnState(), there: Self.state([.stayStatus: status], 3))
    #expect(found.map(\.kind.rawValue) == kinds)
  }

  /// Nothing that a list does not say is a difference, and a list that is not there says nobody is missing.
  @Test func silenceIsNoDifference() {
    let here = Self.state(Self.louise, 2)
    let missing = Difference.identity(
      "patient/1", number: nil, before: ReturnState(), here: here, there: ReturnState(), missing: nil)
    #expect(missing.isEmpty)
    let silent = Difference.identity(
      "patient/1", number: nil, before: ReturnState(), here: here, there: Self.state([.sex: "F"], 3))
    #expect(silent.isEmpty)
  }

  /// The same words again are nothing new, so that a list read anew reopens nothing; other words do.
  @Test func whatSaidItIsTheFirstThatStillStands() {
    var state = Self.state([.birthDate: "1961-03-12"], 1)
    state.note([.birthDate: "1961-03-12"], after: Self.said(2))
    #expect(state.values[.birthDate]?.said.place == Self.place(1))
    state.note([.birthDate: "1961-03-13"], after: Self.said(3))
    #expect(state.values[.birthDate]?.said.place == Self.place(3))
  }

  /// Random nights: whatever people decide, in whatever order, all is settled in the end; a new fact reopens, and every
  /// decision can be taken back by another.
  @Test(arguments: 0..<40)
  func decidingAllLeavesNothingOpen(_ seed: UInt64) throws {
    var dice = Seeded(seed: seed)
    let world = MemoryWorld()
    world.structure = .small
    func dates() -> String { "1961-03-\(10 + Int.random(in: 0..<5, using: &dice))" }
    world.hear(
      Fact(
        kind: "patient.registered", subject: "patient/1", at: .night,
        data: [
          "birthName": "ZWEIFEL", "birthGivenName": "LOUISE", "birthDate": "1961-03-12", "sex": "F",
          "birthPlace": "99999",
        ]))
    var decisions: [Said] = []
    var thereSaid = Self.said(100)
    var there = dates()
    for step in 0..<12 {
      func now() throws -> [Difference] {
        let patient = try #require(world.patient("patient/1"))
        var found = Difference.identity(
          patient.id, number: "7100", before: ReturnState(),
          here: Self.state(ReturnField.values(patient), 50),
          there: {
            var state = ReturnState()
            state.note([.birthDate: there], after: thereSaid)
            return state
          }())
        for index in found.indices { found[index].decisions = decisions }
        return found
      }
      guard let difference = try now().first else {
        there = dates()
        thereSaid = Self.said(101 + step)
        continue
      }
      if decisions.isEmpty { #expect(!difference.isSettled) }
      let way = ReturnDecision.Way.allCases.randomElement(using: &dice) ?? .keep
      let decided = try world.run(DecideDifference(difference, way, commits: 1), by: "account/duty")
      let fact = try #require(decided.facts.last)
      #expect(ReturnDecision(fact)?.saw == difference.facts + difference.decisions.map(\.place))
      let heard = Heard(
        fact: fact, time: HybridTime(instant: .night, counter: UInt16(500 + step)), station: "urg-1-3fa9c2d1",
        author: "account/duty", command: "", source: nil)
      decisions.append(Said(heard: heard, place: Self.place(500 + step)))
      let after = try now().first
      #expect(after?.isSettled ?? true)
      if way == .correct { #expect(after == nil && world.patient("patient/1")?.birthDate?.text == there) }
      if way != .correct, Bool.random(using: &dice) {
        thereSaid = Self.said(101 + step)
        let reopened = try #require(try now().first)
        #expect(!reopened.isSettled)
      }
    }
  }

  @Test func nobodyDecidesForAPerson() throws {
    let difference = Difference(.trait, subject: "patient/1", field: .birthDate)
    #expect(throws: Refusal("decide-by-person")) {
      try MemoryWorld().run(DecideDifference(difference, .keep), by: "system")
    }
    #expect(throws: Refusal("return-nothing-to-send")) {
      try MemoryWorld().run(DecideDifference(difference, .again), by: "account/duty")
    }
    #expect(throws: Refusal("not-permitted")) {
      try MemoryWorld().run(DecideDifference(difference, .keep), by: "account/nurse")
    }
  }

  /// What was acknowledged and lost goes again, what was refused is tried anew.
  @Test func whatTheBackupLostGoesAgain() throws {
    var handback = Handback(id: "exchange/1")
    let commit: JSON = ["urg-1-3fa9c2d1", 12, .string(LineHash(of: [1]).hex)]
    func hear(_ kind: String, _ control: String, _ fact: Fact? = nil) {
      let said =
        fact
        ?? Fact(
          kind: kind, subject: "exchange/1", at: .night,
          data: ["commit": commit, "of": 2, "control": .string(control), "trigger": "A28"])
      handback.fold(
        Heard(
          fact: said, time: HybridTime(instant: .night, counter: 0), station: "urg-1-3fa9c2d1", author: "system",
          command: "", source: nil))
    }
    hear("handback.acknowledged", "C1")
    hear("handback.refused", "C2")
    let difference = Difference(.missingThere, subject: "patient/1")
    let decided = try MemoryWorld().run(
      DecideDifference(difference, .again, handbacks: [handback], commits: 1), by: "account/duty")
    #expect(decided.facts.map(\.kind) == ["handback.lost", "handback.resent", "return.decided"])
    for fact in decided.facts { hear("", "", fact) }
    #expect(handback.messages.map(\.status) == [.again, .again] && !handback.isDone)
    hear("handback.acknowledged", "C1")
    hear("handback.acknowledged", "C2")
    #expect(handback.isDone)
  }
}
