import Collections
import Dispatch
import GRDB
import Hospital
import Ledger
import Synchronization

/// The one writer of a store. Whatever waits when a commit's fsync ends goes into the next transaction together, so
/// that a hundred admissions wait for the disk as long as one does.
final class Writer: Sendable {
  /// Submissions in one transaction at most: a few milliseconds of everybody's time.
  static let groupMax = 256

  private let queue = DispatchQueue(label: "permanence.writer", qos: .userInitiated)
  private let inbox = Mutex(Inbox())
  private let desk: WriterDesk
  private let changes: Changes
  private let checkpointing: Checkpointing

  private struct Inbox {
    /// What people wait for goes before imports.
    var waiting: Deque<Waiting> = []
    var imports: Deque<Waiting> = []
    var isRunning = false
    /// Somebody came since lines were last taken in.
    var isAwaited = false
    /// Why nothing is written any more.
    var stopped: String?
  }

  /// A submission and whom to answer.
  struct Waiting: Sendable {
    var submission: Submission
    var answer: @Sendable (Result<Receipt, any Error>) -> Void
  }

  init(_ desk: WriterDesk, _ changes: Changes, _ checkpointing: Checkpointing) {
    self.desk = desk
    self.changes = changes
    self.checkpointing = checkpointing
  }

  var now: Instant { desk.environment.now() }
  var chainKeys: ChainKeys { desk.chainKeys }
  var revoked: RevokedStations { desk.revoked }

  func submit(_ submission: Submission) async throws -> Receipt {
    try await withCheckedThrowingContinuation { continuation in
      enqueue([Waiting(submission: submission) { continuation.resume(with: $0) }], isImport: false)
    }
  }

  func submit(_ submissions: [Submission]) async -> [Result<Receipt, any Error>] {
    if submissions.isEmpty { return [] }
    return await withCheckedContinuation { continuation in
      let answers = Answers(submissions.count) { continuation.resume(returning: $0) }
      enqueue(
        submissions.enumerated().map { place, submission in
          Waiting(submission: submission) { answers.put($0, at: place) }
        }, isImport: true)
    }
  }

  /// Runs `body` between two transactions, with the connection that writes.
  func between<Value: Sendable>(_ body: @Sendable (WriterDesk) throws -> Value) throws -> Value {
    defer { noteWritten() }
    return try queue.sync { try body(desk) }
  }

  /// Asks for `body` between two transactions, later.
  func later(afterSeconds seconds: Double, _ body: @escaping @Sendable (WriterDesk) -> Void) {
    queue.asyncAfter(deadline: .now() + seconds) { [self] in
      body(desk)
      noteWritten()
    }
  }

  /// Takes in lines that came from elsewhere, between the transactions of whoever admits.
  func takeIn(
    _ lines: LinesAhead, from peer: String, answer: @escaping @Sendable (Result<TakenIn, any Error>) -> Void
  ) {
    goOnWhenReady(TakingIn(desk, lines, from: peer), answer)
  }

  private func goOn(_ taking: TakingIn, _ answer: @escaping @Sendable (Result<TakenIn, any Error>) -> Void) {
    if taking.isDone {
      // Freed beside whoever waits for this queue: it is some thousands of lines.
      DispatchQueue.global(qos: .utility).async { withExtendedLifetime(taking) {} }
      return answer(.success(taking.taken))
    }
    let isAwaited = inbox.withLock { inbox in
      defer { inbox.isAwaited = false }
      return inbox.isAwaited
    }
    do {
      let (changed, lines) = try taking.goOn(isAwaited: isAwaited) { inbox.withLock { $0.isAwaited } }
      changed.forEach(changes.tell)
      noteWritten(isAwaited ? TakingIn.linesMin : Checkpointing.unattended(lines: lines))
    } catch { return answer(.failure(RegisterFault(error))) }
    goOnWhenReady(taking, answer)
  }

  private func goOnWhenReady(_ taking: TakingIn, _ answer: @escaping @Sendable (Result<TakenIn, any Error>) -> Void) {
    taking.whenReady(on: queue) { [self] in goOn(taking, answer) }
  }

  private func enqueue(_ items: [Waiting], isImport: Bool) {
    let (start, stopped) = inbox.withLock { inbox -> (Bool, String?) in
      if let reason = inbox.stopped { return (false, reason) }
      if isImport { inbox.imports += items } else { inbox.waiting += items }
      inbox.isAwaited = true
      defer { inbox.isRunning = true }
      return (!inbox.isRunning, nil)
    }
    if let stopped {
      for item in items { item.answer(.failure(RegisterFault.writerStopped(stopped))) }
    } else if start {
      queue.async { [self] in drain() }
    }
  }

  /// Counts what was written, by whomever, so that the log does not grow for ever.
  func noteWritten(_ submissions: Int = 1) {
    checkpointing.note(submissions) { [queue, desk] done in
      queue.async {
        desk.checkpoint()
        done()
      }
    }
  }

  /// Waits until nothing waits any more.
  func finish() {
    while queue.sync(execute: { inbox.withLock { $0.isRunning } }) {}
  }

  /// One group; the next takes its turn behind what else waits for the queue.
  private func drain() {
    let group = nextGroup()
    let outcome = desk.write(group.map(\.submission))
    if let reason = outcome.stopped { stop(reason) }
    changes.tell(outcome.changed)
    for (item, result) in zip(group, outcome.results) { item.answer(result) }
    noteWritten(group.count)
    if hasMore() { queue.async { [self] in drain() } }
  }

  private func nextGroup() -> [Waiting] {
    inbox.withLock { inbox in
      var group = Array(inbox.waiting.prefix(Self.groupMax))
      inbox.waiting.removeFirst(group.count)
      let room = min(Self.groupMax - group.count, inbox.imports.count)
      group += inbox.imports.prefix(room)
      inbox.imports.removeFirst(room)
      return group
    }
  }

  /// False once nothing waits: whoever comes next starts anew.
  private func hasMore() -> Bool {
    inbox.withLock { inbox in
      inbox.isRunning = !inbox.waiting.isEmpty || !inbox.imports.isEmpty
      return inbox.isRunning
    }
  }

  /// Nothing is written from here on; what waits hears so, and reading goes on.
  func stop(_ reason: String) {
    let left = inbox.withLock { inbox -> [Waiting] in
      inbox.stopped = reason
      defer { (inbox.waiting, inbox.imports) = ([], []) }
      return Array(inbox.waiting) + Array(inbox.imports)
    }
    for item in left { item.answer(.failure(RegisterFault.writerStopped(reason))) }
  }
}

/// Answers of many submissions, handed over once all are there.
private final class Answers: Sendable {
  private let results: Mutex<(given: [Result<Receipt, any Error>?], missing: Int)>
  private let done: @Sendable ([Result<Receipt, any Error>]) -> Void

  init(_ count: Int, done: @escaping @Sendable ([Result<Receipt, any Error>]) -> Void) {
    results = Mutex(([Result<Receipt, any Error>?](repeating: nil, count: count), count))
    self.done = done
  }

  func put(_ result: Result<Receipt, any Error>, at place: Int) {
    let all = results.withLock { state -> [Result<Receipt, any Error>?]? in
      state.given[place] = result
      state.missing -= 1
      return state.missing == 0 ? state.given : nil
    }
    if let all { done(all.compactMap(\.self)) }
  }
}
