import Hospital
import Interop
import Register

extension RefusedMessage {
  /// What is kept of it is all of it: a message that was cut off, or too long, would be another one. One that was put
  /// aside may still be.
  public var canBeReplayed: Bool {
    ![MessageRefusal.unended, .tooLong].map(\.reason.code).contains(reason.code) && !isTaken
  }
}

extension Answering {
  /// Takes a message that was refused in once more, for `account`: the structure, the program or the hour may be others
  /// by now. What was taken before is not taken twice.
  /// - Returns: what became of it; of several messages, of the first that is not taken.
  public func replay(_ refused: RefusedMessage, by account: String) async throws -> Reception.Outcome {
    var pieces: [MessageSplitter.Piece] = []
    _ = Self.pieces(of: .whole(refused.message), &pieces)
    let outcomes = await reception.take(pieces).map(\.outcome)
    for outcome in outcomes {
      switch outcome {
      case .failed(let fault): throw fault
      case .refused(let refusal):
        try reception.register.note(
          refused: refused.id, answer: refusal.code.rawValue, place: refusal.location, refusal.reason)
        return outcome
      case .taken, .ignored: continue
      }
    }
    try reception.register.settle(refused: refused.id, isTaken: true, by: account, at: settings.now())
    return outcomes[0]
  }
}
