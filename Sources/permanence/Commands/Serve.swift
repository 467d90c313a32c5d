import ArgumentParser
import Replication

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Open the pages, until SIGTERM or Ctrl+C.")

  @OptionGroup var data: DataOptions
  @OptionGroup var options: ServingOptions

  func run() async throws {
    do { try await Serving(folder: data.folder, options: options).run() } catch { throw Sentence(error) }
  }
}

/// How a station serves.
struct ServingOptions: ParsableArguments {
  static let loopback: Set<String> = ["127.0.0.1", "::1", "localhost"]

  @Option(help: "The address to listen on; another than this machine's own needs a certificate.")
  var host = "127.0.0.1"
  @Option(help: "0 chooses a free one.") var port = 8080
  @Option(help: "For other stations, under mutual TLS; new ones ask to join at the next port. 0 chooses.")
  var peersPort = PeerAddress.usualPort
  @Option(help: "The address to listen on for other stations.") var peersHost = "127.0.0.1"
  @Option(help: "Where other stations reach this one, if not where it listens; may be said several times.")
  var peersAddress: [String] = []
  @Option(help: "The address of another station, 10.0.3.7:8443; may be said several times.") var peer: [String] = []
  @Option(help: "Seal here by itself: a folder, or s3://BUCKET; kept for each start; may be said several times.")
  var vault: [String] = []
  @Option(help: "A folder from which a channel takes each day's emergency visit summaries; NAME.ok says it has.")
  var rpu: String?
  @OptionGroup var paper: PackOptions
  @Option(help: "Holds the passphrase of the enrolling key, so that this station invites and revokes while it serves.")
  var passphraseFile: String?
  @OptionGroup var feeds: FeedOptions
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
    for vault in vault where VaultAddress(vault) == nil {
      throw ValidationError("\(vault) is no vault: write a folder's path or s3://BUCKET.")
    }
    guard certificate != nil || Self.loopback.contains(host) else {
      throw ValidationError(
        "Listening on \(host) needs --certificate and --certificate-key: sign-ins would travel in the clear.")
    }
  }

  var tls: Station.TLS? {
    guard let certificate, let certificateKey else { return nil }
    return Station.TLS(certificate: certificate, key: certificateKey)
  }
}
