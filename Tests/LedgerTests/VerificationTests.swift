import Ledger
import Seeded
import Testing

struct VerificationTests {
  let whole = SampleChain.of(lines: 30)

  func report(_ lines: [[UInt8]]) -> VerificationReport { verify((whole.station, lines)) }

  @Test func aWholeChainHolds() {
    for batch in [1, 7, 1000] {
      let report = verify((whole.station, whole.lines), batch: batch)
      #expect(report.failures == [])
      #expect(report.forks == [])
      #expect(report.commits == 30)
      #expect(report.facts == 1 + (1..<30).map { $0 % 3 + 1 }.reduce(0, +))
      #expect(report.root == whole.authority.rootFingerprint)
      #expect(report.heads == [whole.station: [.init(sequence: 30, hash: whole.chain.head)]])
    }
  }

  /// Any one byte turned into any other, anywhere: found, named, and named alone.
  @Test(arguments: 0..<300)
  func flipped(seed: UInt64) {
    var random = Seeded(seed: seed)
    var lines = whole.lines
    let index = Int.random(in: lines.indices, using: &random)
    let byte = Int.random(in: lines[index].indices, using: &random)
    lines[index][byte] ^= UInt8.random(in: 1 ... .max, using: &random)
    let report = report(lines)
    // The first line may fail twice: by its signature and by the certificates in it.
    #expect(
      Set(report.failures.map(\.sequence)) == [index + 1], "byte \(byte) of line \(index + 1): \(report.failures)")
    #expect(report.failures.allSatisfy { $0.station == whole.station })
    #expect(report.forks == [])
    if index > 0 {
      #expect(report.commits == 29)
      #expect(report.failures.count == 1)
    }
  }

  @Test(arguments: 1..<29)
  func removed(index: Int) {
    var lines = whole.lines
    lines.remove(at: index)
    let report = report(lines)
    #expect(report.failures.map(\.sequence) == [index + 1])
    #expect(report.failures.map(\.reason) == [.missing(through: index + 1)])
    #expect(report.commits == 29)
  }

  @Test func removedAtBothEnds() {
    #expect(report(Array(whole.lines.dropFirst())).failures.map(\.sequence) == [1])
    #expect(report(Array(whole.lines.dropLast(5))).failures == [])
    #expect(report([]).failures.map(\.sequence) == [1])
  }

  @Test(arguments: 0..<100)
  func repeated(seed: UInt64) {
    var random = Seeded(seed: seed)
    var lines = whole.lines
    let index = Int.random(in: lines.indices, using: &random)
    lines.insert(lines[index], at: Int.random(in: index + 1...lines.count, using: &random))
    let report = report(lines)
    #expect(report.failures.map(\.sequence) == [index + 1])
    #expect(report.commits == 30)
  }

  /// Two lines of any distance exchanged, the first aside: each that stands too late is named, and all count.
  @Test(arguments: 0..<100)
  func reordered(seed: UInt64) {
    var random = Seeded(seed: seed)
    var lines = whole.lines
    let one = Int.random(in: 1..<29, using: &random)
    let other = Int.random(in: one + 1..<30, using: &random)
    lines.swapAt(one, other)
    let report = report(lines)
    #expect(report.failures.contains { $0.sequence == one + 1 })
    #expect(report.failures.allSatisfy { one + 1...other + 1 ~= $0.sequence })
    #expect(report.commits == 30)
  }

  /// Any few wounds of any kind: what is not the beginning of the chain that was written does not verify.
  @Test(arguments: 0..<200)
  func anyWoundsAreFound(seed: UInt64) {
    var random = Seeded(seed: seed)
    var lines = whole.lines
    for _ in 0..<Int.random(in: 1...5, using: &random) {
      let index = Int.random(in: lines.indices, using: &random)
      let other = Int.random(in: lines.indices, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: lines[index][Int.random(in: lines[index].indices, using: &random)] ^= 0x20
      case 1: lines.remove(at: index)
      case 2: lines.insert(lines[index], at: other)
      case 3: lines.swapAt(index, other)
      case 4: lines.insert(random.bytes(other * 10), at: index)
      default: lines[index] = Array(lines[index].dropLast(other) + lines[other].dropFirst(index + 1))
      }
      // A line may have been emptied by the cut above.
      lines.removeAll(where: \.isEmpty)
    }
    let report = report(lines)
    #expect(report.failures.isEmpty == whole.lines.starts(with: lines))
    #expect(report.commits <= 30)
  }

  @Test func theFirstLineOutOfPlace() {
    var lines = whole.lines
    lines.swapAt(0, 4)
    #expect(report(lines).failures.map(\.sequence) == [1])
  }

  /// Several wounds at once are each named.
  @Test func severalAtOnce() {
    var lines = whole.lines
    lines[25][90] ^= 1
    lines[10][200] ^= 1
    lines.remove(at: 18)
    lines.insert(Array("not a line".utf8), at: 5)
    #expect(Set(report(lines).failures.map(\.sequence)) == [6, 11, 19, 26])
  }

  /// A line rewritten by someone who holds the key: its own signature is good, the next line gives it away.
  @Test func rewrittenWithTheKey() throws {
    var forged = Chain(station: whole.station, key: whole.key, after: try Commit(reading: whole.lines[9]))
    let original = try Commit(reading: whole.lines[10])
    let line = try forged.append(
      author: "system", command: "another", time: original.time, facts: original.facts
    ).line
    var lines = whole.lines
    lines[10] = line
    #expect(report(lines).failures.map(\.reason) == [.line(.previous)])
    #expect(report(lines).failures.map(\.sequence) == [12])
  }

  /// Badly signed, but a later line of its chain names its hash: it counts, and is named all the same.
  @Test func aLaterLineVouches() throws {
    var sample = SampleChain.of(lines: 3)
    let stranger = SigningKey(seed: [UInt8](repeating: 9, count: 32))!
    var other = Chain(station: sample.station, key: stranger, after: try Commit(reading: sample.lines[2]))
    let unsigned = try other.append(
      author: "system", command: "c", time: sample.time.successor,
      facts: [Fact(kind: "k", subject: "s", at: sample.time.instant, data: [:])])
    #expect(verify((sample.station, sample.lines + [unsigned.line])).commits == 3)
    sample.lines.append(unsigned.line)
    sample.chain = Chain(station: sample.station, key: sample.key, after: unsigned)
    sample.time = sample.time.successor
    sample.admit(4)
    let report = verify((sample.station, sample.lines))
    #expect(report.commits == 5)
    #expect(report.failures.map(\.reason) == [.line(.signature)])
    #expect(report.failures.map(\.sequence) == [4])
  }

  /// A station that ignores the rule, with its own good key.
  @Test func timeMustGrow() throws {
    var sample = SampleChain.of(lines: 3)
    let text = String(decoding: sample.lines[2].dropFirst(87), as: UTF8.self)
    let earlier = text.replacing(sample.time.text, with: "2022-08-21T01:00:00.000Z/0000")
    let body = Array(earlier.utf8)
    sample.lines[2] = Array(Base64.url(try sample.key.signature(for: body)).utf8) + [0x20] + body
    let report = verify((sample.station, sample.lines))
    #expect(report.failures.map(\.reason) == [.line(.time)])
    #expect(report.failures.map(\.sequence) == [3])
  }

  @Test func aChainInTheFileOfAnother() {
    let report = verify(("urg-2-00000000", whole.lines))
    #expect(report.failures.map(\.reason) == [.line(.station(whole.station))])
    #expect(report.commits == 0)
  }
}
