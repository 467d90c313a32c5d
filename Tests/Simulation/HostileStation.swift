import Hospital
import Ledger
import Register

/// An enrolled station in an enemy's hands: it writes what it likes, well signed or not.
struct HostileStation {
  private let key: SigningKey
  private let station: String
  private var chain: Chain
  private var last: Commit
  private var time: HybridTime
  /// Everything that it ever said.
  private(set) var lines: [[UInt8]]

  init(of first: SimulatedStation, at now: Instant, _ dice: inout Dice) throws {
    let random: (Int) -> [UInt8] = { [seed = dice.next()] in
      var dice = Dice(seed: seed)
      return dice.bytes($0)
    }
    key = try SigningKey(random: random)
    let enrolment = try first.register.enrol(
      station: "mal-1", key: key.publicKey, environment: first.world.environment)
    station = enrolment.station ?? ""
    chain = Chain(station: station, key: key)
    time = HybridTime(instant: now, counter: 0)
    last = try chain.append(
      author: "system", command: "opening", time: time, facts: [enrolment.opened(chain: station, at: now)])
    lines = [last.line]
  }

  /// What it sends this time: true, forked, forged or nonsense.
  mutating func speak(knowing others: [[UInt8]], _ dice: inout Dice) throws -> [[UInt8]] {
    let before = (chain, last, time)
    switch Int.random(in: 0..<7, using: &dice) {
    case 0:
      // Another past: two lines in one place.
      let first = try say(dice.pick(others), &dice)
      let branch = (chain, last, time)
      (chain, last, time) = before
      let second = try say(nil, &dice)
      if dice.once(in: 2) { (chain, last, time) = branch }
      lines += [first, second]
    case 1: return [dice.bytes(Int.random(in: 0..<300, using: &dice))]
    case 2:
      // Another's line, with a byte changed.
      guard var line = dice.pick(others), !line.isEmpty else { return [] }
      line[Int.random(in: 0..<line.count, using: &dice)] ^= 1
      return [line]
    case 3:
      // A line behind one that nobody has.
      _ = try say(nil, &dice)
      let orphan = try say(nil, &dice)
      (chain, last, time) = before
      return [orphan]
    case 4:
      // A clock in 2099.
      time = max(time, HybridTime(instant: Instant(milliseconds: 4_070_908_800_000), counter: 0))
      lines.append(try say(nil, &dice))
    default: lines.append(try say(dice.pick(others), &dice))
    }
    return lines
  }

  /// One line, perhaps under a key that another station's line bears, and with false witness.
  private mutating func say(_ other: [UInt8]?, _ dice: inout Dice) throws -> [UInt8] {
    time = time.successor
    let known = other.flatMap { try? Commit(reading: $0) }
    let subject = known?.facts.first?.subject ?? "patient/enemy"
    let claim = known.map { Witnessed(station: $0.station, sequence: $0.sequence + 7, hash: $0.previous) }
    let fact = Fact(
      kind: "patient.described", subject: subject, at: time.instant, data: ["usedName": .string("X\(dice.next() % 9)")])
    let draft = try CommitDraft(
      author: known?.author ?? "system", command: known?.command ?? "enemy-\(dice.next())",
      source: dice.once(in: 2) ? known?.source : nil, witnessed: claim.map { [$0] } ?? [], facts: [fact])
    last = try chain.append(draft, time: time)
    return last.line
  }
}
