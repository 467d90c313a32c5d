import Hospital
import Ledger
import Testing

/// Loise's file was absorbed by Louise's, and what was said under it before is Louise's too.
struct AfterMergeTests {
  typealias Life = @Sendable (MemoryWorld) throws -> Void

  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var life: Life
    var command: @Sendable (MemoryWorld) throws -> any Command
    var outcome: String

    init(
      _ rule: String, _ life: @escaping Life, _ outcome: String,
      _ command: @escaping @Sendable (MemoryWorld) throws -> any Command
    ) {
      (testDescription, self.life, self.command, self.outcome) = (rule, life, command, outcome)
    }
  }

  static let (louise, loise, third) = (Scene.louise, Scene.loise, "patient/third")
  static let mater = Scene.bed("MATER", "31", "A")

  static func merge(_ absorbed: String, into kept: String, _ world: MemoryWorld) {
    world.hear(Fact(kind: "patient.merged", subject: absorbed, at: .night, data: ["into": .string(kept)]))
  }
  static func merging(_ absorbed: String, into kept: String) -> MergePatients {
    MergePatients(
      absorbed: absorbed, into: kept, checkedBy: "account/nurse", checkedTraits: ["birthName", "birthDate"])
  }
  static func admitted(
    _ patient: String, _ bed: String? = Scene.bedA, _ stayClass: StayClass = .inpatient, unit: String? = nil
  ) -> Life {
    { world in _ = try world.run(Admit(patient: patient, stayClass: stayClass, unit: unit, bed: bed)) }
  }
  static func expected(_ patient: String) -> Life {
    { world in
      _ = try world.run(Preadmit(patient: patient, stayClass: .inpatient, unit: "4EST", expectedAt: .hours(2)))
    }
  }
  static func stay(_ patient: String, _ world: MemoryWorld) throws -> String {
    try #require(world.stays.values.first { $0.patient == patient }).id
  }
  static func death(_ wristband: String = "louise") -> RecordDeath {
    RecordDeath(patient: louise, wristband: wristband, physician: "Dr Petit")
  }
  static let ended: Life = { world in
    try admitted(loise)(world)
    for id in [louise, loise] { world.patients[id]?.deceased = true }
    try world.run(Discharge(stay: try stay(loise, world), exitMode: "9"))
    for id in [louise, loise] { world.patients[id]?.deceased = false }
    world.hear(Fact(kind: "patient.died", subject: louise, at: .night, data: [:]))
  }

  static let rows: [Row] = [
    Row("nobody is in two beds", admitted(loise), "stay-open [stay]") { _ in
      Admit(patient: louise, stayClass: .inpatient, unit: nil, bed: Scene.bedB)
    },
    Row(
      "nor by a change of class",
      {
        try admitted(louise, nil, .outpatient, unit: "CS")($0)
        try admitted(loise)($0)
      },
      "stay-open [stay]", { ChangeClass(stay: try stay(louise, $0), stayClass: .inpatient, unit: "CHIR") }),
    Row(
      "emergency goes on under its number", admitted(loise, Scene.box1, .emergency), "stay.class-changed bed.to-clean"
    ) { _ in Admit(patient: louise, stayClass: .inpatient, unit: nil, bed: Scene.bedB) },
    Row("expected, by its number", expected(loise), "stay.admitted") {
      Admit(patient: louise, stayClass: .inpatient, unit: "4EST", preadmission: try stay(loise, $0))
    },
    Row("expected about now", expected(loise), "stay.admitted ~preadmission-used") { _ in
      Admit(patient: louise, stayClass: .inpatient, unit: "4EST")
    },
    Row("expected is another", expected(third), "preadmission-of-another [preadmission]") {
      Admit(patient: louise, stayClass: .inpatient, unit: "4EST", preadmission: try stay(third, $0))
    },
    Row(
      "a bed kept for the other file",
      { _ = try $0.run(ReserveBed(bed: Scene.bedB, for: loise, reason: nil), by: "account/bed-manager") },
      "stay.admitted bed.freed", { _ in Admit(patient: louise, stayClass: .inpatient, unit: nil, bed: Scene.bedB) }),
    Row(
      "comes once", { _ = try $0.run(Attend(patient: loise, unit: "CS")) }, "already-attended [at]",
      { _ in Attend(patient: louise, unit: "CS") }),
    Row("a death ends it", admitted(loise), "patient.died stay.discharged bed.body-present") { _ in death() },
    Row(
      "two files in one bed leave one body",
      {
        try admitted(louise)($0)
        try doubled($0)
        try admitted(loise)($0)
      },
      "patient.died stay.discharged stay.discharged bed.body-present bed.doubled", { _ in death() }),
    Row("a death withdrawn says which stay it ended", ended, "patient.death-withdrawn ~death-stay-ended") { _ in
      WithdrawDeath(patient: louise)
    },
    Row("the stay that its mother is in", admitted(loise, mater), "patient.registered stay.admitted ~mother-unlikely") {
      _ in
      RegisterBirth(mother: louise, children: [.init(sex: .female)])
    },
    Row(
      "the stay that is said to be its mother's", admitted(loise, mater),
      "patient.registered stay.admitted ~mother-unlikely"
    ) {
      RegisterBirth(mother: louise, motherStay: try stay(loise, $0), children: [.init(sex: .female)])
    },
    Row(
      "two open stays",
      {
        try admitted(loise)($0)
        try admitted(third, Scene.bedB)($0)
      },
      "patient.merged ~merge-two-stays ~print-again", { _ in merging(third, into: louise) }),
    Row("one open stay is not two", admitted(loise), "patient.merged ~print-again") { _ in
      merging(third, into: louise)
    },
    Row(
      "a child is its absorbed mother's too", { $0.patients["patient/baby"]?.mother = loise }, "merge-kin [into]",
      { _ in merging("patient/baby", into: louise) }),
  ]

  static let doubled: Life = { world in
    _ = try world.run(DoubleBed(bed: Scene.bedA, doubled: true, reason: "afflux"), by: "account/bed-manager")
  }

  @Test(arguments: rows)
  func oneHistory(row: Row) throws {
    let world = Scene.world()
    try row.life(world)
    Self.merge(Self.loise, into: Self.louise, world)
    #expect(Scene.outcome(try row.command(world), in: world, by: "account/administrator") == row.outcome)
  }

  /// What goes on under the absorbed file's number stays under it: a merge taken back leaves nothing to settle.
  @Test func aStayKeepsTheFileItWasOpenedOn() throws {
    let world = Scene.world()
    try Self.expected(Self.loise)(world)
    Self.merge(Self.loise, into: Self.louise, world)
    try world.run(Admit(patient: Self.louise, stayClass: .inpatient, unit: "4EST"))
    let stay = try #require(world.stays.values.first)
    #expect(stay.status == .admitted)
    #expect(stay.patient == Self.loise)
    #expect(stay.otherPatients == [])
  }

  /// The second of two gestures kept together sees the merge that the first says.
  @Test func mergedInTheSameCommit() throws {
    let world = Scene.world()
    try Self.admitted(Self.loise)(world)
    let admit = Admit(patient: Self.louise, stayClass: .inpatient, unit: nil, bed: Scene.bedB)
    let both = InOneCommit(Self.merging(Self.loise, into: Self.louise)) { _ in admit }
    #expect(Scene.outcome(both, in: world, by: "account/administrator") == "stay-open [stay]")
    Self.merge(Self.loise, into: Self.louise, world)
    let parted = InOneCommit(UnmergePatients(patient: Self.loise)) { _ in admit }
    #expect(
      Scene.outcome(parted, in: world, by: "account/administrator") == "patient.unmerged stay.admitted ~print-again")
  }

  @Test(arguments: [
    ([], louise, louise), ([(loise, louise)], loise, louise), ([(loise, louise), (louise, third)], loise, third),
    // Two stations, each its own way.
    ([(loise, louise), (louise, loise)], loise, loise), ([(loise, louise), (louise, loise)], louise, louise),
    ([(third, loise), (loise, louise), (louise, loise)], third, loise),
    ([], "patient/nobody", "patient/nobody"),
  ])
  func survivors(merges: [(String, String)], of: String, survivor: String) {
    let world = Scene.world()
    for (absorbed, kept) in merges { Self.merge(absorbed, into: kept, world) }
    #expect(world.survivor(of: of) == survivor)
    #expect(world.isOnePerson(of, survivor))
    #expect(!world.isOnePerson(of, "patient/baby"))
  }
}
