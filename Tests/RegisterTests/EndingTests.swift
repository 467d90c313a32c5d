import Foundation
import Hospital
import Ledger
import Register
import Seeded
import Testing

/// What a clock that ran ahead has dated counts as of the hour at which its chain ended.
struct EndingTests {
  private static let tenYears = 10 * 365 * 86_400

  /// A station that enrols, and one whose clock was in 2032 and is set right again.
  func ahead() async throws -> (first: TestStation, second: TestStation) {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    try await first.say(.registered("patient/a", "MARTIN"))
    try await second.take(from: first)
    second.environment.advance(seconds: Self.tenYears)
    try await second.say(.registered("patient/a", "AHEAD"))
    try await second.say(.registered("patient/a", "FARTHER AHEAD"))
    second.environment.advance(seconds: -Self.tenYears)
    try await first.take(from: second)
    return (first, second)
  }

  func name(at station: TestStation) throws -> String? {
    try station.register.read { try $0.patient("patient/a")?.birthName }
  }

  @Test func whoGoesOnCountsAsOfNow() async throws {
    let (first, second) = try await ahead()
    try await first.say(.registered("patient/a", "NOW"))
    // Nothing that is said now comes after what was written in 2032.
    #expect(try name(at: first) == "FARTHER AHEAD")
    #expect(try second.register.isAhead(now: second.environment.environment.now()))
    let key = try #require(SigningKey(seed: [UInt8](repeating: 1, count: 32)))
    let enrolment = try await first.register.enrolAnew(
      second.register.station, key: key.publicKey, environment: first.environment.environment)
    // Its lines count as of that hour, in their own order.
    #expect(try name(at: first) == "FARTHER AHEAD")
    try second.register.renew(key, enrolment)
    let renewed = try TestStation(after: second)
    #expect(try !renewed.register.isAhead(now: renewed.environment.environment.now()))
    try await renewed.take(from: first)
    try await first.say(.registered("patient/a", "LATER"))
    #expect(try name(at: first) == "LATER")
    try await renewed.take(from: first)
    try await renewed.say(.registered("patient/a", "LAST"))
    // It knows of its own old lines.
    let head = try #require(try renewed.heads()[renewed.register.station]?.first)
    let lines = try #require(try renewed.register.lines(endingAt: head.hash, after: 0, bytes: 1 << 20))
    #expect(
      try lines.contains { try Commit(reading: $0).witnessed.contains { $0.station == second.register.station } })
    try await first.take(from: renewed)
    for station in [first, renewed] {
      #expect(try name(at: station) == "LAST")
      #expect(try station.digest() == first.digest())
      #expect(try station.register.verifyLedger().failures == [])
      #expect(try TestStation(after: station, rebuilding: true).digest() == first.digest())
    }
    await #expect(throws: Refusal("station-not-forked")) {
      try await first.register.enrolAnew(
        first.register.station, key: key.publicKey, environment: first.environment.environment)
    }
  }

  /// A station that is made of a snapshot knows of the end what the lines say: what comes late changes nothing there
  /// that it does not change elsewhere.
  @Test func whoeverIsRestoredKnowsIt() async throws {
    let (first, second) = try await ahead()
    let third = try first.joined("urg-3", seed: 8)
    try await third.say(.registered("patient/a", "EARLIER"))
    try await first.register.end(station: second.register.station, environment: first.environment.environment)
    try await first.say(.registered("patient/a", "LATER"))
    let path = "\(first.folder.path)/copy"
    _ = try first.register.snapshot(to: path)
    let folder = try TemporaryFolder()
    try Register.restore(
      snapshot: path, in: folder.path, station: "secours-1", root: try #require(try first.register.rootKey()),
      hospital: "Essai", unverified: "copy", environment: first.environment.environment)
    let restored = try TestStation(folder, first.environment)
    for station in [first, restored] {
      try await station.take(from: third)
      #expect(try name(at: station) == "LATER")
    }
    #expect(try restored.digest() == first.digest())
    #expect(try restored.register.read { try $0.writtenAhead(now: .night) }.allSatisfy { $0.countsAt != nil })
  }

  /// Until its hour has come; who said that it ended says as of when it counts.
  @Test func whatAClockDatedAheadIsShown() async throws {
    let (first, second) = try await ahead()
    let now = first.environment.environment.now()
    let last = try #require(second.heads()[second.register.station]?.first)
    func shown(at hour: Instant) throws -> [WrittenAhead] { try first.register.read { try $0.writtenAhead(now: hour) } }
    let ahead = try shown(at: now)
    #expect(
      ahead.map(\.line) == [CommitPlace(station: second.register.station, sequence: last.sequence, hash: last.hash)])
    #expect(ahead.allSatisfy { $0.at > now.adding(seconds: Self.tenYears - 3600) && $0.countsAt == nil })
    #expect(try shown(at: now.adding(seconds: Self.tenYears)) == [])
    try await first.register.end(station: second.register.station, environment: first.environment.environment)
    let ended = try #require(try shown(at: now).first?.countsAt)
    #expect(ended >= now && ended < now.adding(seconds: 3600))
  }

  /// A clock that fell back to 1970 ends nobody's chain.
  @Test func aClockInDoubtEndsNothing() async throws {
    let (first, second) = try await ahead()
    let environment = first.environment.environment
    let key = try #require(SigningKey(seed: [UInt8](repeating: 1, count: 32)))
    first.environment.advance(seconds: -50 * 365 * 86_400)
    await #expect(throws: Refusal("clock-in-doubt")) {
      try await first.register.end(station: second.register.station, environment: environment)
    }
    for station in [first, second] {
      await #expect(throws: Refusal.self) {
        try await first.register.enrolAnew(station.register.station, key: key.publicKey, environment: environment)
      }
    }
    #expect(try first.register.read { try $0.successors(of: second.register.station) } == [])
  }

  /// Of the very millisecond at which its chain ended. A declaration keeps all of its hour, its count too.
  @Test func whatWasSaidInTheLastMillisecondCountsAlike() async throws {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    second.environment.advance(seconds: 7200)
    // The second at a clock that was put back: the hour of the one before, and one more.
    for _ in 1...2 {
      try await second.say(
        Fact(kind: "mode.declared", subject: "mode/hospital", at: .night, data: ["mode": "degrade", "reason": "test"]))
      second.environment.advance(seconds: -3600)
    }
    try await first.take(from: second)
    let said = try second.lines().map { try Commit(reading: $0) }
    let last = try #require(said.last { $0.station == second.register.station })
    #expect(last.time.counter > 0)
    let now = first.environment.environment.now()
    first.environment.advance(seconds: Int(last.time.instant.milliseconds - now.milliseconds) / 1000 - 1)
    try await first.register.end(station: second.register.station, environment: first.environment.environment)
    let path = "\(first.folder.path)/copy"
    _ = try first.register.snapshot(to: path)
    #expect(try Register.prove(snapshot: path, root: first.register.rootFingerprint()).failure == nil)
  }

  /// A person says it of one that is gone; the lines and what is said of them come in any order.
  @Test(arguments: 1...6) func inAnyOrder(seed: UInt64) async throws {
    let (first, second) = try await ahead()
    try await first.register.end(station: second.register.station, environment: first.environment.environment)
    try await first.say(.registered("patient/a", "LATER"))
    #expect(try name(at: first) == "LATER")
    let third = try first.joined("urg-3", seed: 8)
    var dice = Seeded(seed: seed)
    var lines = try first.lines()
    lines.shuffle(using: &dice)
    while !lines.isEmpty {
      let part = lines.prefix(Int.random(in: 1...3, using: &dice))
      _ = try await third.register.takeIn(Array(part), from: "test")
      lines.removeFirst(part.count)
    }
    #expect(try third.digest() == first.digest())
    #expect(try TestStation(after: third, rebuilding: true).digest() == first.digest())
    // A later hour holds: then what is said between counts before them again.
    try await first.register.end(station: second.register.station, environment: first.environment.environment)
    #expect(try name(at: first) == "FARTHER AHEAD")
    try await third.take(from: first)
    #expect(try third.digest() == first.digest())
  }
}
