import Foundation
import Hospital
import Ledger
import Register
import Testing

/// The rules that hold everywhere, as properties of seeded runs. A run that fails names its seed, and the seed alone
/// plays it again. `PERMANENCE_SEEDS=1-5000` runs those.
struct SimulationTests {
  private static let usual = 1...150
  /// Seeds that ever failed.
  private static let kept: [UInt64] = []

  private static var seeds: [UInt64] {
    let asked = (ProcessInfo.processInfo.environment["PERMANENCE_SEEDS"] ?? "").split(separator: "-").compactMap {
      UInt64($0)
    }
    guard let first = asked.first else { return kept + usual.map { UInt64($0) } }
    return Array(first...max(first, asked.last ?? first))
  }

  private static let steps = 120
  /// Who lies in a bed then never left it.
  private static let afterAll = Instant(milliseconds: 5_000_000_000_000)

  @Test(arguments: seeds)
  func theRulesHold(seed: UInt64) async throws {
    let run = try await Simulation(seed: seed)
    for _ in 0..<Self.steps { try await run.step() }
    try await run.heal()
    try check(run)
  }

  /// Each is revoked from there on, everywhere, and nobody's state depends on which mark came first.
  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func twoStationsRevokeEachOther(seed: UInt64) async throws {
    let run = try await Simulation(seed: seed)
    for _ in 0..<30 { try await run.step(isCalm: true) }
    try await run.revokeEachOther()
    for _ in 0..<30 { try await run.step(isCalm: true) }
    try await run.heal()
    try check(run)
    let both = run.stations.prefix(2).map(\.register.station)
    for station in run.stations { #expect(both.allSatisfy { station.register.isRevoked($0) }) }
  }

  private func check(_ run: Simulation) throws {
    let stations = run.stations
    // 1. Nothing acknowledged is lost while one copy survives.
    let missing = try run.acknowledged.subtracting(run.lost).filter { line in
      try stations.contains { try !$0.holds(line) }
    }
    #expect(missing.isEmpty)
    // 2. The same lines give the same state everywhere, and again from nothing.
    let digests = try stations.map { try $0.register.read { try $0.digest().digest } }
    #expect(Set(digests).count == 1)
    #expect(Set(try stations.map { Self.text(try $0.register.tips()) }).count == 1)
    let disk = try stations[0].disk.copy()
    try Register.rebuild(folder: disk.path)
    let again = try Register(folder: disk.path, access: .reading, environment: stations[0].world.environment)
    #expect(try again.read { try $0.digest().digest } == digests[0])
    // What people must settle is the same for all of them, too.
    let conflicts = try (stations.map(\.register) + [again]).map {
      try Set($0.read { try $0.conflicts() }.map(Self.text))
    }
    for (station, shown) in zip(stations.map(\.register.station) + ["rebuilt"], conflicts) {
      let difference = shown.symmetricDifference(conflicts[0]).sorted()
      #expect(difference.isEmpty, "\(station): \(difference.joined(separator: "; "))")
    }
    for station in stations {
      // 3. and 4. What is kept is a ledger that anybody can verify; a rewritten past shows as a fork.
      let report = try station.register.verifyLedger()
      #expect(report.failures == [])
      for (chain, tips) in try station.register.tips() where tips.count > 1 {
        #expect(report.forks.contains { $0.station == chain })
      }
      // 5. Two patients in one bed are shown.
      try station.register.read { reading in
        let shown = try reading.conflicts().filter { $0.kind == .bed }.map(\.key)
        for bed in Structure.simulatedBeds {
          let stays = try reading.occupants(ofBed: bed, at: Self.afterAll).compactMap { try reading.stay($0) }
          // Or somebody said that they are there on purpose.
          if Set(stays.map(\.patient)).count > 1, try reading.bed(bed)?.doubled != true {
            #expect(shown.contains(bed))
          }
        }
      }
    }
  }

  private static func text(_ conflict: Conflict) -> String {
    let facts = conflict.facts.map { "\($0.station)/\($0.sequence)/\($0.place)" }.joined(separator: " ")
    return "\(conflict.kind) \(conflict.subjects.joined(separator: " ")) \(conflict.version): \(facts)"
  }

  private static func text(_ tips: [String: [VerificationReport.Head]]) -> String {
    tips.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.map(\.hash.hex))" }.joined(separator: "\n")
  }
}
