import Crypto
import FoundationEssentials
import X509

extension PublicKey {
  /// nil unless the certificate's key is an Ed25519 one.
  init?(_ key: Certificate.PublicKey) {
    guard let key = Curve25519.Signing.PublicKey(key) else { return nil }
    self.init(key)
  }
}

/// A certificate that the hospital's own authority makes.
///
/// It runs from 1970 to 9999 and nobody checks a date, because a dead clock battery must not close the hospital:
/// only a revocation ends one.
struct CertificateMaking {
  /// Distinguishes the authority's two certificates, and one station from another.
  var commonName: String
  var hospital: String
  var key: PublicKey
  var role: Role
  /// 16 random bytes.
  var serial: [UInt8]

  enum Role: Equatable {
    case root, enrolling, station
  }

  static let notBefore = Date(timeIntervalSince1970: 0)
  /// 99991231235959Z, RFC 5280's "no well-defined expiration date" (section 4.1.2.5).
  static let notAfter = Date(timeIntervalSince1970: 253_402_300_799)

  /// The certificate, signed by `issuer`.
  func sign(issuer: DistinguishedName?, key issuerKey: SigningKey) throws(KeyFault) -> Certificate {
    do {
      let subject = try DistinguishedName {
        OrganizationName(hospital)
        CommonName(commonName)
      }
      let publicKey = Certificate.PublicKey(key.key)
      return try Certificate(
        version: .v3, serialNumber: Certificate.SerialNumber(bytes: positive(serial)), publicKey: publicKey,
        notValidBefore: Self.notBefore, notValidAfter: Self.notAfter, issuer: issuer ?? subject, subject: subject,
        extensions: try extensions(publicKey, issuerKey: Certificate.PublicKey(issuerKey.publicKey.key)),
        issuerPrivateKey: Certificate.PrivateKey(issuerKey.key))
    } catch { throw .cannotCertify("\(error)") }
  }

  /// RFC 5280 section 4.1.2.2: a positive integer of at most 20 bytes.
  private func positive(_ serial: [UInt8]) -> [UInt8] {
    [serial.first.map { $0 & 0x7F | 0x40 } ?? 1] + serial.dropFirst().prefix(15)
  }

  private func extensions(
    _ publicKey: Certificate.PublicKey, issuerKey: Certificate.PublicKey
  ) throws -> Certificate.Extensions {
    var extensions = Certificate.Extensions()
    let isAuthority = role != .station
    let constraints: BasicConstraints =
      isAuthority ? .isCertificateAuthority(maxPathLength: role == .root ? 1 : 0) : .notCertificateAuthority
    try extensions.append(Certificate.Extension(constraints, critical: true))
    let usage = isAuthority ? KeyUsage(keyCertSign: true) : KeyUsage(digitalSignature: true)
    try extensions.append(Certificate.Extension(usage, critical: true))
    if !isAuthority {
      // Stations speak to each other over TLS with the key they sign with.
      try extensions.append(
        Certificate.Extension(ExtendedKeyUsage([.serverAuth, .clientAuth]), critical: false))
      try extensions.append(Certificate.Extension(SubjectAlternativeNames([.dnsName(commonName)]), critical: false))
    }
    try extensions.append(Certificate.Extension(SubjectKeyIdentifier(hash: publicKey), critical: false))
    let issuerIdentifier = SubjectKeyIdentifier(hash: issuerKey).keyIdentifier
    try extensions.append(
      Certificate.Extension(AuthorityKeyIdentifier(keyIdentifier: issuerIdentifier), critical: false))
    return extensions
  }
}
