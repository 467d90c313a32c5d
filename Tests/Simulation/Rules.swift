import Hospital
import Ledger
import Register
import Testing

/// The rules that hold everywhere, as they must be found once the network is whole again.
enum Rules {
  /// Who lies in a bed then never left it.
  static let afterAll = Instant(milliseconds: 5_000_000_000_000)

  static func check(_ run: Simulation) throws {
    let stations = run.stations
    // 1. Nothing acknowledged is lost while one copy survives.
    let missing = try run.acknowledged.subtracting(run.lost).filter { line in
      try stations.contains { try !$0.holds(line) }
    }
    #expect(missing.isEmpty)
    let sealed = try run.copies.lines.filter { line in try stations.contains { try !$0.holds(line) } }
    #expect(sealed.isEmpty)
    // 2. The same lines give the same state everywhere, and again from nothing.
    let lines = try stations.map { try $0.lines() }
    for other in lines.dropFirst() { #expect(other == lines[0]) }
    let digests = try stations.map { try $0.digest() }
    #expect(Set(digests).count == 1)
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
    // 3. and 4. What is kept is a ledger that anybody can verify, here one for all, since the lines are the same; a
    // rewritten past shows as a fork.
    let report = try stations[0].register.verifyLedger()
    #expect(report.failures == [])
    for (chain, tips) in try stations[0].register.tips() where tips.count > 1 {
      #expect(report.forks.contains { $0.station == chain })
    }
    // 5. Two patients in one bed are shown.
    for station in stations { try station.register.read(checkBeds) }
  }

  private static func checkBeds(_ reading: Reading) throws {
    let shown = try reading.conflicts().filter { $0.kind == .bed }.map(\.key)
    for bed in Structure.simulatedBeds {
      let stays = try reading.occupants(ofBed: bed, at: Self.afterAll).compactMap { try reading.stay($0) }
      // Or somebody said that they are there on purpose.
      if Set(stays.map(\.patient)).count > 1, try reading.bed(bed)?.doubled != true { #expect(shown.contains(bed)) }
    }
  }

  private static func text(_ conflict: Conflict) -> String {
    let facts = conflict.facts.map { "\($0.station)/\($0.sequence)/\($0.place)" }.joined(separator: " ")
    return "\(conflict.kind) \(conflict.subjects.joined(separator: " ")) \(conflict.version): \(facts)"
  }
}

extension SimulatedStation {
  func digest() throws -> String { try register.read { try $0.digest().digest } }
}
