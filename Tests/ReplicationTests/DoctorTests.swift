import Foundation
import Hospital
import Ledger
import Register
import Replication
import Testing

/// What `doctor` says of clocks, of the vault and of a disk.
struct DoctorTests {
  /// Minutes by which the clock of each other station differs from this one's.
  @Test(
    arguments: [
      ([], []), ([0, 5, -5], []), ([0], []), ([6], ["clock-either unsafe urg-1"]),
      ([-6], ["clock-either unsafe urg-1"]),
      ([0, 6], ["clock-there advice urg-2"]), ([6, 6], ["clock-here unsafe"]), ([6, -600, 0], ["clock-here unsafe"]),
      ([6, 0, 0, -6], ["clock-there advice urg-1 urg-4"]),
    ] as [([Int], [String])])
  func clocks(minutes: [Int], findings: [String]) {
    let heard = minutes.enumerated().map { number, minutes in
      HeardStation(
        station: "urg-\(number + 1)-3fa9c2d1", address: "", at: .night, version: "1",
        clockDifference: Int64(minutes) * 60_000, heads: [])
    }
    let said = Finding.clocks(heard).map { finding in
      let named = heard.map { StationName.shown($0.station) }.filter { finding.sentence.contains($0) }
      return ([finding.code, finding.severity.rawValue] + named).joined(separator: " ")
    }
    #expect(said == findings)
  }

  @Test(
    arguments: [
      (["urg-1-3fa9c2d1"], []), (["urg-1-3fa9c2d1", "urg-2-3fa9c2d1", "urg-1-1-3fa9c2d1"], []),
      (["urg-1-00000002", "lits-0000000a", "urg-1-00000001"], [["urg-1", "urg-1-00000001, urg-1-00000002"]]),
      (
        ["b-00000001", "a-00000001", "b-00000002", "a-00000002", "a-00000003"],
        [["3", "a", "a-00000001, a-00000002, a-00000003"], ["2", "b", "b-00000001, b-00000002"]]
      ),
    ] as [([String], [[String]])])
  func names(living: [String], said: [[String]]) {
    let found = Finding.names(living)
    #expect(found.map(\.code) == said.map { _ in "name-shared" })
    for (finding, words) in zip(found, said) { #expect(words.allSatisfy { finding.sentence.contains($0) }) }
  }

  /// Seconds since the oldest line that no other station holds was said.
  @Test(
    arguments: [(nil, false), (0, false), (300, false), (301, true), (86_400, true), (-60, false)] as [(Int?, Bool)])
  func heldNowhere(seconds: Int?, isUnsafe: Bool) {
    let since = seconds.map { Instant.night.adding(seconds: -$0) }
    let found = Finding.held(lackedSince: since, now: .night) { $0.text }
    #expect(found.map(\.code) == (isUnsafe ? ["held-nowhere"] : []))
    for finding in found { #expect(finding.severity == .unsafe && finding.sentence.contains(since?.text ?? "-")) }
  }

  struct Copies {
    /// Hours, by this clock, at which this station sealed, another one did, and one was proved.
    var own: [Int] = []
    var other: Int?
    var proved: Int?
    var failed = false
    var isPaper = true
  }

  @Test(
    arguments: [
      (Copies(own: [-1], proved: -1), []), (Copies(own: [-1], proved: -1, isPaper: false), ["no-recovery-key"]),
      (Copies(), ["no-vault"]), (Copies(other: -1, proved: -1), []),
      // A week later, nobody knows what lies there.
      (Copies(other: -8 * 24), ["no-vault"]), (Copies(own: [-8 * 24], proved: -1), ["vault-stale"]),
      (Copies(own: [-27], proved: -1), ["vault-stale"]), (Copies(own: [-27, -25], proved: -1), []),
      (Copies(own: [-27], other: -1, proved: -1), []), (Copies(own: [-1]), ["no-proof"]),
      (Copies(own: [-1], proved: -51), ["no-proof"]), (Copies(own: [-1], proved: -49), []),
      (Copies(own: [-1], proved: -1, failed: true), ["proof-failed"]),
      (Copies(own: [-27], proved: -51), ["vault-stale", "no-proof"]),
      // Dated by clocks that ran ahead.
      (Copies(own: [600], proved: -1), ["no-vault"]), (Copies(own: [-27, 600], proved: -1), ["vault-stale"]),
      (Copies(own: [-27], other: 600, proved: -1), ["vault-stale"]), (Copies(own: [-1], proved: 600), ["no-proof"]),
    ] as [(Copies, [String])])
  func vault(copies: Copies, findings: [String]) {
    let said = Self.said(of: copies)
    #expect(said.map(\.code) == findings)
    #expect(said.allSatisfy { $0.severity == .unsafe })
  }

  private static func said(of copies: Copies, isClockInDoubt: Bool = false) -> [Finding] {
    func at(_ hours: Int) -> Instant { .night.adding(seconds: hours * 3600) }
    var vault = Vault(id: Vault.subject)
    vault.recipients = copies.isPaper ? [.init(purpose: .recovery, publicKey: "a", station: "urg-1-3fa9c2d1")] : []
    vault.snapshots =
      copies.other.map { hours in
        [
          .init(
            station: "urg-2-3fa9c2d1", target: "s3://coffre", path: "a", at: at(hours), lockedUntil: nil, counts: [:])
        ]
      } ?? []
    vault.proof = copies.proved.map { .init(path: "a", sealedAt: at($0), at: at($0), counts: [:]) }
    vault.failure = copies.failed ? .init(path: "a", at: .night, reason: "cut short") : nil
    return Finding.vault(
      vault, station: "urg-1-3fa9c2d1", sealed: copies.own.map(at), now: .night, isClockInDoubt: isClockInDoubt)
  }

  /// What fails is told as what it is: where all is sealed, nobody looks for a lost copy.
  @Test(
    arguments: [
      (.lines, "vault-failing", "Nothing can be sealed to s3://coffre since 3: AccessDenied."),
      (.snapshot, "vault-failing", "no copy of the whole store, to s3://coffre since 3: AccessDenied."),
      (.locks, "vault-unrenewed", "but since 3 none is locked for longer"),
    ] as [(SealingFailure.Kind, String, String)])
  func sealing(kind: SealingFailure.Kind, code: String, words: String) {
    let failure = SealingFailure(target: "s3://coffre", kind: kind, since: .night, reason: "AccessDenied")
    let said = Finding.sealing([failure]) { _ in "3" }
    #expect(said.map(\.code) == [code])
    #expect(said.allSatisfy { $0.severity == .unsafe && $0.sentence.contains(words) }, "\(said)")
  }

  /// After a restore no station is left that could prove anything.
  @Test func whoeverCannotProveIsToldHow() {
    #expect(Self.said(of: Copies(own: [-1])).map { $0.sentence.contains("permanence key proving") } == [true])
  }

  /// By a clock that is in doubt no age is reckoned: what is left is true at any hour.
  @Test(
    arguments: [
      (Copies(), []), (Copies(own: [-27], proved: -51), []), (Copies(own: [600], proved: 600), []),
      (Copies(isPaper: false), ["no-recovery-key"]), (Copies(own: [-1], failed: true), ["proof-failed"]),
    ] as [(Copies, [String])])
  func vaultByAClockInDoubt(copies: Copies, findings: [String]) {
    #expect(Self.said(of: copies, isClockInDoubt: true).map(\.code) == findings)
  }

  /// What is left and what was granted, of both kinds.
  @Test(
    arguments: [
      ((1000, 1000), (1000, 1000), []), ((0, 0), (0, 0), ["no-numbers unsafe IPP NDA"]),
      ((0, 1000), (1000, 1000), ["no-numbers unsafe IPP"]), ((1000, 1000), (300, 1000), ["numbers-low advice NDA"]),
      ((0, 1000), (1, 1000), ["no-numbers unsafe IPP", "numbers-low advice NDA"]),
      ((1000, 1000), (301, 1000), []),
    ] as [((Int, Int), (Int, Int), [String])])
  func numbers(ipp: (Int, Int), nda: (Int, Int), findings: [String]) {
    let numbers: [NumberKind: NumbersLeft] = [
      .ipp: NumbersLeft(left: ipp.0, granted: ipp.1), .nda: NumbersLeft(left: nda.0, granted: nda.1),
    ]
    let said = Finding.numbers(numbers, isDrill: false).map { finding in
      ([finding.code, finding.severity.rawValue] + ["IPP", "NDA"].filter { finding.sentence.contains($0) })
        .joined(separator: " ")
    }
    #expect(said == findings)
    #expect(Finding.numbers(numbers, isDrill: true).map(\.code) == ["drill"])
  }

  /// 0 is said only where there is none.
  @Test(arguments: [(0, 0, 0), (0, 1000, 0), (1, 1000, 1), (300, 1000, 30)])
  func numbersLeft(left: Int, granted: Int, percent: Int) {
    #expect(NumbersLeft(left: left, granted: granted).percentLeft == percent)
  }

  /// A paper that nothing is sealed to any more looks like any other in its safe.
  @Test func aPaperThatIsLeftOut() {
    var vault = Vault(id: Vault.subject)
    vault.recipients = ["a", "b"].map { .init(purpose: .recovery, publicKey: $0, station: "urg-\($0)-3fa9c2d1") }
    vault.proof = .init(path: "a", sealedAt: .night, at: .night, counts: [:])
    func codes() -> [String] {
      Finding.vault(vault, station: "urg-a-3fa9c2d1", sealed: [.night], now: .night).map(\.code)
    }
    #expect(codes() == [])
    vault.revoked = ["urg-b-3fa9c2d1"]
    #expect(codes() == ["paper-left-out"])
  }

  /// What Linux tells of a disk: its own mapping, and what lies beneath it.
  @Test(
    arguments: [
      ("a partition", ["sda1"], "sda1", false), ("LUKS", ["dm-0=CRYPT-LUKS2-1"], "dm-0", true),
      ("LVM on LUKS", ["dm-1=LVM-1", "dm-1/slaves/dm-0=CRYPT-LUKS2-1"], "dm-1", true),
      ("LVM on a partition", ["dm-1=LVM-1", "dm-1/slaves/sda1"], "dm-1", false),
      ("LVM on both", ["dm-1=LVM-1", "dm-1/slaves/dm-0=CRYPT-LUKS2-1", "dm-1/slaves/sda1"], "dm-1", false),
      ("not there", [], "sda1", false),
    ] as [(String, [String], String, Bool)])
  func disks(what: String, blocks: [String], asked: String, isEncrypted: Bool) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "blocks-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for block in blocks {
      let parts = block.split(separator: "=").map(String.init)
      let path = folder.appending(path: parts[0])
      try FileManager.default.createDirectory(at: path.appending(path: "dm"), withIntermediateDirectories: true)
      if parts.count == 2 { try Data(parts[1].utf8).write(to: path.appending(path: "dm/uuid")) }
    }
    #expect(DiskEncryption.isEncrypted(block: folder.appending(path: asked).path) == isEncrypted, "\(what)")
  }

  /// Vaults, each with the disk that it lies on; the data folder lies on disk 1.
  @Test(
    arguments: [
      ([], []), ([("s3://coffre", nil)], []), ([("/media/a", 2)], ["vault-unlocked advice"]),
      ([("/media/a", 1)], ["vault-same-disk unsafe", "vault-unlocked advice"]),
      // A disk that is not there.
      ([("/media/a", nil)], ["vault-unlocked advice"]),
      ([("/media/a", 1), ("s3://coffre", nil)], ["vault-same-disk unsafe"]),
      ([("/media/a", 2), ("s3://coffre", nil)], []),
    ] as [([(String, UInt?)], [String])])
  func vaultDisks(vaults: [(String, UInt?)], findings: [String]) {
    let disks = Dictionary(uniqueKeysWithValues: vaults + [("/data", 1)])
    let said = Finding.vaultDisks(vaults.map(\.0), folder: "/data") { disks[$0] ?? nil }
    #expect(said.map { "\($0.code) \($0.severity.rawValue)" } == findings)
    #expect(said.allSatisfy { finding in vaults.contains { finding.sentence.contains($0.0) } })
  }
}
