import Foundation
import Testing

/// The rules that hold everywhere, as properties of seeded runs. A run that fails names its seed, and the seed alone
/// plays it again, and prints its steps: `PERMANENCE_SEEDS=88`; `1-5000` plays so many.
struct SimulationTests {
  // Unoptimised, each takes five times as long.
  #if DEBUG
  private static let usual = 1...200
  #else
  private static let usual = 1...2000
  #endif
  /// Seeds that ever failed.
  private static let kept: [UInt64] = [4, 16, 60, 88]
  /// Many short runs meet more than a few long ones; what needs a long history meets it in some.
  private static let steps = [8, 12, 20, 30, 100]

  private static var seeds: [UInt64] {
    let asked = (ProcessInfo.processInfo.environment["PERMANENCE_SEEDS"] ?? "").split(separator: "-").compactMap {
      UInt64($0)
    }
    guard let first = asked.first else { return Set(usual.map { UInt64($0) } + kept).sorted() }
    return Array(first...max(first, asked.last ?? first))
  }

  @Test(arguments: seeds)
  func theRulesHold(seed: UInt64) async throws {
    try await Turns.all.inTurn {
      let run = try await Self.play(seed)
      if Self.seeds == [seed] { print(run.log.joined(separator: "\n")) }
      try Rules.check(run)
    }
  }

  private static func play(_ seed: UInt64) async throws -> Simulation {
    let run = try await Simulation(seed: seed)
    for _ in 0..<(run.dice.pick(steps) ?? 0) { try await run.step() }
    try await run.heal()
    return run
  }

  /// What failed once can be looked at again.
  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func aSeedPlaysTheSameAgain(seed: UInt64) async throws {
    let (one, other) = (try await Self.play(seed), try await Self.play(seed))
    #expect(one.log == other.log)
    #expect(try one.stations.map { try $0.digest() } == other.stations.map { try $0.digest() })
  }

  /// Each is revoked from there on, everywhere, and nobody's state depends on which mark came first.
  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func twoStationsRevokeEachOther(seed: UInt64) async throws {
    let run = try await Simulation(seed: seed)
    for _ in 0..<30 { try await run.step(isCalm: true) }
    try await run.revokeEachOther()
    for _ in 0..<30 { try await run.step(isCalm: true) }
    try await run.heal()
    try Rules.check(run)
    let both = run.stations.prefix(2).map(\.register.station)
    for station in run.stations { #expect(both.allSatisfy { station.register.isRevoked($0) }) }
  }
}

/// A few runs at a time: each has some thirty files open.
private actor Turns {
  static let all = Turns(2 * ProcessInfo.processInfo.activeProcessorCount)

  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ count: Int) { free = count }

  nonisolated func inTurn(_ body: () async throws -> Void) async throws {
    await take()
    do { try await body() } catch {
      await give()
      throw error
    }
    await give()
  }

  private func take() async {
    if free > 0 {
      free -= 1
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  private func give() {
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
  }
}
