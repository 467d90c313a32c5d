import X509

/// The hospital's own certificate authority: a root key, which belongs on paper, and under it an enrolling key,
/// which chosen stations hold.
public struct Authority: Sendable {
  private let enrolling: SigningKey
  private let enrollingCertificate: Certificate
  private let rootCertificate: Certificate
  private let hospital: String

  /// SHA-256 of the root's public key, 64 hex digits: what the paper bears and `ledger verify` prints.
  public let rootFingerprint: String

  /// Makes both keys and their certificates. The root key is given back once, to be kept or put on paper.
  public static func create(
    hospital: String, random: (Int) -> [UInt8]
  ) throws(KeyFault) -> (authority: Authority, root: SigningKey) {
    let root = try SigningKey(random: random)
    return (try Authority(root: root, hospital: hospital, random: random), root)
  }

  /// A new enrolling key under the root key, which only the paper bears.
  public init(root: SigningKey, hospital: String, random: (Int) -> [UInt8]) throws(KeyFault) {
    let enrolling = try SigningKey(random: random)
    let rootCertificate = try CertificateMaking(
      commonName: "Permanence root", hospital: hospital, key: root.publicKey, role: .root, serial: random(16)
    ).sign(issuer: nil, key: root)
    let enrollingCertificate = try CertificateMaking(
      commonName: "Permanence enrolling", hospital: hospital, key: enrolling.publicKey, role: .enrolling,
      serial: random(16)
    ).sign(issuer: rootCertificate.subject, key: root)
    (self.enrolling, self.enrollingCertificate, self.rootCertificate) = (
      enrolling, enrollingCertificate, rootCertificate
    )
    (self.hospital, rootFingerprint) = (hospital, root.publicKey.fingerprint)
  }

  /// Certifies that `station` holds `key`.
  public func enrol(station: String, key: PublicKey, random: (Int) -> [UInt8]) throws(KeyFault) -> Enrolment {
    let certificate = try CertificateMaking(
      commonName: station, hospital: hospital, key: key, role: .station, serial: random(16)
    ).sign(issuer: enrollingCertificate.subject, key: enrolling)
    return Enrolment(
      publicKey: key, rootFingerprint: rootFingerprint, certificates: [try der(certificate)] + (try certificates()))
  }

  /// With the enrolling key, for what that key alone may say.
  func sign(_ bytes: [UInt8]) throws(KeyFault) -> [UInt8] { try enrolling.signature(for: bytes) }

  /// DER: the enrolling key's, the root's.
  func certificates() throws(KeyFault) -> [[UInt8]] { [try der(enrollingCertificate), try der(rootCertificate)] }

  private func der(_ certificate: Certificate) throws(KeyFault) -> [UInt8] {
    do { return try certificate.serializeAsPEM().derBytes } catch { throw .cannotCertify("\(error)") }
  }
}

extension Authority {
  package static let enrollingKeyFile = "enrolling.key"
  private static let enrollingCertificateFile = "enrolling.crt"
  private static let rootCertificateFile = "root.crt"

  /// Writes the enrolling key (mode 0600) and both certificates, as PEM, into `folder`.
  public func write(to folder: String) throws(KeyFault) {
    try enrolling.write(to: "\(folder)/\(Self.enrollingKeyFile)")
    try Authority.write(enrollingCertificate, to: "\(folder)/\(Self.enrollingCertificateFile)")
    try Authority.write(rootCertificate, to: "\(folder)/\(Self.rootCertificateFile)")
  }

  /// Whether `write(to:)` wrote there.
  public static func isIn(folder: String) -> Bool {
    (try? DiskFile(reading: "\(folder)/\(enrollingKeyFile)")) != nil
  }

  /// The enrolling key that `write(to:)` wrote.
  package static func enrollingKey(folder: String) throws(KeyFault) -> SigningKey {
    try SigningKey(contentsOf: "\(folder)/\(enrollingKeyFile)")
  }

  /// Reads back what `write(to:)` wrote.
  public init(folder: String) throws(KeyFault) {
    try self.init(folder: folder, enrolling: try Self.enrollingKey(folder: folder))
  }

  /// The same, of a folder whose key is kept otherwise.
  package init(folder: String, enrolling: SigningKey) throws(KeyFault) {
    self.enrolling = enrolling
    enrollingCertificate = try Authority.read("\(folder)/\(Self.enrollingCertificateFile)")
    let rootPath = "\(folder)/\(Self.rootCertificateFile)"
    rootCertificate = try Authority.read(rootPath)
    guard let rootKey = PublicKey(rootCertificate.publicKey) else { throw .malformed(path: rootPath) }
    guard PublicKey(enrollingCertificate.publicKey) == enrolling.publicKey else { throw .malformed(path: folder) }
    rootFingerprint = rootKey.fingerprint
    hospital = rootCertificate.subject.organizationName ?? ""
  }

  private static func write(_ certificate: Certificate, to path: String) throws(KeyFault) {
    let pem: String
    do { pem = try certificate.serializeAsPEM().pemString } catch { throw .cannotCertify("\(error)") }
    do throws(FileFault) {
      let file = try DiskFile(creating: path, mode: 0o644)
      try file.write(Array("\(pem)\n".utf8))
      try file.sync()
    } catch { throw .file(error) }
  }

  private static func read(_ path: String) throws(KeyFault) -> Certificate {
    let text: String
    do throws(FileFault) {
      let file = try DiskFile(reading: path)
      text = String(decoding: try file.read(atMost: 65_536), as: UTF8.self)
    } catch { throw .file(error) }
    guard let certificate = try? Certificate(pemEncoded: text) else { throw .malformed(path: path) }
    return certificate
  }
}
