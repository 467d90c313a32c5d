import Hospital
import Ledger
import Testing

/// Whatever arrives when, the one order of facts gives the same bytes; and what was stored goes on as if it never was.
struct StayOrderTests {
  struct Arrived {
    var position: Position
    var heard: Heard
  }

  /// A feed's life of a stay, jumbled: insertions, corrections, cancellations of few keys, at few hours.
  static func facts(seed: UInt64) -> [Arrived] {
    var dice = Dice(seed: seed)
    let kinds = [
      "stay.preadmitted", "stay.admitted", "stay.transferred", "stay.class-changed", "stay.left", "stay.returned",
      "stay.discharged", "stay.attending-changed", "stay.planned", "stay.attended", "stay.movement-corrected",
      "stay.movement-cancelled", "stay.described", "stay.reassigned",
    ]
    return (0..<24).map { index in
      let data: JSON = [
        "patient": .string("patient/\(dice.below(2))"), "entryMode": dice.below(3) == 0 ? .null : "8",
        "part\(dice.below(4))": ["n": .integer(dice.below(9))],
        "movement": [
          "key": .string("1.2|\(dice.below(6))"), "unit": .string("U\(dice.below(3))"),
          "bed": .string("\(dice.below(3))"),
          "class": .string(["inpatient", "outpatient", "recurring"][dice.below(3)]),
          "historic": .bool(dice.below(4) == 0),
          "trigger": .string(["A01", "A02", "A03", "A04", "A06", "A21", "A22", ""][dice.below(8)]),
        ],
      ]
      let at = Instant.night.adding(seconds: dice.below(8) * 60)
      let fact = Fact(kind: kinds[dice.below(kinds.count)], subject: StayFoldTests.id, at: at, data: data)
      let written = HybridTime(instant: .night.adding(seconds: dice.below(4)), counter: UInt16(dice.below(3)))
      let source =
        dice.below(2) == 0
        ? nil
        : Source(
          sender: "GAM|CH", control: "\(dice.below(40))", text: "", instant: .night.adding(seconds: dice.below(5)))
      let position = Position(
        source: source, time: written, station: "urg-\(dice.below(2))", sequence: index, hash: .none, place: 0)
      let heard = Heard(
        fact: fact, time: written, station: position.station, author: "system", command: "\(index)", source: source)
      return Arrived(position: position, heard: heard)
    }
  }

  static func fold(_ arrived: [Arrived]) -> Stay {
    var stay = Stay(id: StayFoldTests.id)
    for one in arrived.sorted(by: { $0.position < $1.position }) { stay.fold(one.heard) }
    return stay
  }

  @Test(arguments: UInt64(1)...40)
  func anyArrivalGivesTheSameBytes(seed: UInt64) {
    let facts = Self.facts(seed: seed)
    let bytes = Self.fold(facts).stored.bytes
    var dice = Dice(seed: seed &* 7919)
    for _ in 0..<5 { #expect(Self.fold(facts.shuffled(using: &dice)).stored.bytes == bytes) }
  }

  /// Folded as facts arrive, from what was stored after each, refolded when one comes late: as a station does.
  @Test(arguments: UInt64(1)...40)
  func storedInBetweenGivesTheSameBytes(seed: UInt64) throws {
    var known: [Arrived] = []
    var stay = Stay(id: StayFoldTests.id)
    for one in Self.facts(seed: seed) {
      let isLate = known.contains { one.position < $0.position }
      known.append(one)
      if isLate {
        stay = Self.fold(known)
      } else {
        stay = try #require(Stay(stored: try JSON(parsing: stay.stored.bytes)))
        stay.fold(one.heard)
      }
      #expect(stay.stored.bytes == Self.fold(known).stored.bytes)
      #expect(Stay(stored: stay.stored) == stay)
    }
  }

  /// What holds of any stay, however it was told.
  @Test(arguments: UInt64(1)...200)
  func presencesFollowEachOther(seed: UInt64) {
    let outline = Self.fold(Self.facts(seed: seed)).outline
    for (one, next) in zip(outline.presences, outline.presences.dropFirst()) {
      #expect(one.until.map { one.from < $0 && $0 <= next.from } ?? false)
    }
    if outline.status != .admitted { #expect(outline.presences.last?.until != nil || outline.presences.isEmpty) }
  }
}

/// SplitMix64: the same seed, the same run.
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
