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
    into mine: MemoryStore, shares: PullShares, now: @escaping @Sendable () -> Instant = { .night }
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
    ) { MemoryLink(to: peer) }
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
