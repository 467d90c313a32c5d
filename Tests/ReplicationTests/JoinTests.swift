import Ledger
import Replication
import Seeded
import Synchronization
import Testing

struct JoinCodeTests {
  /// The five random bytes, and what is shown. The check symbol is the number modulo 37 (2⁴⁰ − 1 leaves 15, an F).
  @Test(arguments: [
    ([0, 0, 0, 0, 0], "0000-00000"), ([0, 0, 0, 0, 1], "0000-00011"), ([0, 0, 0, 0, 37], "0000-00150"),
    ([255, 255, 255, 255, 255], "ZZZZ-ZZZZF"),
  ])
  func isShown(bytes: [UInt8], shown: String) throws {
    let code = JoinCode { _ in bytes }
    #expect(code.shown == shown)
    #expect(JoinCode(typed: shown) == code)
  }

  @Test func hasNoSignThatNobodyReadsOut() {
    // 36 modulo 37 would be a U.
    let numbers = Mutex<[UInt8]>([32, 36, 1])
    let code = JoinCode { _ in [0, 0, 0, 0, numbers.withLock { $0.removeFirst() }] }
    #expect(code.shown == "0000-00011")
  }

  @Test(arguments: ["0000-00011", "0000 00011", "ooooooo1i", " OOOO-OOOLL "])
  func isReadAsTyped(text: String) {
    #expect(JoinCode(typed: text)?.shown == "0000-00011")
  }

  @Test(arguments: ["", "0000-0001", "0000-00012", "0000-00101", "0000-000111", "UUUU-UUUUU", "0000-0001é"])
  func isRefused(text: String) {
    #expect(JoinCode(typed: text) == nil)
  }

  /// One character wrong, or two neighbours swapped, is always found.
  @Test(arguments: 1...200 as ClosedRange<UInt64>) func aSlipIsFound(seed: UInt64) throws {
    var random = Seeded(seed: seed)
    let code = JoinCode { random.bytes($0) }
    let symbols = Array(code.shown.filter { $0 != "-" })
    for place in symbols.indices {
      for other in "0123456789ABCDEFGHJKMNPQRSTVWXYZ" where other != symbols[place] {
        var typed = symbols
        typed[place] = other
        #expect(JoinCode(typed: String(typed)) == nil)
      }
      guard place > 0, symbols[place] != symbols[place - 1] else { continue }
      var typed = symbols
      typed.swapAt(place, place - 1)
      #expect(JoinCode(typed: String(typed)) == nil)
    }
  }
}

/// The whole exchange in one process; scrypt is made cheap.
struct JoinTests {
  static let rounds = 2
  let authority: Authority
  let host: Speaker
  let key: SigningKey
  let clock = Clock()

  final class Clock: Sendable {
    let now = Mutex(Instant.night)
  }

  init() throws {
    authority = try Authority.seeded(1)
    host = try Speaker("urg-1", seed: 2, under: authority)
    key = try SigningKey(seed: [UInt8](repeating: 7, count: 32)).orThrow()
  }

  func inviting(
    taken: String? = nil, _ enrol: (@Sendable (String, PublicKey) throws -> Enrolment)? = nil
  ) -> Inviting {
    let random = Mutex(Seeded(seed: 5))
    let bytes: @Sendable (Int) -> [UInt8] = { count in random.withLock { $0.bytes(count) } }
    let (authority, clock) = (authority, clock)
    let now: @Sendable () -> Instant = { clock.now.withLock { $0 } }
    return Inviting(
      hostCertificate: host.enrolment.certificates[0], rounds: Self.rounds, now: now, random: bytes,
      isTaken: { $0 == taken },
      enrol: enrol ?? { people, key in
        try authority.enrol(
          station: StationName.make(people: people, key: key).orThrow(), key: key, random: bytes)
      })
  }

  func join(_ link: any JoinLink, _ code: JoinCode, as people: String = "lits-2") async throws -> Enrolment {
    try await Joining(people: people, key: key, rounds: Self.rounds).join(
      link, code: code, nonce: [UInt8](repeating: 9, count: 16))
  }

  /// Between the two, what may be altered on the way.
  struct Way: JoinLink {
    let inviting: Inviting
    var shown: [UInt8]
    var question: @Sendable ([UInt8]) -> [UInt8] = { $0 }
    var answer: @Sendable ([UInt8]) -> [UInt8] = { $0 }

    func begin() async throws -> (hostCertificate: [UInt8], salt: [UInt8]) { (shown, try await inviting.salt()) }
    func ask(_ bytes: [UInt8]) async throws -> [UInt8] { try await answer(inviting.answer(question(bytes))) }
  }

  func way(_ inviting: Inviting) -> Way { Way(inviting: inviting, shown: host.enrolment.certificates[0]) }

  @Test func whoeverKnowsTheCodeJoins() async throws {
    let inviting = inviting()
    let enrolment = try await join(way(inviting), inviting.invite())
    #expect(enrolment.publicKey == key.publicKey)
    #expect(enrolment.rootFingerprint == authority.rootFingerprint)
    let checked = try StationCertificates(checking: enrolment.certificates)
    #expect(checked.station == StationName.make(people: "lits-2", key: key.publicKey))
  }

  @Test func aCodeIsUsedOnce() async throws {
    let inviting = inviting()
    let code = await inviting.invite()
    _ = try await join(way(inviting), code)
    await #expect(throws: JoinRefusal.notInvited) { try await join(way(inviting), code) }
  }

  /// Whoever knows the code asks again by another name; a guess it is all the same.
  @Test func aNameThatAStationHasIsNotGivenAgain() async throws {
    let inviting = inviting(taken: "lits-2") { _, _ in throw JoinRefusal.malformed }
    let code = await inviting.invite()
    let other = JoinCode { _ in [1, 2, 3, 4, 5] }
    // Whoever does not know it learns of no name.
    await #expect(throws: JoinRefusal.proof) { try await join(way(inviting), other) }
    for _ in 0..<2 {
      await #expect(throws: JoinRefusal.nameTaken) { try await join(way(inviting), code) }
    }
    await #expect(throws: JoinRefusal.notInvited) { try await join(way(inviting), code, as: "lits-3") }
    let open = self.inviting(taken: "lits-2")
    let second = await open.invite()
    await #expect(throws: JoinRefusal.nameTaken) { try await join(way(open), second) }
    #expect(try await join(way(open), second, as: "lits-3").publicKey == key.publicKey)
  }

  @Test(arguments: [(0, true), (900, true), (901, false), (-1, false)])
  func aCodeLastsFifteenMinutes(seconds: Int, isOpen: Bool) async throws {
    let inviting = inviting()
    let code = await inviting.invite()
    clock.now.withLock { $0 = $0.adding(seconds: seconds) }
    if isOpen {
      _ = try await join(way(inviting), code)
    } else {
      await #expect(throws: JoinRefusal.notInvited) { try await join(way(inviting), code) }
    }
  }

  @Test func nobodyGuessesMoreThanThreeTimes() async throws {
    let inviting = inviting()
    let code = await inviting.invite()
    let other = JoinCode { _ in [1, 2, 3, 4, 5] }
    for _ in 0..<3 {
      await #expect(throws: JoinRefusal.proof) { try await join(way(inviting), other) }
    }
    await #expect(throws: JoinRefusal.notInvited) { try await join(way(inviting), code) }
    // The next invitation is another code.
    await #expect(throws: JoinRefusal.proof) {
      _ = await inviting.invite()
      return try await join(way(inviting), code)
    }
  }

  /// Whoever stands between shows a certificate of their own, since they have not the host's key.
  @Test func nobodyStandsBetween() async throws {
    let inviting = inviting()
    let code = await inviting.invite()
    var way = way(inviting)
    way.shown = try Speaker("entre", seed: 9, under: Authority.seeded(8)).enrolment.certificates[0]
    await #expect(throws: JoinRefusal.proof) { try await join(way, code) }
  }

  @Test func anotherKeyIsNotSlippedIn() async throws {
    let inviting = inviting()
    let code = await inviting.invite()
    var way = way(inviting)
    let (mine, theirs) = (key.publicKey.text, host.key.publicKey.text)
    way.question = { Array(String(decoding: $0, as: UTF8.self).replacing(mine, with: theirs).utf8) }
    await #expect(throws: JoinRefusal.proof) { try await join(way, code) }
  }

  @Test func otherCertificatesAreNotSlippedIn() async throws {
    let inviting = inviting()
    let code = await inviting.invite()
    let foreign = try Authority.seeded(8).enrol(
      station: StationName.make(people: "lits-2", key: key.publicKey).orThrow(), key: key.publicKey,
      random: { [UInt8](repeating: 3, count: $0) })
    var way = way(inviting)
    way.answer = { bytes in
      guard let proof = (try? JSON(parsing: bytes))?["proof"] else { return [] }
      let certificates = foreign.certificates.map { JSON.string(Base64.standard($0)) }
      return (["certificates": .array(certificates), "proof": proof] as JSON).bytes
    }
    await #expect(throws: JoinRefusal.proof) { try await join(way, code) }
  }

  /// An honest host that gives somebody else's certificates is found too.
  @Test func certificatesMustBeForThisKeyAndName() async throws {
    let (host, authority, key) = (host, authority, key)
    let wrong = inviting { _, _ in host.enrolment }
    let code = await wrong.invite()
    await #expect(throws: JoinRefusal.certificates) { try await join(way(wrong), code) }
    let misnamed = inviting { _, _ in
      try authority.enrol(
        station: StationName.make(people: "lits-3", key: key.publicKey).orThrow(), key: key.publicKey,
        random: { [UInt8](repeating: 3, count: $0) })
    }
    let second = await misnamed.invite()
    await #expect(throws: JoinRefusal.certificates) { try await join(way(misnamed), second) }
  }

  @Test(arguments: ["", "{}", "[1]", "rubbish"]) func rubbishIsAGuessLikeAnother(text: String) async throws {
    let inviting = inviting()
    _ = await inviting.invite()
    for _ in 0..<3 {
      await #expect(throws: JoinRefusal.malformed) { try await inviting.answer(Array(text.utf8)) }
    }
    await #expect(throws: JoinRefusal.notInvited) { try await inviting.answer(Array(text.utf8)) }
  }
}

/// The same over TLS, with scrypt as it is.
@Suite(.timeLimit(.minutes(2)))
struct JoinNetworkTests {
  let parts: JoinTests

  init() throws { parts = try JoinTests() }

  func join(showing shown: Speaker, as people: String) async throws -> Enrolment {
    let (authority, host, key) = (parts.authority, parts.host, parts.key)
    let seeded = Mutex(Seeded(seed: 5))
    let random: @Sendable (Int) -> [UInt8] = { count in seeded.withLock { $0.bytes(count) } }
    let now: @Sendable () -> Instant = { .night }
    let enrol: @Sendable (String, PublicKey) throws -> Enrolment = { people, key in
      try authority.enrol(station: StationName.make(people: people, key: key).orThrow(), key: key, random: random)
    }
    let inviting = Inviting(
      hostCertificate: host.enrolment.certificates[0], now: now, random: random, isTaken: { $0 == "urg-1" },
      enrol: enrol)
    let code = await inviting.invite()
    let (ports, running) = AsyncStream.makeStream(of: Int.self)
    let application = try JoinServer(
      inviting: inviting, credentials: PeerCredentials(enrolment: shown.enrolment, key: shown.key), logger: .quiet
    ).application(host: "127.0.0.1", port: 0) { port in running.yield(port) }
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await application.run() }
      defer { group.cancelAll() }
      var found = ports.makeAsyncIterator()
      let link = HTTPJoinLink(to: PeerAddress(host: "127.0.0.1", port: try await found.next().orThrow()))
      let outcome = await Result {
        try await Joining(people: people, key: key).join(link, code: code, nonce: [UInt8](repeating: 9, count: 16))
      }
      await link.close()
      return try outcome.get()
    }
  }

  @Test func whoeverTakesAStationsNameIsToldSo() async throws {
    await #expect(throws: JoinRefusal.nameTaken) { try await join(showing: parts.host, as: "urg-1") }
  }

  @Test func joinsAndIsThenLetInByTheOthers() async throws {
    let enrolment = try await join(showing: parts.host, as: "lits-2")
    let network = try NetworkTests()
    let peer = network.store(network.one.station, network.two.lines)
    try await network.serving(peer, as: network.one) { port in
      let link = HTTPPeerLink(
        to: PeerAddress(host: "127.0.0.1", port: port),
        credentials: try PeerCredentials(enrolment: enrolment, key: parts.key)
      ) { _ in false }
      #expect(try await link.heads().station == network.one.station)
      link.close()
    }
  }

  /// The listener shows another certificate than the inviting station's: somebody stands between.
  @Test func nobodyStandsBetween() async throws {
    let between = try Speaker("entre", seed: 9, under: Authority.seeded(8))
    await #expect(throws: JoinRefusal.proof) { try await join(showing: between, as: "lits-2") }
  }
}

extension Result where Failure == any Error {
  init(_ body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}
