import Ledger
import Replication
import Seeded
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2)))
struct PullingTests {
  let authority: Authority
  let one: Speaker
  let two: Speaker

  init() throws { (authority, one, two) = try Speaker.two() }

  func store(_ lines: [[UInt8]]...) -> MemoryStore {
    let store = MemoryStore("urg-1-of-the-test", root: authority)
    for lines in lines { store.keep(lines) }
    return store
  }

  func pulling(
    _ address: String = "a", into store: MemoryStore, claims: PullClaims = PullClaims(), limits: PullLimits = .patient,
    environment: PeerEnvironment = .quick(), connect: @escaping @Sendable () async throws -> any PeerLink
  ) -> Pulling {
    Pulling(
      address: address, store: store, claims: claims, limits: limits, environment: environment, logger: .quiet,
      connect: connect)
  }

  @Test func everythingComesAndWhatIsSaidLaterToo() async throws {
    let peer = store(one.lines, try Speaker(readsOf: one, saying: 9).lines, two.lines)
    let mine = store()
    let link = MemoryLink(to: peer)
    // Nothing but the live channel can bring what comes second: the pulse never beats.
    let pulling = pulling(into: mine) { link }
    var later = one
    let more = try later.say(3)
    let isSaid = Mutex(false)
    try await until(pulling) {
      if mine.count == 169, !isSaid.withLock({ $0 }) {
        isSaid.withLock { $0 = true }
        peer.keep(more)
      }
      return mine.count == 172
    }
    #expect(try mine.tips().mapValues(Set.init) == peer.tips().mapValues(Set.init))
    #expect(mine.aside == [])
    let state = pulling.state
    #expect(state.station == peer.station)
    #expect(state.version == "1")
    #expect(state.clockDifference == 2500)
    #expect(state.lastHeard == .night)
    #expect(try state.ahead(of: mine.tips()) == 0)
  }

  /// The connection is cut anywhere, in pieces of any length, with batches of any size.
  @Test(arguments: 1...40 as ClosedRange<UInt64>) func cutAnywhere(seed: UInt64) async throws {
    var random = Seeded(seed: seed)
    var branch = one
    var trunk = one
    try branch.say(Int.random(in: 1...60, using: &random), "a clone")
    try trunk.say(Int.random(in: 1...60, using: &random))
    let peer = store(branch.lines, trunk.lines, two.lines)
    let mine = store(Array(trunk.lines.prefix(Int.random(in: 0...trunk.lines.count, using: &random))))
    let dice = Mutex(random)
    var limits = PullLimits.patient
    limits.batchBytes = Int.random(in: 1...20_000, using: &random)
    let pulling = pulling(into: mine, limits: limits, environment: .quick(seed: seed)) {
      dice.withLock { random in
        var disturbance = Disturbance()
        disturbance.isGone = Int.random(in: 0..<4, using: &random) == 0
        disturbance.pieceMax = Int.random(in: 1...3000, using: &random)
        if Int.random(in: 0..<4, using: &random) > 0 {
          disturbance.cutAfter = Int.random(in: 600...40_000, using: &random)
        }
        return MemoryLink(to: peer, disturbance)
      }
    }
    try await until(pulling) { mine.count == peer.count }
    #expect(try mine.tips().mapValues(Set.init) == peer.tips().mapValues(Set.init))
    #expect(mine.aside == [])
    // One line more, the longest of which bears the certificates.
    #expect(mine.longestBatch <= limits.batchBytes + 2500)
  }

  @Test func hearsHowFarItsOwnLinesAreHeldElsewhere() async throws {
    let mine = MemoryStore(one.station, root: authority)
    mine.keep(one.lines)
    let peer = store(Array(one.lines.prefix(100)))
    let rest = Array(one.lines.suffix(20))
    try await until(pulling(into: mine) { MemoryLink(to: peer) }) {
      if mine.heldElsewhere == 100 { peer.keep(rest) }
      return mine.heldElsewhere == 120
    }
  }

  @Test func resumesWhereItStopped() async throws {
    let peer = store(one.lines)
    let mine = store()
    let asked = MemoryLink.Asked()
    let bytes = one.lines.prefix(50).reduce(0) { $0 + $1.count + 1 }
    let pulling = pulling(into: mine) {
      var disturbance = Disturbance()
      if asked.afters.isEmpty { disturbance.cutAfter = bytes + 10 }
      return MemoryLink(to: peer, disturbance, asked: asked)
    }
    try await until(pulling) { mine.count == 120 }
    #expect(asked.afters == [0, 50])
  }

  @Test func aForkIsMetAtTheLastLineInCommon() async throws {
    var branch = one
    var trunk = one
    try branch.say(5, "a clone")
    try trunk.say(30)
    let peer = store(branch.lines)
    let mine = store(trunk.lines)
    let asked = MemoryLink.Asked()
    try await until(pulling(into: mine) { MemoryLink(to: peer, asked: asked) }) { mine.count == 155 }
    // The branch ends at 125 and leaves the trunk after 120.
    #expect(asked.afters == [124, 123, 121, 117])
    #expect(try Set(mine.tips()[one.station] ?? []) == [branch.tip, trunk.tip])
  }

  @Test func whatLiesBesideComesTooAndWhatIsSaidLater() async throws {
    let peer = store(one.lines)
    let mine = store()
    let entries = (0..<10).map { Array("entry \($0)".utf8) }
    for entry in entries.prefix(7) { peer.keepBeside(entry) }
    let isSaid = Mutex(false)
    try await until(pulling(into: mine) { MemoryLink(to: peer) }) {
      if mine.besides.count == 7, !isSaid.withLock({ $0 }) {
        isSaid.withLock { $0 = true }
        for entry in entries.suffix(3) { peer.keepBeside(entry) }
      }
      return mine.besides.count == 10
    }
    #expect(mine.besides == entries)
  }

  /// Whose an entry is may be known only later.
  @Test func whatWasRefusedBesideIsAskedForAgain() async throws {
    let peer = store(one.lines)
    let mine = store()
    peer.keepBeside([65])
    mine.refuseBeside(true)
    var limits = PullLimits.patient
    limits.pulse = .milliseconds(1)
    let pulling = pulling(into: mine, limits: limits) { MemoryLink(to: peer) }
    try await until(pulling) {
      if !pulling.state.lacksBeside { mine.refuseBeside(false) }
      return mine.besides == [[65]]
    }
  }

  @Test func takesItsOwnLinesBack() async throws {
    let peer = store(one.lines)
    let mine = MemoryStore(one.station, root: authority)
    mine.keep(Array(one.lines.prefix(100)))
    try await until(pulling(into: mine) { MemoryLink(to: peer) }) { mine.count == 120 }
    #expect(try mine.tips() == [one.station: [one.tip]])
  }

  /// Nothing but its being free tells of it: the next look would be in an hour.
  @Test func whatAnotherPeerKeptIsPulledOnceItIsFree() async throws {
    let peer = store(one.lines, two.lines)
    let mine = store()
    let claims = PullClaims()
    #expect(claims.claim(two.station, by: "another", at: .night))
    var limits = PullLimits.patient
    limits.look = .hour
    let chain = two.station
    try await until(pulling(into: mine, claims: claims, limits: limits) { MemoryLink(to: peer) }) {
      // The longer one comes last.
      if mine.count == 120 { claims.release(chain, by: "another") }
      return mine.count == 160
    }
  }

  @Test func aBacklogIsPulledFromOnePeerUntilItStalls() async throws {
    let peer = store(one.lines)
    let mine = store()
    let claims = PullClaims()
    let clock = Mutex(Instant.night)
    let environment = PeerEnvironment.quick(now: { clock.withLock { $0 } })
    let silent = MemoryLink.Asked()
    let asked = MemoryLink.Asked()
    let first = pulling("a", into: mine, claims: claims, environment: environment) {
      var disturbance = Disturbance()
      disturbance.isSilent = true
      return MemoryLink(to: peer, disturbance, asked: silent)
    }
    let second = pulling("b", into: mine, claims: claims, environment: environment) {
      while silent.afters.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
      return MemoryLink(to: peer, asked: asked)
    }
    try await until(first, second) {
      if second.state.isConnected, asked.afters.isEmpty { clock.withLock { $0 = $0.adding(seconds: 1) } }
      return mine.count == 120
    }
    #expect(clock.withLock { $0 } >= Instant.night.adding(seconds: 3))
    #expect(asked.afters == [0])
  }
}
