import Ledger
import Register
import Replication
import Synchronization

/// What a network does to one connection.
struct Weather: Sendable {
  /// What the peer said it holds, some time ago; nil for what it says now.
  var heads: Heads?
  /// The connection breaks after so many bytes of lines.
  var cutAfter = Int.max
  /// Something between the two changes what is said.
  var spoils = false
  /// Or alters this line alone.
  var altered: LineHash?
  /// Lines are said, and come much later.
  var isLate = false
}

/// Asks another station of the run, which answers by itself, through a network of the run's own.
final class SimulatedLink: PeerLink {
  /// The network went away.
  struct Cut: Error {}

  private let peer: Register
  private let now: Instant
  private let weather: Weather
  private let dice: Mutex<Dice>
  private let heard = Mutex<[[UInt8]]>([])

  init(to peer: Register, at now: Instant, _ weather: Weather, _ dice: Dice) {
    (self.peer, self.now, self.weather) = (peer, now, weather)
    self.dice = Mutex(dice)
  }

  /// Who answers.
  var station: String { peer.station }

  /// Lines that are on their way.
  var late: [[UInt8]] { heard.withLock { $0 } }

  func heads() async throws -> PeerHeads {
    PeerHeads(
      station: peer.station, version: "1", time: now,
      holds: PeerNews(tips: try weather.heads ?? peer.tips(), besideEnd: try peer.besideEnd()))
  }

  func commits(
    endingAt hash: LineHash, after: Int, _ take: @Sendable ([UInt8]) async throws -> Void
  ) async throws {
    var (last, sent) = (after, 0)
    while true {
      guard var lines = try peer.lines(endingAt: hash, after: last, bytes: dice.withLock { $0.bytesAtOnce() }) else {
        throw PeerFault.lacks(hash)
      }
      if lines.isEmpty { return }
      last += lines.count
      if weather.isLate {
        heard.withLock { $0 += lines }
        continue
      }
      for place in lines.indices where LineHash(of: lines[place]) == weather.altered { lines[place][0] ^= 1 }
      if weather.spoils { dice.withLock { $0.spoil(&lines) } }
      var rest = lines.flatMap { $0 + [UInt8(ascii: "\n")] }[...]
      while !rest.isEmpty {
        let piece = rest.prefix(min(dice.withLock { $0.bytesAtOnce() }, weather.cutAfter - sent))
        if piece.isEmpty { throw Cut() }
        try await take(Array(piece))
        rest = rest.dropFirst(piece.count)
        sent += piece.count
      }
    }
  }

  func beside(after: Int) async throws -> [(number: Int, bytes: [UInt8])] {
    try peer.beside(after: after, bytes: dice.withLock { $0.bytesAtOnce() })
  }

  func live(_ hear: @Sendable (PeerNews) async throws -> Void) async throws { throw Cut() }

  func close() {}
}

extension Weather {
  /// - Parameter heads: what the peer said it holds, some time ago.
  static func bad(_ heads: Heads?, _ dice: inout Dice) -> Weather {
    switch Int.random(in: 0..<4, using: &dice) {
    case 0: Weather(heads: heads)
    case 1: Weather(cutAfter: Int.random(in: 0...8000, using: &dice))
    case 2: Weather(spoils: true)
    default: Weather(isLate: true)
    }
  }
}

extension Dice {
  fileprivate mutating func bytesAtOnce() -> Int { Int.random(in: 1...30_000, using: &self) }

  /// Loses, repeats, mixes up or alters some of them.
  mutating func spoil(_ lines: inout [[UInt8]]) {
    if lines.isEmpty { return }
    switch Int.random(in: 0..<5, using: &self) {
    case 0: lines.removeLast()
    case 1: lines.shuffle(using: &self)
    case 2: lines += lines
    case 3: lines.remove(at: Int.random(in: 0..<lines.count, using: &self))
    default:
      let line = Int.random(in: 0..<lines.count, using: &self)
      lines[line][Int.random(in: 0..<lines[line].count, using: &self)] ^= 1
    }
  }
}
