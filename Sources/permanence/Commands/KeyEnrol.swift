import ArgumentParser
import Ledger
import Register
import Replication

extension KeyCommand {
  struct Enrol: WritingCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make this station one that invites and revokes others, by a paper's root key.")
    @OptionGroup var data: DataOptions
    @Option(help: "A paper's file, or its lines R1 to R3 and A1 to A3 typed into one; erase it afterwards.")
    var rootFrom: String

    var arguments: [String] { ["key", "enrol", "--root-from", Passphrase.absolute(rootFrom)] }

    func write(to register: Register, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer {
      guard !register.holdsEnrollingKey else { throw Sentence("This station holds an enrolling key already.") }
      try register.makeEnrollingKey(root: try register.rootKey(onPaper: rootFrom), environment: .live)
      return try Answer(
        EnrolAnswer(holdsEnrollingKey: true),
        text: """
          This station invites and revokes from now on. Erase \(rootFrom).
          Whoever takes this disk could too: permanence key lock --passphrase-file FILE
          """)
    }
  }
}

private struct EnrolAnswer: Encodable {
  var holdsEnrollingKey: Bool
}

extension Register {
  /// The hospital's root key, as a paper made before bears it.
  func rootKey(onPaper path: String) throws -> SigningKey {
    let paper = try RecoveryPaper.read(Passphrase.absolute(path))
    guard let root = paper.rootKey, root.publicKey.fingerprint == (try rootFingerprint()) else {
      throw Sentence("\(path) does not bear this hospital's root key: give the paper that does.")
    }
    return root
  }
}
