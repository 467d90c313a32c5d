import Hospital
import Ledger
import Testing

/// A night at one post, from one seed: hundreds of gestures in any order, most of them nonsense. Whatever is refused
/// or not, some things never are.
struct NightTests {
  static let patients = (0..<12).map { "patient/\($0)" }
  static let units = ["4EST", "CHIR", "URG", "MATER", "CS", "DIAL", "NOWHERE"]
  static let authors = ["account/admission", "account/duty", "account/nurse", "account/bed-manager", "account/auditor"]

  static func world() -> MemoryWorld {
    let world = MemoryWorld()
    for id in patients { world.patients[id] = Patient(id: id) }
    return world
  }

  static func gesture(_ dice: inout Dice, _ world: MemoryWorld, _ now: Instant) -> any Command {
    func pick<Value>(_ values: [Value]) -> Value { values[dice.below(values.count)] }
    let stays = world.stays.keys.sorted()
    let beds = world.beds.keys.sorted()
    let stay = stays.isEmpty ? "stay/none" : pick(stays)
    // A few beds that everybody wants.
    let bed = dice.below(4) == 0 ? pick(beds) : pick(Array(beds.prefix(5)))
    let at = dice.below(3) == 0 ? now.adding(seconds: 600 - 60 * dice.below(600)) : nil
    switch dice.below(21) {
    case 0...4:
      return Admit(
        patient: pick(patients), stayClass: pick([.inpatient, .daycase, .emergency, .outpatient, .recurring]),
        unit: dice.below(4) == 0 ? pick(units) : nil, bed: dice.below(6) == 0 ? nil : bed,
        motherStay: dice.below(6) == 0 ? stay : nil, at: at)
    case 5:
      return Preadmit(
        patient: pick(patients), stayClass: .inpatient, unit: pick(units), bed: dice.below(2) == 0 ? bed : nil,
        expectedAt: now.adding(seconds: dice.below(90_000)))
    case 6, 7: return Transfer(stay: stay, bed: bed, at: at)
    case 8: return Transfer(stay: stay, unit: pick(units), medicalUnit: dice.below(2) == 0 ? pick(units) : nil, at: at)
    case 9: return Discharge(stay: stay, exitMode: pick(["8", "9", "7", "5"]), at: at)
    case 10, 11:
      let keys = world.stays[stay]?.movements.map(\.key) ?? []
      return CancelMovement(stay: stay, key: keys.isEmpty ? "none" : pick(keys), bed: dice.below(3) == 0 ? bed : nil)
    case 12:
      let keys = world.stays[stay]?.movements.map(\.key) ?? []
      return CorrectMovement(
        stay: stay, key: keys.isEmpty ? "none" : pick(keys), at: now.adding(seconds: 300 - 60 * dice.below(300)))
    case 13: return SwapBeds(one: stay, other: stays.isEmpty ? stay : pick(stays))
    case 14: return dice.below(2) == 0 ? Leave(stay: stay, at: at) : Return(stay: stay, at: at)
    case 15:
      return ChangeClass(
        stay: stay, stayClass: pick([.inpatient, .daycase, .emergency, .outpatient, .recurring]),
        bed: dice.below(2) == 0 ? bed : nil, at: at)
    case 16: return MakePlace(unit: pick(units), kind: pick(BedKind.allCases))
    case 17: return dice.below(2) == 0 ? CleanBed(bed: bed) : OpenBed(bed: bed)
    case 18: return dice.below(2) == 0 ? CloseBed(bed: bed, reason: "fuite") : RemovePlace(bed: bed)
    case 19: return DoubleBed(bed: bed, doubled: dice.below(2) == 0, reason: "afflux")
    default: return dice.below(2) == 0 ? AttendSession(stay: stay, at: at) : AssignBed(stay: stay, bed: bed)
    }
  }

  @Test(arguments: UInt64(1)...60)
  func whatNeverHappens(seed: UInt64) throws {
    var dice = Dice(seed: seed)
    let world = Self.world()
    var now = Instant.night
    var kept = 0
    for _ in 0..<400 {
      now = now.adding(seconds: dice.below(900))
      let command = Self.gesture(&dice, world, now)
      let author = Self.authors[dice.below(Self.authors.count)]
      guard let decision = try? world.run(command, by: author, at: now) else { continue }
      kept += 1
      #expect(author != "account/auditor", "\(command)")
      #expect(!decision.facts.isEmpty)
      try #require(Self.overlaps(world, at: now) == [], "two in one bed after \(command)")
    }
    #expect(kept > 40)
    Self.checkPast(world)
    Self.checkPatients(world, now)
    try Self.checkStates(world)
  }

  static func overlaps(_ world: MemoryWorld, at instant: Instant) -> [Occupancy.Overlap] {
    Occupancy.overlaps(Array(world.stays.values), beds: world.beds, structure: .small, at: instant)
  }

  /// Nor ever before, as it is told in the end. A bed that was doubled for a while held two by right.
  static func checkPast(_ world: MemoryWorld) {
    let doubled = Set(world.facts.filter { $0.kind == "bed.doubled" }.map(\.subject))
    for hour in Set(world.stays.values.flatMap { $0.outline.presences.map(\.from) }).sorted() {
      let overlaps = overlaps(world, at: hour).filter { !doubled.contains($0.bed) }
      #expect(overlaps == [], "two in one bed at \(hour)")
    }
  }

  /// One lodged stay at a time for each, and no number twice.
  static func checkPatients(_ world: MemoryWorld, _ now: Instant) {
    for patient in patients {
      let open = world.stays(ofPatient: patient).compactMap { world.stays[$0] }.filter { stay in
        [.inpatient, .daycase, .emergency].contains(stay.presence(at: now)?.stayClass)
      }
      #expect(open.count <= 1)
    }
    let numbers = world.stays.values.compactMap(\.number)
    #expect(Set(numbers).count == numbers.count)
  }

  /// What is stored is what its facts come to.
  static func checkStates(_ world: MemoryWorld) throws {
    for (id, stay) in world.stays {
      #expect(try #require(Stay(stored: stay.stored)) == stay, "\(id)")
      #expect(stay.movements == stay.movements.sorted { $0.at < $1.at }, "\(id)")
    }
    for (id, bed) in world.beds { #expect(try #require(Bed(stored: bed.stored)) == bed, "\(id)") }
  }
}
