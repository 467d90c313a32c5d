import Ledger

/// What a new station (`Joining`) asks the one that invited it.
public struct JoinQuestion: Sendable, Equatable {
  /// The name for people; 1 to 17 characters.
  public var people: String
  public var publicKey: PublicKey
  /// 16 random bytes.
  public var nonce: [UInt8]

  public init(people: String, publicKey: PublicKey, nonce: [UInt8]) {
    self.people = people
    self.publicKey = publicKey
    self.nonce = nonce
  }

  /// With the joiner's proof, as JSON.
  func bytes(proof: [UInt8]) -> [UInt8] {
    let json: JSON = [
      "name": .string(people), "publicKey": .string(publicKey.text), "nonce": .string(Base64.url(nonce)),
      "proof": .string(Base64.url(proof)),
    ]
    return json.bytes
  }

  static func read(_ bytes: [UInt8]) -> (question: JoinQuestion, proof: [UInt8])? {
    guard let json = try? JSON(parsing: bytes), let people = json["name"]?.string,
      let key = json["publicKey"]?.string.flatMap(PublicKey.init(text:)),
      let nonce = json["nonce"]?.string.flatMap({ Base64.bytes(url: $0.utf8) }), nonce.count == JoinProof.nonceBytes,
      let proof = json["proof"]?.string.flatMap({ Base64.bytes(url: $0.utf8) }), proof.count == JoinProof.macBytes,
      StationName.make(people: people, key: key) != nil
    else { return nil }
    return (JoinQuestion(people: people, publicKey: key, nonce: nonce), proof)
  }
}

/// The certificates of the new station, with the host's proof.
struct JoinAnswer: Sendable, Equatable {
  /// DER: the station's, the enrolling key's, the root's.
  var certificates: [[UInt8]]
  var proof: [UInt8]

  var bytes: [UInt8] {
    let json: JSON = [
      "certificates": .array(certificates.map { .string(Base64.standard($0)) }), "proof": .string(Base64.url(proof)),
    ]
    return json.bytes
  }

  init(certificates: [[UInt8]], proof: [UInt8]) {
    self.certificates = certificates
    self.proof = proof
  }

  init?(reading bytes: [UInt8]) {
    guard let json = try? JSON(parsing: bytes), let texts = json["certificates"]?.array,
      let proof = json["proof"]?.string.flatMap({ Base64.bytes(url: $0.utf8) })
    else { return nil }
    certificates = texts.compactMap { $0.string.flatMap { Base64.bytes(standard: $0.utf8) } }
    self.proof = proof
    guard certificates.count == texts.count else { return nil }
  }
}
