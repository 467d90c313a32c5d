import Feeds

/// What became of each message of an import.
struct ImportReport: Encodable {
  enum Outcome: String, Encodable {
    case accepted, warned, ignored, refused, duplicate
  }

  struct Message: Encodable {
    var file: String
    var control: String
    var trigger: String
    var outcome: Outcome
    var reasons: [String]
  }

  private(set) var messages = 0
  private(set) var accepted = 0
  private(set) var warned = 0
  private(set) var ignored = 0
  private(set) var refused = 0
  private(set) var duplicates = 0
  private(set) var outcomes: [Message] = []

  /// - Throws: what kept the store from keeping the message.
  mutating func add(file: String, _ received: Reception.Received) throws {
    switch received.outcome {
    case .taken(_, isRepeated: true): add(file, received, .duplicate, [])
    case .taken(let warnings, isRepeated: false):
      add(file, received, warnings.isEmpty ? .accepted : .warned, warnings.map(Sentence.text(of:)))
    case .ignored(let why): add(file, received, .ignored, [Sentence.text(of: why)])
    case .refused(let refusal): add(file, received, .refused, [Sentence.text(of: refusal.reason)])
    case .failed(let fault): throw fault
    }
  }

  private mutating func add(_ file: String, _ received: Reception.Received, _ outcome: Outcome, _ reasons: [String]) {
    let envelope = received.envelope
    outcomes.append(
      Message(
        file: file, control: envelope.control, trigger: envelope.trigger, outcome: outcome, reasons: reasons))
    messages += 1
    switch outcome {
    case .accepted: accepted += 1
    case .warned: warned += 1
    case .ignored: ignored += 1
    case .refused: refused += 1
    case .duplicate: duplicates += 1
    }
  }

  func answer() throws -> Answer {
    let told = outcomes.filter { $0.outcome == .refused || $0.outcome == .warned }.map {
      "\($0.control) \($0.trigger) \($0.outcome.rawValue): \($0.reasons.joined(separator: " "))"
    }
    let counts =
      "\(messages) messages: \(accepted) accepted, \(warned) with a warning, \(ignored) not ours, "
      + "\(refused) refused, \(duplicates) known already."
    return try Answer(self, text: (told + [counts]).joined(separator: "\n"), isYes: refused == 0)
  }
}
