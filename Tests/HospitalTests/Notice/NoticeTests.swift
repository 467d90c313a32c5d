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

  /// Stations that did not hear each other: the one approved last is told, whatever its number, until somebody who had
  /// them all before them approves another.
  @Test func theLastApprovedIsTold() throws {
    let world = MemoryWorld()
    let content = try #require(Self.drafted(MemoryWorld()).content)
    func tell(_ id: String, _ number: Int, after: [String]?, at hour: Int) throws -> String {
      var said = content
      said.madeAt = .hours(hour)
      let draft: JSON = ["number": .integer(number), "content": said.json]
      let subject = "notice/\(id)"
      world.hear(
        Fact(kind: "notice.drafted", subject: subject, at: .hours(hour), data: draft), at: .hours(hour),
        author: Self.duty)
      let hash = try #require(world.drafts[subject]?.hash)
      var data: JSONObject = ["hash": .string(hash)]
      if let after { data.append("after", .array(after.map { .string($0) })) }
      world.hear(
        Fact(kind: "notice.approved", subject: subject, at: .hours(hour), data: .object(data)), at: .hours(hour),
        author: Self.second)
      return hash
    }
    func names(_ notices: [Notice]) -> String { notices.map { String($0.id.dropFirst(7)) }.joined(separator: " ") }

    let before = try tell("a", 1, after: nil, at: 0)
    #expect(names(world.notices.standing) == "a")
    let first = try tell("b", 3, after: [before], at: 1)
    let second = try tell("c", 2, after: [before], at: 2)
    #expect(names(world.notices.standing) == "b c" && world.notices.current?.id == "notice/c")
    // A clock behind: what it knew counts, not its hour.
    let third = try tell("d", 4, after: [first, second], at: 1)
    #expect(names(world.notices.standing) == "d" && world.notices.current?.id == "notice/d")
    // Two at once, under one number.
    let fourth = try tell("e", 5, after: [third], at: 3)
    let fifth = try tell("f", 5, after: [third], at: 4)
    #expect(names(world.notices.standing) == "e f")
    let versions = world.notices.shuffled().numbered.filter { $0.number == 5 }.compactMap(\.version)
    #expect(Set(versions) == ["5 · \(fourth.prefix(8))", "5b · \(fifth.prefix(8))"])
    let state = try #require(world.drafts["notice/f"])
    #expect(Notice(stored: state.stored) == state)
    // An approval of before it was said what it had before it had all the earlier ones.
    _ = try tell("g", 6, after: nil, at: 5)
    #expect(names(world.notices.standing) == "g")
    // Whoever approves names all that stand; what is no newer is drafted again.
    let (old, new) = (try Self.drafted(world, at: 6), try Self.drafted(world, at: 6))
    let approved = try world.run(
      AnswerNotice(new.id, hash: new.hash ?? "", .approve), by: Self.second, at: .hours(6))
    #expect(approved.facts[0].data["after"] == .array([.string(try #require(world.drafts["notice/g"]?.hash))]))
    #expect(Self.answer(old, in: world, at: 6) == "notice-older")
  }

  /// A surname and a given name of one person in one text; nothing less.
  @Test(
    arguments: [
      ("La famille de Louise MARTIN est attendue.", "LOUISE MARTIN"), ("martin, LOUISE", "LOUISE MARTIN"),
      ("Mme Louise Le Goff", "GOFF LOUISE"), ("Jean-Pierre PETIT", "JEAN PETIT PIERRE"), ("Pierre Petit", ""),
      ("Un petit retard", ""), ("Louise", ""), ("M. Martin", ""), ("Saint-Martin, rue Louise", "LOUISE MARTIN"),
      ("Entrée rue Rose", ""), ("LOUISETTE MARTINET", ""), ("Élodie ROSE", "ELODIE ROSE"),
    ])
  func namesOfPatients(text: String, words: String) throws {
    func patient(_ name: String, _ given: String, used: String? = nil) -> Patient {
      var patient = Patient(id: "patient/\(name)")
      (patient.birthName, patient.birthGivenName, patient.usedName) = (name, given, used)
      return patient
    }
    let here =
      [patient("DUPONT", "Louise", used: "MARTIN"), patient("LE GOFF", "Louise")]
      + [patient("PETIT", "Jean-Pierre"), patient("Rose", "Elodie")]
    let names = NoticeNames(try Self.words(french: text, english: "Nobody"))
    #expect(names.found(of: here).joined(separator: " ") == words)
    // Of two texts, one with each.
    let apart = NoticeNames(try Self.words(french: "Louise", english: "Martin"))
    #expect(apart.found(of: here).isEmpty)
  }

  @Test func aNameIsConfirmedTwice() throws {
    let world = MemoryWorld()
    let words = try Self.words(french: "Louise Martin", english: "Louise Martin")
    func draft(_ isConfirmed: Bool) -> String {
      let command = DraftNotice(words, named: ["LOUISE", "MARTIN"], isConfirmed: isConfirmed)
      return Scene.outcome(command, in: world, by: Self.duty)
    }
    #expect(draft(false) == "notice-names-patient [named]" && draft(true) == "notice.drafted")
    let notice = try #require(world.notices.first)
    func approve(_ isConfirmed: Bool) -> String {
      let command = AnswerNotice(
        notice.id, hash: notice.hash ?? "", .approve, named: ["LOUISE", "MARTIN"], isConfirmed: isConfirmed)
      return Scene.outcome(command, in: world, by: Self.second)
    }
    #expect(approve(false) == "notice-names-patient [named]" && approve(true) == "notice.approved")
  }

  /// The same content has one hash; whatever differs has another.
  @Test func theHashIsOfWhatIsSaid() throws {
    let (one, other) = (MemoryWorld(), MemoryWorld())
    #expect(try Self.drafted(one).hash == Self.drafted(other).hash)
    try other.run(DeclareCare([CareLineTests.closed()]), by: Self.duty)
    #expect(try Self.drafted(one).hash != Self.drafted(other).hash)
  }
}
