import Foundation
import Ledger
import Register
import Replication
import Testing

/// Objects that nobody can read, or that are there to fill: each is passed over by its name, and the rest is restored.
struct UnreadableTests {
  enum Withheld: CaseIterable {
    case enrolments, snapshot
    /// A bad sector, after what the list of candidates is read from.
    case endOfSnapshot
    case lastRun

    func holds(_ path: String, _ isWhole: Bool, _ last: String) -> Bool {
      switch self {
      case .enrolments: path.hasPrefix("enrolments/")
      case .snapshot: path.hasPrefix("snapshots/")
      case .endOfSnapshot: path.hasPrefix("snapshots/") && isWhole
      case .lastRun: path == last
      }
    }
  }

  @Test(arguments: Withheld.allCases) func oneObjectEndsNothing(withheld: Withheld) async throws {
    let sealed = try await SealedVault()
    let last = sealed.last.path
    let vault = FaultyVault(sealed.run.copies.vault) { path, isWhole in
      withheld.holds(path, isWhole, last) ? .unreadable("InvalidObjectState") : nil
    }
    let (station, passed, left) = try await sealed.restored(from: vault)
    let named = passed + left.unused
    #expect(named.map(\.reason) == ["InvalidObjectState"])
    #expect(named.allSatisfy { withheld.holds($0.path, true, last) })
    #expect(left.missing == [])
    #expect(try (station.digest() == sealed.sealer.digest()) == (withheld != .lastRun))
  }

  /// A whole vault that does not answer says nothing of what was sealed.
  @Test(arguments: Withheld.allCases) func aVaultThatDoesNotAnswerEndsIt(withheld: Withheld) async throws {
    let sealed = try await SealedVault()
    let last = sealed.last.path
    let vault = FaultyVault(sealed.run.copies.vault) { path, isWhole in
      withheld.holds(path, isWhole, last) ? .failed("no answer") : nil
    }
    await #expect(throws: VaultFault.failed("no answer")) { _ = try await sealed.restored(from: vault) }
  }

  /// What is larger than anything that a station seals is not even copied.
  @Test func whatFillsIsNotRead() async throws {
    let sealed = try await SealedVault()
    let run = SegmentName(chain: sealed.last.chain, first: 1, last: 99, hash: LineHash(of: [7])).path
    let paths = ["enrolments/20220821T010000.000Z-0000-\(sealed.last.chain)~2", run]
    for path in paths {
      #expect(FileManager.default.createFile(atPath: sealed.file(path).path, contents: nil))
      let file = try FileHandle(forWritingTo: sealed.file(path))
      try file.truncate(atOffset: 65 << 20)
      try file.close()
    }
    let vault = FaultyVault(sealed.run.copies.vault)
    let (station, passed, left) = try await sealed.restored(from: vault)
    #expect((passed + left.unused).map(\.path) == paths)
    #expect((passed + left.unused).allSatisfy { $0.reason == "it is larger than what a station seals of lines" })
    #expect(vault.read.isDisjoint(with: paths))
    #expect(left.missing == [])
    #expect(try station.digest() == sealed.sealer.digest())
  }
}
