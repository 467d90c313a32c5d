import Ledger
import Replication
import Synchronization
import Testing

/// Whoever floods the others fills no disk.
@Suite(.timeLimit(.minutes(2)))
struct PausingTests {
  let authority: Authority
  let one: Speaker
  let two: Speaker

  init() throws { (authority, one, two) = try Speaker.two() }

  func pulling(
    from name: String = "peer", into mine: MemoryStore, shares: PullShares, _ disturbance: Disturbance = Disturbance(),
    now: @escaping @Sendable () -> Instant = { .night }
  ) -> Pulling {
    let peer = MemoryStore(name, root: authority)
    peer.keep(one.lines)
    peer.keep(two.lines)
    var limits = PullLimits.patient
    limits.batchBytes = 2000
    // The heads are asked for again and again.
    limits.pulse = .seconds(1)
    return Pulling(
      address: name, store: mine, claims: PullClaims(), shares: shares, limits: limits, environment: .quick(now: now),
      logger: .quiet
    ) { MemoryLink(to: peer, disturbance) }
  }

  @Test func aShareOfEachStationADay() async throws {
    let mine = MemoryStore("mine", root: authority)
    let clock = Mutex(Instant.night)
    let pulling = pulling(into: mine, shares: PullShares(dayBytes: 30_000)) { clock.withLock { $0 } }
    let name = one.station
    let held: @Sendable () throws -> Int = { try mine.tips()[name]?.map(\.sequence).max() ?? 0 }
    try await until(pulling) {
      // All of the shorter one, and of the longer one its share.
      mine.count >= 40 && pulling.state.pause != nil
    }
    let first = try held()
    #expect(first < 120)
    #expect(try mine.tips()[two.station] == [two.tip])
    #expect(pulling.state.pause == "\(name) has said more than its share of today")
    #expect(pulling.state.fault == nil)
    // Another day, another share.
    clock.withLock { $0 = $0.adding(seconds: 86_400) }
    try await until(pulling) { try held() > first }
  }

  /// Whoever sends rubbish under a name, new each time, fills no disk with what lies aside, and the lines of that name
  /// come from everybody else.
  @Test(arguments: [false, true]) func whatDoesNotHoldIsOfTheShareOfWhoGivesIt(isBehindALine: Bool) async throws {
    let mine = MemoryStore("mine", root: authority)
    let shares = PullShares(dayBytes: 200_000, asideBytes: 100_000)
    let sent = Mutex(0)
    var disturbance = Disturbance()
    disturbance.lines = { [first = two.lines[0]] bytes in
      if bytes.starts(with: first) { return bytes }
      let number = sent.withLock { sent in
        sent += 1
        return sent
      }
      let right = isBehindALine ? Array(bytes[...(bytes.firstIndex(of: 10) ?? 0)]) : []
      return right + [UInt8](repeating: 65, count: 10_000) + Array("\(number)\n".utf8)
    }
    let hostile = pulling(into: mine, shares: shares, disturbance)
    try await until(hostile) { hostile.state.pause != nil }
    #expect(mine.aside.count == 10)
    #expect(hostile.state.pause == "peer has given too much today that does not hold")
    #expect(hostile.state.fault == nil)
    let honest = pulling(from: "peer-2", into: mine, shares: shares)
    try await until(honest) { mine.count == 160 }
    #expect(honest.state.pause == nil)
  }

  @Test func aTenthOfTheDisk() async throws {
    let mine = MemoryStore("mine", root: authority)
    let free = Mutex(0.09)
    let pulling = pulling(into: mine, shares: PullShares { free.withLock { $0 } })
    try await until(pulling) { pulling.state.pause == "10 % of the disk is left" }
    #expect(mine.count == 0)
    free.withLock { $0 = 0.11 }
    try await until(pulling) { mine.count == 160 }
    #expect(mine.aside == [])
  }
}
