import Hospital
import Ledger
import Register
import Testing

/// Honest machines that somebody put back or copied, and stations cut apart, by name.
struct ForkTests {
  private static let seeds = 1...4 as ClosedRange<UInt64>

  private func hospital(_ seed: UInt64) async throws -> (Simulation, enrolling: SimulatedStation, SimulatedStation) {
    let run = try await Simulation(seed: seed, stations: 3, hasEnemy: false)
    try await run.heal()
    return (run, run.stations[0], run.stations[2])
  }

  private func say(_ count: Int, _ run: Simulation, _ station: SimulatedStation) async throws {
    for number in 0..<count {
      station.world.advance(milliseconds: 1000)
      #expect(
        try await run.submit(
          Saying(facts: [.described("patient/\(number)", "N", at: station.world.now)]), station) != nil)
    }
  }

  /// Certified anew by another station, as its machine asks once it knows of its fork.
  private func renew(_ station: SimulatedStation, by enrolling: SimulatedStation) async throws {
    let environment = station.world.environment
    let key = try SigningKey(random: environment.randomBytes)
    let enrolment = try await enrolling.register.enrolAnew(
      station.register.station, key: key.publicKey, environment: enrolling.world.environment)
    try station.register.renew(key, enrolment)
    try station.begin(from: station.disk.copy())
  }

  /// It takes back what it had said, and goes on from there: no branch.
  @Test(arguments: seeds) func aMachinePutBackTakesItsOwnBack(seed: UInt64) async throws {
    let (run, enrolling, station) = try await hospital(seed)
    station.snapshot = try station.disk.copy()
    try await say(3, run, station)
    try await run.pull(enrolling, from: station)
    try run.putBack(station)
    try await run.pull(station, from: enrolling)
    try await say(2, run, station)
    try await run.heal()
    try Rules.check(run)
    #expect(run.lost.isEmpty)
    #expect(try station.register.tips()[station.register.station]?.count == 1)
  }

  /// Each branch answered somebody: both count and are shown, and the machine goes on under another name.
  @Test(arguments: seeds) func aMachinePutBackThatSpeaksFirst(seed: UInt64) async throws {
    let (run, enrolling, station) = try await hospital(seed)
    let old = station.register.station
    station.snapshot = try station.disk.copy()
    try await say(3, run, station)
    try await run.pull(enrolling, from: station)
    try run.putBack(station)
    try await say(2, run, station)
    try await run.heal()
    try Rules.check(run)
    #expect(try station.register.isForked())
    let tips = try #require(try station.register.tips()[old])
    #expect(tips.count == 2)
    try await renew(station, by: enrolling)
    #expect(station.register.station != old)
    try await say(2, run, station)
    try await run.heal()
    try Rules.check(run)
    #expect(try station.register.tips()[old].map(Set.init) == Set(tips))
    #expect(try !station.register.isForked())
  }

  /// Two machines of one name: each branch counts, and each goes on under a name of its own.
  @Test(arguments: seeds) func aClonedDisk(seed: UInt64) async throws {
    let (run, enrolling, station) = try await hospital(seed)
    let twin = try station.clone(seed: seed + 1000)
    run.add(twin)
    try await say(2, run, station)
    try await say(3, run, twin)
    try await run.heal()
    try Rules.check(run)
    let shown = try enrolling.register.read { try $0.conflicts() }.filter { $0.kind == .fork }.map(\.key)
    #expect(shown == [station.register.station])
    for machine in [station, twin] {
      #expect(try machine.register.isForked())
      try await renew(machine, by: enrolling)
      try await say(2, run, machine)
    }
    #expect(station.register.station != twin.register.station)
    try await run.heal()
    try Rules.check(run)
  }

  /// What they enrol apart is of one hospital afterwards, and no number was given twice.
  @Test(arguments: seeds) func twoEnrollersCutApart(seed: UInt64) async throws {
    let run = try await Simulation(seed: seed, stations: 2, hasEnemy: false)
    let (one, other) = (run.stations[0], run.stations[1])
    try await run.heal()
    for (number, enrolling) in [one, other].enumerated() {
      let new = try enrolling.joined("neuf-\(number)", seed: seed + UInt64(number) + 1000)
      try await run.submit(CedeNumbers(to: new.register.station), enrolling)
      run.add(new)
      try await run.pull(new, from: enrolling)
      for station in [enrolling, new] {
        for _ in 0..<3 { #expect(try await run.register(at: station) != nil) }
      }
    }
    try await run.heal()
    try Rules.check(run)
    for station in run.stations {
      let conflicts = try station.register.read { try $0.conflicts() }.map(\.kind)
      #expect(!conflicts.contains(.identifier) && !conflicts.contains(.number))
      #expect(try station.register.read { try $0.counts().patients } == 12)
    }
  }
}
