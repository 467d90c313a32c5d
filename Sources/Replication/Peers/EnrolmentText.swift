import Ledger

/// `{"certificates": ["…", …]}`: what a station is given that is certified anew.
enum EnrolmentText {
  static let bytesMax = 65_536

  static func bytes(of enrolment: Enrolment) -> [UInt8] {
    let certificates = enrolment.certificates.map { JSON.string(Base64.standard($0)) }
    return (["certificates": .array(certificates)] as JSON).bytes
  }

  static func enrolment(reading bytes: [UInt8], for key: PublicKey) throws(PeerFault) -> Enrolment {
    let texts = (try? JSON(parsing: bytes))?["certificates"]?.array ?? []
    let ders = texts.compactMap { $0.string.flatMap { Base64.bytes(standard: $0.utf8) } }
    guard let enrolment = try? Enrolment(certificates: ders), enrolment.publicKey == key else {
      throw .garbage("certificates that are not for this key")
    }
    return enrolment
  }

  static func question(_ key: PublicKey) -> [UInt8] { (["publicKey": .string(key.text)] as JSON).bytes }

  static func key(reading bytes: [UInt8]) -> PublicKey? {
    (try? JSON(parsing: bytes))?["publicKey"]?.string.flatMap(PublicKey.init(text:))
  }
}
