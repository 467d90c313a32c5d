import Hospital
import Ledger
import Testing

struct SheetTests {
  /// A degraded hospital with one block of sheets for emergency.
  private static func reserved(_ count: Int = 5) throws -> (MemoryWorld, String) {
    let world = Scene.world()
    try world.run(ReserveSheets(form: .arrival, count: count), by: "system")
    return (world, try #require(world.sheetBlocks.keys.first))
  }

  private static func enter(
    _ block: String, _ serial: Int, patient: String? = nil, at: Instant? = .hours(1)
  ) -> EnterSheet {
    @Sendable func admit(_ patient: String) -> Admit {
      Admit(patient: patient, stayClass: .emergency, unit: "URG", at: at)
    }
    let unknown = InOneCommit(RegisterUnknown()) { said throws(Refusal) in admit(said.subject("patient") ?? "") }
    return EnterSheet(block: block, serial: serial, at: at, admission: patient.map { admit($0) } ?? unknown)
  }

  private static func statuses(_ world: MemoryWorld, _ block: String) -> String {
    (world.sheetBlock(block)?.sheets ?? []).map(\.status.rawValue).joined(separator: " ")
  }

  /// The stay that a sheet became first.
  private static func stay(_ world: MemoryWorld, _ block: String, _ serial: Int) throws -> Stay {
    let entry = try #require(world.sheetBlock(block)?.sheet(serial)?.entries.first)
    return try #require(world.stays[entry.stay])
  }

  private static func enterAndCancel(_ world: MemoryWorld, _ block: String, _ serial: Int) throws {
    try world.run(enter(block, serial), at: .hours(2))
    let stay = try stay(world, block, serial)
    let movement = try #require(stay.movements.first)
    try world.run(CancelMovement(stay: stay.id, key: movement.key), at: .hours(2))
  }

  @Test func aSheetHasItsNumbersBeforeAnybodyNeedsIt() throws {
    let (world, id) = try Self.reserved(3)
    let sheets = try #require(world.sheetBlocks[id]).sheets
    #expect(sheets.map(\.ipp) == ["P10001", "P10002", "P10003"])
    #expect(sheets.map(\.stayNumber) == ["N10001", "N10002", "N10003"])
    #expect(sheets.map(\.number) == ["00000001-001", "00000001-002", "00000001-003"])
    #expect(world.numbers[.ipp]?.first == "P10004")
    #expect(Self.statuses(world, id) == "blank blank blank")
  }

  @Test func withoutNumbersASheetIsStillASheet() throws {
    let world = Scene.world()
    world.numbers = [.nda: ["N1"]]
    try world.run(ReserveSheets(form: .admission, count: 2), by: "system")
    let sheets = try #require(world.sheetBlocks.values.first).sheets
    #expect(sheets.map(\.ipp) == [nil, nil] && sheets.map(\.stayNumber) == ["N1", nil])
  }

  /// One thing done to a block of five, what it says, and what each of the five is then.
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var before: @Sendable (MemoryWorld, String) throws -> Void = { _, _ in }
    var command: @Sendable (String) -> any Command
    var outcome: String
    var then: String
  }

  private static func range(_ block: String, _ first: Int, _ last: Int) -> SheetRange {
    SheetRange(block: block, first: first, last: last)
  }

  static let rows: [Row] = [
    Row(
      testDescription: "issued is missing until it is back",
      command: { IssueSheets(range($0, 1, 2), to: "Urgences") }, outcome: "sheets.issued",
      then: "missing missing blank blank blank"),
    Row(
      testDescription: "to nobody", command: { IssueSheets(range($0, 1, 2), to: " ") }, outcome: "sheets-to [to]",
      then: "blank blank blank blank blank"),
    Row(
      testDescription: "beyond the block", command: { IssueSheets(range($0, 4, 6), to: "Urgences") },
      outcome: "sheet-range [first]", then: "blank blank blank blank blank"),
    Row(
      testDescription: "the other way round", command: { ReturnSheets(range($0, 3, 2)) },
      outcome: "sheet-range [first]", then: "blank blank blank blank blank"),
    Row(
      testDescription: "of no block", command: { _ in ReturnSheets(range("sheets/none", 1, 1)) },
      outcome: "sheet-unknown [number]", then: "blank blank blank blank blank"),
    Row(
      testDescription: "what lies below one that came back was used", command: { ReturnSheets(range($0, 3, 3)) },
      outcome: "sheets.returned", then: "missing missing returned blank blank"),
    Row(
      testDescription: "what lies below one that was typed in was used", command: { enter($0, 2) },
      outcome: "patient.registered stay.admitted sheets.entered", then: "missing entered blank blank blank"),
    Row(
      testDescription: "one given up says nothing of those below",
      command: { VoidSheets(range($0, 4, 5), why: .unused, note: nil) }, outcome: "sheets.voided",
      then: "blank blank blank void void"),
    Row(
      testDescription: "lost without a word of it",
      command: { VoidSheets(range($0, 1, 1), why: .lost, note: " ") }, outcome: "sheet-lost-note [note]",
      then: "blank blank blank blank blank"),
    Row(
      testDescription: "what was lost is found",
      before: { try $0.run(VoidSheets(range($1, 1, 1), why: .lost, note: "box 4")) },
      command: { ReturnSheets(range($0, 1, 1)) }, outcome: "sheets.returned",
      then: "returned blank blank blank blank"),
    Row(
      testDescription: "found, and typed in at once",
      before: { try $0.run(VoidSheets(range($1, 1, 1), why: .lost, note: "box 4")) },
      command: { enter($0, 1) }, outcome: "patient.registered stay.admitted sheets.entered ~sheet-was-void",
      then: "entered blank blank blank blank"),
    Row(
      testDescription: "scanned twice", before: { try $0.run(ReturnSheets(range($1, 1, 2))) },
      command: { ReturnSheets(range($0, 2, 2)) }, outcome: "", then: "returned returned blank blank blank"),
    Row(
      testDescription: "a sheet that is a patient is not given up", before: { try $0.run(enter($1, 2), at: .hours(2)) },
      command: { VoidSheets(range($0, 1, 3), why: .spoilt, note: nil) }, outcome: "sheet-void-entered [number]",
      then: "missing entered blank blank blank"),
    Row(
      testDescription: "typed in twice", before: { try $0.run(enter($1, 1), at: .hours(2)) },
      command: { enter($0, 1) }, outcome: "sheet-entered [sheet]", then: "entered blank blank blank blank"),
    Row(
      testDescription: "without the hour that is on it", command: { enter($0, 1, at: nil) },
      outcome: "sheet-hour [at]", then: "blank blank blank blank blank"),
    Row(
      testDescription: "of a serial that is not there", command: { enter($0, 6) }, outcome: "sheet-unknown [sheet]",
      then: "blank blank blank blank blank"),
    Row(
      testDescription: "its admission refused: nothing is said of the sheet",
      command: { enter($0, 1, patient: "patient/nobody") }, outcome: "patient-unknown [patient]",
      then: "blank blank blank blank blank"),
    Row(
      testDescription: "whoever spoilt one wrote on it",
      command: { VoidSheets(range($0, 3, 3), why: .spoilt, note: nil) }, outcome: "sheets.voided",
      then: "missing missing void blank blank"),
    Row(
      testDescription: "one that is a patient is not issued", before: { try $0.run(enter($1, 2), at: .hours(2)) },
      command: { IssueSheets(range($0, 1, 3), to: "Urgences") }, outcome: "sheet-issued-used [first]",
      then: "missing entered blank blank blank"),
    Row(
      testDescription: "one that is back is not issued", before: { try $0.run(ReturnSheets(range($1, 2, 2))) },
      command: { IssueSheets(range($0, 2, 3), to: "Urgences") }, outcome: "sheet-issued-used [first]",
      then: "missing returned blank blank blank"),
    Row(
      testDescription: "one that is void is not issued",
      before: { try $0.run(VoidSheets(range($1, 2, 2), why: .unused, note: nil)) },
      command: { IssueSheets(range($0, 1, 2), to: "Urgences") }, outcome: "sheet-issued-used [first]",
      then: "blank void blank blank blank"),
    Row(
      testDescription: "one that somebody has is given to another",
      before: { try $0.run(IssueSheets(range($1, 1, 2), to: "Urgences")) },
      command: { IssueSheets(range($0, 2, 2), to: "SAUV") }, outcome: "sheets.issued",
      then: "missing missing blank blank blank"),
    Row(
      testDescription: "its admission cancelled, it waits", before: { try enterAndCancel($0, $1, 2) },
      command: { ReturnSheets(range($0, 2, 2)) }, outcome: "", then: "missing returned blank blank blank"),
    Row(
      testDescription: "its admission cancelled, it is given up", before: { try enterAndCancel($0, $1, 2) },
      command: { VoidSheets(range($0, 2, 2), why: .unused, note: nil) }, outcome: "sheets.voided",
      then: "missing void blank blank blank"),
    Row(
      testDescription: "its admission cancelled, it is typed in again", before: { try enterAndCancel($0, $1, 2) },
      command: { enter($0, 2) }, outcome: "patient.registered stay.admitted sheets.entered",
      then: "missing entered blank blank blank"),
    Row(
      testDescription: "what was lost, found and cancelled is lost no more",
      before: {
        try $0.run(VoidSheets(range($1, 2, 2), why: .lost, note: "box 4"))
        try enterAndCancel($0, $1, 2)
      },
      command: { ReturnSheets(range($0, 2, 2)) }, outcome: "", then: "missing returned blank blank blank"),
    Row(
      testDescription: "one whose stay goes on as the main system's is a patient",
      before: { world, block in
        try world.run(enter(block, 1), at: .hours(2))
        let stay = try stay(world, block, 1)
        world.hear(Fact(kind: "stay.continued", subject: stay.id, at: .hours(2), data: ["as": "stay/main"]))
      },
      command: { VoidSheets(range($0, 1, 1), why: .unused, note: nil) }, outcome: "sheet-void-entered [number]",
      then: "entered blank blank blank blank"),
    Row(
      testDescription: "too many at once", command: { _ in ReserveSheets(form: .arrival, count: 201) },
      outcome: "sheets-count [count]", then: "blank blank blank blank blank"),
  ]

  @Test(arguments: rows)
  func life(row: Row) throws {
    let (world, block) = try Self.reserved()
    try row.before(world, block)
    #expect(Self.outcome(row.command(block), world) == row.outcome)
    #expect(Self.statuses(world, block) == row.then)
  }

  private static func outcome(_ command: some Command, _ world: MemoryWorld) -> String {
    Scene.outcome(command, in: world, at: .hours(3))
  }

  /// Both hours are kept, and the numbers on paper are those of the file and of the stay.
  @Test func theFileBearsTheNumbersOfTheSheet() throws {
    let (world, block) = try Self.reserved()
    // Somebody is admitted at the desk meanwhile.
    try world.run(RegisterUnknown(), at: .hours(1))
    try world.run(Self.enter(block, 2), at: .hours(4))
    let sheet = try #require(world.sheetBlocks[block]?.sheet(2))
    let entry = try #require(sheet.entries.first)
    #expect(entry.at == .hours(1) && entry.said.at == .hours(4) && entry.said.author == "account/admission")
    let stay = try #require(world.stays[entry.stay])
    #expect(stay.number == "N10002" && stay.number == sheet.stayNumber)
    #expect(stay.admittedAt == .hours(1))
    let patient = try #require(stay.patient.flatMap { world.patients[$0] })
    #expect(patient.identifiers.map(\.value) == ["P10002"] && sheet.ipp == "P10002")
    #expect(patient.unknown?.label == "2")
  }

  @Test func whoIsKnownKeepsTheirOwnNumber() throws {
    let (world, block) = try Self.reserved()
    try world.run(Self.enter(block, 1, patient: Scene.louise), at: .hours(2))
    let entry = try #require(world.sheetBlocks[block]?.sheet(1)?.entries.first)
    #expect(world.stays[entry.stay]?.number == "N10001" && world.stays[entry.stay]?.patient == Scene.louise)
    #expect(world.patients[Scene.louise]?.identifiers == [])
  }

  /// A feed or another station may have used the number: the next one is given rather than none.
  @Test func aNumberThatIsTakenIsNotGivenTwice() throws {
    let (world, block) = try Self.reserved()
    world.stays["stay/other"] = Stay(id: "stay/other")
    world.stays["stay/other"]?.number = "N10001"
    try world.run(Self.enter(block, 1), at: .hours(2))
    let entry = try #require(world.sheetBlocks[block]?.sheet(1)?.entries.first)
    #expect(world.stays[entry.stay]?.number == "N10006")
  }

  /// Of whoever was expected, the admission alone is cancelled: they are expected again.
  @Test func anExpectedPatientWhoseAdmissionIsCancelled() throws {
    let (world, block) = try Self.reserved()
    try world.run(Preadmit(patient: Scene.louise, stayClass: .inpatient, unit: "4EST", expectedAt: .hours(5)))
    let stay = try #require(world.stays.keys.first)
    let admit = Admit(
      patient: Scene.louise, stayClass: .inpatient, unit: "4EST", preadmission: stay, at: .hours(1))
    try world.run(EnterSheet(block: block, serial: 1, at: .hours(1), admission: admit), at: .hours(2))
    #expect(Self.statuses(world, block) == "entered blank blank blank blank")
    let movement = try #require(world.stays[stay]?.movements.first { $0.trigger == "A01" })
    try world.run(CancelMovement(stay: stay, key: movement.key), at: .hours(2))
    #expect(world.stays[stay]?.status == .preadmitted)
    #expect(Self.statuses(world, block) == "returned blank blank blank blank")
    let number = try #require(world.stays[stay]?.number)
    let match = MatchSheet(block: block, serial: 1, stayNumber: number)
    #expect(Self.outcome(match, world) == "sheet-no-stay [stayNumber]")
  }

  @Test func whoWasAdmittedWithoutTheirSheet() throws {
    let (world, block) = try Self.reserved()
    func match(_ serial: Int, _ number: String, of other: String? = nil) -> String {
      Self.outcome(MatchSheet(block: other ?? block, serial: serial, stayNumber: number), world)
    }
    try world.run(Admit(patient: Scene.louise, stayClass: .emergency, unit: "URG", at: .hours(1)), at: .hours(2))
    #expect(match(2, "N10006") == "sheets.entered")
    let entry = try #require(world.sheetBlocks[block]?.sheet(2)?.entries.first)
    #expect(world.stays[entry.stay]?.patient == Scene.louise && entry.at == .hours(1))
    #expect(match(2, "N10006") == "sheet-entered [sheet]")
    #expect(match(1, "N10002") == "sheet-no-stay [stayNumber]")
    // Nobody else is that stay: neither of this block nor of another.
    #expect(match(1, "N10006") == "sheet-stay-has-one [stayNumber]")
    try world.run(ReserveSheets(form: .admission, count: 1), by: "system")
    let other = try #require(world.sheetBlocks.keys.first { $0 != block })
    #expect(match(1, "N10006", of: other) == "sheet-stay-has-one [stayNumber]")
    #expect(Self.outcome(Self.enter(block, 2), world) == "sheet-entered [sheet]")
    // It was somebody else's: taken back, it is to be typed in, and the right one is matched.
    #expect(Self.outcome(PartSheet(block: block, serial: 1, stay: entry.stay), world) == "sheet-unknown [sheet]")
    #expect(Self.outcome(PartSheet(block: block, serial: 2, stay: entry.stay), world) == "sheets.parted")
    #expect(Self.statuses(world, block) == "missing returned blank blank blank")
    #expect(match(1, "N10006") == "sheets.entered")
    #expect(Self.outcome(Self.enter(block, 2), world).hasSuffix("sheets.entered"))
    #expect(Self.statuses(world, block) == "entered entered blank blank blank")
    // Whoever was admitted by the sheet is not parted from it.
    let own = try #require(world.sheetBlocks[block]?.sheet(2)?.entries.first)
    #expect(Self.outcome(PartSheet(block: block, serial: 2, stay: own.stay), world) == "sheet-part-own [notStay]")
  }

  /// Paper that waited for a week, where late entries reach back three days.
  @Test func paperThatWaitedIsTypedIn() throws {
    let (world, block) = try Self.reserved()
    let late = Instant.hours(24 * 7)
    let admit = Admit(patient: Scene.louise, stayClass: .emergency, unit: "URG", at: .hours(1))
    #expect(Scene.outcome(admit, in: world, at: late) == "at-too-old [at]")
    let said = Scene.outcome(Self.enter(block, 1, patient: Scene.louise), in: world, at: late)
    #expect(said == "stay.admitted sheets.entered")
    let old = Self.enter(block, 2, patient: Scene.loise, at: .hours(-73))
    #expect(Scene.outcome(old, in: world, at: late) == "at-too-old [at]")
  }

  @Test func whoMay() throws {
    let (world, block) = try Self.reserved()
    let roles = Role.allCases.filter { role in
      Scene.outcome(ReturnSheets(Self.range(block, 1, 1)), in: world, by: "account/\(role.rawValue)", at: .hours(2))
        != "not-permitted"
    }
    #expect(Set(roles) == [.admission, .triage, .physician, .nurse, .supervisor, .duty, .administrator])
  }

  @Test func counts() throws {
    let (world, block) = try Self.reserved(9)
    try world.run(IssueSheets(Self.range(block, 1, 6), to: "Urgences"))
    try world.run(Self.enter(block, 1), at: .hours(2))
    try world.run(ReturnSheets(Self.range(block, 3, 3)))
    try world.run(VoidSheets(Self.range(block, 4, 4), why: .spoilt, note: nil))
    let counts = SheetCounts(try #require(world.sheetBlocks[block]).sheets)
    #expect(counts.reserved == 9 && counts.issued == 6 && counts.returned == 2)
    #expect(counts[.missing] == 3 && counts[.returned] == 1 && counts[.entered] == 1)
    #expect(counts[.void] == 1 && counts[.blank] == 3)
  }

  /// What another station typed in of a block that is not known here yet counts once it is.
  @Test func entriesMayComeFirst() throws {
    let (world, id) = try Self.reserved()
    let said = world.facts.filter { $0.kind == "sheets.reserved" }
    let entered = Fact(
      kind: "sheets.entered", subject: id, at: .hours(1), data: ["serial": 2, "stay": "stay/elsewhere"])
    let late = MemoryWorld()
    for fact in [entered] + said { late.hear(fact) }
    #expect(Self.statuses(late, id) == "missing entered blank blank blank")
  }

  static let typed = [
    ("0b7a1f2e-007", "0B7A1F2E-007"), (" 0B7A 1F2E - 007 ", "0B7A1F2E-007"), ("0B7A1F2E–007", "0B7A1F2E-007"),
    ("7", "7"), ("7F3A09C1-QUAI", "7F3A09C1-QUAI"), ("7f3a09c1-quai", "7F3A09C1-QUAI"),
    // A scanner set to another keyboard: `0B7A1F2E-007` on the keys of a French one.
    ("àBèQ&FéE)ààè", "0B7A1F2E-007"), ("àbèq&fée)àà-", "0B7A1F2E-006"),
  ]

  @Test(arguments: typed)
  func numbersAsTheyAreTyped(typed: String, number: String) {
    #expect(SheetNumber.read(typed) == number)
  }
}
