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
    // rewritten past, which is two lines in one place, shows as a fork.
    let report = try stations[0].register.verifyLedger()
    #expect(report.failures == [])
    let chains = Dictionary(grouping: try StoreFile(of: stations[0]).lines().map(Commit.init(reading:)), by: \.station)
    let forked = chains.filter { Set($0.value.map(\.sequence)).count < $0.value.count }.map(\.key)
    #expect(Set(report.forks.map(\.station)) == Set(forked))
    // 5. Two patients in one bed are shown.
    for station in stations { try station.register.read(checkBeds) }
    // 6. What somebody typed and sent again is there (that is 1.), and once: on either branch of a fork, perhaps.
    for (chain, key) in run.sentAgain where !forked.contains(chain) {
      #expect(chains[chain, default: []].count { $0.command == key } < 2, "\(chain): \(key)")
    }
    for station in stations { try checkReading(at: station) }
  }

  /// 3. No line is dropped silently, whoever hands it over: it is kept, or lies aside with a reason.
  static func checkTaken(_ lines: [[UInt8]], at station: SimulatedStation) throws {
    let store = try StoreFile(of: station)
    let dropped = Set(lines).subtracting(try store.lines()).subtracting(try store.aside())
    #expect(dropped.isEmpty, "\(dropped.map { String(decoding: $0, as: UTF8.self) })")
  }

  /// 7. Reading works while anything else fails: what people look at, and what others ask for.
  static func checkReading(at station: SimulatedStation) throws {
    #expect(try !station.digest().isEmpty)
    let lines = try station.lines().values.joined()
    #expect(Set(lines) == Set(try StoreFile(of: station).lines()))
    try station.register.read { reading in
      for bed in Structure.simulatedBeds { _ = try reading.occupants(ofBed: bed, at: afterAll) }
      _ = try (reading.conflicts(), reading.stations(), reading.linesAside())
    }
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
