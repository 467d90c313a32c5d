import Hospital
import Interop
import Ledger
import Register

/// Where hand-backs are started and looked at. One runs at a time, so that no message goes twice.
public actor HandbackDesk {
  public struct Run: Sendable {
    public var address: MLLPAddress
    public var isEncrypted: Bool
    public var progress = HandbackProgress()
    /// nil while it runs.
    public var ended: Ended?

    public enum Ended: Sendable {
      case done
      case failed(String)
    }
  }

  /// What is left, counted once for all who ask.
  public nonisolated let book: HandbackBook
  /// To whom this station sent since it started, and what was answered.
  public nonisolated let sent = FeedBook()
  private let register: Register
  private let environment: Environment
  /// The one that runs, or the last.
  public private(set) var run: Run?

  public init(_ register: Register, _ environment: Environment) {
    book = HandbackBook(register)
    self.register = register
    self.environment = environment
  }

  public var isRunning: Bool { run != nil && run?.ended == nil }

  /// Another station that sends, as far as this one heard.
  public func elsewhere() throws -> HandbackRun? {
    let (runs, now) = (try register.read { try $0.handbackRuns() }, environment.now())
    return runs.first { !$0.station.sameBytes(as: register.station) && !$0.isSilent(at: now) }
  }

  /// Sends all that is to be handed back; returns once nothing is left but what waits for a person.
  public func send(
    _ options: HandbackOptions, by author: String, progress: @escaping @Sendable (HandbackProgress) -> Void = { _ in }
  ) async throws {
    guard !isRunning else { throw HandbackRuns() }
    if let run = try elsewhere() { throw HandbackElsewhere(run: run) }
    run = Run(address: options.address, isEncrypted: options.tls != nil)
    let sending = HandbackSending(
      register: register, environment: environment, options: options, author: author, book: sent
    ) { [weak self] now in
      progress(now)
      Task { await self?.note(now) }
    }
    do {
      try await sending.run()
      run?.ended = .done
    } catch {
      run?.ended = .failed("\(error)")
      throw error
    }
  }

  private func note(_ progress: HandbackProgress) { run?.progress = progress }
}

/// Somebody started one already.
public struct HandbackRuns: Error, CustomStringConvertible {
  public let description = "A hand-back is under way on this station: look at Reprise for how far it is."
}

/// What of a hand-back is done, and what is left, in messages.
public struct HandbackStatus: Sendable {
  /// Not acknowledged, and waiting for nobody but their turn, or for one before them that was refused.
  public var pending = 0
  /// Answered, one way or the other.
  public var sent = 0
  public var acknowledged = 0
  /// Done by hand by a person.
  public var settled = 0
  /// Of which a person changed a field for the sending alone.
  public var edited = 0
  public var refused: [Refused] = []
  public var refusedCount = 0
  /// The roads that people walk.
  public var reentry = ReentryCounts()

  /// Commits whose refused messages are shown, the longest waiting first.
  private static let refusedMax = 200

  public struct Refused: Sendable {
    /// `exchange/<uuid>`.
    public var subject: String
    public var commit: CommitPlace?
    /// `patient/<uuid>`, where one is concerned.
    public var patient: String?
    public var message: Handback.Message
  }

  public init(_ register: Register, at now: Instant) throws {
    try self.init(register, HandbackBook(register), at: now)
  }

  public init(_ register: Register, _ book: HandbackBook, at now: Instant) throws {
    let settings = try SendingSettings(register, charset: .utf8, receivingApplication: "", receivingFacility: "")
    reentry = try book.overview(at: now).counts
    // Of any of them people may have told what was refused, and then nobody has to decide about it.
    let limit = reentry.entered + reentry.exported == 0 ? Self.refusedMax : .max
    let (counts, handbacks) = try register.read { (try $0.handbackCounts(), try $0.handbacksRefused(limit: limit)) }
    let standing = try book.standing(of: handbacks.compactMap(\.commit), at: now)
    let (told, waiting) = handbacks.reduce(into: (0, [Handback]())) { found, handback in
      if handback.isTold(standing) { found.0 += handback.refusedCount } else { found.1.append(handback) }
    }
    (acknowledged, settled, refusedCount) = (counts.acknowledged, counts.settled, counts.refused - told)
    edited = counts.edited
    sent = acknowledged + counts.refused
    refused = waiting.prefix(Self.refusedMax).flatMap { handback in
      handback.messages.filter { $0.status == .refused }.map { message in
        Refused(
          subject: handback.id, commit: handback.commit, patient: handback.commit.flatMap { standing[$0]?.patient },
          message: message)
      }
    }
    pending = try book.pending(settings, at: now)
  }

  /// Refused messages of which somebody has to decide, alone.
  public static func refusedCount(_ register: Register, _ book: HandbackBook, at now: Instant) throws -> Int {
    let handbacks = try register.read { try $0.handbacksRefused(limit: .max) }
    if handbacks.isEmpty { return 0 }
    let standing = try book.standing(of: handbacks.compactMap(\.commit), at: now)
    return handbacks.reduce(0) { $0 + ($1.isTold(standing) ? 0 : $1.refusedCount) }
  }
}

extension Handback {
  fileprivate var refusedCount: Int { messages.count { $0.status == .refused } }

  /// Some road has told its commit.
  fileprivate func isTold(_ standing: [CommitPlace: (patient: String?, isDone: Bool)]) -> Bool {
    commit.flatMap { standing[$0]?.isDone } ?? false
  }
}
