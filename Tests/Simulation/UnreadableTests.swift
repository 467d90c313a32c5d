import Foundation
import Ledger
import Register
import Replication
import Synchronization
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

  /// Behind open pages it is tried again until all was read, and said each time why it was not.
  @Test(arguments: ["segments/", "snapshots/"]) func whatAnswersAgainIsVerified(folder: String) async throws {
    let sealed = try await SealedVault()
    let failing = Failing()
    let vault = FaultyVault(sealed.run.copies.vault) { path, _ in
      path.hasPrefix(folder) && failing.isNext() ? .failed("no answer") : nil
    }
    let (restoring, world, disk) = try sealed.run.machine(from: vault)
    let (candidate, _) = try await restoring.open(restoring.look(), station: "secours")
    let station = try SimulatedStation(world: world, disk: disk)
    failing.begin(times: 3)
    let register = station.register
    let said = Mutex<[VaultFault?]>([])
    let verified = try await BackOff.trying { error in
      said.withLock { $0.append(error as? VaultFault) }
    } pause: { _ in
    } _: {
      try await restoring.verify(register, candidate) { _ in }
    }
    let faults = said.withLock { $0 }
    #expect(faults.count == 3 && faults.allSatisfy { $0 == .failed("no answer") })
    #expect(verified.failure == nil && verified.left.missing == [] && verified.left.unused == [])
    #expect(try station.digest() == sealed.sealer.digest())
  }

  /// Nothing is tried again once its task is cancelled.
  @Test func whatIsCutShortEnds() async throws {
    let tried = Mutex(0)
    await #expect(throws: CancellationError.self) {
      try await BackOff.trying { _ in
      } pause: { _ in
        throw CancellationError()
      } _: {
        tried.withLock { $0 += 1 }
        throw VaultFault.failed("no answer")
      }
    }
    let times = tried.withLock { $0 }
    #expect(times == 1)
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
