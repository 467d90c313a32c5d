import Crypto
import Foundation
import Ledger
import NIOSSL
import Replication
import Testing
import X509

/// A hospital whose certificates all ended in 1971: what a clock battery that died, or lives on, makes of any date.
struct DateTests {
  func certificate(
    _ name: String, _ key: Curve25519.Signing.PrivateKey, by issuer: (String, Curve25519.Signing.PrivateKey),
    isAuthority: Bool
  ) throws -> [UInt8] {
    try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: Certificate.PublicKey(key.publicKey),
      notValidBefore: Date(timeIntervalSince1970: 0), notValidAfter: Date(timeIntervalSince1970: 31_536_000),
      issuer: DistinguishedName { CommonName(issuer.0) }, subject: DistinguishedName { CommonName(name) },
      signatureAlgorithm: .ed25519,
      extensions: Certificate.Extensions {
        Critical(isAuthority ? BasicConstraints.isCertificateAuthority(maxPathLength: nil) : .notCertificateAuthority)
      }, issuerPrivateKey: Certificate.PrivateKey(issuer.1)
    ).serializeAsPEM().derBytes
  }

  @Test func noDateIsChecked() throws {
    let root = try Curve25519.Signing.PrivateKey(rawRepresentation: [UInt8](repeating: 5, count: 32))
    let enrolling = try Curve25519.Signing.PrivateKey(rawRepresentation: [UInt8](repeating: 6, count: 32))
    let seed = [UInt8](repeating: 7, count: 32)
    let own = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
    let key = try SigningKey(seed: seed).orThrow()
    let name = try StationName.make(people: "urg-1", key: key.publicKey).orThrow()
    let enrolment = try Enrolment(certificates: [
      certificate(name, own, by: ("enrolling", enrolling), isAuthority: false),
      certificate("enrolling", enrolling, by: ("root", root), isAuthority: true),
      certificate("root", root, by: ("root", root), isAuthority: true),
    ])
    let credentials = try PeerCredentials(enrolment: enrolment, key: key)
    let shown = try enrolment.certificates.map { try NIOSSLCertificate(bytes: $0, format: .der) }
    #expect(try credentials.station(showing: shown) == name)
  }
}
