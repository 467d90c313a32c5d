import Interop
import Register

/// One run of a hand-back: until nothing is left but what waits for a person.
struct HandbackSending {
  let register: Register
  let environment: Environment
  let options: HandbackOptions
  /// Account id, or `system`.
  let author: String
  let book: FeedBook
  let progress: @Sendable (HandbackProgress) -> Void

  func run() async throws {
    try await writing.sign()
    let receiver = [options.receivingApplication, options.receivingFacility].filter { !$0.isEmpty }
    let key = book.open(
      options.address.description, sender: receiver.joined(separator: "|"), at: environment.now())
    defer { book.end(key) }
    do {
      // What was said meanwhile goes too.
      var (sent, more) = (0, 0)
      repeat {
        more = try await pass(key, sent)
        sent += more
      } while more > 0
    } catch {
      try? await writing.end()
      throw error
    }
    try await writing.end()
  }

  /// - Parameter before: how many went in this run.
  private func pass(_ key: FeedBook.Key, _ before: Int) async throws -> Int {
    let cursor = try HandbackCursor(register, try settings(), environment)
    let notes = HandbackNotes(writing, book, key, perSecond: options.perSecond, report: progress)
    cursor.keepNumbers = { try await notes.keepAll() }
    var retry = Retry(first: options.repeatSeconds, patience: .seconds(options.patienceSeconds))
    var throttle = Throttle(perSecond: options.perSecond, sleep: options.sleep)
    while try await cursor.next() != nil {
      do {
        try await client.connected { conversation in
          while true {
            // Somebody may take it up while it waits, so that it is taken after that.
            try await throttle.wait()
            guard let next = try await cursor.next() else { break }
            let answer = try await conversation.ask(next.bytes, control: next.message.number)
            if answer.isPassing { throw MLLPFault.busy(answer) }
            retry.succeeded()
            try await take(answer, next, cursor, notes)
            // Somebody is there, so that it was those messages that nothing came of.
            for other in cursor.takeSuspects() { notes.note(other.answer, other) }
          }
        }
      } catch let fault as MLLPFault {
        try await notes.keepAll()
        if let tries = fault.triesMax, let under = cursor.current,
          under.isSuspect || retry.isHopeless(under.message.control, tries)
        {
          cursor.setAside(fault.answer)
        }
        if try await cursor.next() != nil, try await !retry.wait() { throw HandbackGivenUp(address: options.address) }
      } catch {
        try await notes.keepAll()
        throw error
      }
    }
    // Of the last ones nothing tells whether the fault is their own; a person can have them sent again. Where nobody
    // answered anything, it is likely the receiver's, or of whoever stands before it.
    let left = cursor.takeAside()
    let shown = left.filter { before + cursor.sent > 0 || $0.answer != nil || $0.isRefused }
    for next in shown { notes.note(next.answer, next) }
    try await notes.keepAll()
    guard shown.count == left.count else { throw HandbackGivenUp(address: options.address) }
    return cursor.sent
  }

  private var writing: HandbackWriting {
    HandbackWriting(register: register, environment: environment, address: options.address, author: author)
  }

  private var client: MLLPClient {
    MLLPClient(address: options.address, tls: options.tls, answerSeconds: options.answerSeconds)
  }

  func settings() throws -> SendingSettings {
    try SendingSettings(
      register, charset: options.charset, receivingApplication: options.receivingApplication,
      receivingFacility: options.receivingFacility)
  }

  private func take(
    _ answer: AnswerReading, _ next: HandbackCursor.Next, _ cursor: HandbackCursor, _ notes: HandbackNotes
  ) async throws {
    let (isTaken, isNumbered) = notes.note(answer, next)
    cursor.answered(refused: !isTaken)
    notes.progress = HandbackProgress(
      sent: cursor.sent, refused: notes.refusals, done: cursor.done, of: cursor.queuesInAll)
    try await notes.keepDue(afterRefusal: !isTaken)
    if isNumbered { cursor.putOff(after: next) }
  }
}

extension MLLPFault {
  /// A message with which that happens so often in a row waits until another one is answered; nil where nobody heard it.
  /// Whoever cannot write now is given half a minute.
  fileprivate var triesMax: Int? {
    switch self {
    case .unreachable: nil
    case .unanswered: 3
    case .busy: 7
    }
  }

  fileprivate var answer: AnswerReading? { if case .busy(let answer) = self { answer } else { nil } }
}

/// How far a run is.
public struct HandbackProgress: Sendable, Equatable {
  public var sent = 0
  public var refused = 0
  /// Queues of people.
  public var done = 0
  public var of = 0
}

/// So many in a second at most.
struct Throttle {
  private let gap: Duration?
  private let sleep: @Sendable (ContinuousClock.Instant) async throws -> Void
  private var free = ContinuousClock.now

  init(perSecond: Double, sleep: @escaping @Sendable (ContinuousClock.Instant) async throws -> Void) {
    gap = perSecond > 0 ? .seconds(1 / perSecond) : nil
    self.sleep = sleep
  }

  mutating func wait() async throws {
    guard let gap else { return }
    let now = ContinuousClock.now
    if free > now { try await sleep(free) }
    free = max(free, now) + gap
  }
}
