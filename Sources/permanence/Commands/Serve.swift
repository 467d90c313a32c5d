import ArgumentParser
import Foundation
import Hospital
import Hummingbird
import Ledger
import Logging
import Register
import Replication
import ServiceLifecycle
import Web

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Open the pages, until SIGTERM or Ctrl+C.")
  static let loopback: Set<String> = ["127.0.0.1", "::1", "localhost"]

  @OptionGroup var data: DataOptions
  @Option(help: "The address to listen on; another than this machine's own needs a certificate.")
  var host = "127.0.0.1"
  @Option(help: "0 chooses a free one.") var port = 8080
  @Option(help: "For other stations, under mutual TLS; new ones ask to join at the next port. 0 chooses.")
  var peersPort = PeerAddress.usualPort
  @Option(help: "The address to listen on for other stations.") var peersHost = "127.0.0.1"
  @Option(help: "Where other stations reach this one, if not where it listens; may be said several times.")
  var peersAddress: [String] = []
  @Option(help: "The address of another station, 10.0.3.7:8443; may be said several times.") var peer: [String] = []
  @Option(help: "For HL7 feeds; there is no such listener in this version.") var mllpPort = 2575
  @Option(help: "Certificate chain, PEM.") var certificate: String?
  @Option(help: "Its private key, PEM.") var certificateKey: String?
  @Option(help: "Serve real patients from a disk that is not encrypted, and why; kept as a signed fact.")
  var acceptUnencryptedDisk: String?

  func validate() throws {
    guard (certificate == nil) == (certificateKey == nil) else {
      throw ValidationError("--certificate and --certificate-key go together.")
    }
    for peer in peer + peersAddress where PeerAddress(peer) == nil {
      throw ValidationError("\(peer) is no address: write 10.0.3.7 or 10.0.3.7:8443.")
    }
    guard certificate != nil || Self.loopback.contains(host) else {
      throw ValidationError(
        "Listening on \(host) needs --certificate and --certificate-key: sign-ins would travel in the clear.")
    }
  }

  func run() async throws {
    LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
    var logger = Logger(label: "permanence")
    logger.logLevel = .notice
    do {
      let register = try Register(folder: data.folder, access: .writing, environment: .live) { done, total in
        if done == 0 { Terminal.note("Making the screens' tables again from the ledger…") }
        if done == total { Terminal.note("Done: \(total) commits.") }
      }
      try await checkDisk(register)
      for address in peer { try register.addPeer(address) }
      let replicating = try Replicating(
        register: register,
        options: .init(host: peersHost, port: peersPort, reached: peersAddress.compactMap(PeerAddress.init)),
        logger: logger)
      // Before anything new is said: that would be another branch of its own chain.
      await replicating.neighbours.takeBack()
      let station = try Station(
        register: register, folder: data.folder, host: host, port: port, tls: tls(), replicating: replicating,
        logger: logger)
      try await station.run()
      if let renewal = replicating.forks.renewal {
        try register.renew(renewal.key, renewal.enrolment)
        try beginAgain()
      }
    } catch { throw Sentence(error) }
  }

  /// The same program with the same arguments, which opens the folder under its new name.
  private func beginAgain() throws {
    var arguments = CommandLine.arguments.map { strdup($0) } + [nil]
    execv("/proc/self/exe", &arguments)
    throw Sentence("This station has a new name and could not begin again by itself: start it.")
  }

  private func tls() throws -> Station.TLS? {
    guard let certificate, let certificateKey else { return nil }
    return Station.TLS(certificate: certificate, key: certificateKey)
  }

  /// Real patients on a disk that anyone can read are refused, unless somebody said why, and signed it.
  private func checkDisk(_ register: Register) async throws {
    let isFictive = try register.read { try $0.structure?.fictive ?? false }
    guard !isFictive, !DiskEncryption.isEncrypted(folder: data.folder) else { return }
    let accepted = try register.read { try $0.history(of: "station/\(register.station)") }
    if accepted.contains(where: { $0.heard.fact.kind == "station.disk-accepted" }) { return }
    if let reason = acceptUnencryptedDisk {
      let fact = Fact(
        kind: "station.disk-accepted", subject: "station/\(register.station)", at: Environment.live.now(),
        data: ["reason": .string(reason)])
      _ = try await register.submit(
        Submission(Saying(facts: [fact]), key: Environment.live.newID(), author: "system"))
      return
    }
    throw Sentence(
      "The disk under \(data.folder) is not encrypted, and this hospital's patients are real: use an encrypted disk, "
        + "or say why not with --accept-unencrypted-disk \"REASON\".")
  }
}
