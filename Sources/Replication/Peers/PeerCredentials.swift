import Ledger
import NIOSSL

/// With what a station shows the others who it is, and knows them: TLS in both directions under the hospital's own
/// authority, with the key that also signs its lines.
///
/// Names and dates of the web's certificates mean nothing here: a peer is reached by its address, and a dead clock
/// battery must not close the hospital. What counts is the chain to our root, and whom it names.
public struct PeerCredentials: Sendable {
  public let station: String
  package let rootFingerprint: String
  private let chain: [NIOSSLCertificate]
  private let key: NIOSSLPrivateKey

  /// Throws an `EnrolmentFailure` where the certificates are not those of a station, a `KeyFault` or a
  /// `NIOSSLError` where the key cannot be used.
  public init(enrolment: Enrolment, key: SigningKey) throws {
    let checked = try StationCertificates(checking: enrolment.certificates)
    guard checked.publicKey == key.publicKey else { throw EnrolmentFailure.anotherKey }
    station = checked.station
    rootFingerprint = checked.rootFingerprint
    chain = try enrolment.certificates.map { try NIOSSLCertificate(bytes: $0, format: .der) }
    self.key = try NIOSSLPrivateKey(bytes: Array(key.pem().utf8), format: .pem)
  }

  /// For the server: it asks for a certificate, which `admit` then judges.
  package var serverTLS: TLSConfiguration {
    var tls = TLSConfiguration.makeServerConfigurationWithMTLS(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key),
      trustRoots: .certificates(Array(chain.suffix(1))))
    Self.narrow(&tls)
    return tls
  }

  /// For the client: the chain is checked up to our root, whatever the address. Whom it names is checked once
  /// connected.
  package var clientTLS: TLSConfiguration {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.certificateChain = chain.map { .certificate($0) }
    tls.privateKey = .privateKey(key)
    tls.trustRoots = .certificates(Array(chain.suffix(1)))
    tls.certificateVerification = .noHostnameVerification
    Self.narrow(&tls)
    return tls
  }

  /// For the listener where new stations ask to join, who have no certificate yet.
  var joinServerTLS: TLSConfiguration {
    var tls = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    Self.narrow(&tls)
    return tls
  }

  /// For a new station, which knows no root yet: nothing is verified here, but by the code (`JoinProof`).
  static var joinClientTLS: TLSConfiguration {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.certificateVerification = .none
    narrow(&tls)
    return tls
  }

  private static func narrow(_ tls: inout TLSConfiguration) {
    tls.minimumTLSVersion = .tlsv13
    // Not among BoringSSL's own defaults.
    tls.verifySignatureAlgorithms = [.ed25519]
    tls.signingSignatureAlgorithms = [.ed25519]
  }

  /// The station that these certificates, as sent, make somebody.
  package func station(showing certificates: [NIOSSLCertificate]) throws(PeerFault) -> String {
    let ders = certificates.compactMap { try? $0.toDERBytes() }
    let checked: StationCertificates
    do { checked = try StationCertificates(checking: ders) } catch { throw .stranger(error.rawValue) }
    guard checked.rootFingerprint.sameBytes(as: rootFingerprint) else {
      throw .stranger("it is of another hospital: its root is \(checked.rootFingerprint)")
    }
    return checked.station
  }
}
