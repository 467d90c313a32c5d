import Foundation
import Hospital
import Ledger
import Register
import Seeded
import Testing

/// What a revoked station said after its mark is kept, passed on, and folded into nothing, whatever came first.
struct RevocationTests {
  /// Two stations that have everything the other said; the first can enrol.
  func pair() async throws -> (first: TestStation, second: TestStation) {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    try await second.take(from: first)
    try await second.say(.registered("patient/a", "MARTIN"))
    try await first.take(from: second)
    return (first, second)
  }

  func name(_ patient: String, at station: TestStation) throws -> String? {
    try station.register.read { try $0.patient(patient)?.birthName }
  }

  @Test func linesBehindTheMarkCountForNothing() async throws {
    let (first, second) = try await pair()
    try await second.say(.registered("patient/b", "DURAND"), .registered("patient/a", "MARTINE"))
    second.register.recordRead(account: "account/a", patient: "patient/a", where: "patient")
    try second.register.flushReads()
    try await first.revoke(second)
    #expect(first.register.isRevoked(second.register.station))
    try await first.take(from: second)
    try await second.take(from: first)
    let third = try first.joined("urg-3", seed: 8)
    try await third.take(from: first)
    for station in [first, second, third] {
      #expect(try name("patient/a", at: station) == "MARTIN")
      #expect(try name("patient/b", at: station) == nil)
      #expect(try station.register.read { try $0.search("durand", now: .night).count } == 0)
      #expect(try station.register.read { try $0.counts().patients } == 1)
      #expect(try station.register.read { try $0.newestReads() } == [])
      let there = try station.heads()
      #expect(try first.heads().allSatisfy { there[$0.key] == $0.value })
      #expect(try station.digest() == first.digest())
      #expect(try station.register.verifyLedger().failures == [])
      #expect(try TestStation(after: station, rebuilding: true).digest() == first.digest())
      #expect(try station.register.read { try $0.station(second.register.station)?.isRevoked } == true)
    }
  }

  /// A key that a stolen station said before it was revoked opens nothing sealed since.
  @Test func nothingIsSealedToWhatARevokedStationSaid() async throws {
    let (first, second) = try await pair()
    func keys() throws -> [String] { try first.register.read { try $0.vault()?.publicKeys ?? [] } }
    for (station, key) in [(first, "paper"), (second, "thief")] {
      try await station.say(
        Fact(
          kind: "vault.recipient-added", subject: Vault.subject, at: .night,
          data: ["purpose": "recovery", "publicKey": .string(key)]))
    }
    try await first.take(from: second)
    #expect(try Set(keys()) == ["paper", "thief"])
    try await first.revoke(second)
    #expect(try keys() == ["paper"])
  }

  /// The mark and the lines about it, in any order and in any parts, on forks too.
  @Test(arguments: 1...12)
  func anyOrderGivesTheSame(seed: UInt64) async throws {
    var dice = Seeded(seed: seed)
    let (first, second) = try await pair()
    let clone = try TestStation(after: second)
    for (number, station) in [second, clone, second, clone].enumerated() {
      let source = Source(sender: "SIH", control: "\(number / 2)", text: "", instant: .night)
      try await station.say(.registered("patient/\(number)", "BRANCH"))
      try await station.say(
        .registered("patient/heard", "HEARD \(number)"), key: "message \(number / 2)",
        source: source)
      if Bool.random(using: &dice) { try await first.take(from: station) }
    }
    try await first.say(
      .registered("patient/heard", "HEARD FIRST"), key: "message 1",
      source: Source(sender: "SIH", control: "1", text: "", instant: .night))
    try await first.revoke(second, after: Bool.random(using: &dice) ? Int.random(in: 1...5, using: &dice) : nil)
    if Bool.random(using: &dice) { try await first.take(from: clone) }
    if Bool.random(using: &dice) { try await first.revoke(second) }
    for station in [second, clone] { try await first.take(from: station) }
    let digest = try first.digest()
    #expect(try TestStation(after: first, rebuilding: true).digest() == digest)
    let third = try first.joined("urg-3", seed: 8)
    var lines = try first.lines()
    lines.shuffle(using: &dice)
    while !lines.isEmpty {
      let part = lines.prefix(Int.random(in: 1...6, using: &dice))
      _ = try await third.register.takeIn(Array(part), from: "test")
      lines.removeFirst(part.count)
    }
    #expect(try third.digest() == digest)
    #expect(try TestStation(after: third, rebuilding: true).digest() == digest)
  }

  @Test func aLaterMarkMovesItAndTakesItBack() async throws {
    let (first, second) = try await pair()
    try await second.say(.registered("patient/b", "DURAND"))
    second.register.recordRead(account: "account/a", patient: "patient/a", where: "patient")
    try second.register.flushReads()
    try await second.say(.registered("patient/c", "PETIT"))
    try await first.take(from: second)
    try await first.revoke(second, after: 2)
    #expect(try [name("patient/a", at: first), name("patient/b", at: first)] == ["MARTIN", nil])
    try await first.revoke(second, after: 3)
    #expect(try [name("patient/b", at: first), name("patient/c", at: first)] == ["DURAND", nil])
    try await second.take(from: first)
    #expect(try second.digest() == first.digest())
    try await first.register.restore(
      station: second.register.station, environment: first.environment.environment)
    #expect(try name("patient/c", at: first) == "PETIT")
    #expect(!first.register.isRevoked(second.register.station))
    try await second.take(from: first)
    #expect(try second.digest() == first.digest())
    #expect(try second.register.read { try $0.newestReads().map(\.patient) } == ["patient/a"])
    // It says again what it likes.
    try await second.say(.registered("patient/d", "LEROY"))
  }

  /// Whoever keeps an old mark and says it again moves nothing: its hour is signed.
  @Test func anOldMarkSaidAgainMovesNothing() async throws {
    let (first, second) = try await pair()
    try await second.say(.registered("patient/b", "DURAND"))
    try await first.revoke(second)
    try await first.take(from: second)
    let marks = try first.register.read { try $0.history(of: "station/\(second.register.station)") }
      .filter { $0.heard.fact.kind == Revocation.kind }
    try await first.register.restore(station: second.register.station, environment: first.environment.environment)
    #expect(try name("patient/b", at: first) == "DURAND")
    try await first.say(try #require(marks.first?.heard.fact))
    #expect(try name("patient/b", at: first) == "DURAND")
    #expect(!first.register.isRevoked(second.register.station))
  }

  /// The others answer a revoked station nothing but its mark, which alone tells it to write no more.
  @Test func aMarkIsHeardWithoutItsLine() async throws {
    let (first, second) = try await pair()
    let (station, environment) = (second.register.station, second.environment.environment)
    #expect(try first.register.mark(against: station) == nil)
    try await first.revoke(second)
    let mark = try #require(try first.register.mark(against: station))
    var forged = mark
    forged.at = mark.at.adding(seconds: 1)
    #expect(try await !second.register.hear(mark: forged, environment: environment))
    #expect(try await !first.register.hear(mark: mark, environment: first.environment.environment))
    try await second.say(.registered("patient/b", "DURAND"))
    #expect(try await second.register.hear(mark: mark, environment: environment))
    #expect(second.register.isRevoked(station))
    await #expect(throws: Refusal("station-revoked")) { try await second.say(.registered("patient/c", "PETIT")) }
    #expect(try await !second.register.hear(mark: mark, environment: environment))
    try await first.take(from: second)
    #expect(try name("patient/b", at: first) == nil)
    // Taken back, it moves nothing when it is said once more.
    try await first.register.restore(station: station, environment: first.environment.environment)
    try await second.take(from: first)
    #expect(try first.register.mark(against: station) == nil)
    #expect(try await !second.register.hear(mark: mark, environment: environment))
    #expect(!second.register.isRevoked(station))
    try await first.take(from: second)
    #expect(try first.digest() == second.digest())
  }

  @Test func whoHoldsNoEnrollingKeyRevokesNobody() async throws {
    let (first, second) = try await pair()
    await #expect(throws: RegisterFault.self) { try await second.revoke(first) }
    let other = try TestStation(seed: 9)
    try await other.revoke(second)
    let mark = try #require(
      try other.register.read { try $0.history(of: "station/\(second.register.station)") }.first?.heard.fact)
    try await second.say(mark)
    try await first.take(from: second)
    #expect(!first.register.isRevoked(second.register.station))
    #expect(!second.register.isRevoked(second.register.station))
  }

  /// Cut apart, each of two stations that may enrol shuts the other out: both are, everywhere, until a later mark.
  @Test func twoStationsRevokeEachOther() async throws {
    let (first, second) = try await pair()
    try first.lendAuthority(to: second)
    let third = try first.joined("urg-3", seed: 8)
    try await first.revoke(second)
    try await second.revoke(first)
    // Neither knows yet, and each goes on.
    try await first.say(.registered("patient/b", "DURAND"))
    try await second.say(.registered("patient/c", "PETIT"))
    try await third.take(from: second)
    try await third.take(from: first)
    try await first.take(from: second)
    try await second.take(from: first)
    for station in [first, second, third] {
      #expect(first.register.isRevoked(second.register.station))
      #expect(station.register.isRevoked(first.register.station))
      #expect(try station.digest() == third.digest())
      #expect(try name("patient/b", at: station) == nil)
      #expect(try name("patient/c", at: station) == nil)
      #expect(try name("patient/a", at: station) == "MARTIN")
      #expect(try TestStation(after: station, rebuilding: true).digest() == third.digest())
    }
    // Nobody is told that something is kept which counts for nothing; a mark alone may be said.
    await #expect(throws: Refusal("station-revoked")) {
      try await first.say(.registered("patient/d", "LEROY"))
    }
    try await second.register.restore(station: first.register.station, environment: second.environment.environment)
    try await first.take(from: second)
    #expect(try name("patient/b", at: first) == "DURAND")
    try await first.say(.registered("patient/d", "LEROY"))
    try await second.take(from: first)
    #expect(try first.digest() == second.digest())
  }

  /// Of one message heard twice, what a revoked station heard gives way to what the other heard, and comes back.
  @Test func whatTheOtherHeardCountsInstead() async throws {
    let (first, second) = try await pair()
    let source = Source(sender: "SIH", control: "42", text: "", instant: .night)
    try await second.say(.registered("patient/b", "DURAND"), key: "message", source: source)
    try await first.take(from: second)
    try await first.say(.registered("patient/b", "DURANT"), key: "message", source: source)
    #expect(try name("patient/b", at: first) == "DURAND")
    try await first.revoke(second, after: 2)
    #expect(try name("patient/b", at: first) == "DURANT")
    try await first.register.restore(station: second.register.station, environment: first.environment.environment)
    #expect(try name("patient/b", at: first) == "DURAND")
    #expect(try TestStation(after: first, rebuilding: true).digest() == first.digest())
  }

  /// A mark that nobody ever heard of the last lines of hides nothing that came before them.
  @Test func linesBeforeOneThatIsMissingCount() async throws {
    let (first, second) = try await pair()
    try await second.say(.registered("patient/b", "DURAND"))
    try await second.say(.registered("patient/c", "PETIT"))
    let third = try first.joined("urg-3", seed: 8)
    try await third.take(from: first)
    try await first.take(from: second)
    try await first.revoke(second, after: 4)
    let own = try first.lines().filter { try Commit(reading: $0).station == first.register.station }
    _ = try await third.register.takeIn(own, from: "test")
    #expect(try [name("patient/a", at: third), name("patient/b", at: third)] == ["MARTIN", nil])
    let others = try second.lines().map { try Commit(reading: $0) }
      .filter { $0.station == second.register.station && $0.sequence <= 3 }
    _ = try await third.register.takeIn(others.map(\.line), from: "test")
    #expect(try name("patient/b", at: third) == "DURAND")
    try await third.take(from: first)
    #expect(try third.digest() == first.digest())
  }

  /// Certified, and nothing of it ever came: its mark is moved as any other's, though the clock was set back since.
  @Test func aMarkOfAStationNeverHeardIsTakenBack() async throws {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    try await first.revoke(second)
    first.environment.advance(seconds: -3600)
    try await first.register.restore(station: second.register.station, environment: first.environment.environment)
    #expect(!first.register.isRevoked(second.register.station))
  }

  @Test func aStationIsWhereItSaysItself() async throws {
    let (first, second) = try await pair()
    let there = second.register.station
    try await second.say(.reached(there, "10.0.0.2:8443"))
    try await second.say(.reached(there, "10.0.0.3:8443", "[fd00::3]:8443"))
    try await first.say(.reached(there, "10.6.6.6:8443"))
    try await first.take(from: second)
    #expect(
      try first.register.read { try $0.stations() }
        == [
          KnownStation(name: first.register.station),
          KnownStation(name: there, addresses: ["10.0.0.3:8443", "[fd00::3]:8443"]),
        ].sorted { $0.name < $1.name })
  }
}

extension Fact {
  fileprivate static func reached(_ station: String, _ addresses: String...) -> Fact {
    KnownStation.reached(station, at: addresses, now: .night)
  }
}

extension TestStation {
  func revoke(_ other: TestStation, after sequence: Int? = nil) async throws {
    try await register.revoke(
      station: other.register.station, after: sequence, environment: environment.environment)
  }

  /// Makes another one a station that enrols.
  func lendAuthority(to other: TestStation) throws {
    try FileManager.default.copyItem(atPath: "\(folder.path)/authority", toPath: "\(other.folder.path)/authority")
  }
}
