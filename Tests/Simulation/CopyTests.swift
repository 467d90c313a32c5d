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
    let (candidate, _) = try await restoring.open(restoring.candidates().candidates, station: "secours")
    let station = try SimulatedStation(world: world, disk: disk)
    let said = Mutex<[Restoring.Progress]>([])
    let verified = try await restoring.verify(station.register, candidate) { at in said.withLock { $0.append(at) } }
    #expect(verified.left.missing.map(\.path) == segments)
    let meanwhile = said.withLock { $0 }.filter { $0.stage == .lines }
    #expect(!meanwhile.isEmpty && meanwhile.allSatisfy { $0.left.missing.map(\.path) == segments })
  }
}
