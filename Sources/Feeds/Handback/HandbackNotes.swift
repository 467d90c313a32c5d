import Hospital
import Interop
import Ledger
import Logging
import Register
import Synchronization

/// What was answered in one pass of a hand-back, until it is on this disk.
final class HandbackNotes {
  /// Answers that are kept together: as many as came while the last ones were written, within these.
  private static let batchMin = 64
  private static let batchMax = 512
  private static let batchTime: Duration = .seconds(1)
  /// Messages in a second up to which each answer is on the disk before the next message goes, so that whoever is killed
  /// says one again at most.
  private static let eachMax = 100.0

  private let writing: HandbackWriting
  private let book: FeedBook
  /// Of the connection in it.
  private let key: FeedBook.Key
  private let report: @Sendable (HandbackProgress) -> Void
  private let keepsEach: Bool
  private var taken = HandbackWriting.Taken()
  /// What the answers of this pass called each stay.
  private var numbered: [String: String] = [:]
  private var keeping: Task<Void, any Error>?
  /// Of what is being kept.
  private var written = Written(true)
  private var keptAt = ContinuousClock.now
  private var signedAt: Instant
  private(set) var refusals = 0
  var progress = HandbackProgress()

  init(
    _ writing: HandbackWriting, _ book: FeedBook, _ key: FeedBook.Key, perSecond: Double,
    report: @escaping @Sendable (HandbackProgress) -> Void
  ) {
    (self.writing, self.book, self.key, self.report) = (writing, book, key, report)
    keepsEach = perSecond > 0 && perSecond <= Self.eachMax
    signedAt = writing.environment.now()
  }

  /// - Parameter answer: nil where nothing was answered.
  /// - Returns: whether it was taken, and says a number of the main system's own for whom it speaks of.
  @discardableResult
  func note(_ answer: AnswerReading?, _ next: HandbackCursor.Next) -> (isTaken: Bool, isNumbered: Bool) {
    let (message, now) = (next.message, writing.environment.now())
    let isTaken = answer?.isAccepted == true
    var refusal: NoteHandback.Answer.Refused?
    if !isTaken { refusal = .init(answer: answer?.code ?? "none", place: answer?.place, reason: answer?.reason) }
    taken.answers.append(
      .init(
        commit: next.commit, count: next.count, control: message.control, trigger: message.trigger, at: now,
        refusal: refusal))
    taken.subjects.formUnion(message.patients + [message.subject])
    book.count(isTaken: isTaken, on: key, at: now)
    guard let answer, isTaken else {
      refusals += 1
      return (false, false)
    }
    taken.kept.formUnion([next.kept, message.control])
    let names = Self.names(in: answer, to: message)
    taken.names += names
    // The same of the stay that was told.
    if message.subject.hasPrefix("stay/"), let number = answer.stays.first(where: { !message.names(stay: $0) }),
      numbered.updateValue(number, forKey: message.subject) != number
    {
      taken.names.append(NameStayHandedBack(stay: message.subject, number: number))
    }
    return (true, !names.isEmpty)
  }

  /// The main system's answer may hold a number of its own, beside ours, for whom it just created, or for whom none of
  /// its own was heard yet.
  private static func names(in answer: AnswerReading, to message: OutgoingMessage) -> [any Command] {
    guard let patient = message.patients.first, message.trigger == "A28" || !message.isNumberedThere else { return [] }
    return answer.numbers.filter { !message.names($0) }.map { NameHandedBack(patient: patient, number: $0) }
  }

  /// Keeps what is due by the pace; a refusal is known at once.
  func keepDue(afterRefusal isRefused: Bool) async throws {
    if keepsEach { return try await keepAll() }
    let isFull =
      taken.answers.count >= Self.batchMax || taken.answers.count >= Self.batchMin && written.isThere
      || ContinuousClock.now - keptAt >= Self.batchTime
    if isFull || isRefused { try await keep() }
  }

  /// Puts what was noted on this disk, for every station to know, while the next messages go; of those at most as many
  /// as a batch holds.
  private func keep() async throws {
    if !taken.answers.isEmpty { report(progress) }
    try await keeping?.value
    let (taken, now) = (taken, writing.environment.now())
    self.taken = HandbackWriting.Taken()
    keptAt = .now
    let isSignDue = now.milliseconds - signedAt.milliseconds >= Int64(HandbackRun.signSeconds) * 1000
    if isSignDue { signedAt = now }
    let written = Written()
    self.written = written
    keeping = Task { [writing] in
      defer { written.note() }
      if isSignDue { try await writing.sign() }
      try await writing.keep(taken)
    }
  }

  /// The same, until all of it is there.
  func keepAll() async throws {
    try await keep()
    try await keeping?.value
  }
}

/// What a run says on the ledger.
struct HandbackWriting: Sendable {
  /// What was answered, and what follows of it.
  struct Taken: Sendable {
    var answers: [NoteHandback.Answer] = []
    /// The numbers under which those that were taken are kept.
    var kept: Set<String> = []
    /// What the main system calls people and stays.
    var names: [any Command] = []
    /// Of those messages.
    var subjects: Set<String> = []
  }

  private static let logger = Logger(label: "permanence")

  let register: Register
  let environment: Environment
  let address: MLLPAddress
  /// Account id, or `system`.
  let author: String

  /// This station sends.
  func sign() async throws { try await submit(BeginHandback(address: address.description)) }

  /// It does no longer.
  func end() async throws { try await submit(EndHandback()) }

  /// Numbers first, all at once: nobody asks for them again once an answer is noted.
  func keep(_ taken: Taken) async throws {
    for named in await register.submit(taken.names.map(submission)) {
      // Where the file was merged meanwhile, its survivor's feed will say.
      do { _ = try named.get() } catch let refusal as Refusal {
        Self.logger.notice("an answer's number was not taken: \(refusal.code)")
      }
    }
    guard !taken.answers.isEmpty else { return }
    try await submit(NoteHandback(taken.answers))
    try register.forget(underWay: Array(taken.kept))
    // The main system's feed may have spoken of them before that.
    let alike = try register.read { try $0.subjectsAlike(taken.subjects) }
    try await HandbackLinking.link(alike, register, environment)
  }

  private func submission(_ command: any Command) -> Submission {
    Submission(command, key: environment.newID(), author: author)
  }

  private func submit(_ command: any Command) async throws { _ = try await register.submit(submission(command)) }
}

/// Whether answers are on the disk.
private final class Written: Sendable {
  private let flag: Atomic<Bool>

  init(_ isThere: Bool = false) { flag = Atomic(isThere) }

  var isThere: Bool { flag.load(ordering: .relaxed) }

  func note() { flag.store(true, ordering: .relaxed) }
}
