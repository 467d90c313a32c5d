import Hospital
import Ledger
import Testing

/// Each gesture on a bed in each of its states.
struct BedCommandTests {
  static let conditions: [BedCondition] = [.free, .reserved, .toClean, .closed, .bodyPresent]

  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var command: @Sendable (String) -> any Command
    /// In the order of `conditions`, then with somebody in a free bed.
    var outcomes: [String]
  }

  static let rows = [
    Row(
      testDescription: "reserve", command: { ReserveBed(bed: $0, for: "M. Dupont", reason: nil) },
      outcomes: [
        "bed.reserved", "bed-reserved [bed]", "bed.reserved", "bed-closed [bed]", "bed-body-present [bed]",
        "bed-occupied [bed]",
      ]),
    Row(
      testDescription: "free", command: { FreeBed(bed: $0) },
      outcomes: [
        "bed-not-reserved [bed]", "bed.freed", "bed-not-reserved [bed]", "bed-not-reserved [bed]",
        "bed-not-reserved [bed]", "bed-not-reserved [bed]",
      ]),
    Row(
      testDescription: "clean", command: { CleanBed(bed: $0) },
      outcomes: [
        "bed-not-to-clean [bed]", "bed-not-to-clean [bed]", "bed.freed", "bed-not-to-clean [bed]",
        "bed-not-to-clean [bed]", "bed-not-to-clean [bed]",
      ]),
    Row(
      testDescription: "to clean", command: { MarkBedToClean(bed: $0) },
      outcomes: ["bed.to-clean", "bed.to-clean", "bed.to-clean", "bed-closed [bed]", "bed.to-clean", "bed.to-clean"]),
    Row(
      testDescription: "close", command: { CloseBed(bed: $0, reason: "fuite") },
      outcomes: [
        "bed.closed", "bed.closed", "bed.closed", "bed.closed", "bed-body-present [bed]", "bed-occupied [bed]",
      ]),
    Row(
      testDescription: "close without a reason", command: { CloseBed(bed: $0, reason: " ") },
      outcomes: Array(repeating: "reason-missing [reason]", count: 6)),
    Row(
      testDescription: "open", command: { OpenBed(bed: $0) },
      outcomes: [
        "bed-not-closed [bed]", "bed-not-closed [bed]", "bed-not-closed [bed]", "bed.freed", "bed-not-closed [bed]",
        "bed-not-closed [bed]",
      ]),
    Row(
      testDescription: "the body has left", command: { BodyLeft(bed: $0) },
      outcomes: [
        "no-body-present [bed]", "no-body-present [bed]", "no-body-present [bed]", "no-body-present [bed]",
        "bed.to-clean", "no-body-present [bed]",
      ]),
    Row(
      testDescription: "isolate", command: { IsolateBed(bed: $0, isolation: "contact") },
      outcomes: Array(repeating: "bed.isolated", count: 5) + ["bed.isolated stay.asked"]),
    Row(
      testDescription: "isolate from what", command: { IsolateBed(bed: $0, isolation: "evil") },
      outcomes: Array(repeating: "isolation-unknown [isolation]", count: 6)),
    Row(
      testDescription: "double", command: { DoubleBed(bed: $0, doubled: true, reason: "afflux") },
      outcomes: Array(repeating: "bed.doubled", count: 6)),
    Row(
      testDescription: "double without a reason", command: { DoubleBed(bed: $0, doubled: true, reason: nil) },
      outcomes: Array(repeating: "reason-missing [reason]", count: 6)),
    Row(
      testDescription: "seen on a round", command: { SeeBed(bed: $0) }, outcomes: Array(repeating: "bed.seen", count: 6)
    ),
    Row(
      testDescription: "no staff", command: { StaffBed(bed: $0, staffed: false) },
      outcomes: Array(repeating: "bed.staffed", count: 6)),
    Row(
      testDescription: "take back a bed of the structure", command: { RemovePlace(bed: $0) },
      outcomes: Array(repeating: "bed-of-structure [bed]", count: 6)),
  ]

  @Test(arguments: rows)
  func gesture(row: Row) throws {
    for (condition, outcome) in zip(Self.conditions, row.outcomes) {
      let world = Scene.world()
      world.beds[Scene.bedA]?.condition = condition
      let command = row.command(Scene.bedA)
      let author = command is RemovePlace ? "account/duty" : "account/bed-manager"
      #expect(Scene.outcome(command, in: world, by: author) == outcome, "\(condition)")
    }
    let (world, _) = try MoveTests.admitted()
    #expect(Scene.outcome(row.command(Scene.bedA), in: world, by: "account/duty") == row.outcomes[5])
    #expect(Scene.outcome(row.command("bed/x"), in: world, by: "account/duty") == "bed-unknown [bed]")
    #expect(Scene.outcome(row.command(Scene.bedA), in: world, by: "account/auditor") == "not-permitted")
  }

  @Test func doublingEndsWhenOneIsAlone() throws {
    let (world, id) = try MoveTests.admitted()
    try world.run(DoubleBed(bed: Scene.bedA, doubled: true, reason: "afflux"), by: "account/bed-manager")
    try world.run(Admit(patient: Scene.loise, stayClass: .inpatient, unit: "4EST", bed: Scene.bedA))
    let ends = DoubleBed(bed: Scene.bedA, doubled: false, reason: nil)
    #expect(Scene.outcome(ends, in: world, by: "account/bed-manager") == "bed-holds-two [bed]")
    try world.run(Transfer(stay: id, bed: Scene.bedB))
    #expect(Scene.outcome(ends, in: world, by: "account/bed-manager") == "bed.doubled")
    #expect(world.beds[Scene.bedA]?.doubled == false)
  }

  @Test func isolationEnds() throws {
    let world = Scene.world()
    try world.run(IsolateBed(bed: Scene.bedA, isolation: "airborne"), by: "account/nurse")
    #expect(world.beds[Scene.bedA]?.isolation == "airborne")
    try world.run(IsolateBed(bed: Scene.bedA, isolation: nil), by: "account/nurse")
    #expect(world.beds[Scene.bedA]?.isolation == nil)
  }
}

/// A place in five seconds, and taken back.
struct MakePlaceTests {
  @Test func oneOfEachKind() throws {
    let world = Scene.world()
    let codes: [(BedKind, String)] = [
      (.stretcher, "BRANCARD-1"), (.stretcher, "BRANCARD-2"), (.corridor, "COULOIR-1"), (.chair, "FAUTEUIL-1"),
      (.cot, "BERCEAU-1"), (.extra, "SUPP-1"),
    ]
    for (kind, code) in codes {
      #expect(Scene.outcome(MakePlace(unit: "URG", kind: kind), in: world) == "bed.made")
      let bed = try #require(world.beds[Bed.id(finess: "910000000", unit: "URG", room: nil, code: code)])
      #expect(bed.kind == kind)
      #expect(bed.extra)
      #expect(bed.condition == .free)
    }
  }

  @Test func namedByPeopleUsedAndTakenBack() throws {
    let world = Scene.world()
    let make = MakePlace(unit: "URG", code: "Couloir 7", kind: .corridor)
    let id = Bed.id(finess: "910000000", unit: "URG", room: nil, code: "Couloir 7")
    #expect(Scene.outcome(make, in: world) == "bed.made")
    #expect(Scene.outcome(make, in: world) == "bed-code-taken [code]")
    let admit = Admit(patient: Scene.louise, stayClass: .emergency, unit: "URG", bed: id)
    #expect(Scene.outcome(admit, in: world) == "stay.admitted")
    #expect(Scene.outcome(RemovePlace(bed: id), in: world) == "bed-occupied [bed]")
    let stay = try #require(world.stays.keys.first)
    try world.run(Transfer(stay: stay, bed: Scene.box1), at: .hours(1))
    #expect(Scene.outcome(RemovePlace(bed: id), in: world, at: .hours(1)) == "bed.removed")
    #expect(Scene.outcome(RemovePlace(bed: id), in: world, at: .hours(1)) == "bed-removed [bed]")
    #expect(Scene.outcome(make, in: world, at: .hours(2)) == "bed.made")
  }

  /// With a code of their own or the next one, over a place that was doubled, isolated and taken back.
  @Test(arguments: [nil, "BRANCARD-1"])
  func aPlaceMadeAgainIsNew(code: String?) throws {
    let world = Scene.world()
    let make = MakePlace(unit: "URG", code: code, kind: .stretcher)
    let id = Bed.id(finess: "910000000", unit: "URG", room: nil, code: "BRANCARD-1")
    #expect(Scene.outcome(make, in: world) == "bed.made")
    try world.run(DoubleBed(bed: id, doubled: true, reason: "afflux"), by: "account/bed-manager")
    try world.run(IsolateBed(bed: id, isolation: "contact"), by: "account/bed-manager")
    try world.run(RemovePlace(bed: id))
    #expect(Scene.outcome(make, in: world, at: .hours(1)) == "bed.made bed.doubled bed.isolated")
    let bed = try #require(world.beds[id])
    #expect(!bed.removed)
    #expect(!bed.doubled)
    #expect(bed.isolation == nil)
    try world.run(Admit(patient: Scene.louise, stayClass: .emergency, unit: "URG", bed: id), at: .hours(2))
    let beside = Admit(patient: Scene.loise, stayClass: .emergency, unit: "URG", bed: id)
    #expect(Scene.outcome(beside, in: world, at: .hours(2)) == "bed-occupied [bed]")
  }

  @Test(arguments: [
    (MakePlace(unit: "X", kind: .chair), "unit-unknown [unit]"),
    (MakePlace(unit: nil, kind: .chair), "unit-missing [unit]"),
    (MakePlace(unit: "URG", code: "un nom bien trop long", kind: .chair), "bed-code-invalid [code]"),
    (MakePlace(unit: "URG", code: "a|b", kind: .chair), "bed-code-invalid [code]"),
    (MakePlace(unit: "URG", room: "BOX", code: "1", kind: .bay), "bed-code-taken [code]"),
    (MakePlace(unit: "URG", code: "1", kind: .stretcher), "bed-code-taken [code]"),
  ])
  func refused(command: MakePlace, outcome: String) {
    #expect(Scene.outcome(command, in: Scene.world()) == outcome)
  }

  /// Two posts that know nothing of each other make the same place: it is the same place.
  @Test func twoPostsSpeakOfTheSamePlace() throws {
    let (one, other) = (Scene.world(), Scene.world())
    other.station = "urg-2-0badcafe"
    let make = MakePlace(unit: "URG", code: "Couloir 7", kind: .corridor)
    #expect(try one.run(make).facts.map(\.subject) == other.run(make).facts.map(\.subject))
  }
}
