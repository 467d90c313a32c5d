import Hospital
import Ledger
import Testing

struct VaultTests {
  private static let thief = (1...17).map { "x+r9\($0)" }.joined(separator: " ")

  @Test func aKeyIsSaid() throws {
    let world = Scene.world()
    let by = "account/administrator"
    try world.run(AddVaultRecipient(.recovery, publicKey: "a"), by: by)
    let more = AddVaultRecipient(.recovery, publicKey: "b", isTaken: false)
    #expect(Scene.outcome(more, in: world, by: by) == "vault-recipients-full")
    let clerk = AddVaultRecipient(.recovery, publicKey: "c")
    #expect(Scene.outcome(clerk, in: world, by: "account/admission") == "not-permitted")
  }

  /// What was said, who was revoked, and whether one key more is taken. A sealed file names sixteen at most: one more
  /// would end all sealing, and nobody says a paper that opens nothing.
  @Test(
    arguments: [
      ("the first of all", "", "", "a+r1", true), ("beside a thief with too many", thief, "", "a+r1", true),
      ("beside the only papers, of a thief who was found out", thief, "x", "a+r1", true),
      ("one that proves, beside those", thief, "x", "a+p1", true),
      ("a paper that the thief said first", thief, "x", "a+r91", true),
      ("the second, beside a thief with too many", thief + " a+r1", "", "a+r2", true),
      ("the ninth, beside a thief with too many", thief + " " + papers(8, of: "a"), "", "a+r9", false),
      ("the sixteenth of one's own", papers(15, of: "a"), "", "a+r16", true),
      ("the seventeenth of one's own", papers(16, of: "a"), "", "a+r17", false),
      ("the first, beside those of fifteen stations", first(15), "", "z+r1", true),
      ("the first, beside those of sixteen stations", first(16), "", "z+r1", false),
    ] as [(String, String, String, String, Bool)])
  func oneKeyMore(what: String, said: String, revoked: String, key: String, isTaken: Bool) throws {
    let vault = Self.vault(said, revoked: revoked)
    let purpose: Vault.Recipient.Purpose = key.contains("r") ? .recovery : .proving
    let recipient = Vault.Recipient(
      purpose: purpose, publicKey: String(key.dropFirst(2)), station: String(key.prefix(1)))
    #expect(vault.takes(recipient) == isTaken, "\(what)")
  }

  private static func papers(_ count: Int, of station: String) -> String {
    (1...count).map { "\(station)+r\($0)" }.joined(separator: " ")
  }

  /// One paper of each of so many stations.
  private static func first(_ count: Int) -> String {
    "abcdefghijklmnop".prefix(count).map { "\($0)+r\($0)" }.joined(separator: " ")
  }

  /// Who says (`+`) or takes back (`-`) which keys, `r` of papers and `p` that prove; who was revoked; to which keys it
  /// is sealed.
  @Test(
    arguments: [
      ("each key once", "a+r1 b+r1 a+p1 a+r1", "", "r1 p1"),
      (
        "a thief with too many, before all others",
        thief + " a+r1 a+r2 a+p1", "",
        "r91 r1 r92 r2 r93 p1 r94 r95 r96 r97 r98 r99 r910 r911 r912 r913"
      ),
      ("a thief who was found out", "x+r9 a+r1", "x", "r1"), ("who said another's first", "x+r1 a+r1", "x", "r1"),
      ("the only papers", "a+r1 b+p1", "a", "r1 p1"), ("papers that another keeps", "a+r1 a+r9 b+r1", "a", "r1"),
      ("one's own taken back", "a+r1 a+r2 a-r1", "", "r2"), ("another's taken back", "a+r1 x-r1", "", "r1"),
      ("taken back and said again", "a+r1 a-r1 a+r1", "", "r1"),
    ] as [(String, String, String, String)])
  func sealedTo(what: String, said: String, revoked: String, keys: String) throws {
    let vault = Self.vault(said, revoked: revoked)
    #expect(vault.publicKeys == keys.split(separator: " ").map(String.init), "\(what)")
  }

  private static func vault(_ said: String, revoked: String) -> Vault {
    var vault = Vault(id: Vault.subject)
    for word in said.split(separator: " ") {
      let (station, key) = (String(word.prefix(1)), String(word.dropFirst(2)))
      let data: JSON = ["purpose": .string(key.hasPrefix("r") ? "recovery" : "proving"), "publicKey": .string(key)]
      let kind = word.contains("+") ? "vault.recipient-added" : "vault.recipient-withdrawn"
      vault.fold(heard(kind, at: .night, line: .night, by: station, data))
    }
    vault.revoked = Set(revoked.map { String($0) })
    return vault
  }

  /// Nobody but who looks after stations takes a key back.
  @Test func aKeyIsTakenBack() throws {
    let world = Scene.world()
    let command = WithdrawVaultRecipient(publicKey: "a")
    #expect(Scene.outcome(command, in: world, by: "account/admission") == "not-permitted")
    try world.run(command, by: "account/administrator")
  }

  /// Hours of the fact and of its line, then what counts: nothing was done after its line was written.
  @Test(arguments: [(0, 0, 0), (-1, 0, -1), (600_000, 0, 0), (600_000, 500_000, 500_000)])
  func aFactIsNoLaterThanItsLine(fact: Int, line: Int, counts: Int) throws {
    var vault = Vault(id: Vault.subject)
    for kind in ["vault.snapshot-sealed", "vault.proof-failed", "vault.proved"] {
      vault.fold(Self.heard(kind, at: .hours(fact), line: .hours(line)))
      if kind == "vault.proof-failed" { #expect(vault.failure?.at == .hours(counts)) }
    }
    #expect(vault.snapshots.map(\.at) == [.hours(counts)])
    #expect(vault.proof?.at == .hours(counts))
  }

  /// What a clock that ran ahead dated is neither the newest nor a proof, until its hour comes.
  @Test func whatIsDatedAheadDoesNotCountYet() throws {
    var vault = Vault(id: Vault.subject)
    vault.fold(Self.heard("vault.snapshot-sealed", at: .hours(-1), line: .hours(-1)))
    vault.fold(Self.heard("vault.snapshot-sealed", at: .hours(9), line: .hours(9), by: "urg-2-3fa9c2d1"))
    vault.fold(Self.heard("vault.proved", at: .hours(9), line: .hours(9)))
    #expect(vault.newest(now: .night)?.at == .hours(-1))
    #expect(vault.proof(now: .night) == nil)
    #expect(vault.newest(now: .hours(9))?.at == .hours(9))
    #expect(vault.proof(now: .hours(9))?.at == .hours(9))
  }

  /// What failed, with a snapshot or without one, who said it and who sealed since, and whether it holds.
  @Test(arguments: [
    ("none could be made, and still none", "", "a", "", true),
    ("none could be made, and then one was", "", "a", "a", false),
    ("none could be made, and another station seals", "", "a", "b", true),
    ("a snapshot that is not what it says", "snapshots/a", "a", "a", true),
  ])
  func aFailureEndsWithItsCause(what: String, path: String, said: String, sealed: String, holds: Bool) throws {
    var vault = Vault(id: Vault.subject)
    vault.fold(Self.heard("vault.snapshot-sealed", at: .hours(-1), line: .hours(-1), by: said))
    let data: JSON = ["path": .string(path), "sealedAt": "2022-08-20T01:00:00.000Z", "reason": "no room"]
    vault.fold(Self.heard("vault.proof-failed", at: .night, line: .night, by: said, data))
    if !sealed.isEmpty { vault.fold(Self.heard("vault.snapshot-sealed", at: .hours(1), line: .hours(1), by: sealed)) }
    #expect((vault.failure != nil) == holds, "\(what)")
    #expect(try #require(Vault(stored: vault.stored)) == vault)
  }

  private static func heard(
    _ kind: String, at: Instant, line: Instant, by station: String = "urg-1-3fa9c2d1",
    _ data: JSON = [
      "target": "s3://coffre", "path": "snapshots/a", "sealedAt": "2022-08-20T01:00:00.000Z", "reason": "cut short",
    ]
  ) -> Heard {
    Heard(
      fact: Fact(kind: kind, subject: Vault.subject, at: at, data: data), time: HybridTime(instant: line, counter: 0),
      station: station, author: "system", command: "", source: nil)
  }
}
