import Hospital
import Testing

/// A restored station goes on with the numbers that the paper kept.
struct TakeReserveTests {
  @Test func thePapersNumbersBecomeTheStations() throws {
    let world = Scene.world()
    for kind in [NumberKind.ipp, .nda] {
      world.hear(NumberSlices.Slice(kind: kind, first: 1, last: 100).granted(to: world.station, at: .night))
    }
    try world.run(CedeNumbers(to: "paper-3fa9c2d1"), by: "account/administrator")
    world.station = "portable-1-00000001"
    #expect(
      Scene.outcome(TakeReserve(of: "paper-3fa9c2d1"), in: world, by: "account/admission") == "not-permitted")
    try world.run(TakeReserve(of: "paper-3fa9c2d1"), by: "account/administrator", at: .hours(1))
    let own = world.slices(ofStation: "portable-1-00000001").map { "\($0.kind.rawValue) \($0.first)-\($0.last)" }
    #expect(own == ["ipp 51-100", "nda 51-100", "unknown 1-99999"])
    // Whoever is called the same, of another paper, gives other labels.
    world.station = "urg-1-00000009"
    for kind in [NumberKind.ipp, .nda] {
      world.hear(NumberSlices.Slice(kind: kind, first: 201, last: 300).granted(to: world.station, at: .night))
    }
    try world.run(CedeNumbers(to: "paper-00000009"), by: "account/administrator")
    world.station = "portable-1-00000009"
    try world.run(TakeReserve(of: "paper-00000009"), by: "account/administrator", at: .hours(1))
    let others = world.slices(ofStation: world.station).filter { $0.kind == .unknown }
    #expect(others == [.init(kind: .unknown, first: 100_001, last: 199_999)])
    // Labels up to the last integer, said of this one's name, leave none beyond: it gives the other numbers.
    world.station = "urg-2-00000003"
    for kind in [NumberKind.ipp, .nda] {
      world.hear(NumberSlices.Slice(kind: kind, first: 401, last: 500).granted(to: world.station, at: .night))
    }
    try world.run(CedeNumbers(to: "paper-00000003"), by: "account/administrator")
    world.hear(
      NumberSlices.Slice(kind: .unknown, first: 1, last: 1 << 53).granted(to: "portable-3-000000ff", at: .night))
    world.station = "portable-3-00000003"
    try world.run(TakeReserve(of: "paper-00000003"), by: "account/administrator", at: .hours(1))
    #expect(world.slices(ofStation: world.station).map(\.kind) == [.ipp, .nda])
    // Once: whoever restores again from the same paper must not give the same numbers.
    world.station = "portable-2-00000002"
    #expect(
      Scene.outcome(TakeReserve(of: "paper-3fa9c2d1"), in: world, by: "account/administrator") == "numbers-no-reserve")
  }
}
