import Hospital
import Ledger
import Register
import Testing

/// One message, heard by stations that could not reach each other: what they do not say alike is shown.
struct UnderstoodApartTests {
  private let source = Source(sender: "SIH", control: "42", text: "20220821030000", instant: .night)

  private func hear(_ name: String, at station: TestStation) async throws {
    try await station.say(
      .registered("patient/a", name), .registered("patient/b", "PETIT"), key: "message", source: source)
  }

  /// Stations that counts, then the other.
  private func shown(at station: TestStation) throws -> [[String]] {
    try station.register.read { try $0.understoodApart(limit: 9) }.map { [$0.first.station, $0.other.station] }
  }

  @Test(arguments: [("MARTIN", false), ("MARTINE", true)])
  func whatTwoSayDifferentlyIsShownAtBoth(_ name: String, _ isApart: Bool) async throws {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    try await second.take(from: first)
    try await hear("MARTIN", at: first)
    second.environment.advance(seconds: 3600)
    try await hear(name, at: second)
    // At one of them the line that counts comes first, at the other the one that does not.
    try await second.take(from: first)
    try await first.take(from: second)
    let expected = isApart ? [[first.register.station, second.register.station]] : []
    for station in [first, second] {
      #expect(try shown(at: station) == expected)
      let rebuilt = try TestStation(after: station, rebuilding: true)
      #expect(try shown(at: rebuilt) == expected)
      let differing = try rebuilt.register.read { try $0.understoodApart(limit: 9) }.first?.differing
      let facts: [Fact]? = isApart ? [.registered("patient/a", "MARTIN"), .registered("patient/a", "MARTINE")] : nil
      #expect(differing == facts)
    }
    #expect(try first.register.read { try $0.understoodApartCount(since: .night) } == expected.count)
    #expect(try first.register.read { try $0.understoodApartCount(since: .hours(5)) } == 0)
  }

  /// Behind a mark nobody is compared with it any more; the others are with whoever counts now.
  @Test func whoCountsInsteadIsCompared() async throws {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    let third = try first.joined("urg-3", seed: 8)
    for station in [second, third] { try await station.take(from: first) }
    try await second.say(.registered("patient/c", "LEROY"))
    try await hear("MARTIN", at: second)
    first.environment.advance(seconds: 3600)
    try await hear("MARTIN", at: first)
    third.environment.advance(seconds: 7200)
    try await hear("MARTINE", at: third)
    try await first.take(from: second)
    try await first.take(from: third)
    let (one, two, three) = (first.register.station, second.register.station, third.register.station)
    #expect(try shown(at: first) == [[two, three]])
    try await first.revoke(second, after: 2)
    #expect(try shown(at: first) == [[one, three]])
    #expect(try shown(at: TestStation(after: first, rebuilding: true)) == [[one, three]])
    try await first.register.restore(station: two, environment: first.environment.environment)
    #expect(try shown(at: first).contains([two, three]))
  }
}
