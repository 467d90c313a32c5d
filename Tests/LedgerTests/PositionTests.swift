import Ledger
import Seeded
import Testing

/// The one order of all facts, and the key whose bytes sort alike.
struct PositionTests {
  static let start = HybridTime("2022-08-21T01:00:00.000Z/0000")!

  static func position(
    source: (sender: String, control: String, seconds: Int)? = nil, seconds: Int = 0, counter: UInt16 = 0,
    station: String = "a-1", sequence: Int = 1, hash: UInt8 = 0, place: Int = 0
  ) -> Position {
    Position(
      source: source.map {
        Source(sender: $0.sender, control: $0.control, text: "", instant: start.instant.adding(seconds: $0.seconds))
      },
      time: HybridTime(instant: start.instant.adding(seconds: seconds), counter: counter), station: station,
      sequence: sequence, hash: LineHash(bytes: [UInt8](repeating: hash, count: 32))!, place: place)
  }

  /// Each row comes before the next.
  static let table: [(why: String, position: Position)] = [
    ("before 1970", position(seconds: -1_900_000_000)),
    ("an older source first, however late it was written", position(source: ("Z", "9", -10), seconds: 900)),
    ("said here: no sender", position()),
    ("the counter", position(counter: 1)),
    ("the station", position(counter: 1, station: "a-2")),
    ("the station, as bytes", position(counter: 1, station: "a1")),
    ("the sequence, as a number", position(counter: 1, station: "a1", sequence: 2)),
    ("the sequence, as a number", position(counter: 1, station: "a1", sequence: 10)),
    ("the hash", position(counter: 1, station: "a1", sequence: 10, hash: 1)),
    ("the place in the commit", position(counter: 1, station: "a1", sequence: 10, hash: 1, place: 1)),
    ("a sender", position(source: ("A", "2", 0))),
    ("a control id as a number", position(source: ("A", "10", 0))),
    ("leading zeros say nothing", position(source: ("A", "0011", 0))),
    ("longer than any integer", position(source: ("A", "99999999999999999999999999", 0))),
    ("no control id is no number", position(source: ("A", "", 0))),
    ("a zero byte within", position(source: ("A", "\0", 0))),
    ("control ids as bytes", position(source: ("A", "-1", 0))),
    ("control ids as bytes", position(source: ("A", "1A", 0))),
    ("the sender, as bytes", position(source: ("A\0", "1", 0))),
    ("the sender, as bytes", position(source: ("A\u{1}", "1", 0))),
    ("the sender, decomposed", position(source: ("e\u{301}", "1", 0))),
    ("the sender, composed", position(source: ("\u{e9}", "1", 0))),
    ("a source a day ahead is believed", position(source: ("A", "1", 86_400))),
    ("a source further ahead is not", position(source: ("A", "1", 400_000), seconds: 100_000)),
  ]

  @Test func theTableIsInOrder() {
    for (index, row) in Self.table.enumerated() {
      for later in Self.table[(index + 1)...] {
        #expect(row.position < later.position, "\(row.why) / \(later.why)")
        #expect(!(later.position < row.position))
        #expect(row.position.bytes.lexicographicallyPrecedes(later.position.bytes), "\(row.why) / \(later.why)")
      }
    }
  }

  @Test func numbersThatAreEqualAreOnePlace() {
    let one = Self.position(source: ("A", "007", 0))
    let other = Self.position(source: ("A", "7", 0))
    #expect(one == other)
    #expect(one.bytes == other.bytes)
  }

  /// Byte order of the keys is the order of the positions, on values chosen to collide.
  @Test(arguments: 0..<20)
  func bytesSortAsPositionsDo(seed: UInt64) {
    var random = Seeded(seed: seed)
    let texts = [
      "", "0", "00", "1", "01", "9", "10", "A", "A\0", "A\0\0", "A\u{1}", "é", "e\u{301}", "1A", "\u{10FFFF}",
    ]
    func text() -> String { texts.randomElement(using: &random)! }
    func small() -> Int { Int.random(in: 0...2, using: &random) }
    let positions = (0..<120).map { _ in
      Self.position(
        source: small() == 0
          ? nil : (text(), text(), [-2_000_000_000, 0, 1, 86_400, 86_401].randomElement(using: &random)!),
        seconds: small(), counter: UInt16(small() * 200), station: text(), sequence: small() * 150,
        hash: UInt8(small()),
        place: small() * 200)
    }
    for one in positions {
      for other in positions {
        #expect((one < other) == one.bytes.lexicographicallyPrecedes(other.bytes))
        #expect((one == other) == (one.bytes == other.bytes))
      }
    }
  }

  /// A source a century ahead must not hold the last word for ever.
  @Test func aSourceAheadIsOrderedByTime() {
    let source = Source(sender: "A", control: "1", text: "", instant: Self.start.instant.adding(seconds: 86_401))
    #expect(Position.isAhead(source, of: Self.start))
    #expect(Self.position(source: ("A", "1", 86_401)).instant == Self.start.instant)
    #expect(Self.position(source: ("A", "1", 86_400)).instant == Self.start.instant.adding(seconds: 86_400))
  }
}
