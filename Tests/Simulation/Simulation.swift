import Hospital
import Ledger
import Register

/// A hospital of a few stations through a bad night, all from one seed: the real stores, with clocks, network, disks
/// and an enemy of the run's own.
final class Simulation {
  let seed: UInt64
  private(set) var stations: [SimulatedStation] = []
  /// Lines that somebody was told are kept.
  private(set) var acknowledged: Set<SimulatedLine> = []
  /// Of those, what went with a disk before anybody else had it.
  private(set) var lost: Set<SimulatedLine> = []
  private var dice: Dice
  private var enemy: HostileStation?
  private var control = 0

  /// Whoever decides.
  private static let duty = "account/duty"

  init(seed: UInt64) async throws {
    self.seed = seed
    dice = Dice(seed: seed)
    let first = try SimulatedStation.first(seed: dice.next())
    stations = [first]
    for number in 2...Int.random(in: 2...4, using: &dice) {
      stations.append(try first.joined("poste-\(number)", seed: dice.next()))
    }
    let duty = Fact(
      kind: "account.opened", subject: Self.duty, at: first.world.environment.now(),
      data: ["login": "duty", "roles": ["duty"]])
    _ = try await first.register.submit(
      Submission(Saying(facts: [duty]), key: first.world.environment.newID(), author: "system"))
    // Two of them may enrol and revoke.
    try first.lendAuthority(to: stations[1])
    if dice.once(in: 3) { enemy = try HostileStation(of: first, at: first.world.environment.now(), &dice) }
  }

  /// - Parameter isCalm: nobody is revoked, and no disk loses what it had.
  func step(isCalm: Bool = false) async throws {
    for station in stations { station.world.advance(milliseconds: Int64.random(in: 1...30_000, using: &dice)) }
    switch Int.random(in: 0..<48, using: &dice) {
    case 0..<16: try await say(at: anyone)
    case 16..<30: try await pull(anyone, from: anyone, isFaulty: dice.once(in: 3))
    case 30..<33: try await hear()
    case 33: anyone.world.advance(milliseconds: Int64.random(in: -90_000_000...90_000_000, using: &dice))
    case 34: try crash(anyone)
    case 35:
      let station = anyone
      station.snapshot = try station.disk.copy()
    case 36: if !isCalm { try putBack(anyone) }
    case 40, 41: if !isCalm { try await mark(anyone) }
    case 42..<45: try await decide(at: anyone)
    case 45..<48: try await correct(at: anyone)
    case 37: if stations.count < 6 { stations.append(try anyone.clone(seed: dice.next())) }
    default: try await attack()
    }
  }

  /// The network is whole again: everybody takes from everybody until nobody lacks anything.
  func heal() async throws {
    for _ in 0..<stations.count + 1 {
      for station in stations { for other in stations where other !== station { try await pull(station, from: other) } }
    }
  }

  private var anyone: SimulatedStation { stations[Int.random(in: 0..<stations.count, using: &dice)] }

  /// Two stations that may enrol shut each other out, before either hears of it.
  func revokeEachOther() async throws {
    let (one, other) = (stations[0], stations[1])
    try await one.register.revoke(station: other.register.station, environment: one.world.environment)
    try await other.register.revoke(station: one.register.station, environment: other.world.environment)
    for station in [one, other] where dice.once(in: 2) { try await say(at: station) }
  }

  /// Somebody says which lines of a station count: some, those that are here, or all again; or that none counts later.
  private func mark(_ station: SimulatedStation) async throws {
    let known = try station.register.read { try $0.stations() }.map(\.name)
    guard station.register.holdsEnrollingKey, let about = dice.pick(known) else { return }
    let environment = station.world.environment
    if dice.once(in: 4) {
      do { try await station.register.end(station: about, environment: environment) } catch is Refusal {}
    } else if dice.once(in: 3) {
      try await station.register.restore(station: about, environment: environment)
    } else {
      let last = dice.once(in: 3) ? Int.random(in: 1...20, using: &dice) : nil
      try await station.register.revoke(station: about, after: last, environment: environment)
    }
  }

  // MARK: What people and feeds say

  private func say(at station: SimulatedStation) async throws {
    let known = try station.register.read { reading in
      try Structure.simulatedBeds.flatMap { try reading.occupants(ofBed: $0, at: station.world.environment.now()) }
    }
    let stay = dice.pick(known.sorted())
    switch (Int.random(in: 0..<4, using: &dice), stay) {
    case (0, let stay?): _ = try await submit(Discharge(stay: stay, exitMode: "8"), station)
    case (1, let stay?): _ = try await submit(Transfer(stay: stay, bed: dice.pick(Structure.simulatedBeds)), station)
    default:
      var traits = Traits()
      traits.birthName = dice.pick(["MARTIN", "DURAND", "LEFEVRE"])
      traits.birthGivenName = dice.pick(["LOUISE", "PAUL"])
      traits.birthDate = PartialDate(year: 1961, month: 3, day: Int.random(in: 1...28, using: &dice))
      traits.sex = .female
      traits.birthPlace = "21231"
      guard let patient = try await submit(RegisterPatient(traits: traits), station)?.subject("patient") else { return }
      let bed = dice.pick(Structure.simulatedBeds)
      _ = try await submit(Admit(patient: patient, stayClass: .inpatient, unit: "MED", bed: bed), station)
    }
  }

  /// Somebody settles what they see, or some of it anew.
  private func decide(at station: SimulatedStation) async throws {
    let (open, old) = try station.register.read { (try $0.conflicts(), try $0.decisions(limit: 5)) }
    let revisited = try old.compactMap { said in try station.register.read { try $0.conflict(said.heard.fact.subject) }
    }
    guard let conflict = dice.pick(dice.once(in: 4) ? revisited : open) else { return }
    let side = dice.once(in: 3) ? nil : Int.random(in: 0..<conflict.sides.count, using: &dice)
    let command = DecideConflict(conflict, side: conflict.kind.hasChoice ? side : nil, note: "vu")
    _ = try await submit(command, station, author: Self.duty)
  }

  /// Somebody puts the name right of one of whom the feed speaks.
  private func correct(at station: SimulatedStation) async throws {
    let fact = Fact(
      kind: "patient.corrected", subject: "patient/\(Int.random(in: 0..<3, using: &dice))",
      at: station.world.environment.now(), data: ["birthName": .string(dice.pick(["MARTIN", "DURAND"]) ?? "")])
    _ = try await submit(Saying(facts: [fact]), station)
  }

  /// One message of a feed, heard by one station or by several: cut apart, or one after it came from another.
  private func hear() async throws {
    control += 1
    let now = stations[0].world.environment.now()
    let source = Source(sender: "SIH", control: String(control), text: "20220821030000", instant: now)
    let fact = Fact(
      kind: "patient.described", subject: "patient/\(control % 3)", at: now,
      data: ["usedName": .string("NOM-\(control)")])
    for station in stations where dice.once(in: 2) {
      _ = try await submit(Saying(facts: [fact]), station, key: "message-\(control)", source: source)
      if dice.once(in: 4) { try await pull(anyone, from: station) }
    }
  }

  private func submit(
    _ command: any Command, _ station: SimulatedStation, key: String? = nil, author: String = "system",
    source: Source? = nil
  ) async throws -> Receipt? {
    let key = key ?? station.world.environment.newID()
    do {
      let receipt = try await station.register.submit(
        Submission(command, key: key, author: author, source: source))
      if !receipt.facts.isEmpty {
        acknowledged.insert(
          SimulatedLine(chain: receipt.station, place: .init(sequence: receipt.sequence, hash: receipt.hash)))
      }
      return receipt
    } catch let refusal as Refusal {
      // A bug of ours, not an answer.
      if ["cannot-be-written", "software-failed"].contains(refusal.code) { throw refusal }
      return nil
    }
  }

  // MARK: The network

  /// One station takes what another has, as far as the network lets it.
  private func pull(
    _ station: SimulatedStation, from other: SimulatedStation, isFaulty: Bool = false
  ) async throws {
    if station === other { return }
    let (theirs, mine) = (try other.register.tips(), try station.register.tips())
    for (chain, tips) in theirs.sorted(by: { $0.key < $1.key }) {
      for tip in tips where try !station.register.holds(chain, tip) {
        let known = mine[chain]?.map(\.sequence).max() ?? 0
        try await take(tip, after: min(known, tip.sequence - 1), station, other, isFaulty)
        if isFaulty, dice.once(in: 4) { return }
      }
    }
  }

  private func take(
    _ tip: VerificationReport.Head, after known: Int, _ station: SimulatedStation, _ other: SimulatedStation,
    _ isFaulty: Bool
  ) async throws {
    var (after, step) = (known, 1)
    while true {
      let bytes = Int.random(in: 1...30_000, using: &dice)
      guard var lines = try other.register.lines(endingAt: tip.hash, after: after, bytes: bytes), !lines.isEmpty else {
        return
      }
      let first = try Commit(reading: lines[0])
      let parent = VerificationReport.Head(sequence: after, hash: first.previous)
      if after > 0, try !station.register.holds(first.station, parent) {
        (after, step) = (max(0, after - step), step * 2)
        continue
      }
      let last = after + lines.count
      if isFaulty { spoil(&lines) }
      _ = try await station.register.takeIn(lines, from: other.register.station)
      if isFaulty { return }
      after = last
      if after >= tip.sequence { return }
    }
  }

  private func spoil(_ lines: inout [[UInt8]]) {
    switch Int.random(in: 0..<5, using: &dice) {
    case 0: lines.removeLast()
    case 1: lines.shuffle(using: &dice)
    case 2: lines += lines
    case 3: lines.remove(at: Int.random(in: 0..<lines.count, using: &dice))
    default:
      let line = Int.random(in: 0..<lines.count, using: &dice)
      lines[line][Int.random(in: 0..<lines[line].count, using: &dice)] ^= 1
    }
  }

  // MARK: Disks

  private func crash(_ station: SimulatedStation) throws { try station.begin(from: station.disk.copy()) }

  /// Somebody puts the machine back to how it was: what it alone had said since is gone.
  private func putBack(_ station: SimulatedStation) throws {
    guard let snapshot = station.snapshot else { return }
    let held = try acknowledged.filter { try station.holds($0) }
    try station.begin(from: snapshot.copy())
    for line in held {
      let isSomewhere = try stations.contains { try $0.holds(line) }
      if !isSomewhere { lost.insert(line) }
    }
  }

  // MARK: The enemy

  private func attack() async throws {
    guard var enemy else { return }
    let victim = anyone
    let known = try victim.register.tips().sorted { $0.key < $1.key }.flatMap { _, tips in
      try tips.flatMap { try victim.register.lines(endingAt: $0.hash, after: 0, bytes: 20_000) ?? [] }
    }
    let lines = try enemy.speak(knowing: known, &dice)
    self.enemy = enemy
    _ = try await victim.register.takeIn(lines, from: "enemy")
  }
}
