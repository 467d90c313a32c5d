import Hospital
import Ledger
import Testing

/// A hospital where things have happened already, and what a command comes to in it: `stay.admitted bed.freed`, with
/// warnings after a `~`, or a refusal and its field.
enum Scene {
  static let louise = "patient/louise"
  static let loise = "patient/lois"

  static func world() -> MemoryWorld {
    let world = MemoryWorld()
    world.modes["mode/hospital"] = {
      var declared = ModeDeclaration(id: "mode/hospital")
      declared.mode = .degraded
      declared.since = .hours(-1)
      declared.time = HybridTime(instant: .hours(-1), counter: 0)
      return declared
    }()
    for id in [louise, loise, "patient/baby", "patient/third"] {
      var patient = Patient(id: id)
      patient.birthDate = PartialDate(year: 1961, month: 3, day: 12)
      world.patients[id] = patient
    }
    world.patients["patient/baby"]?.birthDate = PartialDate(year: 2022, month: 8, day: 21)
    return world
  }

  static func bed(_ unit: String, _ room: String, _ code: String) -> String {
    Bed.id(finess: "910000000", unit: unit, room: room, code: code)
  }

  static let bedA = bed("4EST", "1", "A")
  static let bedB = bed("4EST", "1", "B")
  static let box1 = bed("URG", "BOX", "1")

  static func outcome(
    _ command: some Command, in world: MemoryWorld, by author: String = "account/admission", at now: Instant = .night
  ) -> String {
    do {
      let decision = try world.run(command, by: author, at: now)
      let warnings = decision.warnings.map { " ~\($0.code)" }.joined()
      return decision.facts.map(\.kind).joined(separator: " ") + warnings
    } catch {
      return "\(error.code)\(error.field.map { " [\($0)]" } ?? "")"
    }
  }
}

struct AdmitTests {
  static func admit(
    _ stayClass: StayClass = .inpatient, unit: String? = "4EST", bed: String? = nil, patient: String = Scene.louise
  ) -> Admit {
    Admit(patient: patient, stayClass: stayClass, unit: unit, bed: bed)
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var before: @Sendable (MemoryWorld) throws -> Void
    var command: Admit
    var author: String
    var outcome: String

    init(
      _ rule: String, _ command: Admit, _ outcome: String, by author: String = "account/admission",
      before: @escaping @Sendable (MemoryWorld) throws -> Void = { _ in }
    ) {
      (testDescription, self.command, self.outcome, self.author, self.before) = (rule, command, outcome, author, before)
    }
  }

  static func with(_ admit: Admit, _ change: (inout Admit) -> Void) -> Admit {
    var admit = admit
    change(&admit)
    return admit
  }

  static let rows: [Row] = [
    Row("into a unit", admit(), "stay.admitted"),
    Row("into a bed", admit(bed: Scene.bedA), "stay.admitted"),
    Row("into a bed without naming its unit", admit(unit: nil, bed: Scene.bedA), "stay.admitted"),
    Row("emergency", admit(.emergency, unit: "URG", bed: Scene.box1), "stay.admitted"),
    Row("the main system is in charge", admit(), "stay.admitted ~mode-standby") { $0.modes = [:] },
    Row("by nobody known", admit(), "account-unknown", by: "account/ghost"),
    Row("by whoever may not", admit(), "not-permitted", by: "account/switchboard"),
    Row("by a nurse", admit(), "stay.admitted", by: "account/nurse"),
    Row("by the feed", admit(), "stay.admitted", by: "system"),
    Row("by a closed account", admit(), "account-inactive", by: "account/admission") {
      $0.accounts["account/admission"]?.closed = true
    },
    Row("by an envelope that nobody claimed", admit(), "account-unclaimed", by: "account/admission") {
      $0.accounts["account/admission"]?.emergency = true
    },
    Row("nobody known", admit(patient: "patient/ghost"), "patient-unknown [patient]"),
    Row("a merged identity", admit(), "patient-merged [patient]") {
      $0.patients[Scene.louise]?.mergedInto = Scene.loise
    },
    Row("the dead", admit(), "stay.admitted ~patient-deceased") { $0.patients[Scene.louise]?.deathAt = .hours(-2) },
    Row(
      "the dead, for organ removal", with(admit()) { $0.entryMode = "O" }, "stay.admitted"
    ) { $0.patients[Scene.louise]?.deathAt = .hours(-2) },
    Row("no unit", admit(unit: nil), "unit-missing [unit]"),
    Row("an unknown unit", admit(unit: "NOWHERE"), "unit-unknown [unit]"),
    Row("an unknown bed", admit(bed: "bed/x"), "bed-unknown [bed]"),
    Row("a bed of another unit", admit(unit: "CHIR", bed: Scene.bedA), "bed-in-other-unit [bed]"),
    Row("an unknown class", admit(.preadmit), "class-unknown [stayClass]"),
    Row("an occupied bed", admit(bed: Scene.bedA), "bed-occupied [bed]") {
      try $0.run(admit(bed: Scene.bedA, patient: Scene.loise))
    },
    Row("a doubled bed", admit(bed: Scene.bedA), "stay.admitted") {
      try $0.run(admit(bed: Scene.bedA, patient: Scene.loise))
      try $0.run(DoubleBed(bed: Scene.bedA, doubled: true, reason: "afflux"), by: "account/bed-manager")
    },
    Row("a doubled bed with two", admit(bed: Scene.bedA), "bed-full [bed]") {
      try $0.run(DoubleBed(bed: Scene.bedA, doubled: true, reason: "afflux"), by: "account/bed-manager")
      try $0.run(admit(bed: Scene.bedA, patient: Scene.loise))
      try $0.run(admit(bed: Scene.bedA, patient: "patient/third"))
    },
    Row("a closed bed", admit(bed: Scene.bedA), "bed-closed [bed]") { $0.beds[Scene.bedA]?.condition = .closed },
    Row("a bed with a body", admit(bed: Scene.bedA), "bed-body-present [bed]") {
      $0.beds[Scene.bedA]?.condition = .bodyPresent
    },
    Row("a bed to clean", admit(bed: Scene.bedA), "stay.admitted ~bed-to-clean") {
      $0.beds[Scene.bedA]?.condition = .toClean
    },
    Row("a bed without staff", admit(bed: Scene.bedA), "stay.admitted ~bed-unstaffed") {
      $0.beds[Scene.bedA]?.staffed = false
    },
    Row("a bed kept for another", admit(bed: Scene.bedA), "bed-reserved [bed]") {
      try $0.run(ReserveBed(bed: Scene.bedA, for: "M. Dupont", reason: nil), by: "account/bed-manager")
    },
    Row("a bed kept for them", admit(bed: Scene.bedA), "stay.admitted bed.freed") {
      try $0.run(ReserveBed(bed: Scene.bedA, for: Scene.louise, reason: nil), by: "account/bed-manager")
    },
    Row("a place taken back", admit(bed: Scene.bedA), "bed-removed [bed]") { $0.beds[Scene.bedA]?.removed = true },
    Row("here already", admit(), "stay-open [stay]") { try $0.run(admit(unit: "CHIR")) },
    Row("here since, and now said to have come before", with(admit()) { $0.at = .hours(-2) }, "stay-open [stay]") {
      try $0.run(admit(unit: "CHIR"))
    },
    Row("a consultation beside a stay", admit(.outpatient, unit: "CS"), "stay.admitted") { try $0.run(admit()) },
    Row("no numbers left", admit(), "numbers-used-up") { $0.numbers[.nda] = [] },
    Row("an entry mode that is none", with(admit()) { $0.entryMode = "5" }, "entry-mode-unknown [entryMode]"),
    Row(
      "a provenance against its mode",
      with(admit()) { ($0.entryMode, $0.provenance) = ("8", "1") }, "provenance-against-mode [provenance]"),
    Row("a provenance without mode", with(admit()) { $0.provenance = "1" }, "entry-mode-missing [entryMode]"),
    Row("a transfer from nowhere", with(admit()) { $0.entryMode = "7" }, "stay.admitted ~provenance-missing"),
    Row("from réanimation", with(admit()) { ($0.entryMode, $0.provenance) = ("7", "R") }, "stay.admitted"),
    Row("the mother's stay unknown", with(admit()) { $0.motherStay = "stay/x" }, "mother-stay-unknown [motherStay]"),
    Row("to come", with(admit()) { $0.at = .hours(1) }, "at-future [at]"),
    Row("a station's clock a little behind", with(admit()) { $0.at = .hours(0, minutes: 4) }, "stay.admitted"),
    Row("three hours ago", with(admit()) { $0.at = .hours(-3) }, "stay.admitted"),
    Row("too long ago", with(admit()) { $0.at = .hours(-73) }, "at-too-old [at]"),
    Row(
      "before birth", with(admit(unit: "MATER", patient: "patient/baby")) { $0.at = .hours(-20) },
      "at-before-birth [at]"),
  ]

  @Test(arguments: rows)
  func admission(row: Row) throws {
    let world = Scene.world()
    try row.before(world)
    #expect(Scene.outcome(row.command, in: world, by: row.author) == row.outcome)
  }

  @Test func whatIsWritten() throws {
    let world = Scene.world()
    var command = Self.admit(bed: Scene.bedA)
    (command.attending, command.entryMode, command.medicalUnit) = ("DR PETIT", "8", "CHIR")
    command.other = ["coverage": ["regime": "01"]]
    command.at = .hours(-2)
    let fact = try #require(try world.run(command).facts.first)
    #expect(fact.subject == "stay/00000000-0000-4000-8000-000000000001")
    #expect(fact.at == .hours(-2))
    let data: JSON = [
      "patient": "patient/louise", "number": "N10001", "numberAuthority": "1.2.250.1.999.2", "entryMode": "8",
      "coverage": ["regime": "01"],
      "movement": [
        "key": "00000000-0000-4000-8000-000000000002", "id": "00000000-0000-4000-8000-000000000002", "trigger": "A01",
        "unit": "4EST", "room": "1", "bed": "A", "medicalUnit": "CHIR", "nature": "HMS", "class": "inpatient",
        "attending": "DR PETIT", "historic": true,
      ],
    ]
    #expect(fact.data == data)
  }

  @Test func aRefusalWastesNoNumber() throws {
    let world = Scene.world()
    #expect(Scene.outcome(Self.admit(bed: "bed/x"), in: world) == "bed-unknown [bed]")
    try world.run(Self.admit())
    #expect(world.stays.values.map(\.number) == ["N10001"])
  }
}
