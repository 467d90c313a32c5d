import Hospital
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
}
