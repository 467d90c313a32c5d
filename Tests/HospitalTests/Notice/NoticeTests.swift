import Hospital
import Ledger
import Testing

struct NoticeTests {
  static func words(
    places: String? = "Hôpital d'Évry; 1 rue X; 01 60 00 00 00", phones: [NoticeContent.Phone: String] = [:],
    french: String? = nil, english: String? = nil, next: Instant = .hours(4)
  ) throws(Refusal) -> NoticeWords {
    try NoticeWords(
      advice: .callFirst, places: places, phones: phones, french: french, english: english, nextUpdateAt: next)
  }

  static func outcome(_ body: () throws(Refusal) -> NoticeWords) -> String {
    do {
      let words = try body()
      return "\(words.places.count) \(words.phones.map { "\($0.phone.rawValue) \($0.number)" }.joined(separator: " "))"
    } catch { return "\(error.code) [\(error.field ?? "")]" }
  }

  @Test func wordsAreRead() throws {
    #expect(Self.outcome { () throws(Refusal) in try Self.words() } == "1 ")
    #expect(Self.outcome { () throws(Refusal) in try Self.words(places: "A\n\n ; ;\nB;;15\r\n") } == "2 ")
    #expect(Self.outcome { () throws(Refusal) in try Self.words(places: "A;b;c;d") } == "notice-places [places]")
    #expect(Self.outcome { () throws(Refusal) in try Self.words(places: ";b") } == "notice-places [places]")
    #expect(Self.outcome { () throws(Refusal) in try Self.words(places: "A;b;Mme MARTIN") } == "notice-phone [places]")
    let long = String(repeating: "é", count: 121)
    #expect(Self.outcome { () throws(Refusal) in try Self.words(places: long) } == "notice-places [places]")
    let many = Array(repeating: "A", count: 13).joined(separator: "\n")
    #expect(Self.outcome { () throws(Refusal) in try Self.words(places: many) } == "notice-places [places]")
    #expect(
      Self.outcome { () throws(Refusal) in
        try Self.words(phones: [.families: "01 99 00 00 02", .switchboard: " 3939 "])
      } == "1 switchboard 3939 families 01 99 00 00 02")
    #expect(Self.outcome { () throws(Refusal) in try Self.words(phones: [.press: "demain"]) } == "notice-phone [press]")
    #expect(Self.outcome { () throws(Refusal) in try Self.words(french: "a") } == "notice-message [messageEn]")
    #expect(Self.outcome { () throws(Refusal) in try Self.words(english: "a") } == "notice-message [messageFr]")
  }

  static let duty = "account/duty"
  static let second = "account/supervisor"

  static func drafted(_ world: MemoryWorld, at hour: Int = 0) throws -> Notice {
    let decision = try world.run(DraftNotice(words(next: .hours(hour + 4))), by: duty, at: .hours(hour))
    return try #require(world.drafts[decision.facts[0].subject])
  }

  static func answer(
    _ notice: Notice, _ way: AnswerNotice.Way = .approve, in world: MemoryWorld, by author: String = second,
    at hour: Int = 0,
    hash: String? = nil
  ) -> String {
    let command = AnswerNotice(notice.id, hash: hash ?? notice.hash ?? "", way)
    return Scene.outcome(command, in: world, by: author, at: .hours(hour))
  }

  @Test func twoPeople() throws {
    let world = MemoryWorld()
    try world.run(DeclareCare([CareLineTests.closed(note: "PACS chiffré")]), by: Self.duty)
    let draft = try Self.drafted(world)
    #expect(draft.number == 1)
    #expect(draft.content?.lines.map(\.key) == ["ct"])
    // The hospital's own note goes nowhere.
    #expect(draft.document?.contains("PACS") == false)
    #expect(world.notices.current == nil)
    #expect(Self.answer(draft, in: world, by: Self.duty) == "notice-same-person")
    #expect(Self.answer(draft, in: world, by: "account/admission") == "not-permitted")
    #expect(Self.answer(draft, in: world, by: "system") == "notice-by-person")
    #expect(Self.answer(draft, in: world, hash: "0000") == "notice-unknown")
    #expect(Self.answer(draft, in: world, at: 4) == "notice-update-past")
    #expect(Self.answer(draft, in: world) == "notice.approved")
    #expect(world.notices.current?.id == draft.id)
    #expect(Self.answer(draft, in: world) == "notice-not-open")
    #expect(Self.answer(draft, .withdraw, in: world) == "notice-not-open")
  }

  @Test func whatChangedSinceIsDraftedAgain() throws {
    let world = MemoryWorld()
    let first = try Self.drafted(world)
    try world.run(DeclareCare([CareLineTests.closed()]), by: Self.duty)
    #expect(Self.answer(first, in: world) == "notice-care-changed")
    #expect(Self.answer(first, .withdraw, in: world, by: Self.duty) == "notice.withdrawn")
    #expect(Self.answer(first, in: world) == "notice-not-open")
    let next = try Self.drafted(world, at: 1)
    #expect(next.number == 2)
    #expect(Self.answer(next, in: world, at: 1) == "notice.approved")
    world.hear(CareLineTests.said("open", at: 2, by: "bloc-2-fb928193"))
    #expect(
      Scene.outcome(try DraftNotice(Self.words()), in: world, by: Self.duty, at: .hours(2))
        == "notice-care-contradicted")
  }

  @Test func whoMayDraft() throws {
    for (author, next, outcome) in [
      (Self.duty, 4, "notice.drafted"), ("account/nurse", 4, "not-permitted"), ("system", 4, "notice-by-person"),
      (Self.duty, 0, "care-review-when [nextUpdateAt]"), (Self.duty, 169, "care-review-when [nextUpdateAt]"),
    ] {
      let command = try DraftNotice(Self.words(next: .hours(next)))
      #expect(Scene.outcome(command, in: MemoryWorld(), by: author) == outcome)
    }
  }

  /// Whatever a station writes, one's own draft and another text are not approved.
  @Test func aFoldApprovesNothingByItself() throws {
    let world = MemoryWorld()
    let draft = try Self.drafted(world)
    func approve(_ hash: String, by author: String) {
      world.hear(
        Fact(kind: "notice.approved", subject: draft.id, at: .hours(1), data: ["hash": .string(hash)]), at: .hours(1),
        author: author)
    }
    approve(try #require(draft.hash), by: Self.duty)
    approve(String(repeating: "0", count: 64), by: Self.second)
    #expect(world.drafts[draft.id]?.status == .draft)
    approve(try #require(draft.hash), by: Self.second)
    #expect(world.drafts[draft.id]?.status == .approved)
    // Another station withdrew it, unaware: it may be out.
    world.hear(
      Fact(kind: "notice.withdrawn", subject: draft.id, at: .hours(1), data: [:]), at: .hours(2), author: Self.duty)
    #expect(world.drafts[draft.id]?.status == .approved)
    let state = try #require(world.drafts[draft.id])
    #expect(Notice(stored: state.stored) == state)
  }

  /// The same content has one hash; whatever differs has another.
  @Test func theHashIsOfWhatIsSaid() throws {
    let (one, other) = (MemoryWorld(), MemoryWorld())
    #expect(try Self.drafted(one).hash == Self.drafted(other).hash)
    try other.run(DeclareCare([CareLineTests.closed()]), by: Self.duty)
    #expect(try Self.drafted(one).hash != Self.drafted(other).hash)
  }
}
