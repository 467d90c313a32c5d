import Ledger
import Register
import Synchronization

/// What one look at a peer's heads brought.
struct PullRound: Sendable {
  /// That came and were stored.
  var lines = 0
  /// Some chain was left to another peer.
  var isWaitingForAnother = false
  /// Why some of it is not taken now.
  var pause: String?
}

extension Pulling {
  /// Fetches what these heads have and this station lacks. A branch whose lines do not verify rests until the next
  /// pulse and keeps none of the others back, of its chain or of another.
  /// - Parameter isFree: called when what was left to another peer no longer is.
  func pull(
    _ theirs: Heads, over link: any PeerLink, orWait isFree: @escaping @Sendable () -> Void = {}
  ) async throws -> PullRound {
    var round = PullRound()
    let mine = try store.tips()
    // What comes to rest meanwhile may have other tips in this list.
    for wanted in try lacking(theirs, mine: mine) where !state.rests(wanted.chain, wanted.tip) {
      if let pause = shares.pause(wanted.chain, from: giver, at: environment.now()) {
        round.pause = pause
        continue
      }
      guard claims.claim(wanted.chain, by: state.address, at: environment.now(), orWait: isFree) else {
        round.isWaitingForAnother = true
        continue
      }
      defer { claims.release(wanted.chain, by: state.address) }
      do {
        try await fetch(wanted.chain, wanted.tip, mine: mine[wanted.chain] ?? [], over: link)
        round.lines += wanted.lines
      } catch PeerFault.paused(let why) {
        round.pause = why
      } catch let fault as PeerFault where fault.isOfOneChain {
        try rest(wanted.chain, wanted.tip, fault)
      }
    }
    return round
  }

  /// Who answers.
  private var giver: String { state.station ?? state.address }

  private struct Wanted {
    var chain: String
    var tip: Tip
    /// More or less.
    var lines: Int
  }

  /// The shortest first, so that a backlog keeps nothing new waiting longer than need be.
  private func lacking(_ theirs: Heads, mine: Heads) throws -> [Wanted] {
    var wanted: [Wanted] = []
    for (chain, tips) in theirs {
      let own = mine[chain] ?? []
      let newest = own.map(\.sequence).max() ?? 0
      for tip in tips where try !own.contains(tip) && !store.holds(chain, tip) {
        wanted.append(Wanted(chain: chain, tip: tip, lines: max(1, tip.sequence - newest)))
      }
    }
    return wanted.sorted { ($0.lines, $0.chain, $0.tip.hash) < ($1.lines, $1.chain, $1.tip.hash) }
  }

  private func fetch(_ chain: String, _ tip: Tip, mine: [Tip], over link: any PeerLink) async throws {
    var meeting = MeetingPoint(tip: tip.sequence, mine: mine.map(\.sequence))
    repeat {
      do { return try await fetch(chain, tip, after: meeting.after, over: link) } catch is Intake.Detached {}
    } while meeting.goBack()
    throw PeerFault.noLine(chain: chain, sequence: 1)
  }

  private func fetch(_ chain: String, _ tip: Tip, after: Int, over link: any PeerLink) async throws {
    let (claims, shares, environment, peer, giver) = (claims, shares, environment, state.address, giver)
    let intake = Intake(
      store, from: giver, chain: chain, tip: tip, after: after, batchBytesMax: limits.batchBytes
    ) { bytes, taken in
      let now = environment.now()
      _ = claims.claim(chain, by: peer, at: now)
      if taken.aside > 0 {
        shares.takeAside(bytes, from: giver, at: now)
      } else if taken.accepted + taken.surplus > 0 {
        shares.take(bytes, of: chain, at: now)
      }
      if let pause = shares.pause(chain, from: giver, at: now) { throw PeerFault.paused(pause) }
    }
    do {
      try await watching(intake) {
        try await link.commits(endingAt: tip.hash, after: after) { try await intake.take($0) }
      }
    } catch {
      if Task.isCancelled { try await intake.settle() } else { try await intake.flush() }
      throw error
    }
    try await intake.finish()
  }

  /// Ends `work` once too little comes, unless it is the store that takes its time.
  private func watching(_ intake: Intake, _ work: @escaping @Sendable () async throws -> Void) async throws {
    let (environment, limits) = (environment, limits)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await work() }
      group.addTask {
        var before = 0
        while true {
          try await environment.sleep(limits.stall)
          let pace = intake.currentPace
          guard pace.isStoring || pace.bytes - before >= limits.stallBytes else { throw PeerFault.stalled }
          before = pace.bytes
        }
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }
}

extension PeerFault {
  /// Whether the peer may have said it in good faith: it is a line that is at fault, not who passes it on.
  fileprivate var isOfOneChain: Bool {
    switch self {
    case .lacks, .aside, .noLine: true
    case .garbage, .tooMuch, .stalled, .cut, .stranger, .answer, .paused: false
    }
  }
}
