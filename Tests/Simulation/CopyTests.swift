import Foundation
import Hospital
import Ledger
import Register
import Replication
import Synchronization
import Testing

/// The vault and the paper alone, after a night.
struct CopyTests {
  private static let seeds = 1...12 as ClosedRange<UInt64>

  /// What a snapshot and the lines sealed after it open is what the sealer was, and a station like any other.
  @Test(arguments: seeds) func whatWasSealedOpensAgain(seed: UInt64) async throws {
    let run = try await Simulation(seed: seed)
    for _ in 0..<30 { try await run.step(isCalm: true) }
    try await run.heal()
    let sealer = run.stations[0]
    let sealing = run.sealing(at: sealer)
    _ = try await sealing.sealEnrolments()
    // Of a sealer whose clock ran days ahead the snapshot is passed over, and the lines count.
    _ = try await sealing.sealLines()
    _ = try await sealing.sealSnapshot()
    let atSnapshot = try sealer.digest()
    let first = try #require(try await run.restore())
    #expect(try first.digest() == atSnapshot)
    try await run.admit(at: sealer)
    try await run.seal(at: sealer)
    let second = try #require(try await run.restore())
    #expect(try second.digest() == sealer.digest())
    #expect(try atSnapshot != sealer.digest())
    // Both have names of their own, admit, and are heard.
    #expect(first.register.station != second.register.station)
    try await run.admit(at: second)
    try await run.heal()
    try Rules.check(run)
  }

  /// The line that says of the snapshot lies there with it.
  @Test func aSnapshotLeavesNothingToSeal() async throws {
    let run = try await Simulation(seed: 1, stations: 2, hasEnemy: false)
    let sealing = run.sealing(at: run.stations[0])
    let (objects, failure) = try await sealing.sealLinesAndSnapshot()
    #expect(failure == nil)
    #expect(objects.map(\.kind).suffix(3) == [.lines, .snapshot, .lines])
    #expect(try await sealing.sealLines().isEmpty)
  }

  enum Hindrance: CaseIterable { case aFullVault, aFullDisk, aDiskThatFills }

  /// Where no snapshot can be put or made, the lines lie in the vault; what this disk refuses is said, once.
  @Test(arguments: Hindrance.allCases) func noSnapshotHindersTheLines(hindrance: Hindrance) async throws {
    let run = try await Simulation(seed: 1, stations: 2, hasEnemy: false)
    let sealer = run.stations[0]
    let fault: VaultFault = hindrance == .aFullVault ? .file(FileFault(.write, "vault")) : .noRoom
    let vault = FaultyVault(run.copies.vault) { path, _ in path.hasPrefix("snapshots/") ? fault : nil }
    let sealing = run.sealing(at: sealer, to: vault) { folder in
      switch hindrance {
      case .aFullVault: nil
      case .aFullDisk: 1000
      // As soon as the copy lies there.
      case .aDiskThatFills:
        try? FileManager.default.contentsOfDirectory(atPath: folder).contains { $0.hasPrefix("snapshot-") } ? 0 : nil
      }
    }
    for _ in 1...2 {
      try await run.admit(at: sealer)
      let (objects, failure) = try await sealing.sealLinesAndSnapshot()
      #expect(!objects.isEmpty && objects.allSatisfy { $0.kind == .lines })
      #expect(failure as? VaultFault == fault)
    }
    #expect(vault.offered.allSatisfy { !$0.hasPrefix("snapshots/") } == (hindrance != .aFullVault))
    #expect(try FileManager.default.contentsOfDirectory(atPath: run.copies.scratch) == [])
    let said = try sealer.register.read { try $0.history(of: Vault.subject) }
      .filter { $0.heard.fact.kind == "vault.proof-failed" }
    #expect(said.count == (hindrance == .aFullVault ? 0 : 1))
    #expect(
      try sealer.register.read { try $0.vault() }?.failure?.station == said.first.map { _ in sealer.register.station })
    // Room was made.
    sealer.world.advance(milliseconds: 60_000)
    #expect(try await run.sealing(at: sealer).sealLinesAndSnapshot().failure == nil)
    #expect(try sealer.register.read { try $0.vault() }?.failure == nil)
  }

  /// Whoever says much of stations makes no enrolments of it: who is enrolled and revoked is sealed, and once.
  @Test func enrolmentsHoldNothingElse() async throws {
    let run = try await Simulation(seed: 1, stations: 2, hasEnemy: false)
    let (sealer, other) = (run.stations[0], run.stations[1].register.station)
    let sealing = run.sealing(at: sealer)
    #expect(try await sealing.sealEnrolments() != nil)
    for station in [sealer.register.station, other] {
      let said = KnownStation.reached(station, at: ["10.0.3.7:8443"], now: sealer.world.now)
      try await run.submit(Saying(facts: [said]), sealer)
    }
    sealer.world.advance(milliseconds: 60_000)
    #expect(try await sealing.sealEnrolments() == nil)
    try await sealer.register.revoke(station: other, environment: sealer.world.environment)
    #expect(try await sealing.sealEnrolments() != nil)
    #expect(try await run.copies.vault.list("enrolments/").count == 2)
  }

  /// Nor do lines that cannot be put hinder the snapshot.
  @Test func noLineHindersTheSnapshot() async throws {
    let run = try await Simulation(seed: 1, stations: 2, hasEnemy: false)
    let vault = FaultyVault(run.copies.vault) { path, _ in path.hasPrefix("segments/") ? .failed("no answer") : nil }
    let sealing = run.sealing(at: run.stations[0], to: vault)
    await #expect(throws: VaultFault.failed("no answer")) { _ = try await sealing.sealLinesAndSnapshot() }
    #expect(try await run.copies.vault.list("snapshots/").count == 1)
    #expect(try await run.copies.vault.list("segments/").isEmpty)
  }

  /// What nobody can read is named as soon as that is known, while the rest is still verified.
  @Test func whatIsMissingIsNamedMeanwhile() async throws {
    let run = try await Simulation(seed: 1, stations: 2, hasEnemy: false)
    let sealer = run.stations[0]
    let sealing = run.sealing(at: sealer)
    _ = try await sealing.sealLines()
    _ = try await sealing.sealSnapshot()
    var segments: [String] = []
    for _ in 1...2 {
      try await run.admit(at: sealer)
      segments.append(try #require(try await sealing.sealLines().last).path)
    }
    let file = URL(filePath: "\(run.copies.vault.address)/\(segments[0])")
    try Data(contentsOf: file).dropLast(9).write(to: file)
    let (restoring, world, disk) = try run.machine()
    let (candidate, _) = try await restoring.open(restoring.look(), station: "secours")
    let station = try SimulatedStation(world: world, disk: disk)
    let said = Mutex<[Restoring.Progress]>([])
    let verified = try await restoring.verify(station.register, candidate) { at in said.withLock { $0.append(at) } }
    #expect(verified.left.missing.map(\.path) == segments)
    let meanwhile = said.withLock { $0 }.filter { $0.stage == .lines }
    #expect(!meanwhile.isEmpty && meanwhile.allSatisfy { $0.left.missing.map(\.path) == segments })
  }

  /// Whoever stops a station that is being verified is not told that its history is false.
  @Test func stoppingSaysNothingOfTheHistory() async throws {
    let run = try await Simulation(seed: 1, stations: 2, hasEnemy: false)
    let sealing = run.sealing(at: run.stations[0])
    _ = try await sealing.sealSnapshot()
    let (restoring, world, disk) = try run.machine()
    let (candidate, _) = try await restoring.open(restoring.look(), station: "secours")
    let station = try SimulatedStation(world: world, disk: disk)
    let stopped = Task {
      try await restoring.verify(station.register, candidate) { at in
        if at.stage == .lines { withUnsafeCurrentTask { $0?.cancel() } }
      }
    }
    await #expect(throws: CancellationError.self) { try await stopped.value }
  }
}
