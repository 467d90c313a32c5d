import Hospital
import Ledger
import Register
import Testing

/// Disks that fill up and lose their power at any write, by name.
struct DiskTests {
  private func say(_ number: Int, _ run: Simulation) async throws -> Receipt? {
    try await run.submit(
      Saying(facts: [.described("patient/\(number)", "N", at: run.now)]), run.stations[0], key: "said-\(number)")
  }

  /// Whatever write is refused: a clear answer, reading goes on, and so does writing once there is room.
  @Test(arguments: 0..<24) func aDiskThatFills(after count: Int) async throws {
    let run = try await Simulation(seed: UInt64(count), stations: 2, hasEnemy: false)
    let station = run.stations[0]
    station.disk.fail(.full, after: count)
    var number = 0
    while station.disk.fault == nil {
      try await run.on(station, "say") { _ = try await say(number, run) }
      number += 1
    }
    await #expect(throws: RegisterFault.diskFull) { try await say(number, run) }
    let kept = run.acknowledged
    #expect(try kept.allSatisfy { try station.holds($0) })
    #expect(try station.register.verifyLedger().failures == [])
    station.disk.makeRoom()
    #expect(try await say(number, run) != nil)
    try await run.heal()
    try Rules.check(run)
  }

  /// Whatever write is the last: what was acknowledged is there, and what was not is there whole or not at all.
  @Test(arguments: 0..<24) func aPowerCut(after count: Int) async throws {
    for seed in 0..<2 as Range<UInt64> {
      let run = try await Simulation(seed: seed, stations: 2, hasEnemy: false)
      let station = run.stations[0]
      _ = try await say(0, run)
      station.disk.fail(.noPower, after: count)
      var number = 1
      while station.disk.fault == nil {
        try await run.on(station, "say") { _ = try await say(number, run) }
        number += 1
      }
      try station.begin(from: station.disk.afterPowerCut(&run.dice))
      #expect(try run.acknowledged.allSatisfy { try station.holds($0) })
      // The last one was not acknowledged: said again, it is there once.
      #expect(try await say(number - 1, run) != nil)
      try await run.heal()
      try Rules.check(run)
    }
  }
}
