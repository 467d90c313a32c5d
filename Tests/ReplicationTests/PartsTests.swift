import Ledger
import Replication
import Synchronization
import Testing

struct PartsTests {
  @Test func waitsTwiceAsLongEachTimeUpToAMinute() {
    var backOff = BackOff()
    let longest = (0..<11).map { _ in backOff.failed(fraction: 1) }
    #expect(
      longest == [
        .milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(800), .milliseconds(1600),
        .milliseconds(3200), .milliseconds(6400), .milliseconds(12_800), .milliseconds(25_600), .milliseconds(51_200),
        .seconds(60),
      ])
    #expect(backOff.failed(fraction: 0) == .seconds(30))
    backOff.succeeded()
    #expect(backOff.failed(fraction: 0) == .milliseconds(50))
  }

  /// Own tips, the tip that is wanted, and what to ask after until all was asked for.
  @Test(arguments: [
    (mine: [], tip: 3, asks: [0]),
    (mine: [150], tip: 151, asks: [150, 149, 147, 143, 135, 119, 87, 23, 0]),
    (mine: [150], tip: 120, asks: [119, 118, 116, 112, 104, 88, 56, 0]),
    // A branch held in part.
    (mine: [80, 150], tip: 120, asks: [119, 80, 79, 77, 73, 65, 49, 17, 0]),
    (mine: [1], tip: 1, asks: [0]),
    (mine: [10, 20, 30, 40, 50, 60], tip: 61, asks: [60, 50, 40, 30, 29, 27, 23, 15, 0]),
  ])
  func goesBackUntilItMeets(mine: [Int], tip: Int, asks: [Int]) {
    var meeting = MeetingPoint(tip: tip, mine: mine)
    var asked = [meeting.after]
    while meeting.goBack() { asked.append(meeting.after) }
    #expect(asked == asks)
  }

  @Test(arguments: 1...20) func splitsWhateverThePieces(pieceMax: Int) throws {
    let bytes = Array("a\n\nbc\ndefghijklmnop\nrest".utf8)
    var splitting = LineSplitting()
    var lines: [String] = []
    for start in stride(from: 0, to: bytes.count, by: pieceMax) {
      lines += try splitting.split(Array(bytes[start..<min(start + pieceMax, bytes.count)]))
        .map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(lines == ["a", "", "bc", "defghijklmnop"])
    #expect(splitting.isInsideLine)
  }

  @Test func holdsNoMoreThanTheLongestLine() throws {
    var splitting = LineSplitting()
    _ = try splitting.split([UInt8](repeating: 65, count: Line.bytesMax))
    #expect(throws: PeerFault.garbage("a line that is too long")) { try splitting.split([65]) }
  }

  @Test func headsAreReadAsWritten() throws {
    let one = try #require(LineHash(hex: String(repeating: "0a", count: 32)))
    let two = try #require(LineHash(hex: String(repeating: "0b", count: 32)))
    let heads: Heads = [
      "urg-1-aa1cb7d9": [Tip(sequence: 7, hash: two), Tip(sequence: 7, hash: one)],
      "lits-2-fb928193": [Tip(sequence: 1, hash: one)],
    ]
    let text = #"{"lits-2-fb928193":[[1,"\#(one)"]],"urg-1-aa1cb7d9":[[7,"\#(one)"],[7,"\#(two)"]]}"#
    #expect(String(decoding: HeadsText.bytes(of: heads), as: UTF8.self) == text)
    #expect(try HeadsText.heads(reading: Array(text.utf8)).mapValues(Set.init) == heads.mapValues(Set.init))
  }

  @Test(arguments: [
    "", "[]", #"{"A":[]}"#, #"{"a":1}"#, #"{"a":[[1]]}"#, #"{"a":[[0,"\#(String(repeating: "0", count: 64))"]]}"#,
    #"{"a":[[1,"\#(String(repeating: "A", count: 64))"]]}"#,
  ])
  func refusesWhatIsNoHeads(text: String) {
    #expect(throws: PeerFault.self) { try HeadsText.heads(reading: Array(text.utf8)) }
  }

  @Test(arguments: 1...12) func readsEventsWhateverThePieces(pieceMax: Int) throws {
    let bytes = Array(": \n\nevent: heads\ndata: {}\n\nevent: other\ndata: 1\n\n: \n\nevent: heads\ndata: 2\n".utf8)
    var parsing = EventParsing()
    var events: [EventParsing.Event] = []
    for start in stride(from: 0, to: bytes.count, by: pieceMax) {
      events += try parsing.events(in: Array(bytes[start..<min(start + pieceMax, bytes.count)]))
    }
    #expect(
      events == [.init(name: "heads", data: Array("{}".utf8)), .init(name: "other", data: Array("1".utf8))])
  }

  @Test func entriesBesideAreReadAsWritten() throws {
    let entries = [(number: 3, bytes: Array("a b".utf8)), (number: 17, bytes: [])]
    let text = BesideText.bytes(of: entries)
    #expect(String(decoding: text, as: UTF8.self) == "3 a b\n17 \n")
    let read = try BesideText.entries(reading: text, after: 2)
    #expect(read.map(\.number) == [3, 17] && read.map(\.bytes) == entries.map(\.bytes))
  }

  @Test(arguments: ["3 a\n", "4 a\n4 b\n", "5 a\n4 b\n", "a\n", "-1 a\n", " a\n"])
  func refusesEntriesThatDoNotGoOn(text: String) {
    #expect(throws: PeerFault.self) { try BesideText.entries(reading: Array(text.utf8), after: 3) }
  }

  @Test func aChainIsPulledFromOnePeerAtATime() {
    let claims = PullClaims()
    let first = Instant.night
    #expect(claims.claim("urg-1", by: "a", at: first))
    #expect(!claims.claim("urg-1", by: "b", at: first.adding(seconds: 2)))
    #expect(claims.claim("lits-2", by: "b", at: first))
    #expect(claims.claim("urg-1", by: "a", at: first.adding(seconds: 2)))
    // One that stalls loses it, whichever way the clock jumped, and cannot give away what is no longer its own.
    #expect(claims.claim("urg-1", by: "b", at: first.adding(seconds: 5)))
    claims.release("urg-1", by: "a")
    #expect(!claims.claim("urg-1", by: "a", at: first.adding(seconds: 5)))
    #expect(claims.claim("urg-1", by: "a", at: first.adding(seconds: -5)))
    claims.release("urg-1", by: "a")
    #expect(claims.claim("urg-1", by: "b", at: first.adding(seconds: -5)))
  }

  @Test func whoeverWaitsForAChainIsToldOnceItIsFree() {
    let claims = PullClaims()
    let told = Mutex<[String]>([])
    func claim(_ peer: String, at now: Instant) -> Bool {
      claims.claim("urg-1", by: peer, at: now) { told.withLock { $0.append(peer) } }
    }
    let first = Instant.night
    #expect(claim("a", at: first))
    #expect(!claim("b", at: first))
    #expect(!claim("b", at: first))
    claims.release("urg-1", by: "b")
    #expect(told.withLock { $0 } == [])
    // Whoever takes it over from one that stalls owes the same.
    #expect(claim("c", at: first.adding(seconds: 3)))
    claims.release("urg-1", by: "a")
    #expect(told.withLock { $0 } == [])
    claims.release("urg-1", by: "c")
    #expect(told.withLock { $0 } == ["b"])
    #expect(claim("b", at: first))
    claims.release("urg-1", by: "b")
    #expect(told.withLock { $0 } == ["b"])
  }
}
