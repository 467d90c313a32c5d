import Hospital
import Ledger
import Register
import Replication
import Testing

/// A station in an enemy's hands, by what it does. Each holds whatever else happens: the seed is of the run around it.
struct EnemyTests {
  private static let seeds = 1...4 as ClosedRange<UInt64>

  private let patient = "patient/1"

  /// Two stations, an enemy that both know, and nothing else yet.
  private func hospital(_ seed: UInt64) async throws -> (Simulation, HostileStation) {
    let run = try await Simulation(seed: seed, stations: 2, hasEnemy: true)
    try await run.heal()
    for station in run.stations { station.world.advance(milliseconds: 60_000) }
    return (run, try #require(run.enemy))
  }

  private func name(_ station: SimulatedStation) throws -> String? {
    try station.register.read { try $0.patient(patient)?.usedName }
  }

  /// Once another station has the line, no rewritten past goes unnoticed, and none replaces what was.
  @Test(arguments: seeds) func aRewrittenPastShows(seed: UInt64) async throws {
    var (run, enemy) = try await hospital(seed)
    var another = enemy
    try enemy.say([.described(patient, "VRAI", at: run.now)], command: "said")
    try another.say([.described(patient, "FAUX", at: run.now)], command: "said")
    try await run.take(enemy.lines, at: run.stations[0])
    try await run.take(another.lines, at: run.stations[1])
    try await run.heal()
    try Rules.check(run)
    for station in run.stations {
      #expect(try station.register.tips()[enemy.station]?.count == 2)
      let forks = try station.register.read { try $0.conflicts() }.filter { $0.kind == .fork }.map(\.key)
      #expect(forks == [enemy.station])
    }
  }

  /// Whoever makes branches without end stops nobody, however honest stations divide them: each takes in so many of them,
  /// and keeps the others aside. Once a mark names some, the same count everywhere.
  @Test(arguments: seeds) func branchesWithoutEndStopNobody(seed: UInt64) async throws {
    let (run, enemy) = try await hospital(seed)
    let (one, other) = (run.stations[0], run.stations[1])
    let branches = try (0..<180).map { number in
      var branch = enemy
      return try branch.say([.described(patient, "X\(number)", at: run.now)], command: "branch-\(number)")
    }
    try await run.take(enemy.lines + branches[..<90], at: one)
    try await run.take(enemy.lines + branches[90...], at: other)
    for number in 0..<3 { try await run.submit(Saying(facts: [.described(patient, "N\(number)", at: run.now)]), other) }
    // Nor is it held against the honest one that has them.
    #expect(try await one.pull(over: run.link(to: other), shares: PullShares(asideBytes: 1)) == nil)
    #expect(try one.lines()[other.register.station] == other.lines()[other.register.station])
    try await run.heal()
    for station in [one, other] {
      #expect(try station.register.tips()[enemy.station]?.count == 64)
      #expect(try station.register.read { try $0.linesAsideCount() } == 26 + 64)
    }
    try await one.register.revoke(station: enemy.station, environment: one.world.environment)
    let third = try one.joined("poste-9", seed: seed + 1000)
    run.add(third)
    try await run.heal()
    let counted = try #require(try one.register.tips()[enemy.station])
    #expect(counted.count == 64)
    for station in [other, third] {
      #expect(try Set(counted).isSubset(of: Set(station.register.tips()[enemy.station] ?? [])))
      #expect(try station.digest() == one.digest())
      #expect(try station.register.verifyLedger().failures == [])
    }
    let disk = try other.disk.copy()
    try Register.rebuild(folder: disk.path)
    let again = try Register(folder: disk.path, access: .reading, environment: other.world.environment)
    #expect(try again.read { try $0.digest().digest } == one.digest())
  }

  /// A forged line is no line: it lies aside with who brought it, and the rest goes on.
  @Test(arguments: seeds) func whatIsForgedLiesAside(seed: UInt64) async throws {
    let (run, _) = try await hospital(seed)
    let (one, other) = (run.stations[0], run.stations[1])
    let before = try one.lines()[one.register.station]?.count ?? 0
    for number in 0..<5 { try await run.submit(Saying(facts: [.described(patient, "N\(number)", at: run.now)]), one) }
    let said = try #require(try one.lines()[one.register.station]?.dropFirst(before))
    let forged = said.map { line in
      var line = line
      line[Int.random(in: 0..<line.count, using: &run.dice)] ^= 1
      return line
    }
    let taken = try await other.register.takeIn((said + forged).shuffled(using: &run.dice), from: "enemy")
    #expect((taken.accepted, taken.aside) == (5, 5))
    #expect(try other.register.read { try $0.linesAside() }.allSatisfy { $0.peer == "enemy" && !$0.reason.isEmpty })
    try await run.heal()
    try Rules.check(run)
  }

  /// Of a chain that forked, what is forged of one branch lies aside and rests; the other one travels on at once.
  @Test(arguments: seeds, [1, 5]) func aForgedBranchKeepsNoOtherBack(seed: UInt64, count: Int) async throws {
    var (run, enemy) = try await hospital(seed)
    let (one, other) = (run.stations[0], run.stations[1])
    var another = enemy
    for number in 0..<count { try another.say([.described(patient, "FAUX", at: run.now)], command: "forged-\(number)") }
    for number in 0..<3 { try enemy.say([.described(patient, "VRAI", at: run.now)], command: "said-\(number)") }
    try await run.take(enemy.lines + another.lines, at: other)
    let last = try #require(another.lines.last.map { LineHash(of: $0) })
    try await one.pull(over: run.link(to: other, Weather(altered: last)))
    let said = try Set(one.lines()[enemy.station] ?? [])
    #expect(said == Set(enemy.lines + another.lines.dropLast()))
    #expect(try one.register.read { try $0.linesAside() }.map(\.peer) == [other.register.station])
    try await run.heal()
    try Rules.check(run)
    #expect(try one.register.tips()[enemy.station]?.count == 2)
  }

  /// Whoever floods the others fills no disk, and keeps nobody else's lines back.
  @Test(arguments: seeds) func aFloodPausesAloneUntilTomorrow(seed: UInt64) async throws {
    var (run, enemy) = try await hospital(seed)
    let (one, other) = (run.stations[0], run.stations[1])
    let long = String(repeating: "X", count: 40_000)
    for number in 0..<60 { try enemy.say([.described(patient, long, at: run.now)], command: "flood-\(number)") }
    try await run.take(enemy.lines, at: other)
    for number in 0..<3 { try await run.submit(Saying(facts: [.described(patient, "N\(number)", at: run.now)]), other) }
    let shares = PullShares(dayBytes: 1_000_000)
    let pause = try await one.pull(over: run.link(to: other), shares: shares)
    #expect(pause?.contains(enemy.station) ?? false)
    #expect(try one.lines()[other.register.station] == other.lines()[other.register.station])
    let first = try one.lines()[enemy.station]?.count ?? 0
    #expect(first < 60)
    #expect(try await run.submit(Saying(facts: [.described(patient, "ICI", at: run.now)]), one) != nil)
    #expect(try await one.pull(over: run.link(to: other), shares: shares) != nil)
    #expect(try one.lines()[enemy.station]?.count == first)
    one.world.advance(milliseconds: 86_400_000)
    _ = try await one.pull(over: run.link(to: other), shares: shares)
    #expect(try one.lines()[enemy.station]?.count ?? 0 > first)
    try await run.heal()
    try Rules.check(run)
  }

  /// A head that no line bears out is its witness's claim: it counts against nobody, whoever's it says it is.
  @Test(arguments: seeds) func aLyingWitnessAccusesNobody(seed: UInt64) async throws {
    var (run, enemy) = try await hospital(seed)
    let (one, other) = (run.stations[0], run.stations[1])
    let mine = try #require(try one.register.tips()[one.register.station]?.first)
    let own = try #require(enemy.lines.last.map { LineHash(of: $0) })
    let lies = [
      CommitPlace(station: one.register.station, sequence: mine.sequence + 1000, hash: own),
      // Of another chain, and another line in the place of one that is there.
      CommitPlace(station: one.register.station, sequence: 1, hash: own),
      CommitPlace(station: other.register.station, sequence: mine.sequence, hash: mine.hash),
      CommitPlace(station: "nul-1-00000000", sequence: 1, hash: own),
    ]
    for (number, lie) in lies.enumerated() {
      try enemy.say([.described(patient, "X", at: run.now)], command: "lie-\(number)", witnessed: [lie])
    }
    try await run.take(enemy.lines, at: one)
    for line in enemy.lines { try await run.take([line], at: other) }
    #expect(try await run.submit(Saying(facts: [.described(patient, "VRAI", at: run.now)]), one) != nil)
    try await run.heal()
    try Rules.check(run)
    for station in run.stations {
      #expect(try !station.register.isForked())
      #expect(try station.register.tips().allSatisfy { $0.value.count == 1 })
      #expect(try station.register.read { try $0.stations() }.allSatisfy { $0.revocation == nil })
      #expect(try station.register.read { try $0.linesAsideCount() } == 0)
      // What it says to have read is shown as its word, also where another line has that place.
      let claims = try station.register.read { try $0.witnessClaims() }.filter { $0.witness == enemy.station }
      #expect(Set(claims.map(\.claimed)) == Set(lies) && claims.count == lies.count)
      #expect(claims.first { $0.claimed == lies[1] }?.isContradicted == true)
      #expect(claims.first { $0.claimed == lies[3] }?.isContradicted == false)
      #expect(try name(station) == "VRAI")
    }
  }

  /// Nobody's clock is moved more than five minutes ahead, and no line is kept out.
  @Test(arguments: seeds) func aClockIn2099MovesNobody(seed: UInt64) async throws {
    var (run, enemy) = try await hospital(seed)
    let one = run.stations[0]
    enemy.setClock(to: Instant(milliseconds: 4_070_908_800_000))
    try enemy.say([.described(patient, "DEMAIN", at: run.now)], command: "late")
    try await run.take(enemy.lines, at: one)
    #expect(try name(one) == "DEMAIN")
    try await run.submit(Saying(facts: [.described(patient, "ICI", at: run.now)]), one)
    let last = try #require(try one.lines()[one.register.station]?.last)
    #expect(try Commit(reading: last).time.instant <= one.world.now.adding(seconds: HybridClock.aheadMaxSeconds))
    try await run.heal()
    try Rules.check(run)
  }

  /// What a person said stands, whoever uses its key again; of a message heard twice, the first counts, everywhere.
  @Test(arguments: seeds) func aCommandUsedAgainTakesNothingAway(seed: UInt64) async throws {
    var (run, enemy) = try await hospital(seed)
    let one = run.stations[0]
    let source = Source(sender: "SIH", control: "7", text: "20220821030000", instant: run.now)
    let (person, message) = ("person-1", "message-1")
    // Earlier than what is said here, and known later.
    try enemy.say([.described(patient, "FAUX", at: run.now)], command: person)
    try enemy.say([.described("patient/2", "FAUX", at: run.now)], command: message, source: source)
    try await run.submit(Saying(facts: [.described(patient, "VRAI", at: run.now)]), one, key: person)
    try await run.submit(
      Saying(facts: [.described("patient/2", "VRAI", at: run.now)]), one, key: message, source: source)
    try await run.take(enemy.lines, at: one)
    try await run.heal()
    try Rules.check(run)
    for station in run.stations {
      #expect(try name(station) == "VRAI")
      #expect(try station.register.read { try $0.patient("patient/2")?.usedName } == "FAUX")
    }
  }
}
