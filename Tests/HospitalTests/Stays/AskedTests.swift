import Hospital
import Ledger
import Testing

/// What was asked of the patient, and what they said: of the person in every stay, of the stay alone.
struct AskedTests {
  static let nurse = "account/duty"

  private static func said(
    _ answers: [AskedTopic: NoteAnswers.Said], of stay: String, in world: MemoryWorld, at now: Instant = .hours(1),
    by author: String = nurse
  ) -> String {
    Scene.outcome(NoteAnswers(stay: stay, answers: answers), in: world, by: author, at: now)
  }

  @Test func whatIsSaidIsSaidOnce() throws {
    let (world, id) = try MoveTests.admitted()
    #expect(
      Self.said([.allergies: .text(" pénicilline "), .diet: .none], of: id, in: world) == "patient.asked stay.asked")
    let allergies = try #require(world.patients[Scene.louise]?.answers[.allergies])
    #expect(allergies.text == "pénicilline")
    #expect(allergies.said.at == .hours(1))
    #expect(allergies.said.author == Self.nurse)
    let diet = try #require(world.stays[id]?.answers[.diet])
    #expect(diet.text == nil)
    // The form sent again an hour later is nobody asking again.
    #expect(
      Self.said([.allergies: .text("pénicilline"), .diet: .none], of: id, in: world, at: .hours(2)) == "nothing-changed"
    )
    #expect(Self.said([.allergies: .none], of: id, in: world, at: .hours(3)) == "patient.asked")
    #expect(world.patients[Scene.louise]?.answers[.allergies]?.text == nil)
    #expect(world.patients[Scene.louise]?.answers[.allergies]?.said.at == .hours(3))
    #expect(Self.said([.allergies: .takenBack], of: id, in: world, at: .hours(4)) == "patient.asked")
    #expect(world.patients[Scene.louise]?.answers[.allergies] == nil)
    #expect(Self.said([.allergies: .takenBack], of: id, in: world, at: .hours(5)) == "nothing-changed")
  }

  @Test func noneHidesNothing() throws {
    let (earlier, first) = try MoveTests.admitted()
    #expect(Self.said([.situation: .none, .isolation: .none], of: first, in: earlier) == "patient.asked stay.asked")
    try earlier.run(IsolateBed(bed: RoomTests.bedC, isolation: "contact"), by: Self.nurse, at: .hours(2))
    try earlier.run(Transfer(stay: first, bed: RoomTests.bedC), by: Self.nurse, at: .hours(2))
    let (world, id) = try MoveTests.admitted()
    try world.run(IsolateBed(bed: Scene.bedA, isolation: "contact"), by: Self.nurse, at: .hours(2))
    try world.run(
      SetSituation(patient: Scene.louise, situation: LegalSituation(kind: "prisoner")), by: Self.nurse, at: .hours(2))
    #expect(Self.said([.isolation: .none], of: id, in: world, at: .hours(3)) == "isolation-stands [isolation]")
    #expect(Self.said([.situation: .none], of: id, in: world, at: .hours(3)) == "situation-stands [situation]")
    // What was said before that stands in nobody's way.
    #expect(
      Self.said([.isolation: .none, .diet: .text("mixé")], of: first, in: earlier, at: .hours(3)) == "stay.asked")
    #expect(Self.said([.situation: .text("garde à vue")], of: id, in: world) == "answer-elsewhere [situation]")
    #expect(Self.said([.isolation: .text("contact")], of: id, in: world) == "answer-elsewhere [isolation]")
  }

  @Test func whoMaySay() throws {
    let (world, id) = try MoveTests.admitted()
    #expect(Self.said([.diet: .none], of: "stay/none", in: world) == "stay-unknown [stay]")
    #expect(Self.said([.diet: .text("sans sel")], of: id, in: world, by: "account/auditor") == "not-permitted")
  }

  /// What was said of a file that was absorbed is known of the survivor; what is said now is said of the survivor.
  @Test func afterAMerge() throws {
    let (world, id) = try MoveTests.admitted()
    world.patients[Scene.louise]?.mergedInto = Scene.loise
    #expect(Self.said([.allergies: .text("latex")], of: id, in: world) == "patient.asked")
    #expect(world.patients[Scene.loise]?.answers[.allergies]?.text == "latex")
  }

  @Test func knownAllergiesAreOneForEachThing() {
    let said = Attribution(at: .night, author: "account/1", station: "urg-1-3fa9c2d1")
    func allergy(_ to: String, _ reaction: String?) -> Allergy {
      var stay = Stay(id: "stay/1")
      stay.other = ["allergies": [["AL1-3": .string(to), "AL1-5": reaction.map { .string($0) } ?? .null]]]
      return stay.allergies[0]
    }
    let known = KnownAllergies(
      heard: [allergy("LATEX", nil), allergy("PENICILLINE", "Œdème"), allergy("LATEX", "Urticaire")],
      answers: [Answer("iode", said: said)])
    #expect(known.heard.map(\.to) == ["LATEX", "PENICILLINE"])
    #expect(known.heard.map(\.reaction) == ["Urticaire", "Œdème"])
    #expect(known.answers.map(\.text) == ["iode"] && known.noneHeard == nil)
    let none = KnownAllergies(heard: [allergy("716186003^No known allergy^SCT", nil)], answers: [])
    #expect(none.heard.isEmpty && none.noneHeard?.to == "No known allergy")
    #expect(allergy("^a\\T\\b \\E\\T\\E\\", nil).to == "a&b \\T\\")
  }

  /// PV1-38 as a feed says it, and what is read of it.
  @Test(arguments: [
    (nil, nil), ("DIAB^Diabétique^GAM", "Diabétique"), ("DIAB", "DIAB"), ("^mixé \\T\\ salé", "mixé & salé"),
    ("^", nil),
    ("AUCUN^Aucun régime particulier^L", ""), ("^100 \\X41\\ \\", "100 \\X41\\ \\"),
  ])
  func aDietOfAFeed(said: String?, read: String?) {
    var stay = Stay(id: "stay/1")
    if let said { stay.other = ["PV1-38": .string(said)] }
    #expect(stay.dietHeard == read)
  }

  /// That there is no legal situation is told by no road.
  @Test(
    arguments: [
      ("patient.asked", ["situation": ""], true), ("patient.asked", ["situation": "", "allergies": nil], false),
      ("patient.asked", ["allergies": "latex"], false), ("stay.asked", ["diet": "mixé"], false),
    ] as [(String, JSON, Bool)])
  func answersThatAreKept(kind: String, data: JSON, isKept: Bool) {
    #expect(Fact(kind: kind, subject: "patient/1", at: .night, data: data).isAnswerKept == isKept)
  }
}
