import ArgumentParser
import Foundation
import Hospital
import Ledger
import Register
import Replication
import Web

struct KeyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key",
    abstract: "The recovery key, which opens the hospital again when nothing is left but the vault.",
    subcommands: [New.self, Lock.self])

  struct New: WritingCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a recovery key, and a page to print and lock away; the root key goes onto it and off this disk.")
    @OptionGroup var data: DataOptions
    @Option(help: "The page: one text file, to print and then erase.") var paper: String

    var arguments: [String] {
      ["key", "new", "--paper", URL(filePath: (paper as NSString).expandingTildeInPath).path]
    }

    func write(to register: Register, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer {
      try await NewKey(register, paper: arguments[3]).make()
    }
  }
}

extension KeyCommand {
  struct Lock: WritingCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lock the key that enrols and revokes stations; serve --passphrase-file opens it.")
    @OptionGroup var data: DataOptions
    @Option(help: "Holds the passphrase, in one line; keep it elsewhere than here.") var passphraseFile: String

    var arguments: [String] { ["key", "lock", "--passphrase-file", Passphrase.absolute(passphraseFile)] }

    func write(to register: Register, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer {
      guard register.holdsEnrollingKey else { throw Sentence("This station holds no enrolling key.") }
      guard !register.isEnrollingKeyLocked else { throw Sentence("The enrolling key is locked already.") }
      try register.lockEnrollingKey(passphrase: try Passphrase.read(passphraseFile), environment: .live)
      return try Answer(
        LockAnswer(locked: true),
        text: "The enrolling key is locked. Inviting and revoking here need the passphrase from the next start on.")
    }
  }
}

private struct LockAnswer: Encodable {
  var locked: Bool
}

/// What opens the enrolling key: in a file, never in an argument.
enum Passphrase {
  private static let lengthMin = 12

  static func absolute(_ path: String) -> String { URL(filePath: (path as NSString).expandingTildeInPath).path }

  static func read(_ path: String) throws -> String {
    guard let text = try? String(contentsOfFile: absolute(path), encoding: .utf8) else {
      throw Sentence("\(path) cannot be read: put the passphrase into it, in one line.")
    }
    let passphrase = text.trimmingCharacters(in: .newlines)
    guard passphrase.count >= lengthMin, !passphrase.contains(where: \.isNewline) else {
      throw Sentence("\(path) holds no passphrase: one line of \(lengthMin) characters or more.")
    }
    return passphrase
  }

  static func unlock(_ register: Register, _ path: String?) throws {
    if let path { try register.unlockEnrollingKey(passphrase: try read(path)) }
  }
}

/// Each step leaves something that is right: a key is sealed to only once its paper is on the disk, and the root key
/// goes only after that.
private struct NewKey {
  private let register: Register
  private let paper: String

  init(_ register: Register, paper: String) {
    (self.register, self.paper) = (register, paper)
  }

  func make() async throws -> Answer {
    guard !FileManager.default.fileExists(atPath: paper) else {
      throw Sentence("\(paper) is there already: choose another name, so that no key is written over.")
    }
    let random = Environment.live.randomBytes
    let root = try register.rootKey()
    guard let recovery = OpeningKey(seed: random(OpeningKey.seedBytes)) else {
      throw Sentence("This machine gives no random bytes: restart it.")
    }
    let name = RecoveryPaper.name(of: recovery.recipient)
    let reserve = try await keepNumbers(for: name)
    let hospital = try register.read { try $0.structure?.name ?? "" }
    guard
      let page = RecoveryPaper(
        hospital: hospital, rootFingerprint: try register.rootFingerprint(), root: root?.seed, recovery: recovery.seed,
        reserve: reserve)
    else { throw Sentence("The page could not be made: try again.") }
    try write(page)
    try await say(AddVaultRecipient(.recovery, publicKey: recovery.recipient.text))
    try await prove()
    if root != nil { try register.eraseRootKey() }
    let answer = NewKeyAnswer(
      paper: paper, key: recovery.recipient.text, fingerprint: recovery.recipient.fingerprint, holdsRoot: root != nil)
    return try Answer(
      answer,
      text: """
        \(paper): print it, put it in an envelope in a safe, then erase the file. Whoever holds it reads everything.
        \(root == nil
          ? "The root key is not on it: it is on the paper made before." : "The root key is on it, and no longer here.")
        Then: permanence vault seal --to FOLDER or s3://BUCKET
        """)
  }

  /// A part of this station's numbers, for whoever restores; none where it has too few.
  private func keepNumbers(for name: String) async throws -> [String] {
    do { try await say(CedeNumbers(to: name)) } catch let refusal as Refusal where refusal.code == "numbers-used-up" {
      return []
    }
    return try register.read { try $0.slices(ofStation: name) }.filter { $0.kind != .unknown }
      .map { "\($0.kind.rawValue) \($0.first)-\($0.last)" }
  }

  /// The first station that makes a paper proves the vault every night.
  private func prove() async throws {
    let proving = try register.read { try $0.vault()?.recipients.contains { $0.purpose == .proving } ?? false }
    if proving { return }
    let key =
      try ProvingKey.read(folder: register.path)
      ?? ProvingKey.make(folder: register.path, random: Environment.live.randomBytes)
    try await say(AddVaultRecipient(.proving, publicKey: key.recipient.text))
  }

  private func say(_ command: some Command) async throws {
    _ = try await register.submit(Submission(command, key: Environment.live.newID(), author: "system"))
  }

  private func write(_ page: RecoveryPaper) throws {
    let text = page.text { content in (try? Barcode(.qr, content))?.rows ?? [] }
    let file = try DiskFile(creating: paper, mode: 0o600)
    try file.write(Array(text.utf8))
    try file.sync()
    try DiskFile.syncFolder(of: paper)
  }
}

private struct NewKeyAnswer: Encodable {
  var paper: String
  /// Public: what the vault is sealed to.
  var key: String
  var fingerprint: String
  var holdsRoot: Bool
}

extension RecoveryPaper {
  /// Under which a paper's numbers are kept: `paper-3fa9c2d1`.
  static func name(of recovery: RecipientKey) -> String { "paper-\(recovery.fingerprint.prefix(8))" }
}
