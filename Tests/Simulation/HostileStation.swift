import Hospital
import Ledger
import Register

/// An enrolled station in an enemy's hands: it writes what it likes, well signed or not. A copy of it that says something
/// else is a fork.
struct HostileStation {
  let station: String
  private var chain: Chain
  private var time: HybridTime
  /// Everything that it ever said.
  private(set) var lines: [[UInt8]] = []

  private static let year2099 = Instant(milliseconds: 4_070_908_800_000)
  private static let floodLines = 40

  init(of first: SimulatedStation, at now: Instant, _ dice: inout Dice) throws {
    let random: (Int) -> [UInt8] = { [seed = dice.next()] in
      var dice = Dice(seed: seed)
      return dice.bytes($0)
    }
    let key = try SigningKey(random: random)
    let enrolment = try first.register.enrol(
      station: "mal-1", key: key.publicKey, environment: first.world.environment)
    station = enrolment.station ?? ""
    chain = Chain(station: station, key: key)
    time = HybridTime(instant: now, counter: 0)
    try say([enrolment.opened(chain: station, at: now)], command: "opening")
  }

  /// What it sends this time: true, forked, forged or nonsense.
  mutating func speak(knowing others: [[UInt8]], _ dice: inout Dice) throws -> [[UInt8]] {
    switch Int.random(in: 0..<8, using: &dice) {
    case 0:
      // Another past: two lines in one place. It goes on after either.
      var other = self
      try say(of: dice.pick(others), &dice)
      let second = try other.say(of: nil, &dice)
      if dice.once(in: 2) { (chain, time) = (other.chain, other.time) }
      lines.append(second)
    case 1: return [dice.bytes(Int.random(in: 0..<300, using: &dice))]
    case 2:
      // Another's line, with a byte changed.
      guard var line = dice.pick(others), !line.isEmpty else { return [] }
      line[Int.random(in: 0..<line.count, using: &dice)] ^= 1
      return [line]
    case 3:
      // A line behind one that nobody has.
      var other = self
      try other.say(of: nil, &dice)
      return [try other.say(of: nil, &dice)]
    case 4:
      setClock(to: Self.year2099)
      try say(of: nil, &dice)
    case 5: for _ in 0..<Self.floodLines { try say(of: nil, &dice) }
    default: try say(of: dice.pick(others), &dice)
    }
    return lines
  }

  /// Its next line says that hour, unless it has said a later one.
  mutating func setClock(to hour: Instant) { time = max(time, HybridTime(instant: hour, counter: 0)) }

  /// One line, perhaps under a key that another station's line bears, and with false witness.
  @discardableResult
  private mutating func say(of other: [UInt8]?, _ dice: inout Dice) throws -> [UInt8] {
    let known = other.flatMap { try? Commit(reading: $0) }
    let subject = known?.facts.first?.subject ?? "patient/enemy"
    let claim = known.map { CommitPlace(station: $0.station, sequence: $0.sequence + 7, hash: $0.previous) }
    return try say(
      [.described(subject, "X\(dice.next() % 9)", at: time.instant)], as: known?.author ?? "system",
      command: known?.command ?? "enemy-\(dice.next())", source: dice.once(in: 2) ? known?.source : nil,
      witnessed: claim.map { [$0] } ?? [])
  }

  /// One line, well signed, whatever it says.
  @discardableResult
  mutating func say(
    _ facts: [Fact], as author: String = "system", command: String, source: Source? = nil, witnessed: [CommitPlace] = []
  ) throws -> [UInt8] {
    let draft = try CommitDraft(author: author, command: command, source: source, witnessed: witnessed, facts: facts)
    let line = try chain.append(draft, time: time).line
    time = time.successor
    lines.append(line)
    return line
  }
}

extension Fact {
  /// Somebody goes by that name.
  static func described(_ patient: String, _ name: String, at instant: Instant) -> Fact {
    Fact(kind: "patient.described", subject: patient, at: instant, data: ["usedName": .string(name)])
  }
}
