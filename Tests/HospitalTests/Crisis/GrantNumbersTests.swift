import Hospital
import Testing

/// Serials 100 to 199 are this station's, 300 to 399 another's.
struct GrantNumbersTests {
  @Test(arguments: [
    (200, 299, "range.granted"), (400, 499, "range.granted"), (199, 250, "numbers-granted [first]"),
    (0, 99, "range.granted"), (150, 160, "numbers-granted [first]"), (250, 350, "numbers-granted [first]"),
    (0, 1000, "numbers-granted [first]"), (299, 200, "numbers-no-range [last]"), (-1, 5, "numbers-no-range [last]"),
    (500, 1 << 53, "numbers-too-long [last]"), (500, (1 << 53) + 1, "numbers-no-range [last]"),
  ])
  func slices(first: Int, last: Int, outcome: String) throws {
    let world = Scene.world()
    world.structure?.numbers[.ipp] = NumberFormat(prefix: "8", length: 9, check: "none", first: 100, last: 199)
    world.hear(NumberSlices.Slice(kind: .ipp, first: 100, last: 199).granted(to: world.station, at: .night))
    world.hear(NumberSlices.Slice(kind: .ipp, first: 300, last: 399).granted(to: "bloc-2-00000000", at: .night))
    world.hear(NumberSlices.Slice(kind: .nda, first: 200, last: 299).granted(to: world.station, at: .night))
    let grant = GrantNumbers(kind: .ipp, first: first, last: last)
    #expect(Scene.outcome(grant, in: world, by: "account/admission") == "not-permitted")
    #expect(Scene.outcome(grant, in: world, by: "account/administrator") == outcome)
    let own = world.ranges["range/\(world.station)"]?.slices.filter { $0.kind == .ipp }
    #expect(own?.count == (outcome == "range.granted" ? 2 : 1))
  }

  /// A label bears its station's name: only the slices of stations that people call the same are in the way.
  @Test(arguments: [(1, 99, "range.granted"), (500, 700, "numbers-granted [first]"), (1001, 1002, "range.granted")])
  func labels(first: Int, last: Int, outcome: String) {
    let world = Scene.world()
    world.hear(NumberSlices.Slice(kind: .unknown, first: 1, last: 99_999).granted(to: "bloc-2-00000000", at: .night))
    world.hear(NumberSlices.Slice(kind: .unknown, first: 600, last: 1000).granted(to: "urg-1-00000000", at: .night))
    let grant = GrantNumbers(kind: .unknown, first: first, last: last)
    #expect(Scene.outcome(grant, in: world, by: "account/administrator") == outcome)
  }
}
