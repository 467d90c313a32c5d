import Ledger
import Register
import Replication
import Testing

/// What a peer may do, and what of it a person sees. Whatever it is, what a good peer says arrives beside it.
struct Hostility: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let disturbance: Disturbance
  let fault: @Sendable (String) -> Bool
  /// Lines that were kept aside.
  let aside: Int
  /// Good lines that came first.
  let kept: Int

  init(
    _ name: String, says fault: String, kept: Int = 0, aside: Int = 0, _ disturb: (inout Disturbance) -> Void
  ) {
    testDescription = name
    var disturbance = Disturbance()
    disturb(&disturbance)
    self.disturbance = disturbance
    self.fault = { $0.contains(fault) }
    (self.kept, self.aside) = (kept, aside)
  }

  static let all = [
    Hostility("rubbish", says: "something else as line 1", aside: 1) { $0.lines = { _ in Array("rubbish\n".utf8) } },
    Hostility("a line without end", says: "something else as line 1", aside: 1) {
      $0.lines = { _ in [UInt8](repeating: 65, count: 3 << 20) }
    },
    Hostility("empty lines without end", says: "something else as line 1", aside: 1) {
      $0.lines = { _ in [UInt8](repeating: 10, count: 3 << 20) }
    },
    Hostility("more lines than announced", says: "more than it announced", kept: 60) { $0.lines = { $0 + $0 } },
    Hostility("fewer lines than announced", says: "stopped before the end", kept: 30) {
      // The first half, and nothing more afterwards.
      $0.lines = { bytes in
        let ends = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }
        return ends.count == 60 ? Array(bytes[...ends[29]]) : []
      }
    },
    Hostility("nothing at all", says: "stopped before the end") { $0.lines = { _ in [] } },
    Hostility("silence", says: "nothing came for too long") { $0.isSilent = true },
    Hostility("a broken connection", says: "Broken") { $0.cutAfter = 0 },
    Hostility("lines that begin too late", says: "something else as line 1", aside: 1) {
      $0.lines = { Array($0[($0.firstIndex(of: 10) ?? 0)...].dropFirst()) }
    },
    Hostility("an altered line", says: "kept aside", kept: 59, aside: 1) {
      // The name in the facts, which the signature covers.
      $0.lines = { bytes in
        var bytes = bytes
        for index in bytes.indices.reversed() where bytes[index] == UInt8(ascii: "Q") {
          bytes[index] = UInt8(ascii: "K")
          break
        }
        return bytes
      }
    },
  ]
}

@Suite(.timeLimit(.minutes(2)))
struct HostilePeerTests {
  let authority: Authority
  let good: Speaker
  let bad: Speaker

  init() throws {
    authority = try Authority.seeded(1)
    good = try Speaker("urg-1", seed: 2, under: authority, saying: 60)
    bad = try Speaker("lits-2", seed: 3, under: authority, saying: 60)
  }

  func store(_ lines: [[UInt8]]...) -> MemoryStore {
    let store = MemoryStore("of-the-test", root: authority)
    for lines in lines { store.keep(lines) }
    return store
  }

  func pulling(_ address: String, into store: MemoryStore, to peer: MemoryStore, _ disturbance: Disturbance) -> Pulling
  {
    var limits = PullLimits.patient
    if disturbance.isSilent { limits.stall = .seconds(1) }
    // A chain put aside is asked for again only once the pulse beats; here many must be, for the fault to show.
    limits.restingChains = 0
    return Pulling(
      address: address, store: store, claims: PullClaims(), limits: limits, environment: .quick(), logger: .quiet
    ) { MemoryLink(to: peer, disturbance) }
  }

  @Test(arguments: Hostility.all) func isLeftAloneAndBlocksNobody(hostility: Hostility) async throws {
    let mine = store()
    let hostile = pulling("bad", into: mine, to: store(bad.lines), hostility.disturbance)
    let friendly = pulling("good", into: mine, to: store(good.lines), Disturbance())
    try await until(hostile, friendly) {
      let arrived = try mine.holds(good.station, good.tip)
      return arrived && hostility.fault(hostile.state.fault ?? "")
    }
    #expect(Set(mine.aside).count == hostility.aside)
    #expect(mine.count == 60 + hostility.kept)
  }

  @Test func headsThatNobodyHasAreNotHeld() async throws {
    let mine = store()
    var disturbance = Disturbance()
    let nowhere = try #require(LineHash(hex: String(repeating: "ab", count: 32)))
    disturbance.heads = { heads in
      heads.merging(["lits-9-00000000": [Tip(sequence: .max, hash: nowhere)]]) { mine, _ in mine }
    }
    let hostile = pulling("bad", into: mine, to: store(bad.lines), disturbance)
    try await until(hostile) { hostile.state.fault?.contains("does not have the line") == true }
    #expect(try mine.holds(bad.station, bad.tip))
  }

  /// Waits until all of the good station was heard, and what it says after that.
  private func hearsGoOn(_ mine: MemoryStore, _ pulling: Pulling, from giver: MemoryStore) async throws {
    var later = good
    let more = try later.say(1)
    let last = later.tip
    try await until(pulling) {
      if try mine.holds(good.station, good.tip) { giver.keep(more) }
      return try mine.holds(good.station, last)
    }
  }

  /// A chain whose lines do not verify costs its peer nothing else: the connection stays.
  @Test func oneBadChainKeepsTheOthersComing() async throws {
    let mine = store()
    let stranger = try Speaker("lits-2", seed: 9, under: Authority.seeded(8), saying: 5)
    let peer = MemoryStore("of-the-test", root: try Authority.seeded(8))
    peer.keep(stranger.lines)
    let both = TwoStores(first: peer, second: store(good.lines))
    let pulling = Pulling(
      address: "a", store: mine, claims: PullClaims(), limits: .patient, environment: .quick(), logger: .quiet
    ) { MemoryLink(to: both) }
    try await hearsGoOn(mine, pulling, from: both.second)
    #expect(mine.aside.count == 5)
    #expect(pulling.state.fault == nil)
  }

  /// A chain rests whatever number of tips it is said to have.
  @Test func aChainThatRestsIsAskedForOnceInARound() async throws {
    let mine = store()
    var disturbance = Disturbance()
    let tips = try (10..<50).map { number in
      Tip(sequence: 1, hash: try #require(LineHash(hex: String(repeating: "\(number)", count: 32))))
    }
    disturbance.heads = { [name = bad.station] heads in heads.merging([name: tips]) { _, invented in invented } }
    let asked = MemoryLink.Asked()
    let both = TwoStores(first: store(bad.lines), second: store(good.lines))
    let pulling = Pulling(
      address: "a", store: mine, claims: PullClaims(), limits: .patient, environment: .quick(), logger: .quiet
    ) { [disturbance] in MemoryLink(to: both, disturbance, asked: asked) }
    try await until(pulling) { try mine.holds(good.station, good.tip) }
    #expect(asked.tips.count == 2)
    #expect(asked.tips.last == good.tip.hash)
  }

  /// Two branches of the chain of one station. What is forged of one is changed on its way.
  private func branches(_ forged: Int, _ sound: Int) throws -> (sound: Speaker, forged: Speaker, Disturbance) {
    var (one, other) = (bad, bad)
    try one.say(sound, "said")
    try other.say(forged, "forged")
    var disturbance = Disturbance()
    disturbance.lines = { bytes in
      Array(String(decoding: bytes, as: UTF8.self).replacing("\"forged\"", with: "\"FORGED\"").utf8)
    }
    return (one, other, disturbance)
  }

  /// The sound one arrives within the same pulse, and what is said on it too; the other is asked for once, also where
  /// its lines lie aside since another day.
  @Test(arguments: [1, 9], [false, true])
  func aForgedBranchKeepsNoOtherBack(count: Int, liesAside: Bool) async throws {
    let (mine, asked) = (store(), MemoryLink.Asked())
    let (sound, forged, disturbance) = try branches(count, 4)
    if liesAside, let change = disturbance.lines {
      for line in forged.lines.suffix(count) { #expect(mine.keep([change(line)]) == TakenIn(aside: 1)) }
    }
    let peer = store(sound.lines, forged.lines)
    let pulling = Pulling(
      address: "a", store: mine, claims: PullClaims(), limits: .patient, environment: .quick(), logger: .quiet
    ) { MemoryLink(to: peer, disturbance, asked: asked) }
    var later = sound
    let more = try later.say(1)
    let last = later.tip
    try await until(pulling) {
      if try mine.holds(sound.station, sound.tip) { peer.keep(more) }
      return try mine.holds(sound.station, last)
    }
    #expect(asked.tips.filter { $0 == forged.tip.hash }.count == 1)
    #expect(mine.aside.count == count && mine.count == 60 + 4 + 1)
    #expect(pulling.state.resting.mapValues(\.tips) == [sound.station: [forged.tip]])
    #expect(pulling.state.fault == nil)
  }

  /// Whoever forges one branch after the other costs so many questions, and then that chain.
  @Test func forgedBranchesWithoutEndAreNotAskedFor() async throws {
    let (mine, asked) = (store(), MemoryLink.Asked())
    let peer = store(good.lines)
    for number in 1...20 {
      var branch = bad
      try branch.say(1, "forged-\(number)")
      peer.keep(branch.lines)
    }
    var disturbance = Disturbance()
    disturbance.lines = { bytes in
      Array(String(decoding: bytes, as: UTF8.self).replacing("\"forged-", with: "\"FORGED-").utf8)
    }
    var limits = PullLimits.patient
    limits.restingBranches = 3
    let pulling = Pulling(
      address: "a", store: mine, claims: PullClaims(), limits: limits, environment: .quick(), logger: .quiet
    ) { [disturbance] in MemoryLink(to: peer, disturbance, asked: asked) }
    // Once the whole chain rests, what another one says arrives.
    var later = good
    let more = try later.say(1)
    let last = later.tip
    try await until(pulling) {
      if pulling.state.rests(bad.station, last) { peer.keep(more) }
      return try mine.holds(good.station, last)
    }
    #expect(asked.tips.filter { $0 != good.tip.hash && $0 != last.hash }.count == 4)
    #expect(mine.aside.count == 4)
    #expect(pulling.state.fault == nil)
  }

  /// It rests on, where its peer breaks the connection and answers again.
  @Test func aConnectionMadeAnewWakesNoChain() async throws {
    let mine = store()
    var disturbance = Disturbance()
    disturbance.lines = { _ in Array("rubbish\n".utf8) }
    var limits = PullLimits.patient
    limits.restingChains = 0
    let asked = MemoryLink.Asked()
    let both = TwoStores(first: store(bad.lines), second: store(good.lines))
    let pulling = Pulling(
      address: "a", store: mine, claims: PullClaims(), limits: limits, environment: .quick(), logger: .quiet
    ) { [disturbance] in MemoryLink(to: both, disturbance, asked: asked) }
    try await until(pulling) { asked.tips.count == 2 }
    #expect(asked.tips == [bad.tip.hash, good.tip.hash])
  }

  /// What comes instead of the eighth line of a chain.
  enum NoLine: CaseIterable {
    case malformed, gapped, tooLong, endless, ofAnotherChain

    func bytes(_ right: [UInt8], _ other: [UInt8]) -> [UInt8] {
      switch self {
      case .malformed: Array("rubbish\n".utf8) + right
      case .gapped: Array(right[((right.firstIndex(of: 10) ?? 0) + 1)...])
      case .tooLong: [UInt8](repeating: 65, count: Line.bytesMax + 9) + [10] + right
      case .endless: [UInt8](repeating: 65, count: 3 << 20)
      case .ofAnotherChain: other + [10] + right
      }
    }
  }

  /// It lies aside, as far as a line may be long, and costs its peer that chain alone.
  @Test(arguments: NoLine.allCases, [1 << 16, 4 << 20])
  func whatIsNoLineKeepsNothingElseBack(kind: NoLine, pieceMax: Int) async throws {
    let stranger = try Speaker("lits-4", seed: 9, under: Authority.seeded(8), saying: 1)
    let mine = store(Array(bad.lines.prefix(7)))
    let both = TwoStores(first: store(bad.lines), second: store(good.lines))
    var disturbance = Disturbance()
    disturbance.pieceMax = pieceMax
    disturbance.lines = { [eighth = bad.lines[7]] bytes in
      bytes.starts(with: eighth) ? kind.bytes(bytes, stranger.lines[0]) : bytes
    }
    let asked = MemoryLink.Asked()
    let pulling = Pulling(
      address: "a", store: mine, claims: PullClaims(), limits: .patient, environment: .quick(), logger: .quiet
    ) { [disturbance] in MemoryLink(to: both, disturbance, asked: asked) }
    try await hearsGoOn(mine, pulling, from: both.second)
    // The chain that rests was asked for once.
    #expect(asked.afters.filter { $0 == 7 }.count == 1)
    #expect(mine.aside.count == 1 && mine.aside[0].count <= Line.bytesMax + 1)
    #expect(mine.count == 7 + 61)
    #expect(pulling.state.fault == nil)
  }
}

/// One peer that holds what two stores hold.
struct TwoStores: LineStore {
  let first: MemoryStore
  let second: MemoryStore
  var station: String { second.station }

  func tips() throws -> Heads { try first.tips().merging(second.tips()) { mine, _ in mine } }
  func holds(_ chain: String, _ line: Tip) throws -> Bool {
    try first.holds(chain, line) || second.holds(chain, line)
  }
  func lines(endingAt hash: LineHash, after: Int, bytes: Int) throws -> [[UInt8]]? {
    try first.lines(endingAt: hash, after: after, bytes: bytes)
      ?? second.lines(endingAt: hash, after: after, bytes: bytes)
  }
  func takeIn(_ lines: [[UInt8]], from peer: String) async throws -> TakenIn { TakenIn() }
  func besideEnd() throws -> Int { try second.besideEnd() }
  func beside(after: Int, bytes: Int) throws -> [(number: Int, bytes: [UInt8])] {
    try second.beside(after: after, bytes: bytes)
  }
  func takeInBeside(_ entries: [[UInt8]]) throws -> BesideTaken { BesideTaken() }
  func note(heldElsewhere sequence: Int) {}
  func growth() -> AsyncStream<Void> { second.growth() }
}
