import ArgumentParser
import Hospital
import Ledger
import Register
import Replication

extension KeyCommand {
  struct Keep: WritingCommand {
    static let configuration = CommandConfiguration(
      abstract: "Seal to a paper that another station made, whatever becomes of that station.")
    @OptionGroup var data: DataOptions
    @Option(help: "The paper's file, or its lines R1 to R3 typed into one; erase it afterwards.") var paper: String

    var arguments: [String] { ["key", "keep", "--paper", Passphrase.absolute(paper)] }

    func write(to register: Register, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer {
      guard let key = try RecoveryPaper.read(Passphrase.absolute(paper)).openingKey?.recipient.text else {
        throw Sentence("\(paper) holds no recovery key.")
      }
      guard try register.read({ try $0.vault() })?.recipients.contains(where: { $0.publicKey == key }) ?? false else {
        throw Sentence("No station here has said this paper: it is another hospital's, or was taken back.")
      }
      try await register.addVaultRecipient(.recovery, key)
      return try Answer(
        KeptAnswer(key: key), text: "This station says too that the vault be sealed to it. Erase \(paper).")
    }
  }

  struct Withdraw: WritingCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take back a key that this station said: what is sealed from then on is not for it.")
    @OptionGroup var data: DataOptions
    @Argument(help: "The beginning of its fingerprint, as vault status shows it.") var fingerprint: String

    var arguments: [String] { ["key", "withdraw", fingerprint] }

    func write(to register: Register, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer {
      let key = try register.vaultRecipient(fingerprint) { $0.station == register.station }
      guard var left = try register.read({ try $0.vault() }) else { throw Sentence("Nothing is said of a vault here.") }
      left.recipients.removeAll { $0.publicKey == key && $0.station == register.station }
      guard left.sealedTo.contains(where: { $0.purpose == .recovery }) else {
        throw Sentence("It is the last paper: make another first, with permanence key new --paper FILE.")
      }
      _ = try await register.submit(
        Submission(WithdrawVaultRecipient(publicKey: key), key: Environment.live.newID(), author: "system"))
      let others = left.recipients.filter { $0.publicKey == key }.map { StationName.shown($0.station) }
      let text =
        others.isEmpty
        ? "Nothing more is sealed to it. What was sealed before still opens with it."
        : "Still said by \(others.joined(separator: ", ")): withdraw it there too, or revoke that station."
      return try Answer(KeptAnswer(key: key), text: text)
    }
  }
}

private struct KeptAnswer: Encodable {
  /// Public.
  var key: String
}

extension Register {
  func addVaultRecipient(_ purpose: Hospital.Vault.Recipient.Purpose, _ key: String) async throws {
    let vault = try read { try $0.vault() } ?? Hospital.Vault(id: Hospital.Vault.subject)
    let isTaken = vault.takes(.init(purpose: purpose, publicKey: key, station: station))
    let command = AddVaultRecipient(purpose, publicKey: key, isTaken: isTaken)
    _ = try await submit(Submission(command, key: Environment.live.newID(), author: "system"))
  }

  /// The one key of those whose fingerprint begins so.
  fileprivate func vaultRecipient(
    _ fingerprint: String, _ isMeant: (Hospital.Vault.Recipient) -> Bool
  ) throws -> String {
    let keys = Set((try read { try $0.vault() }?.recipients ?? []).filter(isMeant).map(\.publicKey)).filter {
      RecipientKey(text: $0)?.fingerprint.hasPrefix(fingerprint.lowercased()) ?? false
    }
    guard let key = keys.first, keys.count == 1, !fingerprint.isEmpty else {
      throw Sentence(
        "\(keys.isEmpty ? "No key" : "More than one key") of this kind begins with \(fingerprint): "
          + "permanence vault status shows them, and which station said each.")
    }
    return key
  }
}
