import Ledger
import Testing

struct ChainTests {
  let key = SigningKey(seed: [UInt8](0..<32))!
  let start = HybridTime("2022-08-21T01:00:00.000Z/0000")!

  func admitted(_ number: Int) -> Fact {
    Fact(
      kind: "stay.admitted", subject: "stay/\(number)", at: start.instant,
      data: ["unit": "4E", "note": "né \"tôt\"\n", "count": .integer(number)])
  }

  @Test func whatIsWrittenIsRead() throws {
    var chain = Chain(station: "urg-1-3fa9c2d1", key: key)
    let source = Source(sender: "GAM|CH", control: "42", text: "20220821030000", instant: start.instant)
    let first = try chain.append(
      author: "system", command: "c1", source: source, time: start, facts: [admitted(1), admitted(2)])
    let second = try chain.append(author: "a", command: "c2", time: start.successor, facts: [admitted(3)])
    #expect(chain.sequence == 2)
    #expect(chain.head == second.hash)
    for commit in [first, second] {
      let read = try Commit(reading: commit.line)
      #expect(read.station == commit.station)
      #expect(read.sequence == commit.sequence)
      #expect(read.previous == commit.previous)
      #expect(read.time == commit.time)
      #expect(read.author == commit.author)
      #expect(read.command == commit.command)
      #expect(read.source == commit.source)
      #expect(read.facts == commit.facts)
      #expect(read.hash == commit.hash)
    }
    let other = SigningKey(seed: [UInt8](1...32))!.publicKey
    for commit in [first, second] {
      #expect(try Commit(reading: commit.line).isSigned(by: key.publicKey))
      #expect(try !Commit(reading: commit.line).isSigned(by: other))
    }
    #expect(first.previous == .none && second.previous == first.hash)
  }

  @Test func aChainContinuesAfterItsLastCommit() throws {
    var chain = Chain(station: "urg-1-3fa9c2d1", key: key)
    let first = try chain.append(author: "system", command: "c1", time: start, facts: [admitted(1)])
    var resumed = Chain(station: "urg-1-3fa9c2d1", key: key, after: try Commit(reading: first.line))
    let one = try chain.append(author: "system", command: "c2", time: start.successor, facts: [admitted(1)])
    let other = try resumed.append(author: "system", command: "c2", time: start.successor, facts: [admitted(1)])
    #expect(one.line == other.line)
  }

  @Test func whatNobodyCouldReadIsNeverWritten() throws {
    var chain = Chain(station: "urg-1-3fa9c2d1", key: key)
    var twice = JSONObject([(key: "a", value: 1)])
    twice.append("a", 2)
    var deep = JSON.array([])
    for _ in 0..<16 { deep = .array([deep]) }
    let bad: [JSON] = [
      .object(twice), ["deep": deep], ["n": .integer(1 << 53 + 1)], [1],
      ["long": .string(String(repeating: "x", count: 1 << 20))],
    ]
    for data in bad {
      let fact = Fact(kind: "k", subject: "s", at: start.instant, data: data)
      #expect(throws: LineFailure.self) {
        try chain.append(author: "a", command: "c", time: start, facts: [fact])
      }
    }
    var late = admitted(1)
    late.at.milliseconds = .max
    #expect(throws: LineFailure.malformed(key: "at")) {
      try chain.append(author: "a", command: "c", time: start, facts: [late])
    }
    #expect(throws: LineFailure.malformed(key: "facts")) {
      try chain.append(author: "a", command: "c", time: start, facts: [])
    }
    _ = try chain.append(author: "a", command: "c", time: start, facts: [admitted(1)])
    #expect(throws: LineFailure.time) {
      try chain.append(author: "a", command: "c", time: start, facts: [admitted(1)])
    }
    #expect(chain.sequence == 1)
  }
}
