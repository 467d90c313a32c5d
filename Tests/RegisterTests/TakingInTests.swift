import Foundation
import Hospital
import Ledger
import Register
import Seeded
import Testing

/// Several stations of one hospital, each with all that the others said.
struct TakingInTests {
  @Test(arguments: 1...6)
  func theSameLinesGiveTheSameHospitalInAnyOrder(seed: UInt64) async throws {
    let first = try TestStation(seed: seed)
    try await busy(first)
    let second = try first.joined("urg-2", seed: seed + 100)
    var dice = Seeded(seed: seed)
    var lines = try first.lines()
    lines += lines.prefix(5)
    lines.shuffle(using: &dice)
    while !lines.isEmpty {
      let part = lines.prefix(Int.random(in: 1...9, using: &dice))
      _ = try await second.register.takeIn(Array(part), from: "test")
      lines.removeFirst(part.count)
    }
    #expect(try second.digest() == first.digest())
    #expect(try second.heads()[first.register.station] == first.heads()[first.register.station])
    #expect(try second.register.read { try $0.linesAside() } == [])
    #expect(try second.register.verifyLedger().failures == [])
    let rebuilt = try TestStation(after: second, rebuilding: true)
    #expect(try rebuilt.digest() == first.digest())
  }

  @Test func eachTakesWhatTheOtherSaid() async throws {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    try await second.take(from: first)
    try await second.say(.registered("patient/b", "DURAND"))
    try await first.say(.registered("patient/a", "MARTIN"))
    try await first.take(from: second)
    try await second.take(from: first)
    #expect(try first.digest() == second.digest())
    #expect(try first.register.read { try $0.patient("patient/b") }?.birthName == "DURAND")
    // The same again changes nothing.
    let lines = try first.lines()
    #expect(try await second.register.takeIn(lines, from: "test") == TakenIn(known: lines.count))
  }

  @Test func aLineNamesWhatItsStationHasSeen() async throws {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    try await second.take(from: first)
    let head = try #require(try first.heads()[first.register.station]?.first)
    try await second.say(.registered("patient/b", "DURAND"))
    try await second.say(.registered("patient/c", "PETIT"))
    let said = try second.lines().map { try Commit(reading: $0) }.filter { $0.station == second.register.station }
    let seen = CommitPlace(station: first.register.station, sequence: head.sequence, hash: head.hash)
    #expect(said.map(\.witnessed) == [[], [seen], []])
  }

  @Test func aHeadThatNoLineBearsOutIsItsWitnesssClaim() async throws {
    let first = try TestStation()
    let (second, third) = (try first.joined("urg-2", seed: 7), try first.joined("urg-3", seed: 8))
    try await third.say(.registered("patient/c", "PETIT"))
    let head = try #require(try third.heads()[third.register.station]?.first)
    try await second.take(from: third)
    try await second.say(.registered("patient/b", "DURAND"))
    #expect(try second.register.read { try $0.witnessClaims() } == [])
    let said = try second.lines().filter { try Commit(reading: $0).station == second.register.station }
    _ = try await first.register.takeIn(said, from: "test")
    let claims = try first.register.read { try $0.witnessClaims() }
    #expect(claims.map(\.witness) == [second.register.station] && claims.map(\.isContradicted) == [false])
    #expect(
      claims.map(\.claimed) == [
        CommitPlace(station: third.register.station, sequence: head.sequence, hash: head.hash)
      ])
    try await first.take(from: third)
    #expect(try first.register.read { try $0.witnessClaims() } == [])
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var reason: String
    /// Of the lines of a chain, oldest first.
    var spoil: @Sendable ([[UInt8]]) -> [[UInt8]]
  }
  static let bad = [
    Bad(testDescription: "no line", reason: "not a signature, a space and a body") { $0 + [Array("rien".utf8)] },
    Bad(testDescription: "a body that is no JSON", reason: "the body is not strict JSON") {
      $0 + [Array($0[2].prefix(87)) + Array("{".utf8)]
    },
    Bad(testDescription: "another's signature", reason: "the signature does not fit the body") {
      $0.dropLast() + [Array($0[1].prefix(86)) + Array($0[$0.count - 1].dropFirst(86))]
    },
    Bad(testDescription: "a gap", reason: "the line before it is not here") {
      Array($0.prefix(2)) + Array($0.dropFirst(3))
    },
    Bad(testDescription: "without its first", reason: "the first line of its chain is not here") {
      Array($0.dropFirst())
    },
  ]

  @Test(arguments: bad)
  func whatDoesNotHoldLiesAsideAndStopsNothing(bad: Bad) async throws {
    let first = try TestStation()
    for name in ["MARTIN", "DURAND", "PETIT"] { try await first.say(.registered("patient/\(name)", name)) }
    let second = try first.joined("urg-2", seed: 7)
    let lines = try first.lines()
    let taken = try await second.register.takeIn(bad.spoil(lines), from: "urg-1")
    let aside = try second.register.read { try $0.linesAside() }
    #expect(taken.aside == aside.count && !aside.isEmpty)
    #expect(aside.allSatisfy { $0.reason.hasPrefix(bad.reason) && $0.peer == "urg-1" }, "\(aside)")
    // The same again is told from what is new.
    let again = try await second.register.takeIn(bad.spoil(lines), from: "urg-1")
    #expect((again.accepted, again.aside, again.stillAside) == (0, 0, aside.count))
    // Twice in one taking is once.
    let third = try first.joined("urg-3", seed: 8)
    for counts in [(aside.count, 0), (0, aside.count)] {
      let twice = try await third.register.takeIn(bad.spoil(lines) + bad.spoil(lines), from: "urg-1")
      #expect((twice.aside, twice.stillAside) == counts)
    }
    // Then they come whole. What lies aside of itself is not held against whoever gives them.
    let whole = try await second.register.takeIn(lines, from: "urg-1")
    #expect((whole.aside, whole.stillAside) == (0, 0))
    #expect(try second.digest() == first.digest())
    #expect(try second.register.verifyLedger().failures == [])
  }

  @Test func anotherHospitalIsAnother() async throws {
    let (first, other) = (try TestStation(), try TestStation(seed: 9))
    let taken = try await first.register.takeIn(other.lines(), from: "test")
    #expect(taken == TakenIn(aside: 2))
    #expect(
      try first.register.read { try $0.linesAside() }.map(\.reason) == [
        "its root is another hospital's", "its root is another hospital's",
      ])
  }

  /// One message, heard by two stations that could not reach each other.
  @Test func aMessageHeardTwiceCountsOnce() async throws {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    try await second.take(from: first)
    let source = Source(sender: "SIH", control: "42", text: "20220821030000", instant: .night)
    try await first.say(.registered("patient/a", "MARTIN"), key: "message", source: source)
    try await second.say(.registered("patient/a", "MARTINE"), key: "message", source: source)
    let names = try [first, second].map { try $0.register.read { try $0.patient("patient/a")?.birthName } }
    #expect(names == ["MARTIN", "MARTINE"])
    try await second.take(from: first)
    try await first.take(from: second)
    #expect(try first.digest() == second.digest())
    for station in [first, second] {
      #expect(try station.register.read { try $0.patient("patient/a")?.birthName } == "MARTIN")
      #expect(try TestStation(after: station, rebuilding: true).digest() == first.digest())
    }
  }

  /// It was here from another station already when this one heard it.
  @Test func aMessageHeardAgainLaterChangesNothing() async throws {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    try await second.take(from: first)
    let source = Source(sender: "SIH", control: "42", text: "20220821030000", instant: .night)
    try await first.say(.registered("patient/a", "MARTIN"), key: "message", source: source)
    try await second.take(from: first)
    try await second.say(.registered("patient/a", "MARTINE"), key: "message", source: source)
    try await first.take(from: second)
    for station in [first, second] {
      #expect(try station.register.read { try $0.patient("patient/a")?.birthName } == "MARTIN")
    }
    #expect(try first.digest() == second.digest())
  }

  /// A line names one head of each chain; where one forked, the next line names the other.
  @Test func bothEndsOfAForkAreNamed() async throws {
    let first = try TestStation()
    let clone = try TestStation(after: first)
    let second = try first.joined("urg-2", seed: 7)
    try await first.say(.registered("patient/a", "MARTIN"))
    try await clone.say(.registered("patient/b", "DURAND"))
    try await second.take(from: first)
    try await second.take(from: clone)
    for patient in ["c", "d", "e"] { try await second.say(.registered("patient/\(patient)", "PETIT")) }
    let said = try second.lines().map { try Commit(reading: $0) }.filter { $0.station == second.register.station }
    #expect(said.map(\.witnessed.count) == [0, 1, 1, 0])
    let ends = try #require(try second.heads()[first.register.station])
    #expect(Set(said.flatMap(\.witnessed).map(\.hash)) == Set(ends.map(\.hash)))
  }

  /// A station that uses another's key again takes nothing away from it.
  @Test func aKeyUsedAgainElsewhereHidesNothing() async throws {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    try await second.take(from: first)
    try await second.say(.registered("patient/b", "DURAND"), key: "5e8f0f0a-6a52-4f0b-9d2f-1b1c2d3e4f50")
    try await first.say(.registered("patient/a", "MARTIN"), key: "5e8f0f0a-6a52-4f0b-9d2f-1b1c2d3e4f50")
    try await second.take(from: first)
    try await first.take(from: second)
    for station in [first, second] {
      let found = try station.register.read { reading in
        try ["patient/a", "patient/b"].map { try reading.patient($0)?.birthName }
      }
      #expect(found == ["MARTIN", "DURAND"])
    }
  }

  /// A disk was cloned: each branch answered somebody, and both count.
  @Test func bothBranchesOfAForkCount() async throws {
    let first = try TestStation()
    let clone = try TestStation(after: first)
    let second = try first.joined("urg-2", seed: 7)
    try await first.say(.registered("patient/a", "MARTIN"))
    try await first.say(.registered("patient/c", "PETIT"))
    try await clone.say(.registered("patient/b", "DURAND"))
    try await second.take(from: first)
    try await second.take(from: clone)
    try await first.take(from: second)
    try await clone.take(from: second)
    for station in [first, clone] {
      #expect(try station.digest() == second.digest())
      #expect(try station.heads() == second.heads())
      #expect(try station.register.verifyLedger().forks.map(\.sequence) == [3])
    }
    #expect(try second.heads()[first.register.station]?.map(\.sequence) == [3, 4])
    #expect(try second.register.read { try $0.counts().patients } == 3)
    // Each branch can be asked for alone.
    let third = try first.joined("urg-3", seed: 8)
    for head in try second.heads()[first.register.station] ?? [] {
      let lines = try #require(try second.register.lines(endingAt: head.hash, after: 0, bytes: .max))
      #expect(lines.count == head.sequence)
      _ = try await third.register.takeIn(lines, from: "urg-2")
    }
    #expect(try third.digest() == second.digest())
  }

  /// Put back to yesterday's snapshot, a station takes back what it had said, and goes on behind it.
  @Test func aStationPutBackTakesItsLinesBack() async throws {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    let snapshot = try TestStation(after: first)
    try await first.submit(Number())
    let said = try await first.say(.registered("patient/a", "MARTIN"), key: "key-1")
    try await second.take(from: first)
    try await snapshot.take(from: second)
    // Whoever was answered and asks again is answered the same.
    let again = try await snapshot.say(.registered("patient/b", "DURAND"), key: "key-1")
    #expect(again.isRepeated && again.hash == said.hash)
    let receipt = try await snapshot.submit(Number())
    #expect(receipt.sequence == 5)
    #expect(try snapshot.register.verifyLedger().forks.isEmpty)
    let numbers = try snapshot.register.read { reading in
      try ["900100", "900101", "900102"].map { try reading.patients(withIdentifier: $0).count }
    }
    #expect(numbers == [1, 1, 0])
  }

  private func busy(_ station: TestStation) async throws {
    for (source, facts) in LateFactTests.messages {
      _ = try await station.register.submit(
        Submission(Say(facts), key: "message \(source.control)", author: "system", source: source))
    }
    for number in 0..<20 {
      try await station.say(.registered("patient/\(number % 7)", "MARTIN", at: .hours(number)))
    }
    station.register.recordRead(account: "account/a", patient: "patient/1", where: "patient")
    try station.register.flushReads()
  }
}

extension TestStation {
  /// Another station of this one's hospital, which has heard nothing yet.
  func joined(_ people: String, seed: UInt64) throws -> TestStation {
    let environment = TestEnvironment(seed: seed)
    let key = try SigningKey(random: environment.environment.randomBytes)
    let enrolment = try register.enrol(
      station: people, key: key.publicKey, environment: self.environment.environment)
    let folder = try TemporaryFolder()
    try Register.join(
      folder: folder.path, key: key, enrolment: enrolment, environment: environment.environment)
    return try TestStation(folder, environment)
  }

  /// Every line that is here, chain by chain.
  func lines() throws -> [[UInt8]] {
    let folder = try TemporaryFolder()
    let names = try register.exportLedger(to: folder.path).stations
    return try names.flatMap { name in
      let bytes = try Data(contentsOf: URL(filePath: "\(folder.path)/\(name).ledger"))
      return bytes.split(separator: UInt8(ascii: "\n")).map { [UInt8]($0) }
    }
  }

  func take(from other: TestStation) async throws {
    _ = try await register.takeIn(other.lines(), from: other.register.station)
  }

  @discardableResult
  func submit(_ command: any Command) async throws -> Receipt {
    try await register.submit(Submission(command, key: UUID().uuidString, author: "system"))
  }

  func digest() throws -> String { try register.read { try $0.digest().digest } }

  func heads() throws -> [String: [VerificationReport.Head]] { try register.tips() }
}
