import Dispatch
import Hospital
import Interop
import Ledger
import Register
import Synchronization

/// What other systems are told, in whose words and under whose hour.
public struct FeedSettings: Sendable {
  /// Sentences for whoever reads ERR-8.
  public var refusal: @Sendable (Refusal) -> String
  public var warning: @Sendable (Warning) -> String
  /// What was assumed is told too, as ERR of severity W: not every sender stands that.
  public var tellsWarnings: Bool
  public var now: @Sendable () -> Instant

  public init(
    refusal: @escaping @Sendable (Refusal) -> String, warning: @escaping @Sendable (Warning) -> String,
    tellsWarnings: Bool, now: @escaping @Sendable () -> Instant
  ) {
    self.refusal = refusal
    self.warning = warning
    self.tellsWarnings = tellsWarnings
    self.now = now
  }
}

/// From blocks to answers: takes messages in, keeps what is refused, says what became of each.
public final class Answering: Sendable {
  public let reception: Reception
  public let book = FeedBook()
  let settings: FeedSettings
  /// MSH-10 of the next answer: grows from one start of the station to the next.
  private let number: Mutex<Int64>
  /// What is refused is written here, one after another: whoever floods us with it holds nobody else up.
  private let keeping = DispatchQueue(label: "permanence.refused")

  public init(_ reception: Reception, _ settings: FeedSettings) {
    self.reception = reception
    self.settings = settings
    number = Mutex(settings.now().milliseconds * 1000)
  }

  /// The same for a connection of its own, which ends with it.
  package func answer(_ blocks: [MLLPBlocks.Block], from peer: String) async -> [UInt8] {
    var key = book.open(peer, at: settings.now())
    defer { book.end(key) }
    return await answer(blocks, from: peer, &key)
  }

  /// The answers to these blocks, one after another in MLLP's framing: nothing for a block whose sender began again.
  /// - Parameter key: under which the connection goes in the book.
  func answer(_ blocks: [MLLPBlocks.Block], from peer: String, _ key: inout FeedBook.Key) async -> [UInt8] {
    var pieces: [MessageSplitter.Piece] = []
    var isAnswered: [Bool] = []
    var raw: [[UInt8]] = []
    for block in blocks {
      var found: [MessageSplitter.Piece] = []
      let (bytes, answered) = Self.pieces(of: block, &found)
      pieces += found
      isAnswered += found.map { _ in answered }
      raw += found.map { piece in if case .message(let message) = piece { message } else { bytes } }
    }
    var received = await reception.take(pieces)
    for index in received.indices where !isAnswered[index] { received[index].outcome = .refused(.unended) }
    await keep(&received, raw, peer)
    let now = settings.now()
    key = book.count(received, on: key, at: now)
    var answers: [UInt8] = []
    for (message, answered) in zip(received, isAnswered) where answered {
      answers.append(0x0B)
      answers +=
        acknowledgement(message.outcome).bytes(
          answering: message.envelope, control: nextNumber(), at: now, reception.localTime,
          in: message.envelope.charset
        ).bytes
      answers += [0x1C, 0x0D]
    }
    return answers
  }

  /// What is in a block: its messages, almost always one; its bytes, for whoever looks at what was refused; whether
  /// its sender waits.
  static func pieces(
    of block: MLLPBlocks.Block, _ found: inout [MessageSplitter.Piece]
  ) -> (bytes: [UInt8], isAnswered: Bool) {
    switch block {
    case .whole(let bytes):
      var splitter = MessageSplitter()
      splitter.feed(bytes) { found.append($0) }
      splitter.finish { found.append($0) }
      if found.isEmpty { found.append(.notHL7(bytes: bytes.count)) }
      return (bytes, true)
    case .tooLong(let head):
      found.append(.tooLong(head: head))
      return (head, true)
    case .unended(let bytes):
      found.append(.notHL7(bytes: bytes.count))
      return (bytes, false)
    }
  }

  /// What is refused is kept before that is said; where it cannot be, the sender keeps it and tries again.
  private func keep(_ received: inout [Reception.Received], _ raw: [[UInt8]], _ peer: String) async {
    let now = settings.now()
    var places: [Int] = []
    var refused: [RefusedMessage] = []
    for (index, message) in received.enumerated() {
      guard case .refused(let refusal) = message.outcome else { continue }
      places.append(index)
      refused.append(
        RefusedMessage(
          at: now, peer: peer, sender: message.envelope.control.isEmpty ? "" : message.envelope.sender,
          control: message.envelope.control, type: message.envelope.typeText, answer: refusal.code.rawValue,
          place: refusal.location, reason: refusal.reason, message: raw[index]))
    }
    guard !refused.isEmpty, let failure = await keep(refused) else { return }
    for place in places { received[place].outcome = .failed(failure) }
  }

  private func keep(_ refused: [RefusedMessage]) async -> (any Error)? {
    await withCheckedContinuation { continuation in
      keeping.async { [register = reception.register] in
        do {
          let isKept = try register.keep(refused: refused)
          continuation.resume(returning: isKept ? nil : Refusal("hl7.not-kept"))
        } catch { continuation.resume(returning: error) }
      }
    }
  }

  func acknowledgement(_ outcome: Reception.Outcome) -> Acknowledgement {
    switch outcome {
    case .taken(let warnings, _): told(warnings)
    case .ignored(let warning): told([warning])
    case .refused(let refusal): Acknowledgement(refusal, sentence: settings.refusal)
    case .failed: Acknowledgement(.notKept, sentence: settings.refusal)
    }
  }

  private func told(_ warnings: [Warning]) -> Acknowledgement {
    Acknowledgement(warnings: settings.tellsWarnings ? warnings : [], sentence: settings.warning)
  }

  private func nextNumber() -> String {
    number.withLock { number in
      number += 1
      return "P\(number)"
    }
  }
}
