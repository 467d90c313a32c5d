import Hospital
import Ledger
import Testing

/// Two strangers never come into one bed by what is said here, now or in the past. Louise lies in 4EST, room 1, bed A
/// since 0; a life follows, and at the hour of the last gesture something that would put her, or another, beside them.
struct RoomTests {
  typealias Say = @Sendable (MemoryWorld) throws -> any Command

  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// Hours and gestures.
    var life: [(Int, Say)]
    var hour: Int
    var say: Say
    var outcome: String

    init(_ rule: String, _ life: [(Int, Say)], at hour: Int = 9, _ say: @escaping Say, _ outcome: String) {
      (testDescription, self.life, self.hour, self.say, self.outcome) = (rule, life, hour, say, outcome)
    }
  }

  static let third = "patient/third"
  static let bedC = Scene.bed("4EST", "2", "A")
  static let chair = Scene.bed("DIAL", "D", "1")

  static func stay(_ patient: String, _ world: MemoryWorld) throws -> Stay {
    try #require(world.stays.values.first { $0.patient == patient })
  }

  static func admit(
    _ patient: String, _ bed: String, _ stayClass: StayClass = .inpatient, at: Instant? = nil
  ) -> Say {
    { _ in Admit(patient: patient, stayClass: stayClass, unit: nil, bed: bed, at: at) }
  }
  static func baby(of mother: String, _ bed: String) -> Say {
    { world in
      Admit(
        patient: "patient/baby", stayClass: .inpatient, unit: nil, bed: bed, motherStay: try stay(mother, world).id)
    }
  }
  static func move(_ patient: String, _ bed: String, at: Instant? = nil) -> Say {
    { Transfer(stay: try stay(patient, $0).id, bed: bed, at: at) }
  }
  static func end(_ patient: String) -> Say {
    { Discharge(stay: try stay(patient, $0).id, exitMode: "8") }
  }
  static func correct(_ patient: String, _ number: Int, to at: Instant) -> Say {
    { world in
      let stay = try stay(patient, world)
      return CorrectMovement(stay: stay.id, key: stay.movements[number].key, at: at)
    }
  }
  static func cancel(_ patient: String, _ number: Int, to bed: String? = nil) -> Say {
    { world in
      let stay = try stay(patient, world)
      return CancelMovement(stay: stay.id, key: stay.movements[number].key, bed: bed)
    }
  }
  static func swap(_ one: String, _ other: String) -> Say {
    { SwapBeds(one: try stay(one, $0).id, other: try stay(other, $0).id) }
  }
  static func become(_ patient: String, _ stayClass: StayClass, _ bed: String? = nil, at: Instant? = nil) -> Say {
    { ChangeClass(stay: try stay(patient, $0).id, stayClass: stayClass, bed: bed, at: at) }
  }
  static func attend(_ patient: String) -> Say {
    { AttendSession(stay: try stay(patient, $0).id) }
  }
  static func double(_ bed: String, _ doubled: Bool = true) -> Say {
    { _ in DoubleBed(bed: bed, doubled: doubled, reason: "afflux") }
  }

  /// Refused: each of these was let through once.
  static let holes: [Row] = [
    Row(
      "a discharge said to be later, the bed given to another",
      [(1, end(Scene.louise)), (2, admit(Scene.loise, Scene.bedA))],
      correct(Scene.louise, 1, to: .hours(3)), "bed-occupied-then [at]"),
    Row(
      "a transfer said to be later, the bed left given to another",
      [(1, move(Scene.louise, Scene.bedB)), (2, admit(Scene.loise, Scene.bedA))],
      correct(Scene.louise, 1, to: .hours(3)), "bed-occupied-then [at]"),
    Row(
      "a transfer said to be sooner, the other not yet gone",
      [(0, admit(Scene.loise, Scene.bedB)), (2, end(Scene.loise)), (3, move(Scene.louise, Scene.bedB))],
      correct(Scene.louise, 1, to: .hours(1)), "bed-occupied-then [at]"),
    Row(
      "an admission said to be sooner, the other not yet gone",
      [(1, admit(Scene.loise, Scene.bedB)), (2, end(Scene.loise)), (3, admit(third, Scene.bedB))],
      correct(third, 0, to: .hours(1)), "bed-occupied-then [at]"),
    Row(
      "two transfers that change places, so that she is where another lies now",
      [
        (2, move(Scene.louise, Scene.bedB)), (3, move(Scene.louise, bedC)), (4, admit(Scene.loise, Scene.bedB)),
      ], correct(Scene.louise, 2, to: .hours(1)), "bed-occupied-then [at]"),

    Row(
      "a mother swapped, her newborn left behind",
      [(1, baby(of: Scene.louise, Scene.bedA)), (2, admit(Scene.loise, Scene.bedB))],
      swap(Scene.louise, Scene.loise), "swap-not-alone [bed]"),
    Row(
      "the other way round",
      [(1, baby(of: Scene.louise, Scene.bedA)), (2, admit(Scene.loise, Scene.bedB))],
      swap(Scene.loise, Scene.louise), "swap-not-alone [bed]"),
    Row(
      "one of a doubled bed swapped with a mother",
      [
        (1, double(Scene.bedA)), (1, admit(third, Scene.bedA)), (2, admit(Scene.loise, Scene.bedB)),
        (3, baby(of: Scene.loise, Scene.bedB)),
      ], swap(Scene.louise, Scene.loise), "swap-not-alone [bed]"),

    Row(
      "an outpatient whose sessions were elsewhere becomes an inpatient in a bed since given",
      [
        (1, admit(Scene.loise, Scene.bedB, .outpatient)), (2, attend(Scene.loise)), (3, admit(third, Scene.bedB)),
      ], at: 20, become(Scene.loise, .inpatient), "bed-occupied [bed]"),
    Row(
      "and while the session lasts",
      [
        (1, admit(Scene.loise, Scene.bedB, .outpatient)), (2, attend(Scene.loise)), (3, admit(third, Scene.bedB)),
      ], become(Scene.loise, .inpatient), "bed-occupied-then [bed]"),
    Row(
      "a series whose class is corrected, its chair since given",
      [(1, admit(Scene.loise, chair, .recurring)), (2, attend(Scene.loise)), (3, admit(third, chair, .recurring))],
      become(Scene.loise, .daycase), "bed-occupied [bed]"),
    Row(
      "becomes an outpatient earlier, in a bed where another came since and went",
      [(2, admit(Scene.loise, Scene.bedB)), (3, end(Scene.loise))],
      become(Scene.louise, .outpatient, Scene.bedB, at: .hours(1)), "bed-occupied-then [bed]"),

    Row(
      "moved earlier, where another came since and went",
      [(2, admit(Scene.loise, Scene.bedB)), (3, end(Scene.loise))],
      move(Scene.louise, Scene.bedB, at: .hours(1)), "bed-occupied-then [bed]"),
    Row(
      "moved earlier and moved on since, another having come before",
      [
        (2, admit(Scene.loise, Scene.bedB)), (3, end(Scene.loise)), (4, move(Scene.louise, bedC)),
      ], move(Scene.louise, Scene.bedB, at: .hours(1)), "bed-occupied-then [bed]"),
    Row(
      "assigned earlier", [(2, admit(Scene.loise, Scene.bedB)), (3, end(Scene.loise))],
      { AssignBed(stay: try stay(Scene.louise, $0).id, bed: Scene.bedB, at: .hours(1)) }, "bed-occupied-then [bed]"),
    Row(
      "admitted earlier, where another came since and went",
      [(2, admit(Scene.loise, Scene.bedB)), (3, end(Scene.loise))],
      admit(third, Scene.bedB, at: .hours(1)), "bed-occupied-then [bed]"),
    Row(
      "admitted where another comes in four minutes, by another post's clock",
      [(9, admit(Scene.loise, Scene.bedB, at: .hours(9, minutes: 4)))], admit(third, Scene.bedB), "bed-occupied [bed]"),
    Row(
      "doubled no more, where another comes in four minutes",
      [(8, double(Scene.bedA)), (9, admit(Scene.loise, Scene.bedA, at: .hours(9, minutes: 4)))],
      double(Scene.bedA, false), "bed-holds-two [bed]"),

    Row(
      "a transfer cancelled, where another came since and went",
      [(1, move(Scene.louise, Scene.bedB)), (2, admit(Scene.loise, Scene.bedA)), (3, end(Scene.loise))],
      cancel(Scene.louise, 1), "bed-taken-since [bed]"),
    Row(
      "a transfer cancelled beneath another",
      [
        (1, move(Scene.louise, Scene.bedB)), (2, admit(Scene.loise, Scene.bedA)), (3, move(Scene.louise, bedC)),
      ], cancel(Scene.louise, 1), "bed-taken-since [bed]"),
    Row(
      "a transfer cancelled, to a bed where another was meanwhile",
      [
        (1, move(Scene.louise, Scene.bedB)), (2, admit(Scene.loise, Scene.bedA)), (3, admit(third, bedC)),
        (4, end(third)),
      ], cancel(Scene.louise, 1, to: bedC), "bed-occupied-then [bed]"),
  ]

  /// Nobody is refused for nothing.
  static let room: [Row] = [
    Row(
      "a discharge said to be sooner", [(3, end(Scene.louise)), (4, admit(Scene.loise, Scene.bedA))],
      correct(Scene.louise, 1, to: .hours(1)), "stay.movement-corrected"),
    Row(
      "a discharge said to be when the other came", [(1, end(Scene.louise)), (2, admit(Scene.loise, Scene.bedA))],
      correct(Scene.louise, 1, to: .hours(2)), "stay.movement-corrected"),
    Row(
      "one of a doubled bed swapped with somebody alone",
      [(1, double(Scene.bedA)), (1, admit(third, Scene.bedA)), (2, admit(Scene.loise, Scene.bedB))],
      swap(Scene.louise, Scene.loise), "stay.transferred stay.transferred"),
    Row(
      "a mother moved to where her newborn lies",
      [(1, baby(of: Scene.louise, Scene.bedB))], move(Scene.louise, Scene.bedB), "stay.transferred bed.to-clean"),
    Row(
      "becomes an outpatient in a doubled bed", [(1, double(Scene.bedA)), (2, admit(Scene.loise, Scene.bedA))],
      become(Scene.louise, .outpatient), "stay.class-changed"),
    Row(
      "moved earlier and moved on since, another having come after",
      [(2, move(Scene.louise, bedC)), (3, admit(Scene.loise, Scene.bedB))],
      move(Scene.louise, Scene.bedB, at: .hours(1)), "stay.transferred"),
    Row(
      "a transfer cancelled, to a bed where another was before",
      [
        (0, admit(third, bedC)), (1, end(third)), (1, move(Scene.louise, Scene.bedB)),
        (2, admit(Scene.loise, Scene.bedA)),
      ], cancel(Scene.louise, 1, to: bedC), "stay.movement-cancelled stay.transferred"),
    Row(
      "from emergency into the same place, under a new number",
      [
        (
          1,
          { world in
            world.structure?.emergencyKeepsNumber = false
            return try admit(third, Scene.box1, .emergency)(world)
          }
        )
      ],
      admit(third, Scene.box1), "stay.discharged stay.admitted"),
  ]

  @Test(arguments: holes + room)
  func gesture(row: Row) throws {
    let (world, _) = try MoveTests.admitted()
    for (hour, say) in row.life { try world.run(try say(world), by: "account/duty", at: .hours(hour)) }
    let outcome = Scene.outcome(try row.say(world), in: world, by: "account/duty", at: .hours(row.hour))
    #expect(outcome.prefix { $0 != "~" }.trimmed == row.outcome)
  }

  /// She was where she was before until that was given away, and in the other bed from then on.
  @Test func cancelledIntoAnotherBed() throws {
    let (world, id) = try MoveTests.admitted()
    try world.run(Transfer(stay: id, bed: Scene.bedB), at: .hours(1))
    try world.run(Admit(patient: Scene.loise, stayClass: .inpatient, unit: "4EST", bed: Scene.bedA), at: .hours(2))
    try world.run(try Self.cancel(Scene.louise, 1, to: Self.bedC)(world), by: "account/duty", at: .hours(9))
    let presences = try #require(world.stays[id]).outline.presences
    #expect(presences.map(\.place.room) == ["1", "2"])
    #expect(presences.map(\.until) == [.hours(2), nil])
    #expect(world.stays[id]?.movements.map(\.historic) == [false, false, true])
  }

  /// Two whom a feed has in one bed are a conflict for people to settle: neither of them is held by it.
  @Test func whoLiesThereAlreadyIsNotHeld() throws {
    let (world, id) = try MoveTests.admitted()
    let place: JSON = ["key": "1.2|7", "trigger": "A01", "unit": "4EST", "room": "1", "bed": "A", "class": "inpatient"]
    let other = "stay/feed"
    world.hear(Fact(kind: "stay.admitted", subject: other, at: .hours(1), data: ["movement": place]))
    let answers = Transfer(stay: id, bed: Scene.bedA, medicalUnit: "CHIR")
    #expect(Scene.outcome(answers, in: world, at: .hours(2)) == "stay.transferred")
    let correct = CorrectMovement(stay: other, key: "1.2|7", at: .hours(1, minutes: 30))
    #expect(Scene.outcome(correct, in: world, by: "account/duty", at: .hours(2)) == "stay.movement-corrected")
    let third = Admit(patient: Self.third, stayClass: .inpatient, unit: "4EST", bed: Scene.bedA)
    #expect(Scene.outcome(third, in: world, at: .hours(2)) == "bed-occupied [bed]")
    #expect(Scene.outcome(Transfer(stay: id, bed: Scene.bedB), in: world, at: .hours(3)) == "stay.transferred")
  }
}

extension Substring {
  fileprivate var trimmed: String { String(last == " " ? dropLast() : self) }
}
