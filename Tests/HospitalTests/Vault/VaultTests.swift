import Hospital
import Ledger
import Testing

struct VaultTests {
  /// A sealed file names sixteen keys at most: one more would end all sealing.
  @Test func sixteenKeysAndNoMore() throws {
    let world = Scene.world()
    let by = "account/administrator"
    try world.run(AddVaultRecipient(.recovery, publicKey: "a", beside: Vault.recipientsMax - 1), by: by)
    let more = AddVaultRecipient(.recovery, publicKey: "b", beside: Vault.recipientsMax)
    #expect(Scene.outcome(more, in: world, by: by) == "vault-recipients-full")
    let clerk = AddVaultRecipient(.recovery, publicKey: "c", beside: 0)
    #expect(Scene.outcome(clerk, in: world, by: "account/admission") == "not-permitted")
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

  private static func heard(
    _ kind: String, at: Instant, line: Instant, by station: String = "urg-1-3fa9c2d1"
  ) -> Heard {
    let data: JSON = [
      "target": "s3://coffre", "path": "snapshots/a", "sealedAt": "2022-08-20T01:00:00.000Z", "reason": "cut short",
    ]
    return Heard(
      fact: Fact(kind: kind, subject: Vault.subject, at: at, data: data), time: HybridTime(instant: line, counter: 0),
      station: station, author: "system", command: "", source: nil)
  }
}
