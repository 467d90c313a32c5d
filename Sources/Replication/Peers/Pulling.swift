import Ledger
import Logging
import ServiceLifecycle
import Synchronization

/// Bounds on what one peer may take of this station.
public struct PullLimits: Sendable {
  /// Lines held in memory before they are stored, and as many while those are; one more line may come on top.
  public var batchBytes = 1 << 20
  /// For an answer to a short question.
  public var answer = Duration.seconds(10)
  /// How long fewer than `stallBytes` may come while lines are awaited.
  public var stall = Duration.seconds(20)
  public var stallBytes = 4096
  /// How often a peer is asked anew what its live channel should have said.
  public var pulse = Duration.seconds(60)
  /// After lines came: those that follow them closely share a question.
  public var gather = Duration.milliseconds(5)
  /// How often a chain is looked at again that another peer keeps, which may have stalled.
  public var look = Duration.milliseconds(500)
  /// A connection that has lasted this long succeeded, whatever it brought.
  public var success = Duration.seconds(10)
  /// Chains with lines kept aside, between two pulses, beyond which the whole peer is left alone.
  public var restingChains = 8
  /// Branches of one chain with lines kept aside, between two pulses, beyond which the whole chain is left alone.
  public var restingBranches = 8

  public init() {}

  /// Of a station that joins, where nobody waits meanwhile: the more is stored at once, the fewer pages are written
  /// twice. Lines wait unread, so their memory is little more than their bytes.
  public static var joining: PullLimits {
    var limits = PullLimits()
    limits.batchBytes = 12 << 20
    return limits
  }
}

/// Keeps one peer's lines coming, for as long as the station runs. Whatever that peer does, it delays no other.
public actor Pulling: Service {
  let store: any LineStore
  let claims: PullClaims
  let shares: PullShares
  let limits: PullLimits
  let environment: PeerEnvironment
  let connect: @Sendable () async throws -> any PeerLink
  private let logger: Logger
  private let onHeard: @Sendable (PeerState) -> Void
  private let known: Mutex<PeerState>
  /// Where it is told that the peer asked something.
  private let hearing = Mutex<AsyncStream<Void>.Continuation?>(nil)
  private var backOff = BackOff()
  var latest = PeerNews()
  var beside = BesidePlace()
  private var isWaitingForAnother = false
  /// A connection made anew within a pulse of it wakes none of them.
  private var lastWoken: Instant?

  /// - Parameters:
  ///   - address: where the peer is reached, as people wrote it.
  ///   - station: who is to answer there, where that is known.
  ///   - claims: shared by all peers of this station, and `shares` too.
  ///   - onHeard: told what the peer said of itself, as it answers, once a minute and as the connection ends.
  ///   - connect: makes a link whose questions make sure who answers.
  public init(
    address: String, station: String? = nil, store: any LineStore, claims: PullClaims,
    shares: PullShares = PullShares(), limits: PullLimits = PullLimits(), environment: PeerEnvironment,
    logger: Logger, onHeard: @escaping @Sendable (PeerState) -> Void = { _ in },
    connect: @escaping @Sendable () async throws -> any PeerLink
  ) {
    self.onHeard = onHeard
    self.store = store
    self.claims = claims
    self.shares = shares
    self.limits = limits
    self.environment = environment
    self.logger = logger
    self.connect = connect
    known = Mutex(PeerState(address: address, station: station))
  }

  public nonisolated var state: PeerState { known.withLock { $0 } }

  /// Until the station stops.
  public func run() async {
    await cancelWhenGracefulShutdown { await self.keepPulling() }
  }

  private func keepPulling() async {
    while !Task.isCancelled {
      var isCut = true
      do { try await session() } catch {
        guard !Task.isCancelled else { break }
        failed(error)
        isCut = (error as? PeerFault)?.isOfTheNetwork ?? true
      }
      let fraction = environment.fraction()
      let pause = backOff.failed(fraction: fraction)
      do { try await wait(pause, orOnceHeard: isCut ? BackOff.first(fraction: fraction) : pause) } catch { break }
    }
    known.withLock { $0.isConnected = false }
  }

  /// That peer asked this station something: the network lets it through again, or soon will.
  nonisolated func isHeard() { _ = hearing.withLock { $0?.yield() } }

  /// Waits for `pause`, or, once the peer is heard, for `short`.
  private func wait(_ pause: Duration, orOnceHeard short: Duration) async throws {
    let (asks, asked) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    hearing.withLock { $0 = asked }
    let environment = environment
    try await withThrowingTaskGroup { group in
      group.addTask { try await environment.sleep(pause) }
      group.addTask {
        for await _ in asks { break }
        try await environment.sleep(short)
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  /// One connection, until it ends or fails.
  private func session() async throws {
    let link = try await connect()
    // In either direction, since the clock may jump.
    let awake = lastWoken.map { (environment.now().milliseconds - $0.milliseconds).magnitude }
    if awake.map({ Duration.milliseconds($0) >= limits.pulse }) ?? true { wake() }
    beside = BesidePlace()
    do {
      try await ask(link)
      // What its live channel told since it was asked.
      defer { onHeard(state) }
      try await follow(link)
    } catch {
      link.close()
      throw error
    }
    link.close()
  }

  /// What the peer holds, which version it runs and what its clock says.
  func ask(_ link: any PeerLink) async throws {
    let asked = environment.now()
    let heads = try await environment.within(limits.answer) { try await link.heads() }
    let answered = environment.now()
    latest = heads.holds
    known.withLock { state in
      state.station = heads.station
      state.version = heads.version
      state.lastHeard = answered
      state.heads = heads.holds.tips
      state.clockDifference = heads.time.milliseconds - (asked.milliseconds + answered.milliseconds) / 2
      state.isConnected = true
    }
    onHeard(state)
  }

  /// Pulls what it has, then what its live channel tells of. A failure of any part ends the connection.
  private func follow(_ link: any PeerLink) async throws {
    let (news, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    // Two questions at once are two connections: what the peer has comes over the one that is there already.
    let (first, firstIsOver) = AsyncStream.makeStream(of: Void.self)
    signal.yield()
    try await withThrowingTaskGroup { group in
      group.addTask {
        for await _ in first {}
        try await link.live { news in
          await self.hear(news)
          signal.yield()
        }
        throw PeerFault.cut
      }
      group.addTask {
        try await self.pullOn(news, over: link, again: { signal.yield() }) { firstIsOver.finish() }
      }
      group.addTask {
        while true {
          try await self.environment.sleep(self.limits.pulse)
          await self.wake()
          try await self.ask(link)
          signal.yield()
        }
      }
      group.addTask {
        while true {
          try await self.environment.sleep(self.limits.look)
          if await self.isWaitingForAnother { signal.yield() }
        }
      }
      group.addTask {
        try await self.environment.sleep(self.limits.success)
        await self.succeeded()
      }
      defer { group.cancelAll() }
      while try await group.next() != nil {}
    }
  }

  private func hear(_ news: PeerNews) {
    latest = news
    if let held = news.tips[store.station]?.map(\.sequence).max() { store.note(heldElsewhere: held) }
    known.withLock { state in
      state.heads = news.tips
      state.lastHeard = environment.now()
    }
  }

  private func pullOn(
    _ news: AsyncStream<Void>, over link: any PeerLink, again: @escaping @Sendable () -> Void,
    afterEach: () -> Void
  ) async throws {
    for await _ in news {
      defer { afterEach() }
      let round = try await pull(latest.tips, over: link, orWait: again)
      try await pullBeside(upTo: latest.besideEnd, over: link)
      isWaitingForAnother = round.isWaitingForAnother
      noteThat(round.pause)
      if round.lines > 0 {
        succeeded()
        try await environment.sleep(limits.gather)
      }
    }
  }

  private func noteThat(_ pause: String?) {
    let isNew = known.withLock { state in
      defer { state.pause = pause }
      return pause != nil && state.pause != pause
    }
    if isNew { logger.warning("pulling from \(state.address) pauses: \(pause ?? "")") }
  }

  func note(lacksBeside: Bool) { known.withLock { $0.lacksBeside = lacksBeside } }

  func succeeded() {
    backOff.succeeded()
    known.withLock { $0.fault = nil }
  }

  /// Leaves one branch of this peer's alone for a while: its whole chain where it does not have that branch, or where
  /// too many do not verify. Throws once there are too many such chains to believe the rest.
  func rest(_ chain: String, _ tip: Tip, _ fault: PeerFault) throws {
    let count = known.withLock { state in
      var tips = state.resting[chain].map(\.tips) ?? []
      tips?.insert(tip)
      // Each further line of one branch ends it elsewhere.
      let isOnly = (state.heads[chain]?.count ?? 0) < 2
      if case .lacks = fault { tips = nil } else if isOnly { tips = nil }
      if let count = tips?.count, count > limits.restingBranches { tips = nil }
      state.resting[chain] = PeerState.Resting(reason: "\(fault)", tips: tips)
      return state.resting.count
    }
    guard count <= limits.restingChains else { throw fault }
    logger.notice("peer \(state.address): \(fault)")
  }

  private func wake() {
    lastWoken = environment.now()
    known.withLock { $0.resting = [:] }
    if beside.hasRefused { beside = BesidePlace() }
  }

  private func failed(_ error: any Error) {
    let fault = NetworkFault.text(of: error)
    let isNew = known.withLock { state in
      state.isConnected = false
      defer { state.fault = fault }
      return state.fault != fault
    }
    if isNew { logger.notice("peer \(state.address) left alone for a while: \(fault)") }
  }
}
