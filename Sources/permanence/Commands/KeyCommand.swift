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
    abstract: "The recovery key, which opens the hospital again from its vault, and the key that enrols stations.",
    subcommands: [New.self, Keep.self, Withdraw.self, Enrol.self, Lock.self, Proving.self])

  struct New: WritingCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Make recovery keys, each on a page to print and lock away; the root key goes onto them and off this disk.")
    @OptionGroup var data: DataOptions
    @Option(help: "A page: one text file, to print and then erase; say it several times for several papers.")
    var paper: [String] = []
    @Option(help: "A paper made before, for its root key, where that is no longer on this disk.") var rootFrom: String?

    func validate() throws {
      guard !paper.isEmpty else { throw ValidationError("--paper FILE says where the page is written.") }
    }

    var arguments: [String] {
      ["key", "new"] + paper.flatMap { ["--paper", Passphrase.absolute($0)] }
        + (rootFrom.map { ["--root-from", Passphrase.absolute($0)] } ?? [])
    }

    func write(to register: Register, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer {
      try await NewKeys(register, papers: paper.map(Passphrase.absolute), rootFrom: rootFrom).make()
    }
  }

  struct Proving: WritingCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make this station one that restores the vault every night as a trial.")
    @OptionGroup var data: DataOptions

    var arguments: [String] { ["key", "proving"] }

    func write(to register: Register, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer {
      let key = try await ProvingHere(register).make()
      return try Answer(
        ProvingAnswer(key: key.recipient.text),
        text: "From the next seal on, this station can open the vault: permanence vault seal, then vault prove.")
    }
  }
}

private struct ProvingAnswer: Encodable {
  /// Public.
  var key: String
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

/// The proving key of this station.
private struct ProvingHere {
  let register: Register

  init(_ register: Register) { self.register = register }

  func make() async throws -> OpeningKey {
    let key =
      try ProvingKey.read(folder: register.path)
      ?? ProvingKey.make(folder: register.path, random: Environment.live.randomBytes)
    try await register.addVaultRecipient(.proving, key.recipient.text)
    return key
  }
}

/// Each step leaves something that is right: a paper has its name only once what is sealed will open with it, and the
/// root key goes only after that.
private struct NewKeys {
  private let register: Register
  private let papers: [String]
  private let rootFrom: String?

  init(_ register: Register, papers: [String], rootFrom: String?) {
    (self.register, self.papers, self.rootFrom) = (register, papers, rootFrom)
  }

  func make() async throws -> Answer {
    for paper in papers where FileManager.default.fileExists(atPath: paper) {
      throw Sentence("\(paper) is there already: choose another name, so that no key is written over.")
    }
    let root = try root()
    var answers: [NewKeyAnswer] = []
    for paper in papers { answers.append(try await make(paper, root)) }
    let vault = try register.read { try $0.vault() }
    // The first station that makes a paper proves the vault every night.
    if !(vault?.sealedTo.contains { $0.purpose == .proving } ?? false) { _ = try await ProvingHere(register).make() }
    if try register.rootKey() != nil { try register.eraseRootKey() }
    let text = """
      \(papers.joined(separator: ", ")): print, put each in an envelope in a safe, then erase the file.
      Whoever holds one reads everything, and can be the hospital: the root key is on it, and no longer here.
      Then: permanence vault seal --to FOLDER or s3://BUCKET
      """
    if answers.count == 1 { return try Answer(answers[0], text: text) }
    return try Answer(answers, text: text)
  }

  /// A paper without it opens the copies, and no hospital.
  private func root() throws -> SigningKey {
    if let root = try register.rootKey() { return root }
    guard let rootFrom else {
      throw Sentence(
        "The root key is on the paper made before, and without it a paper restores nothing: "
          + "give that paper with --root-from FILE, or its lines typed into one.")
    }
    return try register.rootKey(onPaper: rootFrom)
  }

  private func make(_ paper: String, _ root: SigningKey) async throws -> NewKeyAnswer {
    guard let recovery = OpeningKey(seed: Environment.live.randomBytes(OpeningKey.seedBytes)),
      var page = RecoveryPaper(
        hospital: try register.read { try $0.structure?.name ?? "" }, rootFingerprint: try register.rootFingerprint(),
        root: root.seed, recovery: recovery.seed)
    else { throw Sentence("This machine gives no random bytes: restart it.") }
    try await write(page, to: paper) { try await register.addVaultRecipient(.recovery, recovery.recipient.text) }
    page.reserve = try await keepNumbers(for: RecoveryPaper.name(of: recovery.recipient))
    // The paper without them opens the hospital just as well.
    do { try await write(page, to: paper) {} } catch {
      Terminal.note("\(paper) does not name the numbers kept for it (\(error)): the ledger does.")
    }
    return NewKeyAnswer(
      paper: paper, key: recovery.recipient.text, fingerprint: recovery.recipient.fingerprint, holdsRoot: true)
  }

  /// A part of this station's numbers, for whoever restores, as the paper says them; none where it has too few.
  private func keepNumbers(for name: String) async throws -> [String] {
    do {
      _ = try await register.submit(
        Submission(CedeNumbers(to: name), key: Environment.live.newID(), author: "system"))
    } catch let refusal as Refusal where refusal.code == "numbers-used-up" {
      Terminal.note(
        "This station has too few numbers to keep some for \(name): whoever restores is given a range then.")
    }
    return try register.read { try $0.slices(ofStation: name) }.filter { $0.kind != .unknown }
      .map { "\($0.kind.rawValue) \($0.first) \($0.last)" }
  }

  /// Gives the page its name once `body` has ended well; else nothing of it stays.
  private func write(_ page: RecoveryPaper, to paper: String, once body: () async throws -> Void) async throws {
    let part = "\(paper).part"
    try? FileManager.default.removeItem(atPath: part)
    do {
      let text = page.text { content in (try? Barcode(.qr, content))?.rows ?? [] }
      let file = try DiskFile(creating: part, mode: 0o600)
      try file.write(Array(text.utf8))
      try file.sync()
      try await body()
      guard rename(part, paper) == 0 else { throw Sentence("\(paper) cannot be written: check the folder.") }
    } catch {
      try? FileManager.default.removeItem(atPath: part)
      throw error
    }
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
