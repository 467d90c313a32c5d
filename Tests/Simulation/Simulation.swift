import Hospital
import Ledger
import Register
import Replication

/// A hospital of a few stations through a bad night, all from one seed: the real code, with clocks, network, disks and
/// an enemy of the run's own.
final class Simulation {
  let seed: UInt64
  private(set) var stations: [SimulatedStation] = []
  /// Lines that somebody was told are kept.
  private(set) var acknowledged: Set<SimulatedLine> = []
  /// Of those, what went with a disk before anybody else had it.
  var lost: Set<SimulatedLine> = []
  /// What somebody typed and got no answer for.
  private var unanswered: [(submission: Submission, station: SimulatedStation)] = []
  /// Of that, what was answered once it was sent again, by chain and key.
  private(set) var sentAgain: [(chain: String, key: String)] = []
  /// What was done, one line a step: the same seed gives the same.
  private(set) var log: [String] = []
  var dice: Dice
  /// Of the feed.
  var control = 0
  var copies: SimulatedCopies
  /// What a clock says that nobody moved.
  private(set) var hour = SimulatedWorld(seed: 0).now
  private(set) var enemy: HostileStation?
  /// Lines that are on their way: to whom, and from whom.
  private var late: [(to: SimulatedStation, lines: [[UInt8]], from: String)] = []
  /// Stations that hear each other have the same number.
  private var sides: [ObjectIdentifier: Int] = [:]

  /// Whoever decides.
  static let duty = "account/duty"
  private static let stationsMax = 6
  /// Writes and syncs of the log, of which a line takes some twenty.
  private static let writesMax = 40

  /// - Parameters:
  ///   - count: of stations; nil for any.
  ///   - hasEnemy: nil for one in three.
  init(seed: UInt64, stations count: Int? = nil, hasEnemy: Bool? = nil) async throws {
    self.seed = seed
    dice = Dice(seed: seed)
    let first = try SimulatedStation.first(seed: dice.next())
    copies = try SimulatedCopies(of: first, &dice)
    stations = [first]
    for number in 2...(count ?? Int.random(in: 2...4, using: &dice)) {
      stations.append(try first.joined("poste-\(number)", seed: dice.next()))
      try await submit(CedeNumbers(to: stations[number - 1].register.station), first)
    }
    let duty = Fact(
      kind: "account.opened", subject: Self.duty, at: first.world.environment.now(),
      data: ["login": "duty", "roles": ["duty"]])
    _ = try await submit(Saying(facts: [duty]), first)
    _ = try await submit(copies.recipient, first)
    // Two of them may enrol and revoke.
    try first.lendAuthority(to: stations[1])
    if hasEnemy ?? dice.once(in: 3) {
      enemy = try HostileStation(of: first, at: first.world.environment.now(), &dice)
    }
  }

  /// - Parameter isCalm: nobody is revoked, and no disk loses what it had.
  func step(isCalm: Bool = false) async throws {
    for station in stations { station.world.advance(milliseconds: Int64.random(in: 1...30_000, using: &dice)) }
    hour = hour.adding(seconds: 30)
    let station = anyone
    switch Int.random(in: 0..<60, using: &dice) {
    case 0..<16: try await on(station, "say") { try await say(at: station) }
    case 16..<30: try await pull(station, from: anyone, isFaulty: dice.once(in: 3))
    case 30..<33: try await hear()
    case 33: station.world.advance(milliseconds: Int64.random(in: -90_000_000...90_000_000, using: &dice))
    case 34, 35: try await losePower(station)
    case 36: station.snapshot = try station.disk.copy()
    case 37: if !isCalm { try putBack(station) }
    case 38, 39: if !isCalm { try await on(station, "mark") { try await mark(station) } }
    case 40..<43: try await on(station, "decide") { try await decide(at: station) }
    case 43..<46: try await on(station, "correct") { try await correct(at: station) }
    case 46: if stations.count < Self.stationsMax { stations.append(try station.clone(seed: dice.next())) }
    case 47: for station in stations { sides[ObjectIdentifier(station)] = Int.random(in: 0...1, using: &dice) }
    case 48: sides = [:]
    case 49, 50: try await deliver()
    case 51: station.disk.fail(.full, after: Int.random(in: 0...Self.writesMax, using: &dice))
    case 52: for station in stations { station.disk.makeRoom() }
    case 53: try await on(station, "carry") { try await carry(from: station, to: anyone) }
    case 54: try await on(station, "seal") { try await seal(at: station) }
    case 55: if stations.count < Self.stationsMax { try await restore() }
    default: try await attack()
    }
  }

  /// The network is whole again, and there is room: one takes from all, and from what lies elsewhere, and all take from it
  /// until nobody lacks anything.
  func heal() async throws {
    sides = [:]
    for station in stations { station.disk.makeRoom() }
    try await sendAgain()
    let middle = anyone
    for station in stations { try await pull(middle, from: station) }
    try await readCopies(at: middle)
    var before: [[String: Set<Tip>]] = []
    repeat {
      before = try tips()
      for station in stations { try await pull(middle, from: station) }
      for station in stations { try await pull(station, from: middle) }
    } while try tips() != before
  }

  private func tips() throws -> [[String: Set<Tip>]] { try stations.map { try $0.register.tips().mapValues(Set.init) } }

  /// What the first one's clock says.
  var now: Instant { stations[0].world.now }

  func take(_ lines: [[UInt8]], at station: SimulatedStation) async throws {
    try await on(station, "attack") {
      _ = try await station.register.takeIn(lines, from: "enemy")
      try Rules.checkTaken(lines, at: station)
    }
  }

  func add(_ station: SimulatedStation) { stations.append(station) }

  func note(_ what: String) { log.append(what) }

  var anyone: SimulatedStation { stations[Int.random(in: 0..<stations.count, using: &dice)] }

  /// Two stations that may enrol shut each other out, before either hears of it.
  func revokeEachOther() async throws {
    let (one, other) = (stations[0], stations[1])
    for station in stations { station.disk.makeRoom() }
    try await one.register.revoke(station: other.register.station, environment: one.world.environment)
    try await other.register.revoke(station: one.register.station, environment: other.world.environment)
    for station in [one, other] where dice.once(in: 2) { try await say(at: station) }
  }

  /// Somebody says which lines of a station count: some, those that are here, or all again; or that none counts later.
  private func mark(_ station: SimulatedStation) async throws {
    let known = try station.register.tips().keys.filter { StationName.station(ofChain: $0) == $0 }.sorted()
    guard station.register.holdsEnrollingKey, let about = dice.pick(known) else { return }
    let environment = station.world.environment
    if dice.once(in: 4) {
      try await station.register.end(station: about, environment: environment)
    } else if dice.once(in: 3) {
      try await station.register.restore(station: about, environment: environment)
    } else {
      let last = dice.once(in: 3) ? Int.random(in: 1...20, using: &dice) : nil
      try await station.register.revoke(station: about, after: last, environment: environment)
    }
  }

  @discardableResult
  func submit(
    _ command: any Command, _ station: SimulatedStation, key: String? = nil, author: String = "system",
    source: Source? = nil
  ) async throws -> Receipt? {
    let key = key ?? station.world.environment.newID()
    return try await submit(Submission(command, key: key, author: author, source: source), station)
  }

  private func submit(_ submission: Submission, _ station: SimulatedStation) async throws -> Receipt? {
    do {
      let receipt = try await station.register.submit(submission)
      if !receipt.facts.isEmpty {
        acknowledged.insert(
          SimulatedLine(chain: receipt.station, place: .init(sequence: receipt.sequence, hash: receipt.hash)))
      }
      note("\(receipt.station) \(receipt.sequence) \(receipt.hash)")
      return receipt
    } catch let refusal as Refusal {
      try check(refusal)
      note("refused: \(refusal.code)")
      return nil
    } catch {
      unanswered.append((submission, station))
      throw error
    }
  }

  /// Whoever got no answer still has what they typed, and sends it again under its key.
  private func sendAgain() async throws {
    let all = unanswered
    unanswered = []
    for (submission, station) in all {
      let receipt = try await submit(submission, station)
      // Of a message that another station heard first, the answer is that one's.
      if receipt?.station == station.register.station { sentAgain.append((station.register.station, submission.key)) }
    }
  }

  private func check(_ refusal: Refusal) throws {
    // A bug of ours, not an answer.
    if ["cannot-be-written", "software-failed"].contains(refusal.code) { throw refusal }
  }

  // MARK: Disks

  /// Does something at a station, whose disk may be full: that is answered clearly, and no other failure is.
  func on(_ station: SimulatedStation, _ what: String, _ body: () async throws -> Void) async throws {
    note("\(what) \(station.register.station)")
    do { try await body() } catch let refusal as Refusal {
      try check(refusal)
      note("refused: \(refusal.code)")
    } catch let fault as RegisterFault {
      switch (station.disk.fault, fault) {
      case (.full, .diskFull):
        note("full")
        try Rules.checkReading(at: station)
      case (.noPower, .store): note("no power")
      default: throw fault
      }
    }
  }

  /// The power fails: now, or in the middle of what the station does next. All that it had acknowledged is there when it
  /// comes back.
  private func losePower(_ station: SimulatedStation) async throws {
    station.disk.makeRoom()
    if dice.once(in: 2) {
      station.disk.fail(.noPower, after: Int.random(in: 0...Self.writesMax, using: &dice))
      switch Int.random(in: 0..<3, using: &dice) {
      case 0: try await on(station, "say") { try await say(at: station) }
      case 1: try await on(station, "correct") { try await correct(at: station) }
      default: try await pull(station, from: anyone)
      }
    }
    let held = try acknowledged.filter { try station.holds($0) }
    try station.begin(from: station.disk.afterPowerCut(&dice))
    let gone = try held.filter { try !station.holds($0) }
    note("power \(station.register.station)")
    guard gone.isEmpty else { throw Forgotten(lines: gone) }
  }

  /// Lines that were acknowledged, and were not synced.
  struct Forgotten: Error { var lines: Set<SimulatedLine> }

  /// Somebody puts the machine back to how it was: what it alone had said since is gone.
  func putBack(_ station: SimulatedStation) throws {
    guard let snapshot = station.snapshot else { return }
    let held = try acknowledged.filter { try station.holds($0) }
    try station.begin(from: snapshot.copy())
    note("back \(station.register.station)")
    for line in held where !copies.hold(line) {
      let isSomewhere = try stations.contains { try $0.holds(line) }
      if !isSomewhere { lost.insert(line) }
    }
  }

  // MARK: The network

  /// One station takes what another has, as far as the network lets it.
  func pull(_ station: SimulatedStation, from other: SimulatedStation, isFaulty: Bool = false) async throws {
    if station === other || sides[ObjectIdentifier(station)] != sides[ObjectIdentifier(other)] { return }
    let weather = isFaulty ? Weather.bad(other.said, &dice) : Weather()
    let link = link(to: other, weather)
    other.said = try other.register.tips()
    try await on(station, "pull from \(other.register.station)") {
      do { try await station.pull(over: link) } catch  where isFaulty && !(error is RegisterFault) {
        note("\(type(of: error))")
      }
    }
    if !link.late.isEmpty { late.append((station, link.late, other.register.station)) }
  }

  func link(to other: SimulatedStation, _ weather: Weather = Weather()) -> SimulatedLink {
    SimulatedLink(to: other.register, at: other.world.now, weather, Dice(seed: dice.next()))
  }

  /// Something comes after all.
  private func deliver() async throws {
    guard !late.isEmpty else { return }
    let (station, lines, peer) = late.remove(at: Int.random(in: 0..<late.count, using: &dice))
    try await on(station, "late from \(peer)") { _ = try await station.register.takeIn(lines, from: peer) }
  }

  // MARK: The enemy

  private func attack() async throws {
    guard var enemy else { return }
    let victim = anyone
    let known = try victim.lines().sorted { $0.key < $1.key }.flatMap(\.value)
    let lines = try enemy.speak(knowing: known, &dice)
    self.enemy = enemy
    try await take(lines, at: victim)
  }
}
