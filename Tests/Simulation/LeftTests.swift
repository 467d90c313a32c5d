import Foundation
import Ledger
import Register
import Replication
import Testing

/// Runs of lines that lie in the vault and are of no use: what is lost is told from what anybody may have put there.
struct LeftTests {
  enum Witness: CaseIterable { case nobody, theNextRun, anotherStation }

  /// A disk's last runs are encrypted by whoever extorts: they are named, and missing where anything signed says that
  /// they were there.
  @Test(arguments: Witness.allCases) func whatWasEncryptedIsNamed(witness: Witness) async throws {
    let sealed = try await SealedVault()
    var waiting: Set<String> = []
    switch witness {
    case .nobody: break
    case .theNextRun: waiting = [try await SealedVault.sealOneMore(sealed.run, at: sealed.sealer).path]
    case .anotherStation:
      let other = sealed.run.stations[1]
      try await sealed.run.pull(other, from: sealed.sealer)
      try await SealedVault.sealOneMore(sealed.run, at: other)
    }
    let encrypted = try await sealed.encrypt()
    #expect(encrypted.contains(sealed.last.path))
    let left = try await sealed.restored().left
    let missing = witness == .nobody ? [] : encrypted.union(waiting)
    #expect(Set(left.missing.map(\.path)) == missing)
    #expect(Set(left.unused.map(\.path)) == (witness == .nobody ? encrypted : []))
    for passed in left.missing + left.unused where encrypted.contains(passed.path) {
      #expect(passed.reason == "\(SealFailure.notSealed)")
    }
  }

  enum Destroyed: CaseIterable { case renamed, removed }
  enum Bearer: CaseIterable { case nobody, anotherStation, aSnapshot }

  /// Whoever extorts gives what is encrypted another name, or takes it away: what lies there is named all the same, and
  /// lines are missing that something signed bears out.
  @Test(arguments: Destroyed.allCases, Bearer.allCases)
  func whatHasNoNameLeftIsMissed(destroyed: Destroyed, bearer: Bearer) async throws {
    let sealed = try await SealedVault()
    var snapshot = ""
    switch bearer {
    case .nobody: break
    case .anotherStation:
      try await sealed.run.pull(sealed.run.stations[1], from: sealed.sealer)
      try await SealedVault.sealOneMore(sealed.run, at: sealed.run.stations[1])
    case .aSnapshot: snapshot = try await sealed.run.sealing(at: sealed.sealer).sealSnapshot().path
    }
    var strays: Set<String> = []
    for path in try await sealed.encrypt() {
      switch destroyed {
      case .renamed:
        strays.insert("\(path).locked")
        try FileManager.default.moveItem(at: sealed.file(path), to: sealed.file("\(path).locked"))
      case .removed: try FileManager.default.removeItem(at: sealed.file(path))
      }
    }
    // Of the newest snapshot the beginning alone can be read.
    let unreadable = snapshot
    let vault = FaultyVault(sealed.run.copies.vault) { path, isWhole in
      isWhole && path == unreadable ? .unreadable("InvalidObjectState") : nil
    }
    let left = try await sealed.restored(from: vault).left
    #expect(Set(left.unused.map(\.path)) == strays)
    #expect(left.unused.allSatisfy { $0.reason == "its name is not that of a run of lines" })
    #expect(left.missing.map(\.path) == (bearer == .nobody ? [] : ["segments/\(sealed.last.chain)"]))
    #expect(left.missing.allSatisfy { $0.reason.contains("line \(sealed.last.last) was there, and it is gone") })
  }

  enum False: CaseIterable {
    case noise
    case cut
    case underAnotherName

    var reason: String {
      switch self {
      case .noise: "\(SealFailure.notSealed)"
      case .cut: "\(SealFailure.truncated)"
      case .underAnotherName: "it holds other lines than its name says"
      }
    }
  }

  /// Who has a station's credentials names runs that never were: they are named, and nothing waits for them.
  @Test(arguments: False.allCases) func whatNobodySignedIsNotMissing(copy: False) async throws {
    let sealed = try await SealedVault()
    let whole = try Data(contentsOf: sealed.file(sealed.last.path))
    let name = SegmentName(chain: sealed.last.chain, first: 1, last: 99, hash: LineHash(of: [7]))
    let bytes =
      switch copy {
      case .noise: Data(repeating: 0xA5, count: 100)
      case .cut: whole.dropLast(9)
      case .underAnotherName: whole
      }
    try bytes.write(to: sealed.file(name.path))
    let left = try await sealed.restored().left
    #expect(left.missing == [])
    #expect(left.unused.map(\.path) == [name.path])
    #expect(left.unused.map(\.reason) == [copy.reason])
  }

  /// Under a false name alone, in a folder, lines are still taken in.
  @Test func linesStandForThemselves() async throws {
    let sealed = try await SealedVault()
    let name = SegmentName(chain: sealed.last.chain, first: 1, last: 99, hash: LineHash(of: [7]))
    try FileManager.default.moveItem(at: sealed.file(sealed.last.path), to: sealed.file(name.path))
    #expect(try await sealed.run.restore()?.digest() == sealed.sealer.digest())
  }

  /// A clock that runs days ahead keeps out neither people nor lines.
  @Test func whatAStationAheadSealedCounts() async throws {
    let sealed = try await SealedVault()
    sealed.sealer.world.advance(milliseconds: 2 * 86_400_000)
    try await SealedVault.sealOneMore(sealed.run, at: sealed.sealer)
    _ = try await sealed.run.sealing(at: sealed.sealer).sealSnapshot()
    #expect(try await sealed.run.restore()?.digest() == sealed.sealer.digest())
  }

  /// An empty battery is said to be that, and not a wrong paper; a clock a few days behind opens by the lines.
  @Test(arguments: [
    ("1970-01-01T00:00:00.000Z", "clock says 1970-01-01"), ("2022-08-11T01:00:00.000Z", nil),
  ])
  func aMachineWhoseClockIsBehind(clock: String, refusal: String?) async throws {
    let sealed = try await SealedVault()
    let now: Instant = try #require(Instant(clock))
    let machine = try sealed.run.machine(at: now)
    let found = try await machine.restoring.look()
    #expect(found.candidates.isEmpty)
    #expect(found.passed.map { $0.reason.contains("this machine's clock (\(clock.prefix(10)))") } == [true])
    do {
      _ = try await machine.restoring.open(found, station: "secours")
      #expect(refusal == nil)
      let station = try SimulatedStation(world: machine.world, disk: machine.disk)
      let left = try await machine.restoring.verify(station.register, nil) { _ in }.left
      #expect(left.missing + left.unused == [])
      #expect(try station.digest() == sealed.sealer.digest())
    } catch let fault as VaultFault {
      let refusal = try #require(refusal, "\(fault)")
      #expect("\(fault)".contains(refusal))
    }
  }
}
