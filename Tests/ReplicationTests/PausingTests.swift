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
    into mine: MemoryStore, shares: PullShares, _ disturbance: Disturbance = Disturbance(),
    now: @escaping @Sendable () -> Instant = { .night }
  ) -> Pulling {
    let peer = MemoryStore("peer", root: authority)
    peer.keep(one.lines)
    peer.keep(two.lines)
    var limits = PullLimits.patient
    limits.batchBytes = 2000
    // The heads are asked for again and again.
    limits.pulse = .seconds(1)
    return Pulling(
      address: "a", store: mine, claims: PullClaims(), shares: shares, limits: limits, environment: .quick(now: now),
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

  /// Whoever sends rubbish under a name, new each time, fills no disk with what lies aside.
  @Test func whatIsNoLineIsOfThatShare() async throws {
    let mine = MemoryStore("mine", root: authority)
    let sent = Mutex(0)
    var disturbance = Disturbance()
    disturbance.lines = { [first = two.lines[0]] bytes in
      if bytes.starts(with: first) { return bytes }
      let number = sent.withLock { sent in
        sent += 1
        return sent
      }
      return [UInt8](repeating: 65, count: 10_000) + Array("\(number)\n".utf8)
    }
    let pulling = pulling(into: mine, shares: PullShares(dayBytes: 30_000), disturbance)
    try await until(pulling) { mine.count == 40 && pulling.state.pause != nil }
    #expect(mine.aside.count == 3)
    #expect(try mine.tips()[two.station] == [two.tip])
    #expect(pulling.state.pause == "\(one.station) has said more than its share of today")
    #expect(pulling.state.fault == nil)
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
