import Foundation
import Ledger
import Register
import Replication
import Testing

/// What is asked of a vault before a hospital opens, however much a thief put there: counted in objects, not in time.
struct FloodTests {
  /// Names as stations give them.
  private static func name(_ folder: String, _ at: Instant, _ station: String) -> String {
    let path = SnapshotName(time: HybridTime(instant: at, counter: 0), station: station).path
    return folder + path.dropFirst(SnapshotName.folder.count)
  }

  private static func fill(_ sealed: SealedVault, _ folder: String, _ count: Int, from at: Instant, bytes: Int) throws {
    let noise = Data(repeating: 0xA5, count: bytes)
    for number in 0..<count {
      let at = Instant(milliseconds: at.milliseconds + Int64(number))
      try noise.write(to: sealed.file(name(folder, at, sealed.sealer.register.station)))
    }
  }

  /// What is too small, or bears no station's name, costs no question; the station opens on the honest snapshot.
  @Test func whatCannotBeSealedIsNotAskedFor() async throws {
    let sealed = try await SealedVault()
    let now = sealed.sealer.world.now
    for folder in ["snapshots/", "enrolments/"] {
      try Self.fill(sealed, folder, 1500, from: now.adding(seconds: 1), bytes: 1)
      for number in 0..<20 { try Data(count: 4000).write(to: sealed.file("\(folder)\(number).locked")) }
    }
    let vault = FaultyVault(sealed.run.copies.vault)
    let machine = try sealed.run.machine(from: vault)
    let found = try await machine.restoring.look()
    #expect(vault.looks == 2)
    #expect(found.candidates.count == 1)
    // Each by its name as far as anybody reads on, then how many.
    #expect(found.passed.count == 2 * 1001)
    #expect(found.passed.filter { $0.reason == "520 more are passed over in the same way" }.count == 2)
    let (candidate, notWhole) = try await machine.restoring.open(found, station: "secours")
    #expect(candidate != nil && notWhole.isEmpty)
  }

  /// People wait meanwhile: of an honest vault the enrolments are read once, the snapshot's beginning, and the snapshot.
  @Test func nothingIsReadTwiceToOpen() async throws {
    let sealed = try await SealedVault()
    let vault = FaultyVault(sealed.run.copies.vault)
    let machine = try sealed.run.machine(from: vault)
    let (candidate, _) = try await machine.restoring.open(machine.restoring.look(), station: nil)
    #expect(candidate != nil && vault.looks == 3)
  }

  /// Of right sizes, under the sealer's own name, later than all it sealed: what is asked for has a bound, the night
  /// before is found, and how many were not asked for is said.
  @Test func whatMayBeSealedIsAskedForUpToABound() async throws {
    let sealed = try await SealedVault()
    let now = sealed.sealer.world.now
    try Self.fill(sealed, "snapshots/", 2500, from: now.adding(seconds: 86_400), bytes: 200)
    let vault = FaultyVault(sealed.run.copies.vault)
    let machine = try sealed.run.machine(from: vault, at: now.adding(seconds: 2 * 86_400))
    let found = try await machine.restoring.look()
    #expect(found.candidates.count == 1)
    #expect(vault.looks <= 1 + 2048)
    #expect(found.passed.last?.path == "snapshots/")
    #expect(
      found.passed.contains { $0.reason.hasSuffix("more lie there than are looked at before the hospital opens") })
    let (candidate, _) = try await machine.restoring.open(found, station: "secours")
    #expect(candidate != nil)
  }

  /// Honest nights are not all read either; one that is asked for by its name is.
  @Test func aFewNightsAreEnough() async throws {
    let sealed = try await SealedVault()
    let oldest = try #require(try await sealed.run.copies.vault.list("snapshots/").first)
    for _ in 1...11 {
      sealed.sealer.world.advance(milliseconds: 86_400_000)
      _ = try await sealed.run.sealing(at: sealed.sealer).sealSnapshot()
    }
    let now = sealed.sealer.world.now.adding(seconds: 60)
    let vault = FaultyVault(sealed.run.copies.vault)
    let found = try await sealed.run.machine(from: vault, at: now).restoring.look()
    #expect(vault.looks == 1 + 8 && found.candidates.count == 8 && found.passed.isEmpty)
    #expect(!found.candidates.contains { $0.object == oldest })
    let wanted = try await sealed.run.machine(at: now).restoring.look(wanted: oldest.path)
    #expect(wanted.candidates.contains { $0.object == oldest })
  }

  /// An old snapshot under later names, and beginnings of the newest under its own, hide no newest one.
  @Test func copiesHideNoNewest() async throws {
    let sealed = try await SealedVault()
    let vault = sealed.run.copies.vault
    let oldest = try #require(try await vault.list("snapshots/").first).path
    sealed.sealer.world.advance(milliseconds: 86_400_000)
    let newest = try await sealed.run.sealing(at: sealed.sealer).sealSnapshot().path
    let now = sealed.sealer.world.now
    for number in 1...30 {
      let name = Self.name("snapshots/", now.adding(seconds: number * 3600), sealed.sealer.register.station)
      try FileManager.default.copyItem(at: sealed.file(oldest), to: sealed.file(name))
      let beginning = try Data(contentsOf: sealed.file(newest)) + Data(count: 9)
      try beginning.write(to: sealed.file("\(newest)~\(number + 1)"))
    }
    let machine = try sealed.run.machine(at: now.adding(seconds: 40 * 3600))
    let found = try await machine.restoring.look()
    #expect(found.candidates.first?.object.path == newest)
  }

  /// A snapshot that a station said it put there and that is gone is named; nothing waits for it.
  @Test func aSnapshotThatIsGoneIsNamed() async throws {
    let sealed = try await SealedVault()
    let path = try #require(try await sealed.run.copies.vault.list("snapshots/").first).path
    try FileManager.default.removeItem(at: sealed.file(path))
    let left = try await sealed.restored().left
    #expect(left.missing == [])
    #expect(left.unused.map(\.path) == [path])
    #expect(left.unused.allSatisfy { $0.reason.hasSuffix("said that it sealed it here, and it is gone") })
  }
}
