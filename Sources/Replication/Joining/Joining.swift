import Ledger

/// What a new station asks of the one that invited it, whatever carries it: over the network, `HTTPJoinLink`.
public protocol JoinLink: Sendable {
  /// DER of the certificate that the host shows on this connection, and its half of the salt.
  func begin() async throws -> (hostCertificate: [UInt8], salt: [UInt8])
  func ask(_ question: [UInt8]) async throws -> [UInt8]
}

/// The new station's side.
public struct Joining: Sendable {
  let people: String
  let key: SigningKey
  let rounds: Int

  /// - Parameter people: the name for people; 1 to 17 of `a-z`, `0-9` and `-`.
  public init(people: String, key: SigningKey, rounds: Int? = nil) {
    self.people = people
    self.key = key
    self.rounds = rounds ?? JoinProof.usualRounds
  }

  /// Its certificates, given by a host that knows the code.
  ///
  /// - Parameter nonce: 16 random bytes.
  public func join(_ link: any JoinLink, code: JoinCode, nonce: [UInt8]) async throws -> Enrolment {
    let (hostCertificate, salt) = try await link.begin()
    guard salt.count == JoinProof.nonceBytes else { throw JoinRefusal.malformed }
    let question = JoinQuestion(people: people, publicKey: key.publicKey, nonce: nonce)
    let proof = try JoinProof(
      code: code, hostCertificate: hostCertificate, salt: salt, asked: question, rounds: rounds)
    let bytes = try await link.ask(question.bytes(proof: proof.question))
    guard let answer = JoinAnswer(reading: bytes) else { throw JoinRefusal.malformed }
    guard proof.isAnswer(answer.proof, answer.certificates) else { throw JoinRefusal.proof }
    guard let enrolment = try? Enrolment(certificates: answer.certificates), enrolment.publicKey == key.publicKey,
      StationCertificates.station(named: answer.certificates[0])
        == StationName.make(people: people, key: key.publicKey)
    else { throw JoinRefusal.certificates }
    return enrolment
  }
}
