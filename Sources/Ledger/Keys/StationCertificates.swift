import X509

/// The three certificates that make a key a station's, checked: a fixed chain of three, so one rule each. No date is
/// checked. A chain's first commit says them, and stations show them to each other.
public struct StationCertificates: Sendable, Equatable {
  public let station: String
  public let publicKey: PublicKey
  /// SHA-256 of the root's public key, 64 hex digits: whose authority this is, which is for the caller to compare.
  public let rootFingerprint: String

  /// - Parameter ders: DER: the station's, the enrolling key's, the root's. Each must be signed by the next, the last
  ///   by itself, and the station's name must end with the digits of its key.
  public init(checking ders: [[UInt8]]) throws(EnrolmentFailure) {
    guard ders.count == 3, let station = try? Certificate(derEncoded: ders[0]) else { throw .certificates }
    let authority = try AuthorityCertificates(checking: Array(ders.dropFirst()))
    guard authority.issued(station) else { throw .station }
    guard let key = PublicKey(station.publicKey) else { throw .anotherKey }
    guard let name = station.subject.commonName, StationName.isName(name, of: key) else { throw .anotherName }
    self.station = name
    self.publicKey = key
    rootFingerprint = authority.rootFingerprint
  }

  /// Whom a station's own certificate names; nil where it is no certificate, or names nobody. It proves nothing: for
  /// one whose chain was checked before.
  public static func station(named der: [UInt8]) -> String? {
    (try? Certificate(derEncoded: der))?.subject.commonName
  }
}

/// The two certificates that make a key an enrolling one, checked likewise.
struct AuthorityCertificates {
  /// The enrolling key.
  let publicKey: PublicKey
  /// SHA-256 of the root's public key, 64 hex digits.
  let rootFingerprint: String
  private let enrolling: Certificate

  /// - Parameter ders: DER: the enrolling key's, the root's.
  init(checking ders: [[UInt8]]) throws(EnrolmentFailure) {
    let parsed = ders.compactMap { try? Certificate(derEncoded: $0) }
    guard ders.count == 2, parsed.count == 2 else { throw .certificates }
    let root = parsed[1]
    enrolling = parsed[0]
    guard Self.isIssued(root, by: root), let rootKey = PublicKey(root.publicKey) else { throw .root }
    guard Self.isIssued(enrolling, by: root), let key = PublicKey(enrolling.publicKey) else { throw .enrolling }
    publicKey = key
    rootFingerprint = rootKey.fingerprint
  }

  /// Whether this key signed a station's certificate.
  func issued(_ certificate: Certificate) -> Bool { Self.isIssued(certificate, by: enrolling) }

  private static func isIssued(_ certificate: Certificate, by issuer: Certificate) -> Bool {
    guard certificate.issuer == issuer.subject,
      issuer.publicKey.isValidSignature(certificate.signature, for: certificate),
      let constraints = try? issuer.extensions.basicConstraints, case .isCertificateAuthority = constraints
    else { return false }
    return true
  }
}
