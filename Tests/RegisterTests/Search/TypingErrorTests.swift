import Hospital
import Ledger
import Register
import Testing

/// One slip of the finger in birth date, birth name or first given name: the right patient is among the first five.
struct TypingErrorTests {
  static let count = 20_000
  static let queries = 1200

  @Test func foundInTheFirstFive() async throws {
    let station = try TestStation()
    let population = SamplePopulation(seed: 3)
    try await station.register((0..<Self.count).map { population.patient($0, id: Patient.id($0)) })
    var slips = Slips(seed: 17)
    var missed: [String] = []
    for _ in 0..<Self.queries {
      let index = slips.below(Self.count)
      let patient = population.patient(index, id: Patient.id(index))
      let typed = slips.typed(patient)
      if try !station.found(typed).contains(where: { $0.patient.id == patient.id }) { missed.append(typed) }
    }
    #expect(missed.count <= Self.queries / 100, "\(missed)")
  }
}

/// SplitMix64, and what fingers do.
struct Slips {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func below(_ count: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ mixed >> 31) % UInt64(count))
  }

  /// Date, name and given name, one of them with one letter or digit changed, left out, put in, or swapped with the next.
  mutating func typed(_ patient: Patient) -> String {
    var parts = [patient.birthDate?.shown ?? "", patient.birthName ?? "", patient.birthGivenName ?? ""]
    if below(2) == 0 { parts[0] = parts[0].filter { $0 != "/" } }
    let part = below(3)
    parts[part] = slip(parts[part], part == 0 ? Array("0123456789") : Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    return parts.joined(separator: " ")
  }

  private mutating func slip(_ text: String, _ letters: [Character]) -> String {
    while true {
      var slipped = Array(text)
      let place = below(slipped.count)
      switch below(4) {
      case 0: slipped[place] = letters[below(letters.count)]
      case 1: slipped.remove(at: place)
      case 2: slipped.insert(letters[below(letters.count)], at: place)
      default: if place + 1 < slipped.count { slipped.swapAt(place, place + 1) }
      }
      if String(slipped) != text { return String(slipped) }
    }
  }
}
