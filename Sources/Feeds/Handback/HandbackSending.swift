import Hospital
import Interop
import Ledger
import Logging
import NIOSSL
import Register
import Synchronization

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
  /// Before the first repeat; twice as long each time.
  package var repeatSeconds = 0.5
  /// Until a message may go.
  package var sleep: @Sendable (ContinuousClock.Instant) async throws -> Void = {
    try await Task.sleep(until: $0, clock: .continuous)
  }

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

/// Another station sends already.
public struct HandbackElsewhere: Error, CustomStringConvertible {
  public var run: HandbackRun
  public var description: String {
    "\(run.station) has been sending to \(run.address) since \(run.since.text): wait for its end, or until it gave no "
      + "sign for \(HandbackRun.silenceSeconds / 60) minutes."
  }
}

/// Nobody answered for as long as somebody was ready to wait.
public struct HandbackGivenUp: Error, CustomStringConvertible {
  public var address: MLLPAddress
  public var description: String {
    "\(address) did not answer, or cannot write: look whether the main system listens there, then start again; nothing "
      + "is sent twice."
  }
}

/// One run of a hand-back: until nothing is left but what waits for a person.
struct HandbackSending {
  let register: Register
  let environment: Environment
  let options: HandbackOptions
  /// Account id, or `system`.
  let author: String
  let book: FeedBook
  let progress: @Sendable (HandbackProgress) -> Void

  private static let logger = Logger(label: "permanence")
  /// Answers that are kept together: as many as came while the last ones were written, within these.
  private static let batchMin = 64
  private static let batchMax = 512
  private static let batchTime: Duration = .seconds(1)
  /// Messages in a second up to which each answer is on the disk before the next message goes, so that whoever is killed
  /// says one again at most.
  private static let eachMax = 100.0

  private var keepsEach: Bool { options.perSecond > 0 && options.perSecond <= Self.eachMax }

  func run() async throws {
    try await sign()
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
      try? await submit(EndHandback())
      throw error
    }
    try await submit(EndHandback())
  }

  /// - Parameter before: how many went in this run.
  private func pass(_ key: FeedBook.Key, _ before: Int) async throws -> Int {
    let cursor = try HandbackCursor(register, try settings(), environment)
    let notes = Notes(key, signedAt: environment.now())
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
            for other in cursor.takeSuspects() { note(other.answer, other, notes) }
          }
        }
      } catch let fault as MLLPFault {
        try await keepAll(notes)
        if let tries = fault.triesMax, let under = cursor.current,
          under.isSuspect || retry.isHopeless(under.message.control, tries)
        {
          cursor.setAside(fault.answer)
        }
        if try await cursor.next() != nil, try await !retry.wait() { throw HandbackGivenUp(address: options.address) }
      } catch {
        try await keepAll(notes)
        throw error
      }
    }
    // Of the last ones nothing tells whether the fault is their own; a person can have them sent again. Where nobody
    // answered anything, it is likely the receiver's, or of whoever stands before it.
    let left = cursor.takeAside()
    let shown = left.filter { before + cursor.sent > 0 || $0.answer != nil || $0.isRefused }
    for next in shown { note(next.answer, next, notes) }
    try await keepAll(notes)
    guard shown.count == left.count else { throw HandbackGivenUp(address: options.address) }
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

  /// Notes what was answered; nil where nothing was. Gives whether it was taken.
  @discardableResult
  private func note(_ answer: AnswerReading?, _ next: HandbackCursor.Next, _ notes: Notes) -> Bool {
    var refusal: NoteHandback.Answer.Refused?
    if answer?.isAccepted != true {
      refusal = .init(answer: answer?.code ?? "none", place: answer?.place, reason: answer?.reason)
    }
    let message = next.message
    notes.taken.answers.append(
      .init(
        commit: next.commit, count: next.count, control: message.control, trigger: message.trigger,
        at: environment.now(), refusal: refusal))
    notes.taken.subjects.formUnion(message.patients + [message.subject])
    if refusal == nil { notes.taken.names += names(in: answer, to: message) }
    // The same of the stay that was told.
    let subject = message.subject
    if refusal == nil, subject.hasPrefix("stay/"),
      let number = answer?.stays.first(where: { !message.names(stay: $0) }),
      notes.numbered.updateValue(number, forKey: subject) != number
    {
      notes.taken.stays.append(NameStayHandedBack(stay: subject, number: number))
    }
    book.count(isTaken: refusal == nil, on: notes.key, at: environment.now())
    if refusal == nil { notes.taken.kept.formUnion([next.kept, message.control]) } else { notes.refusals += 1 }
    return refusal == nil
  }

  /// The main system's answer may hold a number of its own, beside ours, for whom it just created, or for whom none of
  /// its own was heard yet.
  private func names(in answer: AnswerReading?, to message: OutgoingMessage) -> [NameHandedBack] {
    guard let patient = message.patients.first, message.trigger == "A28" || !message.isNumberedThere else { return [] }
    return (answer?.numbers ?? []).filter { !message.names($0) }.map { NameHandedBack(patient: patient, number: $0) }
  }

  /// The same of the message that goes now.
  private func take(
    _ answer: AnswerReading, _ next: HandbackCursor.Next, _ cursor: HandbackCursor, _ notes: Notes
  ) async throws {
    let isTaken = note(answer, next, notes)
    cursor.answered(refused: !isTaken)
    notes.progress = HandbackProgress(
      sent: cursor.sent, refused: notes.refusals, done: cursor.done, of: cursor.queuesInAll)
    let count = notes.taken.answers.count
    let isDue =
      count >= Self.batchMax || count >= Self.batchMin && notes.written.isThere
      || ContinuousClock.now - notes.keptAt >= Self.batchTime
    if keepsEach { try await keepAll(notes) } else if isDue || !isTaken { try await keep(notes) }
    // What follows of whom it calls otherwise than we do bears its own number too.
    guard isTaken, !names(in: answer, to: next.message).isEmpty, cursor.isFollowed(next) else { return }
    try await keepAll(notes)
    try await cursor.remake(after: next)
  }

  /// Puts what was noted on this disk, for every station to know, while the next messages go; of those at most as many
  /// as a batch holds.
  private func keep(_ notes: Notes) async throws {
    if !notes.taken.answers.isEmpty { progress(notes.progress) }
    try await notes.keeping?.value
    let (taken, now) = (notes.taken, environment.now())
    notes.taken = Taken()
    notes.keptAt = .now
    let isSignDue = now.milliseconds - notes.signedAt.milliseconds >= Int64(HandbackRun.signSeconds) * 1000
    if isSignDue { notes.signedAt = now }
    let written = Written()
    notes.written = written
    notes.keeping = Task {
      defer { written.note() }
      if isSignDue { try await sign() }
      try await keep(taken)
    }
  }

  /// The same, until all of it is there.
  private func keepAll(_ notes: Notes) async throws {
    try await keep(notes)
    try await notes.keeping?.value
  }

  private func keep(_ taken: Taken) async throws {
    for name in taken.names {
      // Where the file was merged meanwhile, its survivor's feed will say.
      do { try await submit(name) } catch is Refusal {}
    }
    for name in taken.stays {
      do { try await submit(name) } catch let refusal as Refusal {
        Self.logger.notice("an answer's number of a stay was not taken: \(refusal.code)")
      }
    }
    guard !taken.answers.isEmpty else { return }
    try await submit(NoteHandback(taken.answers))
    try register.forget(underWay: Array(taken.kept))
    // The main system's feed may have spoken of them before that.
    let alike = try register.read { try $0.subjectsAlike(taken.subjects) }
    try await HandbackLinking.link(alike, register, environment)
  }

  /// Says that this station sends.
  private func sign() async throws { try await submit(BeginHandback(address: options.address.description)) }

  private func submit(_ command: any Command) async throws {
    _ = try await register.submit(Submission(command, key: environment.newID(), author: author))
  }

  private struct Taken {
    var answers: [NoteHandback.Answer] = []
    /// The numbers under which those that were taken are kept.
    var kept: Set<String> = []
    var names: [NameHandedBack] = []
    var stays: [NameStayHandedBack] = []
    /// Of those messages.
    var subjects: Set<String> = []
  }

  private final class Notes {
    /// Of the connection in the book.
    let key: FeedBook.Key
    var taken = Taken()
    /// What the answers of this pass called each stay.
    var numbered: [String: String] = [:]
    var keeping: Task<Void, any Error>?
    /// Of what is being kept.
    var written = Written(true)
    var keptAt = ContinuousClock.now
    var signedAt: Instant
    var refusals = 0
    var progress = HandbackProgress()

    init(_ key: FeedBook.Key, signedAt: Instant) { (self.key, self.signedAt) = (key, signedAt) }
  }
}

/// Whether answers are on the disk.
private final class Written: Sendable {
  private let flag: Atomic<Bool>

  init(_ isThere: Bool = false) { flag = Atomic(isThere) }

  var isThere: Bool { flag.load(ordering: .relaxed) }

  func note() { flag.store(true, ordering: .relaxed) }
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
