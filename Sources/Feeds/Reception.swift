import Hospital
import Interop
import Register

/// What every message that is heard passes, whichever way it came: read, submitted, and what became of it said.
public struct Reception: Sendable {
  public enum Outcome: Sendable {
    /// On this disk.
    case taken([Warning], isRepeated: Bool)
    case ignored(Warning)
    case refused(MessageRefusal)
    /// The store could not keep it now, or never will: nothing was kept.
    case failed(any Error)
  }

  public struct Received: Sendable {
    public var envelope: Envelope
    public var outcome: Outcome
  }

  /// Hours without an offset are in it.
  public var localTime: LocalTime { translation.localTime }
  let register: Register
  private let translation: ADTTranslation

  /// nil where the structure's time zone is unknown to this machine.
  public init?(register: Register) throws {
    self.register = register
    let structure = try register.read { try $0.structure }
    guard let zone = LocalTime(zone: structure?.timeZone ?? Structure.usualTimeZone) else { return nil }
    translation = ADTTranslation(
      localTime: zone, isForPractice: structure?.fictive ?? false,
      appointmentKinds: structure?.appointmentKinds ?? [:], movementOID: structure?.movementOID)
  }

  /// Takes messages in together, in their order; returns once what was taken is fsynced.
  public func take(_ pieces: [MessageSplitter.Piece]) async -> [Received] {
    var received: [Received] = []
    var submitted: [(place: Int, submission: Submission)] = []
    for piece in pieces {
      let incoming = translation.translate(piece)
      let outcome: Outcome
      switch incoming.translated {
      case .ignored(let why): outcome = .ignored(why)
      case .refused(let refusal): outcome = .refused(refusal)
      case .facts(let facts):
        outcome = .taken([], isRepeated: false)
        submitted.append(
          (
            received.count,
            Submission(ReceivedMessage(facts), key: facts.command, author: "system", source: facts.source)
          ))
      }
      received.append(Received(envelope: incoming.envelope, outcome: outcome))
    }
    guard !submitted.isEmpty else { return received }
    let results = await register.submit(submitted.map(\.submission))
    for ((place, _), result) in zip(submitted, results) { received[place].outcome = Outcome(result) }
    return received
  }
}

extension Reception.Outcome {
  fileprivate init(_ result: Result<Receipt, any Error>) {
    switch result {
    case .success(let receipt): self = .taken(receipt.warnings, isRepeated: receipt.isRepeated)
    case .failure(let refusal as Refusal): self = .refused(MessageRefusal(keeping: refusal))
    case .failure(let fault): self = .failed(fault)
    }
  }
}

extension MessageRefusal {
  /// Of what could be read and not be kept. Only a line that cannot be written is the message's own fault; the rest is
  /// this station's, and another may take it.
  fileprivate init(keeping refusal: Refusal) {
    self.init(refusal.code == "cannot-be-written" ? .error : .reject, .internalError, at: "MSH", refusal)
  }
}
