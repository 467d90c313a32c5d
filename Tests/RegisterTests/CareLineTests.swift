import Hospital
import Ledger
import Register
import Testing

/// Lines of care on two stations.
struct CareLineTests {
  private func declare(
    _ state: CareState, _ station: TestStation, at instant: Instant = .night
  ) async throws {
    let line = DeclareCare.Line(
      .ct, state, reason: state == .open ? nil : .system, reviewAt: state == .open ? nil : instant.adding(seconds: 9000)
    )
    try await station.submit(DeclareCare([line]))
  }

  private func line(_ station: TestStation) throws -> CareLine? {
    try station.register.read { try $0.careLines() }.first
  }

  @Test func inTheOrderInWhichTheyAreKnown() async throws {
    let station = try TestStation()
    let keys: [CareKey] = [.outpatients, .ct, .emergency]
    let lines = keys.map { DeclareCare.Line($0, .closed, reason: .system, reviewAt: .hours(2)) }
    try await station.submit(DeclareCare(lines))
    try await station.say(
      Fact(kind: "care.declared", subject: "care/new", at: .night, data: ["line": "a-newer-one", "state": "limited"]))
    let found = try station.register.read { try $0.careLines() }
    #expect(found.map(\.key) == ["emergency", "ct", "outpatients", "a-newer-one"])
    #expect(found.allSatisfy { $0.holding?.reviewAt == .hours(2) || $0.key == "a-newer-one" })
  }

  /// Cut off from each other, both declare; together again both show it, alike, until one who knows declares.
  @Test func twoStationsUnawareOfEachOther() async throws {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    try await first.take(from: second)
    try await second.take(from: first)
    try await declare(.closed, first)
    try await declare(.open, second)
    try await second.take(from: first)
    try await first.take(from: second)
    for station in [first, second] {
      #expect(try line(station)?.isContradicted == true)
      #expect(try line(station)?.holding?.state == .closed)
      #expect(try station.register.read { try $0.conflictsCount() } == 1)
    }
    try await declare(.limited, second)
    try await first.take(from: second)
    for station in [first, second] {
      #expect(try line(station)?.isContradicted == false)
      #expect(try line(station)?.holding?.state == .limited)
      #expect(try station.register.read { try $0.conflictsCount() } == 0)
    }
    #expect(try first.digest() == second.digest())
  }
}
