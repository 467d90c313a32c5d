import Ledger
import Replication
import Synchronization
import Testing

/// A station that joins waits until it has everything, or says why it does not.
@Suite(.timeLimit(.minutes(2)))
struct TakingAllTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// What each connection meets; the last one's is everybody's after it.
    var connections: [Disturbance]
    var freeShare = 1.0
    var ending: TakingAll.Ending?
    /// Of 160.
    var came: ClosedRange<Int>
  }

  static let gone = disturbance { $0.isGone = true }
  static let cut = disturbance { $0.cutAfter = 20_000 }

  /// It says that it has a chain of which it gives nothing.
  static let boasting = disturbance { $0.heads = { $0.merging(["lost": [lost]]) { held, _ in held } } }
  static let lost = Tip(sequence: 7, hash: LineHash(of: [7]))

  static func disturbance(_ change: (inout Disturbance) -> Void) -> Disturbance {
    var disturbance = Disturbance()
    change(&disturbance)
    return disturbance
  }

  static let rows = [
    Row(testDescription: "a whole wire", connections: [Disturbance()], came: 160...160),
    Row(testDescription: "a wire that is mended", connections: [cut, gone, gone, Disturbance()], came: 160...160),
    Row(
      testDescription: "the other one dies", connections: [cut, gone], ending: .silent("Broken()"), came: 1...159),
    Row(
      testDescription: "it answers, and gives no lines", connections: [disturbance { $0.cutAfter = 0 }],
      ending: .silent("Broken()"), came: 0...0),
    Row(testDescription: "it is never reached", connections: [gone], ending: .silent("Broken()"), came: 0...0),
    Row(
      testDescription: "one chain of it is unsound", connections: [boasting],
      ending: .unsound(["lost": "\(PeerFault.lacks(lost.hash))"]), came: 160...160),
    Row(
      testDescription: "no room", connections: [Disturbance()], freeShare: 0.09,
      ending: .paused("10 % of the disk is left"), came: 0...0),
  ]

  /// Whatever came is kept, and the station takes the rest once it serves.
  @Test(arguments: rows) func untilNothingIsMissing(row: Row) async throws {
    let (authority, one, two) = try Speaker.two()
    let peer = MemoryStore("peer", root: authority)
    for speaker in [one, two] { peer.keep(speaker.lines) }
    let mine = MemoryStore("mine", root: authority)
    let connections = Mutex(row.connections)
    let pulling = Pulling(
      address: "peer", store: mine, claims: PullClaims(), shares: PullShares { row.freeShare }, limits: .patient,
      environment: .quick(), logger: .quiet
    ) {
      MemoryLink(to: peer, connections.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] })
    }
    let taking = TakingAll(pulling, into: mine, environment: .quick())
    var ending: TakingAll.Ending?
    do { try await taking.run() } catch let end as TakingAll.Ending { ending = end }
    #expect(ending == row.ending)
    #expect(row.came.contains(mine.count))
    let serving = Pulling(
      address: "peer", store: mine, claims: PullClaims(), limits: .patient, environment: .quick(), logger: .quiet
    ) { MemoryLink(to: peer) }
    try await until(serving) { mine.count == 160 }
  }

  /// A join that is begun again meets the same forged lines, which lie aside by then, and says why it ends.
  @Test func anUnsoundChainEndsEachJoin() async throws {
    let (authority, one, two) = try Speaker.two()
    var forged = one
    try forged.say(2, "forged")
    let (peer, mine) = (MemoryStore("peer", root: authority), MemoryStore("mine", root: authority))
    for speaker in [forged, two] { peer.keep(speaker.lines) }
    let disturbance = Self.disturbance {
      $0.lines = { Array(String(decoding: $0, as: UTF8.self).replacing("\"forged\"", with: "\"FORGED\"").utf8) }
    }
    let reason = "2 of its lines of \(one.station) do not verify and were kept aside"
    for _ in 1...2 {
      let pulling = Pulling(
        address: "peer", store: mine, claims: PullClaims(), limits: .patient, environment: .quick(), logger: .quiet
      ) { MemoryLink(to: peer, disturbance) }
      await #expect(throws: TakingAll.Ending.unsound([one.station: reason])) {
        try await TakingAll(pulling, into: mine, environment: .quick()).run()
      }
      #expect(mine.count == 160 && mine.aside.count == 2)
    }
  }

  /// A branch that does not verify, which comes first, is not the end of its chain.
  @Test func aForgedBranchIsNotWaitedFor() async throws {
    let (authority, one, _) = try Speaker.two()
    var (sound, forged) = (one, one)
    try sound.say(3)
    try forged.say(1, "forged")
    let (peer, mine) = (MemoryStore("peer", root: authority), MemoryStore("mine", root: authority))
    for speaker in [sound, forged] { peer.keep(speaker.lines) }
    let disturbance = Self.disturbance {
      $0.lines = { Array(String(decoding: $0, as: UTF8.self).replacing("\"forged\"", with: "\"FORGED\"").utf8) }
    }
    let pulling = Pulling(
      address: "peer", store: mine, claims: PullClaims(), limits: .patient, environment: .quick(), logger: .quiet
    ) { MemoryLink(to: peer, disturbance) }
    try await TakingAll(pulling, into: mine, environment: .quick()).run()
    #expect(try mine.holds(sound.station, sound.tip))
    #expect(mine.aside.count == 1)
  }
}
