import ArgumentParser
import Feeds
import Foundation
import Ledger
import Logging
import NIOSSL
import Register
import ServiceLifecycle
import Web

/// Where other systems send their messages.
struct FeedOptions: ParsableArguments {
  static let usualPort = 2575

  @Option(help: "For HL7 messages over MLLP; 0 chooses a free one. (default: 2575)") var mllpPort: Int?
  @Option(help: "The address to listen on for HL7 messages.") var mllpHost = "127.0.0.1"
  @Option(help: "Certificate chain for HL7 messages, PEM; without one they come in the clear.")
  var mllpCertificate: String?
  @Option(help: "Its private key, PEM.") var mllpCertificateKey: String?
  @Option(help: "Authorities whose certificates senders of HL7 messages must show, PEM.") var mllpAuthority: String?
  @Flag(help: "Tell senders what was assumed of their messages too, as ERR of severity W.") var mllpWarnings = false

  func validate() throws {
    guard (mllpCertificate == nil) == (mllpCertificateKey == nil) else {
      throw ValidationError("--mllp-certificate and --mllp-certificate-key go together.")
    }
    guard mllpAuthority == nil || mllpCertificate != nil else {
      throw ValidationError("--mllp-authority needs --mllp-certificate: nobody shows a certificate in the clear.")
    }
  }

  var tls: TLSConfiguration? {
    get throws {
      guard let mllpCertificate, let mllpCertificateKey else { return nil }
      var tls = TLSConfiguration.makeServerConfiguration(
        certificateChain: try NIOSSLCertificate.fromPEMFile(mllpCertificate).map { .certificate($0) },
        privateKey: .privateKey(try NIOSSLPrivateKey(file: mllpCertificateKey, format: .pem)))
      tls.minimumTLSVersion = .tlsv12
      if let mllpAuthority {
        tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(mllpAuthority))
        tls.certificateVerification = .noHostnameVerification
      }
      return tls
    }
  }
}

/// What a serving station hears from other systems.
struct Feeding {
  let answering: Answering
  let service: any Service

  /// Senders are told why in French, as the hospital's people read it.
  init(_ register: Register, _ options: FeedOptions, logger: Logger) throws {
    answering = Answering(
      try Reception(of: register),
      FeedSettings(
        refusal: { Texts.builtIn("refusal.\($0.code)", .fr, $0.arguments) },
        warning: { Texts.builtIn("warning.\($0.code)", .fr, $0.arguments) },
        tellsWarnings: options.mllpWarnings, now: Environment.live.now))
    let host = options.mllpHost
    let tls = try options.tls
    if tls == nil, !ServingOptions.loopback.contains(host) {
      logger.notice("messages come to \(host) in the clear: --mllp-certificate encrypts them")
    }
    let server = try MLLPServer(
      answering,
      .init(
        host: host, port: options.mllpPort ?? FeedOptions.usualPort, tls: tls,
        connectionsMax: Descriptors.raised() - Descriptors.keptForOthers),
      logger: logger
    ) { port in
      Terminal.print("listening for messages on \(tls == nil ? "mllp" : "mllps")://\(host.bracketed):\(port)")
    }
    // Asked for, a port that is taken stops the station; the usual one, which another may have, does not.
    service = options.mllpPort == nil ? Listening(name: "messages", service: server, logger: logger) : server
  }
}

/// How many files and connections this process may have open.
private enum Descriptors {
  /// The store, pages, other stations.
  static let keptForOthers = 1024
  private static let wanted: rlim_t = 1 << 15

  /// As many as the machine lets it, within reason; never less than what is kept for others and some.
  static func raised() -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 2 * keptForOthers }
    if limit.rlim_cur < wanted {
      limit.rlim_cur = min(wanted, limit.rlim_max)
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
    return max(Int(limit.rlim_cur), keptForOthers + 64)
  }
}
