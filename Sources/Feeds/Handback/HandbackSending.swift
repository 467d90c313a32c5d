import Hospital
import Interop
import Ledger
import Logging
import NIOSSL
import Register

/// How a hand-back is sent.
public struct HandbackOptions: Sendable {
  public var address: MLLPAddress
  public var tls: TLSConfiguration?
  public var charset: Charset
  /// MSH-5 and MSH-6.
  public var receivingApplication: String
  public var receivingFacility: String
  /// At most; 0 for as many as the other side takes.
  public var perSecond: Double
  /// For an answer.
  public var answerSeconds: Int64
  /// Without any answer for so long, it is given up until somebody starts it again.
  public var patienceSeconds: Int

  public init(
    address: MLLPAddress, tls: TLSConfiguration? = nil, charset: Charset = .latin1, receivingApplication: String = "",
    receivingFacility: String = "", perSecond: Double = 50, answerSeconds: Int64 = 30, patienceSeconds: Int = 600
  ) {
    self.address = address
    self.tls = tls
    self.charset = charset
    self.receivingApplication = receivingApplication
    self.receivingFacility = receivingFacility
    self.perSecond = perSecond
    self.answerSeconds = answerSeconds
    self.patienceSeconds = patienceSeconds
  }
}

/// Nobody answered for as long as somebody was ready to wait.
public struct HandbackGivenUp: Error, CustomStringConvertible {
  public var address: MLLPAddress
  public var description: String {
    "\(address) did not answer: look whether the main system listens there, then start again; nothing is sent twice."
  }
}

/// One run of a hand-back: until nothing is left but what waits for a person.
struct HandbackSending {
  let register: Register
  let environment: Environment
  let options: HandbackOptions
  /// Account id, or `system`.
  let author: String
  let progress: @Sendable (HandbackProgress) -> Void

  /// A message that so many connections ended on goes to a person, so that the others can go on.
  private static let attemptsMax = 5
  /// Answers that are kept together.
  private static let batchMax = 64
  private static let batchTime: Duration = .seconds(1)

  func run() async throws {
    // What was said meanwhile goes too.
    while try await pass() > 0 {}
  }

  private func pass() async throws -> Int {
    let cursor = try HandbackCursor(register, try settings(), at: environment.now())
    let notes = Notes()
    var retry = Retry(patience: .seconds(options.patienceSeconds))
    var throttle = Throttle(perSecond: options.perSecond)
    while try cursor.next() != nil {
      do {
        try await client.connected { conversation in
          while let next = try cursor.next() {
            try await throttle.wait()
            let bytes = next.message.bytes(in: options.charset).bytes
            let answer = try await conversation.ask(bytes, control: next.message.control)
            if answer.isPassing { throw MLLPFault.busy }
            retry.succeeded()
            // Somebody is there, so that it was those messages that nothing came of.
            for other in cursor.takeAside() { note(nil, other, notes) }
            try await take(answer, next, cursor, notes)
          }
        }
      } catch let fault as MLLPFault {
        try await keep(notes)
        if case .unanswered = fault, let under = try cursor.next(),
          retry.isHopeless(under.message.control, Self.attemptsMax)
        {
          if cursor.sent > 0 { try await take(nil, under, cursor, notes) } else { cursor.setAside() }
        }
        guard try await retry.wait() else { throw HandbackGivenUp(address: options.address) }
      } catch {
        try await keep(notes)
        throw error
      }
    }
    try await keep(notes)
    // Nothing was ever answered: whether the fault is theirs or the messages' nobody can say.
    guard cursor.takeAside().isEmpty else { throw HandbackGivenUp(address: options.address) }
    return cursor.sent
  }

  private var client: MLLPClient {
    MLLPClient(address: options.address, tls: options.tls, answerSeconds: options.answerSeconds)
  }

  func settings() throws -> SendingSettings {
    try SendingSettings(
      register, charset: options.charset, receivingApplication: options.receivingApplication,
      receivingFacility: options.receivingFacility)
  }

  /// Notes what was answered; nil where nothing ever was. Gives whether it was taken.
  @discardableResult
  private func note(_ answer: AnswerReading?, _ next: HandbackCursor.Next, _ notes: Notes) -> Bool {
    var refusal: NoteHandback.Answer.Refused?
    if answer?.isAccepted != true {
      refusal = .init(answer: answer?.code ?? "none", place: answer?.place, reason: answer?.reason)
    }
    notes.answers.append(
      .init(
        commit: next.commit, count: next.count, control: next.message.control, trigger: next.message.trigger,
        at: environment.now(), refusal: refusal))
    if refusal != nil { notes.refusals += 1 }
    return refusal == nil
  }

  /// The same of the message that goes now.
  private func take(
    _ answer: AnswerReading?, _ next: HandbackCursor.Next, _ cursor: HandbackCursor, _ notes: Notes
  ) async throws {
    let isTaken = note(answer, next, notes)
    if let number = answer?.patient, isTaken { try await name(next.message, number) }
    cursor.answered(refused: !isTaken)
    progress(
      HandbackProgress(
        sent: cursor.sent, refused: notes.refusals, done: cursor.done, of: cursor.queuesInAll))
    let isDue = notes.answers.count >= Self.batchMax || ContinuousClock.now - notes.keptAt >= Self.batchTime
    if isDue || !isTaken { try await keep(notes) }
  }

  /// The main system's answer holds a number of its own for whom it just created.
  private func name(_ message: OutgoingMessage, _ number: Identifier) async throws {
    guard message.trigger == "A28" else { return }
    do {
      let command = NameHandedBack(patient: message.subject, number: number)
      _ = try await register.submit(Submission(command, key: environment.newID(), author: author))
    } catch is Refusal {
      // The file was merged meanwhile: its survivor's feed will say.
    }
  }

  /// On this disk, for every station to know.
  private func keep(_ notes: Notes) async throws {
    notes.keptAt = .now
    guard !notes.answers.isEmpty else { return }
    _ = try await register.submit(
      Submission(NoteHandback(notes.answers), key: environment.newID(), author: author))
    // The main system's feed may have spoken of them before that.
    let alike = try register.read { reading in
      try notes.answers.reduce(into: Set<String>()) { $0.formUnion(try reading.subjectsAlike($1.commit)) }
    }
    notes.answers = []
    try await HandbackLinking.link(alike, register, environment)
  }

  private final class Notes {
    var answers: [NoteHandback.Answer] = []
    var keptAt = ContinuousClock.now
    var refusals = 0
  }
}

extension SendingSettings {
  /// Of this hospital, as its structure says.
  init(
    _ register: Register, charset: Charset, receivingApplication: String, receivingFacility: String
  ) throws {
    guard let structure = try register.read({ try $0.structure }), let zone = LocalTime(zone: structure.timeZone)
    else { throw RegisterFault.store("there is no structure to speak for") }
    self.init(
      structure: structure, localTime: zone, charset: charset, receivingApplication: receivingApplication,
      receivingFacility: receivingFacility)
  }
}

/// How far a run is.
public struct HandbackProgress: Sendable, Equatable {
  public var sent = 0
  public var refused = 0
  /// Queues of people.
  public var done = 0
  public var of = 0
}

/// How long to wait before trying again: half a second, twice as long each time, half a minute at most, and a random
/// part of it, so that many stations do not come back at once.
struct Retry {
  let patience: Duration
  private var failures = 0
  private var since: ContinuousClock.Instant?
  private var hopeless: (control: String, times: Int) = ("", 0)

  init(patience: Duration) { self.patience = patience }

  mutating func succeeded() { (failures, since) = (0, nil) }

  /// Whether that message ended its `max`-th connection in a row.
  mutating func isHopeless(_ control: String, _ max: Int) -> Bool {
    hopeless = control == hopeless.control ? (control, hopeless.times + 1) : (control, 1)
    return hopeless.times >= max
  }

  /// Seconds, of which a random half is waited at least.
  var delay: Double { min(30, 0.5 * Double(1 << min(failures, 6))) }

  /// false once patience is over.
  mutating func wait() async throws -> Bool {
    let began = since ?? .now
    since = began
    guard ContinuousClock.now - began < patience else { return false }
    let seconds = delay * Double.random(in: 0.5...1)
    failures += 1
    try await Task.sleep(for: .seconds(seconds))
    return true
  }
}

/// So many in a second at most.
struct Throttle {
  private let gap: Duration?
  private var free = ContinuousClock.now

  init(perSecond: Double) { gap = perSecond > 0 ? .seconds(1 / perSecond) : nil }

  mutating func wait() async throws {
    guard let gap else { return }
    let now = ContinuousClock.now
    if free > now { try await Task.sleep(until: free, clock: .continuous) }
    free = max(free, now) + gap
  }
}
