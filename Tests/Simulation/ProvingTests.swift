import Foundation
import Hospital
import Ledger
import Register
import Replication
import Testing

/// What a nightly proof says where not all that lies in the vault can be restored.
struct ProvingTests {
  /// Under the honest snapshot's name, with its beginning: the proof goes on to the one that is whole, and names it.
  @Test func whatIsNotWholeIsPassedOver() async throws {
    let sealed = try await SealedVault()
    let path = try await Self.snapshot(of: sealed)
    try (Data(contentsOf: sealed.file(path)) + Data(count: 100)).write(to: sealed.file("\(path)~2"))
    let proved = try await Self.prove(sealed, VersionedVault(vault: sealed.run.copies.vault))
    #expect(proved.failure == nil && proved.path == path)
    #expect(proved.passed.map(\.path) == ["\(path)?versionId=2"])
    let vault = try sealed.sealer.register.read { try $0.vault() }
    #expect(vault?.proof?.path == path && vault?.failure == nil)
  }

  enum Hindrance: CaseIterable { case noRoom, aFullDisk, noAnswer }

  /// What would fail again is noted as tried; a vault that does not answer is asked again.
  @Test(arguments: Hindrance.allCases) func aProofThatCannotBeMadeIsNoted(hindrance: Hindrance) async throws {
    let sealed = try await SealedVault()
    let fault: VaultFault? =
      switch hindrance {
      case .noRoom: nil
      case .aFullDisk: .file(FileFault(.write, "disk"))
      case .noAnswer: .failed("no answer")
      }
    let vault = FaultyVault(sealed.run.copies.vault) { _, isWhole in isWhole ? fault : nil }
    let proved = try? await Self.prove(sealed, vault, room: hindrance == .noRoom ? 1000 : nil)
    #expect((proved?.failure != nil) == (hindrance != .noAnswer))
    let noted = try sealed.sealer.register.read { try $0.vault() }
    #expect((noted?.failure != nil) == (hindrance != .noAnswer) && noted?.proof == nil)
  }

  /// Wherever it is cut: nothing is said of what was sealed, and no file is left.
  @Test(arguments: [0.0, 0.5]) func whoeverStopsSaysNothing(after part: Double) async throws {
    let sealed = try await SealedVault()
    let proving = Self.proving(sealed, sealed.run.copies.vault)
    let key = try #require(sealed.run.copies.paper.openingKey)
    let proof = Task {
      try await proving.prove(with: key) { done, of in
        if Double(done) >= part * Double(of) { withUnsafeCurrentTask { $0?.cancel() } }
      }
    }
    await #expect(throws: CancellationError.self) { try await proof.value }
    let noted = try sealed.sealer.register.read { try $0.vault() }
    #expect(noted?.failure == nil && noted?.proof == nil)
    let left = (try? FileManager.default.contentsOfDirectory(atPath: sealed.run.copies.scratch)) ?? []
    #expect(left.filter { $0.hasPrefix("proving-") } == [])
  }

  private static func snapshot(of sealed: SealedVault) async throws -> String {
    try #require(try await sealed.run.copies.vault.list("snapshots/").first).path
  }

  private static func prove(
    _ sealed: SealedVault, _ vault: any VaultTarget, room: Int? = nil
  ) async throws -> VaultProving.Proved {
    try await proving(sealed, vault, room: room).prove(with: try #require(sealed.run.copies.paper.openingKey))
  }

  private static func proving(_ sealed: SealedVault, _ vault: any VaultTarget, room: Int? = nil) -> VaultProving {
    VaultProving(
      sealed.sealer.register, of: vault, scratch: sealed.run.copies.scratch,
      environment: sealed.sealer.world.environment
    ) { _ in room }
  }
}
