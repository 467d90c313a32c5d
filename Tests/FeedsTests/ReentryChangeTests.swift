import Feeds
import Hospital
import Interop
import Ledger
import Register
import Spoken
import Testing

/// What the main system has and is otherwise by now: a line for each on the screen and in the file.
struct ReentryChangeTests {
  private let now = Instant(milliseconds: 1_764_633_700_000)
  private let at = Instant(milliseconds: 1_764_540_000_000)
  private var feed: SpokenFeed { SpokenFeed(of: "MARTIN", in: "7700", at: at) }

  @discardableResult
  private func submit(
    _ station: ImportStation, _ command: any Command, by author: String = "system", source: Source? = nil
  ) async throws -> Receipt {
    try await station.register.submit(
      Submission(command, key: station.environment.newID(), author: author, source: source))
  }

  private func hear(_ station: ImportStation, _ facts: [Fact]) async throws {
    let source = Source(
      sender: "GAM|CH", control: station.environment.newID(), text: "", instant: station.environment.now())
    try await submit(station, Say(facts), source: source)
  }

  /// What the main system's feed had said, and the night that follows.
  private func night(_ said: [Fact]) async throws -> ImportStation {
    let station = try ImportStation()
    try await hear(station, [feed.described("710000")] + said)
    try await submit(station, DeclareMode(mode: .degraded, isLocal: false, reason: "essai"))
    return station
  }

  private func queue(_ station: ImportStation) throws -> ReentryQueue {
    try station.register.read { try ReentryQueue($0, at: now) }
  }

  private func open(_ station: ImportStation) throws -> ReentryQueue.Item {
    let open = try queue(station).open
    try #require(open.count == 1)
    return open[0]
  }

  /// Lines of a file, by the columns that are looked at.
  private func rows(_ station: ImportStation, _ columns: String...) throws -> [[String]] {
    let writing = ReentryValue.Writing(ippAuthority: "1.2.250.1.999.1", hour: { $0.text }, date: { $0.text })
    let places = try columns.map { try #require(ReentryFile.columns.firstIndex(of: $0)) }
    return ReentryFile(try queue(station), writing, at: now).rows.map { row in places.map { row[$0] } }
  }

  /// Into a file; the next one holds the same.
  private func export(_ station: ImportStation) async throws {
    let writing = ReentryValue.Writing(ippAuthority: "1.2.250.1.999.1", hour: { $0.text }, date: { $0.text })
    let file = ReentryFile(try queue(station), writing, at: now)
    for note in file.notes { try await submit(station, note) }
    #expect(ReentryFile(try queue(station), writing, at: now).rows == file.rows)
  }

  @Test(arguments: ["A01", "A03", "A05"])
  func whatIsUndoneIsSaid(trigger: String) async throws {
    let said =
      switch trigger {
      case "A03": [feed.said("stay.admitted", "500", "A01"), feed.said("stay.discharged", "501", "A03", hours: 1)]
      case "A05": [feed.said("stay.preadmitted", "501", "A05", hours: 40)]
      default: [feed.said("stay.admitted", "501", "A01")]
      }
    let station = try await night(said)
    try await submit(station, CancelMovement(stay: feed.stay, key: "1.2.250.1.99.2|501"))
    let item = try open(station)
    #expect(item.item == feed.stay && item.stayKnown == .known && !item.isUndoneUntold)
    #expect(item.openChanges.map(\.action) == [.cancel] && item.openChanges[0].movement?.trigger == trigger)
    let lines = [
      ["identity", "", "", "update"], ["stay", "", "", trigger == "A03" ? "update" : "cancel"],
      ["movement", "501", trigger, "cancel"],
    ]
    #expect(try rows(station, "line", "movement", "trigger", "action") == lines)
    try await export(station)
    #expect(try rows(station, "line", "movement", "trigger", "action") == lines)
  }

  /// From what the main system has to what holds, in one step on a screen; each step in the file.
  @Test func whatIsCorrectedIsSaid() async throws {
    let station = try await night([feed.said("stay.admitted", "501", "A01")])
    let key = "1.2.250.1.99.2|501"
    let (one, two) = (at.adding(seconds: 600), at.adding(seconds: 1200))
    for hour in [one, two] { try await submit(station, CorrectMovement(stay: feed.stay, key: key, at: hour)) }
    let changes = try open(station).openChanges
    #expect(changes.map(\.action) == [.update] && changes[0].was?.at == at && changes[0].movement?.at == two)
    #expect(
      try rows(station, "action", "wasAt", "at").dropFirst(2)
        == [["update", at.text, one.text], ["update", one.text, two.text]])
    // Back to what it was: nothing is left to change there.
    try await submit(station, CorrectMovement(stay: feed.stay, key: key, at: at))
    #expect(try open(station).openChanges.isEmpty)
    try await submit(station, CorrectMovement(stay: feed.stay, key: key, attending: "LEROY PAUL"))
    #expect(try open(station).openChanges.map(\.movement?.attending) == ["LEROY PAUL"])
    // What is undone is found by the hour that the main system has.
    try await submit(station, CorrectMovement(stay: feed.stay, key: key, at: two))
    try await submit(station, CancelMovement(stay: feed.stay, key: key))
    let undone = try open(station).openChanges
    #expect(undone.map(\.action) == [.cancel] && undone[0].movement?.at == at)
  }

  /// Admitted and undone here: there is nothing to undo there, unless a road told of the admission before.
  @Test(arguments: [false, true])
  func whatWasMadeHereAndUndone(isTold: Bool) async throws {
    let station = try await night([])
    let made = try #require(
      try await submit(
        station, Admit(patient: feed.file("710000"), stayClass: .inpatient, unit: "7700", entryMode: "8")
      ).subject("stay"))
    let key = try #require(try station.register.read { try $0.stay(made)?.movements.first?.key })
    if isTold { try await export(station) }
    try await submit(station, CancelMovement(stay: made, key: key))
    let item = try open(station)
    #expect(item.isUndoneUntold == !isTold && item.openChanges.map(\.action) == (isTold ? [.cancel] : []))
    let told = [["identity", "", "update"], ["stay", "", "cancel"]]
    #expect(try rows(station, "line", "movement", "action") == told + (isTold ? [["movement", key, "cancel"]] : []))
    try await export(station)
  }

  @Test func aComingThatWasPutAtAnotherHour() async throws {
    let station = try await night([feed.said("stay.admitted", "501", "A01")])
    let coming = Fact(
      kind: "stay.attended", subject: feed.stay, at: at.adding(seconds: 1800),
      data: ["movement": ["key": "1.2.250.1.99.2|9", "unit": "7700"]])
    try await hear(station, [coming])
    let hour = at.adding(seconds: 3600)
    try await submit(station, CorrectMovement(stay: feed.stay, key: "1.2.250.1.99.2|9", at: hour))
    let change = try #require(try open(station).openChanges.first)
    #expect(change.action == .update && change.movement?.trigger == "session" && change.movement?.at == hour)
  }

  /// What its feed said of somebody and holds no more: the fields are empty now, and it has to be said of which. What came
  /// and went meanwhile is nobody's to erase.
  @Test func whatIsErased() async throws {
    let known = Fact(
      kind: "patient.described", subject: feed.file("710000"), at: at,
      data: ["usedName": "DURAND", "phones": ["0600000001"]])
    let station = try await night([known])
    func correct(_ change: (inout Traits) -> Void) async throws {
      var traits = Traits(try #require(try station.register.read { try $0.patient(feed.file("710000")) }))
      change(&traits)
      try await submit(station, CorrectPatient(patient: feed.file("710000"), traits: traits))
    }
    try await correct { ($0.usedName, $0.phones) = (nil, []) }
    try await correct { $0.emails = ["a@exemple.invalid"] }
    try await correct { $0.emails = [] }
    let change = try #require(try open(station).openChanges.first)
    #expect(try open(station).openChanges.count == 1)
    #expect(change.action == .erase && change.erased == [.usedName, .phone])
    let lines = [["identity", "update", "", "", ""], ["identity", "erase", "DURAND", "0600000001", ""]]
    #expect(try rows(station, "line", "action", "usedName", "phone", "email") == lines)
    // Another one in its place is typed over it.
    try await correct { $0.usedName = "LEROY" }
    #expect(try open(station).openChanges.map(\.erased) == [[.phone]])
  }

  /// What a file told of a stay and is taken back; what came and went meanwhile is nobody's to erase.
  @Test func whatIsErasedOfAStay() async throws {
    let station = try await night([feed.said("stay.admitted", "501", "A01")])
    func ask(_ answers: [AskedTopic: NoteAnswers.Said]) async throws {
      try await submit(station, NoteAnswers(stay: feed.stay, answers: answers))
    }
    try await ask([.diet: .text("mixé")])
    try await export(station)
    #expect(try queue(station).open.isEmpty)
    try await ask([.isolation: NoteAnswers.Said.none])
    try await ask([.diet: .takenBack, .isolation: .takenBack])
    let change = try #require(try open(station).openChanges.first)
    #expect(try open(station).openChanges.count == 1)
    #expect(change.action == .erase && change.erased == [.diet] && change.formerStay?.answers[.diet]?.text == "mixé")
    let lines = [
      ["identity", "update", "", "", ""], ["stay", "update", "7200", "", ""], ["stay", "erase", "7200", "mixé", ""],
    ]
    #expect(try rows(station, "line", "action", "number", "diet", "isolation") == lines)
    // Another one in its place is typed over it.
    try await ask([.diet: .text("sans sel")])
    #expect(try open(station).openChanges.isEmpty)
  }

  private func people(_ station: ImportStation) async throws -> [String] {
    var accounts: [String] = []
    for login in ["un", "deux"] {
      let id = "account/\(station.environment.newID())"
      try await submit(
        station, OpenAccount(account: id, login: login, name: login, function: nil, roles: [.records], units: []))
      accounts.append(id)
    }
    return accounts
  }

  /// Two files of the main system are one person's: one screen, which says so, until they are parted again.
  @Test func twoFilesThatItKnows() async throws {
    let station = try await night([feed.described("710001")])
    let author = try await people(station)[0]
    try await submit(station, MergePatients(absorbed: feed.file("710001"), into: feed.file("710000")), by: author)
    let item = try open(station)
    #expect(item.person?.id == feed.file("710000") && item.personKnown == .known && item.aliases.isEmpty)
    #expect(item.openChanges.map(\.action) == [.merge])
    #expect(item.openChanges.first?.former?.id == feed.file("710001"))
    #expect(
      try rows(station, "line", "ipp", "otherIpp", "action")
        == [["identity", "710000", "", "update"], ["identity", "710000", "710001", "merge"]])
    // One tick tells both files' part of it.
    try await submit(station, NoteReentry(item.parts, road: .hand))
    #expect(try queue(station).open.isEmpty && queue(station).screens.count == 1)
    // The file that gave way was heard of before: that confirms nothing.
    #expect(try ReentryCounts(queue(station)).confirmed == 0)
    try await submit(station, UnmergePatients(patient: feed.file("710001")), by: author)
    let parted = try open(station).openChanges
    #expect(parted.map(\.action) == [.part] && parted[0].present?.id == feed.file("710001"))
    #expect(parted[0].former?.id == feed.file("710000"))
  }

  @Test func joinedAndPartedBeforeItWasTold() async throws {
    let station = try await night([feed.described("710001")])
    let author = try await people(station)[0]
    try await submit(station, MergePatients(absorbed: feed.file("710001"), into: feed.file("710000")), by: author)
    try await submit(station, UnmergePatients(patient: feed.file("710001")), by: author)
    #expect(try queue(station).open.flatMap(\.openChanges).isEmpty)
  }

  /// Admitted under a provisional number, then found to be whom the main system knows: told under its number, and not
  /// created a second time.
  @Test func whoWasMatchedIsNotCreatedTwice() async throws {
    let station = try await night([])
    let accounts = try await people(station)
    var traits = Traits()
    (traits.birthName, traits.birthGivenName, traits.birthPlace) = ("MARTIN", "LOUISE", "99999")
    (traits.birthDate, traits.sex) = (PartialDate(year: 1961, month: 3, day: 12), .female)
    let here = try #require(
      try await submit(station, RegisterPatient(traits: traits, situations: [LegalSituation(kind: "custody")]))
        .subject("patient"))
    let made = try #require(
      try await submit(station, Admit(patient: here, stayClass: .inpatient, unit: "7700", entryMode: "8"))
        .subject("stay"))
    try await submit(
      station,
      MergePatients(
        absorbed: here, into: feed.file("710000"), checkedBy: accounts[1], checkedTraits: ["birthName", "birthDate"]),
      by: accounts[0])
    let item = try open(station)
    let number = try #require(try station.register.read { try $0.stay(made)?.number })
    #expect(item.item == made && item.person?.id == feed.file("710000") && item.personKnown == .known)
    #expect(item.aliases.map(\.id) == [here] && item.openChanges.isEmpty)
    // What was said of the file that gave way is the person's.
    #expect(item.person?.situations.map(\.kind) == ["custody"])
    #expect(
      try rows(station, "line", "ipp", "number", "action") == [
        ["identity", "710000", "", "update"], ["stay", "710000", number, "create"],
        ["movement", "710000", number, "insert"],
      ])
    try await submit(station, NoteReentry(item.parts, road: .hand))
    #expect(try queue(station).open.isEmpty && queue(station).screens.count == 1)
  }
}
