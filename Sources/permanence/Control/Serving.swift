import Feeds
import Foundation
import Hospital
import Ledger
import Logging
import Register
import Replication
import ServiceLifecycle
import Web

/// A station that serves until it is told to stop, and what it does beside the pages.
struct Serving {
  let folder: String
  let options: ServingOptions

  static func logger() -> Logger {
    LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
    var logger = Logger(label: "permanence")
    logger.logLevel = .notice
    return logger
  }

  /// - Parameter verifying: what was restored a moment ago and is still being verified.
  func run(
    verifying: VerifyingRestored? = nil,
    ended: @escaping @Sendable (Register, VerifyingRestored.Outcome) -> Void = { _, _ in }
  ) async throws {
    let logger = Self.logger()
    let register = try Register(folder: folder, access: .writing, environment: .live) { done, total in
      if done == 0 { Terminal.note("Making the screens' tables again from the ledger…") }
      if done == total { Terminal.note("Done: \(total) commits.") }
    }
    try Passphrase.unlock(register, options.passphraseFile)
    try await checkDisk(register)
    for address in options.peer { try register.addPeer(address) }
    for address in options.vault { try register.addVaultTarget(try Vaulting.absolute(address)) }
    let replicating = try Replicating(
      register: register,
      options: .init(
        host: options.peersHost, port: options.peersPort, reached: options.peersAddress.compactMap(PeerAddress.init)),
      logger: logger)
    // Before anything new is said: that would be another branch of its own chain.
    await replicating.neighbours.takeBack()
    let feeding = try Feeding(register, options.feeds, logger: logger)
    let partners = PartnerFeed(register, .live, logger: logger)
    var beside: [any Service] = [
      VaultKeeping(vaulting: Vaulting(register), register: register, logger: logger), feeding.service,
      HandbackLinking(register, .live, logger: logger),
      RPUFiles(register: register, channel: options.rpu, logger: logger),
      PackKeeping(register: register, options: options.paper, logger: logger), partners,
    ]
    let restoration = Restoration()
    if let verifying {
      beside.append(
        VerifyingService(
          verifying: verifying, register: register, shown: restoration, logger: logger, ended: ended))
    }
    let station = try Station(
      register: register, options: options, replicating: replicating, feeding: feeding,
      handbacks: HandbackDesk(register, .live), partners: partners, beside: beside,
      restoration: restoration,
      logger: logger)
    try await station.run()
    if let renewal = replicating.forks.renewal {
      try register.renew(renewal.key, renewal.enrolment)
      try beginAgain()
    }
  }

  /// The same program with the same arguments, which opens the folder under its new name.
  private func beginAgain() throws {
    var arguments = CommandLine.arguments.map { strdup($0) } + [nil]
    execv("/proc/self/exe", &arguments)
    throw Sentence("This station has a new name and could not begin again by itself: start it.")
  }

  /// Real patients on a disk that anyone can read are refused, unless somebody said why, and signed it.
  private func checkDisk(_ register: Register) async throws {
    let isFictive = try register.read { try $0.structure?.fictive ?? false }
    guard !isFictive, !DiskEncryption.isEncrypted(folder: folder) else { return }
    let accepted = try register.read { try $0.history(of: "station/\(register.station)") }
    if accepted.contains(where: { $0.heard.fact.kind == "station.disk-accepted" }) { return }
    if let reason = options.acceptUnencryptedDisk {
      let fact = Fact(
        kind: "station.disk-accepted", subject: "station/\(register.station)", at: Environment.live.now(),
        data: ["reason": .string(reason)])
      _ = try await register.submit(
        Submission(Saying(facts: [fact]), key: Environment.live.newID(), author: "system"))
      return
    }
    throw Sentence(
      "The disk under \(folder) is not encrypted, and this hospital's patients are real: use an encrypted disk, "
        + "or say why not with --accept-unencrypted-disk \"REASON\".")
  }
}
