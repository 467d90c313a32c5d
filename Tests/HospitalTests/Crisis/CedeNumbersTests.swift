import Hospital
import Testing

/// A new station's numbers are the far half of what its enroller has left.
struct CedeNumbersTests {
  private static let other = "lits-2-fb928193"

  private static func world(_ slices: [NumberSlices.Slice]) -> MemoryWorld {
    let world = Scene.world()
    for slice in slices { world.hear(slice.granted(to: world.station, at: .night)) }
    return world
  }

  private static func texts(_ station: String, _ world: MemoryWorld) -> [String] {
    world.ranges["range/\(station)"]?.slices.map { "\($0.kind.rawValue) \($0.first)-\($0.last)" } ?? []
  }

  @Test func theFarHalfOfTheLargestIsTheirs() throws {
    let world = Self.world([
      .init(kind: .ipp, first: 1, last: 100), .init(kind: .ipp, first: 500, last: 509),
      .init(kind: .nda, first: 10, last: 14),
    ])
    #expect(Scene.outcome(CedeNumbers(to: Self.other), in: world, by: "account/admission") == "not-permitted")
    try world.run(CedeNumbers(to: Self.other), by: "account/administrator")
    #expect(Self.texts(world.station, world) == ["ipp 1-50", "ipp 500-509", "nda 10-11"])
    #expect(Self.texts(Self.other, world) == ["ipp 51-100", "nda 12-14", "unknown 1-99999"])
    // Whoever has one left keeps it.
    try world.run(CedeNumbers(to: "bloc-2-00000000"), by: "account/administrator", at: .hours(1))
    #expect(
      Scene.outcome(CedeNumbers(to: "bloc-3-00000000"), in: world, by: "account/administrator") == "numbers-used-up")
    #expect(Self.texts(world.station, world) == ["ipp 1-25", "ipp 500-509", "nda 10-10"])
  }

  /// Stations that people call the same give no label twice.
  @Test func aNameThatIsThereAlreadyHasOtherSerials() throws {
    let world = Self.world([.init(kind: .ipp, first: 1, last: 1000), .init(kind: .nda, first: 1, last: 1000)])
    func unknown(_ station: String) throws -> [String] {
      try world.run(CedeNumbers(to: station), by: "account/administrator")
      return Self.texts(station, world).filter { $0.hasPrefix("unknown") }
    }
    #expect(try unknown("lits-2-00000001") == ["unknown 1-99999"])
    #expect(try unknown("lits-2-00000002") == ["unknown 100001-199999"])
    #expect(try unknown("lits-22-00000003") == ["unknown 1-99999"])
    // A person granted it some more.
    world.hear(
      NumberSlices.Slice(kind: .unknown, first: 300_000, last: 300_500).granted(to: "lits-2-00000001", at: .hours(1)))
    #expect(try unknown("lits-2-00000004") == ["unknown 400001-499999"])
    world.hear(
      NumberSlices.Slice(kind: .unknown, first: 500_000, last: 1 << 53).granted(to: "lits-2-00000001", at: .hours(2)))
    let used = Scene.outcome(CedeNumbers(to: "lits-2-00000005"), in: world, by: "account/administrator")
    #expect(used == "numbers-used-up")
  }

  /// Of 1 to 10, what is ceded and what stays.
  @Test(arguments: [
    (1, 10, ""), (6, 10, "1-5"), (1, 5, "6-10"), (4, 6, "1-3 7-10"), (11, 20, "1-10"), (0, 30, ""),
  ])
  func whatStays(first: Int, last: Int, left: String) {
    let world = Self.world([.init(kind: .nda, first: 1, last: 10)])
    world.hear(
      NumberSlices.Slice(kind: .nda, first: first, last: last).ceded(by: world.station, to: "x", at: .hours(1)))
    #expect(Self.texts(world.station, world).joined(separator: " ").replacing("nda ", with: "") == left)
  }
}
