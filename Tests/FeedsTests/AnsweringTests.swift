import Feeds
import Hospital
import Interop
import Ledger
import Register
import Spoken
import Testing

/// From blocks to answers, with a register between them.
struct AnsweringTests {
  static let good = [Spoken.header("A28", control: "7"), Spoken.evn, Spoken.pid]
  static let noPatient = [Spoken.header("A28", control: "8"), "PID|||||A^B"]
  static let noStay = [
    Spoken.header("A01", control: "9"), Spoken.pid.replacing("9001^^^CH&1.2.250.1.99.2&ISO^AN", with: ""), "PV1||I",
    Spoken.zbe(),
  ]

  /// What comes, and MSA-1, MSA-2, ERR-2, ERR-3.1, ERR-4 and ERR-8 of its answers.
  static let table: [(name: String, blocks: [MLLPBlocks.Block], answers: [String])] = [
    ("taken", [.whole(Spoken.bytes(good))], ["AA|7"]),
    ("with CRLF", [.whole(Array(good.joined(separator: "\r\n").utf8))], ["AA|7"]),
    ("not ours", [.whole(Spoken.bytes([Spoken.header("A99", control: "6")]))], ["AA|6"]),
    ("no identifier", [.whole(Spoken.bytes(noPatient))], ["AE|8|PID^1^3|101|E|hl7.no-identifier"]),
    ("no number of the stay", [.whole(Spoken.bytes(noStay))], ["AE|9|PID^1^18|101|E|hl7.no-stay-number"]),
    ("not HL7", [.whole(Array("hello".utf8))], ["AR|UNKNOWN|MSH|200|E|hl7.not-hl7"]),
    ("nothing", [.whole([])], ["AR|UNKNOWN|MSH|200|E|hl7.not-hl7"]),
    (
      "no control id", [.whole(Spoken.bytes([Spoken.header("A28", control: ""), Spoken.pid]))],
      ["AR|UNKNOWN|MSH^1^10|200|E|hl7.no-control"]
    ),
    (
      "another version",
      [.whole(Spoken.bytes([Spoken.header("A28", control: "5").replacing("|2.5^", with: "|3.0^")]))],
      ["AR|5|MSH^1^12|203|E|hl7.version"]
    ),
    ("too long", [.tooLong(head: Array(Spoken.header("A28", control: "4").utf8))], ["AR|4|MSH|207|E|hl7.too-long"]),
    (
      "cut off, and again", [.unended(Spoken.bytes([Spoken.header("A28", control: "7")])), .whole(Spoken.bytes(good))],
      ["AA|7"]
    ),
    ("two in a block", [.whole(Spoken.bytes(good + noPatient))], ["AA|7", "AE|8|PID^1^3|101|E|hl7.no-identifier"]),
    (
      "in their order", [.whole(Spoken.bytes(noPatient)), .whole(Spoken.bytes(good)), .whole(Spoken.bytes(noStay))],
      ["AE|8|PID^1^3|101|E|hl7.no-identifier", "AA|7", "AE|9|PID^1^18|101|E|hl7.no-stay-number"]
    ),
  ]

  @Test(arguments: table.map(\.name))
  func answers(name: String) async throws {
    let row = try #require(Self.table.first { $0.name == name })
    let feed = try TestFeed()
    #expect(await feed.answers(to: row.blocks) == row.answers)
    // The same again has the same answer.
    #expect(await feed.answers(to: row.blocks) == row.answers)
  }

  @Test func theSameTwiceIsOneFact() async throws {
    let feed = try TestFeed()
    let before = try feed.station.register.read { try $0.counts().commits }
    let block = MLLPBlocks.Block.whole(Spoken.bytes(Self.good))
    #expect(await feed.answers(to: [block, block]) == ["AA|7", "AA|7"])
    #expect(await feed.answers(to: [block]) == ["AA|7"])
    #expect(try feed.station.register.read { try $0.counts().commits } == before + 1)
    let counts = feed.answering.book.feeds(at: feed.now).first?.counts
    #expect(counts?.accepted == 1 && counts?.duplicates == 2 && counts?.all == 3)
  }

  /// Warnings are told to senders that stand them, and to no other.
  @Test(arguments: [(false, ["AA|7"]), (true, ["AA|7|PID^1^3|0|W|hl7.patient-unseen"])])
  func warnings(isTold: Bool, expected: [String]) async throws {
    let feed = try TestFeed(tellsWarnings: isTold)
    let block = MLLPBlocks.Block.whole(Spoken.bytes([Spoken.header("A31", control: "7"), Spoken.pid]))
    #expect(await feed.answers(to: [block]) == expected)
    #expect(await feed.answers(to: [block]) == expected)
  }

  /// In the sender's own character set.
  @Test(arguments: [("8859/1", [0xE9] as [UInt8]), ("UNICODE UTF-8", [0xC3, 0xA9]), ("ASCII", Array("e".utf8))])
  func charset(name: String, bytes: [UInt8]) async throws {
    let feed = try TestFeed(saying: "é")
    let answer = await feed.answering.answer(
      [.whole(Spoken.bytes(Self.noPatient.map { $0.replacing("8859/1", with: name) }))], from: "10.0.0.1")
    #expect(Array(answer.dropLast(3).suffix(bytes.count + 1)) == [UInt8(ascii: "|")] + bytes)
  }

  /// What is refused, unreadable or cut off is kept whole, once, with its reason.
  @Test func theRefusedIsKept() async throws {
    let feed = try TestFeed()
    let unended = Spoken.bytes([Spoken.header("A28", control: "3"), "PID|||47"])
    let blocks: [MLLPBlocks.Block] = [
      .whole(Spoken.bytes(Self.noPatient)), .whole(Array("hello".utf8)), .unended(unended),
      .whole(Spoken.bytes(Self.good)),
    ]
    _ = await feed.answers(to: blocks)
    _ = await feed.answers(to: [blocks[0]])
    let kept = try feed.station.register.read { try $0.refusedMessages() }
    #expect(kept.count == 3)
    let refused = try #require(kept.first { $0.control == "8" })
    #expect(refused.message == Spoken.bytes(Self.noPatient))
    #expect(refused.reason == Refusal("hl7.no-identifier"))
    #expect((refused.answer, refused.place, refused.type, refused.times) == ("AE", "PID^1^3", "ADT^A28", 2))
    #expect((refused.sender, refused.peer) == ("GAM|CH", "10.0.0.1"))
    #expect(kept.contains { $0.message == unended && $0.reason.code == "hl7.unended" })
    #expect(kept.contains { $0.message == Array("hello".utf8) })
  }

  /// Whoever floods the port with noise fills no disk, and pushes nothing readable out.
  @Test func noiseIsBounded() async throws {
    let feed = try TestFeed()
    _ = await feed.answers(to: [.whole(Spoken.bytes(Self.noPatient))])
    for round in 0..<18 {
      _ = await feed.answers(to: (0..<64).map { .whole(Array("noise \(round) \($0)".utf8)) })
    }
    let kept = try feed.station.register.read { try $0.refusedMessages(limit: 5000) }
    #expect(kept.count == 1001)
    #expect(kept.contains { $0.control == "8" })
    #expect(kept.contains { $0.message == Array("noise 17 63".utf8) })
  }

  /// The book has one line for each address and sender, however many connections there were.
  @Test func senders() async throws {
    let feed = try TestFeed()
    for sender in ["GAM|CH", "URG|CH", "GAM|CH"] {
      _ = await feed.answers(to: [
        .whole(Spoken.bytes([Spoken.header("A28", control: "7", sender: sender), Spoken.pid]))
      ])
    }
    let feeds = feed.answering.book.feeds(at: feed.now)
    #expect(Set(feeds.map(\.sender)) == ["GAM|CH", "URG|CH"])
    #expect(feeds.allSatisfy { $0.connections == 0 && $0.host == "10.0.0.1" })
    #expect(feeds.map(\.perMinute).reduce(0, +) == 3)
  }
}

/// A station, and what hears its feed.
private struct TestFeed {
  let station: ImportStation
  let answering: Answering
  let now = Instant(milliseconds: 1_764_547_200_000)

  init(tellsWarnings: Bool = false, saying sentence: String? = nil) throws {
    let now = now
    station = try ImportStation()
    answering = Answering(
      try #require(try Reception(register: station.register)),
      FeedSettings(refusal: { sentence ?? $0.code }, warning: \.code, tellsWarnings: tellsWarnings, now: { now }))
  }

  /// As MSA-1, MSA-2 and, of each ERR, 2, 3.1, 4 and 8.
  func answers(to blocks: [MLLPBlocks.Block]) async -> [String] {
    var answers: [String] = []
    var reading = MLLPBlocks()
    reading.feed(await answering.answer(blocks, from: "10.0.0.1")) { block in
      guard case .whole(let bytes) = block else {
        Issue.record("an answer without its frame")
        return
      }
      let segments = String(decoding: bytes, as: UTF8.self).split(separator: "\r").map {
        $0.split(separator: "|", omittingEmptySubsequences: false)
      }
      let msa = segments.filter { $0[0] == "MSA" }.map { $0[1...].map(String.init) }
      let told = segments.filter { $0[0] == "ERR" }.map { error in
        [String(error[2]), String(error[3].prefix { $0 != "^" }), String(error[4]), String(error[8])]
      }
      answers.append((msa + told).joined().joined(separator: "|"))
    }
    return answers
  }
}
