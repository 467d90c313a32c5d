import Ledger

/// The open invitation of a station that enrols others: one at a time, for 15 minutes, one use, few guesses.
/// `JoinServer` brings it the questions.
public actor Inviting {
  public static let seconds = 900
  /// Of a code of 40 bits: three in a million million to guess it.
  package static let guessesMax = 3

  private struct Invitation {
    let code: JoinCode
    let salt: [UInt8]
    let since: Instant
    var guesses = 0
  }

  private let hostCertificate: [UInt8]
  private let now: @Sendable () -> Instant
  private let random: @Sendable (Int) -> [UInt8]
  private let rounds: Int
  private let isTaken: @Sendable (_ people: String) throws -> Bool
  private let enrol: @Sendable (_ people: String, _ key: PublicKey) async throws -> Enrolment
  private var open: Invitation?

  /// - Parameters:
  ///   - hostCertificate: DER, the one that this station's listener shows.
  ///   - rounds: of scrypt; a power of two.
  ///   - isTaken: whether a station of this hospital, dead or living, has that name.
  ///   - enrol: makes somebody a station of this hospital.
  public init(
    hostCertificate: [UInt8], rounds: Int? = nil, now: @escaping @Sendable () -> Instant,
    random: @escaping @Sendable (Int) -> [UInt8], isTaken: @escaping @Sendable (_ people: String) throws -> Bool,
    enrol: @escaping @Sendable (_ people: String, _ key: PublicKey) async throws -> Enrolment
  ) {
    self.hostCertificate = hostCertificate
    self.rounds = rounds ?? JoinProof.usualRounds
    self.now = now
    self.random = random
    self.isTaken = isTaken
    self.enrol = enrol
  }

  /// Opens an invitation; one that was open is no more.
  public func invite() -> JoinCode {
    let code = JoinCode(random: random)
    open = Invitation(code: code, salt: random(JoinProof.nonceBytes), since: now())
    return code
  }

  /// This station's half of the salt.
  package func salt() throws(JoinRefusal) -> [UInt8] { try invitation().salt }

  /// The answer to a question, as bytes. Each question is a guess, whatever it holds.
  package func answer(_ bytes: [UInt8]) async throws -> [UInt8] {
    var invitation = try invitation()
    invitation.guesses += 1
    open = invitation.guesses < Self.guessesMax ? invitation : nil
    guard let (question, given) = JoinQuestion.read(bytes) else { throw JoinRefusal.malformed }
    let proof = try JoinProof(
      code: invitation.code, hostCertificate: hostCertificate, salt: invitation.salt, asked: question, rounds: rounds)
    guard proof.isQuestion(given) else { throw JoinRefusal.proof }
    // Whoever knows the code may ask again, by another name.
    guard try !isTaken(question.people) else { throw JoinRefusal.nameTaken }
    // Before anybody else can ask.
    open = nil
    let enrolment = try await enrol(question.people, question.publicKey)
    return JoinAnswer(certificates: enrolment.certificates, proof: proof.answer(enrolment.certificates)).bytes
  }

  private func invitation() throws(JoinRefusal) -> Invitation {
    let now = now()
    // A clock that was put back before its beginning ends it too.
    guard let open, now >= open.since, now <= open.since.adding(seconds: Self.seconds) else {
      open = nil
      throw .notInvited
    }
    return open
  }
}
