import X509

/// What makes a key a station's: a certificate by the hospital's own authority, said in the first commit of
/// each of its chains.
public struct Enrolment: Sendable, Equatable {
  public static let kind = "station.opened"

  public let publicKey: PublicKey
  /// SHA-256 of the root's public key, 64 hex digits.
  public let rootFingerprint: String
  /// DER: the station's, the enrolling key's, the root's.
  public let certificates: [[UInt8]]

  /// The name that the station's certificate bears; nil where it cannot be read.
  public var station: String? {
    certificates.first.flatMap { try? Certificate(derEncoded: $0) }?.subject.commonName
  }

  /// The fact that opens `chain`: the station's own, or its chain of reads.
  public func opened(chain: String, at: Instant) -> Fact {
    Fact(
      kind: Self.kind, subject: "station/\(chain)", at: at,
      data: [
        "publicKey": .string(publicKey.text),
        "certificates": .array(certificates.map { .string(Base64.standard($0)) }),
      ])
  }
}

/// Why a chain's first commit does not make its key a station's.
public enum EnrolmentFailure: String, Error, Sendable, Equatable {
  case notOpened = "its first fact is not station.opened for this chain"
  case publicKey = "station.opened holds no public key"
  case name = "its name does not end with the digits of its public key"
  case certificates = "station.opened does not hold three certificates"
  case root = "the root's certificate is not signed by itself"
  case enrolling = "the enrolling key's certificate is not signed by the root"
  case station = "the station's certificate is not signed by the enrolling key"
  case anotherKey = "the station's certificate is for another key"
  case anotherName = "the station's certificate is for another name"
}

extension Enrolment {
  /// The public key that the first commit of a chain claims, if it bears out the chain's name. It is enough to
  /// check signatures with; whether it is a station's is for `init(checking:)` to say.
  static func claimedKey(_ commit: Commit) throws(EnrolmentFailure) -> PublicKey {
    guard let fact = commit.facts.first, fact.kind == kind, fact.subject.sameBytes(as: "station/\(commit.station)")
    else { throw .notOpened }
    guard let key = fact.data["publicKey"]?.string.flatMap(PublicKey.init(text:)) else { throw .publicKey }
    guard StationName.isName(commit.station, of: key) else { throw .name }
    return key
  }

  /// What three certificates, as another station gave them, make of somebody; checked.
  public init(certificates: [[UInt8]]) throws(EnrolmentFailure) {
    let checked = try StationCertificates(checking: certificates)
    self.init(publicKey: checked.publicKey, rootFingerprint: checked.rootFingerprint, certificates: certificates)
  }

  /// Checks the three certificates of a chain's first commit: they must be for this key and name.
  public init(checking commit: Commit) throws(EnrolmentFailure) {
    let key = try Enrolment.claimedKey(commit)
    let texts = commit.facts[0].data["certificates"]?.array ?? []
    let ders = texts.compactMap { $0.string.flatMap { Base64.bytes(standard: $0.utf8) } }
    guard texts.count == ders.count else { throw .certificates }
    let checked = try StationCertificates(checking: ders)
    guard checked.publicKey == key else { throw .anotherKey }
    guard checked.station.sameBytes(as: StationName.station(ofChain: commit.station)) else { throw .anotherName }
    self.init(publicKey: key, rootFingerprint: checked.rootFingerprint, certificates: ders)
  }
}

extension DistinguishedName {
  var commonName: String? { text { $0.type == .RDNAttributeType.commonName } }
  var organizationName: String? { text { $0.type == .RDNAttributeType.organizationName } }

  private func text(where isWanted: (RelativeDistinguishedName.Attribute) -> Bool) -> String? {
    for name in self {
      for attribute in name where isWanted(attribute) { return String(attribute.value) }
    }
    return nil
  }
}
