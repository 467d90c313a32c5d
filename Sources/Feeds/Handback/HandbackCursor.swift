import Hospital
import Interop
import Ledger
import Logging
import Register

/// Goes through a plan, message by message: what was answered is passed over, and so is what follows a refusal for the
/// same patient, and what another road told or is telling by now. The messages of the next people are made while those
/// of these are sent.
final class HandbackCursor {
  struct Next: Sendable {
    var commit: CommitPlace
    /// How many messages tell that commit.
    var count: Int
    var message: OutgoingMessage
    /// The number under which it is kept until it was taken: what a person changed is not what was refused.
    var kept: String
    /// It was, and a person has it sent again.
    var isRefused: Bool
    /// As it goes.
    var bytes: [UInt8] = []
    /// It was kept before, and may have gone then.
    var isRepeat = false
    /// Of its queue, from 0.
    fileprivate var queue: Int
    /// How often it was left for later.
    fileprivate var timesLeft = 0
    /// What was answered when it was, if anything.
    fileprivate(set) var answer: AnswerReading?

    var isSuspect: Bool { timesLeft > 0 }
  }

  private static let logger = Logger(label: "permanence")
  /// Queues that are read together.
  private static let readMax = 32

  private let register: Register
  private let plan: HandbackPlan
  private let settings: SendingSettings
  private let now: @Sendable () -> Instant
  /// When the plan was made: how much had been said of the other roads, and whether somebody was at work there.
  private let heard: Int
  private let isShared: Bool
  /// Those not read yet, by their places.
  private var queues: Range<Int>
  private var ahead: Task<[Next], any Error>?
  private var waiting: ArraySlice<Next> = []
  /// Of whom the main system said a number of its own: to be made anew.
  private var numbered: [Next] = []
  /// Has those numbers on the disk before that.
  var keepNumbers: () async throws -> Void = {}
  /// Of whom a message was refused.
  private var parked: Set<String> = []
  /// Messages that were left for later and what waits behind them, in their order, and of whom they speak.
  private var left: [Next] = []
  private var held: Set<String> = []
  /// The one that goes now; it stays so until it was answered.
  private(set) var current: Next?
  /// How many were sent.
  private(set) var sent = 0

  init(_ register: Register, _ settings: SendingSettings, _ environment: Environment) throws {
    self.register = register
    self.settings = settings
    now = environment.now
    heard = register.reentriesHeard
    let begun = environment.now()
    (plan, isShared) = try register.read { reading in
      (try HandbackPlan(reading, at: begun), try reading.reentries().contains { $0.isClaimed(at: begun) })
    }
    queues = plan.queues.indices
  }

  deinit { ahead?.cancel() }

  /// Queues of people: those behind, and all.
  private(set) var done = 0
  var queuesInAll: Int { plan.queues.count }

  /// The message to send now, the same one until `answered` is called, or another road takes it.
  func next() async throws -> Next? {
    if let current {
      if try isFree(current) { return current }
      self.current = nil
    }
    while true {
      while let next = waiting.popFirst() {
        guard parked.isDisjoint(with: next.message.patients), try isFree(next) else { continue }
        current = next
        done = next.queue
        return next
      }
      if !numbered.isEmpty {
        try await remake()
        continue
      }
      guard let made = ahead ?? make() else {
        done = queuesInAll
        return nil
      }
      ahead = make()
      waiting = try await made.value[...]
    }
  }

  /// Of the next queues, off this task; nil where none is left.
  private func make() -> Task<[Next], any Error>? {
    guard !queues.isEmpty else { return nil }
    let taken = queues.prefix(Self.readMax)
    queues = queues.dropFirst(taken.count)
    return Self.making(Array(taken), plan, register, settings)
  }

  /// Of its own: where a method's closure holds all of these, the compiler cannot tell that they may be sent.
  private static func making(
    _ queues: [Int], _ plan: HandbackPlan, _ register: Register, _ settings: SendingSettings,
    forgetting controls: [String] = []
  ) -> Task<[Next], any Error> {
    Task.detached {
      if !controls.isEmpty { try register.forget(underWay: controls) }
      return try made(queues, plan, register, settings)
    }
  }

  private static func made(
    _ queues: [Int], _ plan: HandbackPlan, _ register: Register, _ settings: SendingSettings
  ) throws -> [Next] {
    let found = try register.read { reading in
      try queues.map { try plan.messages(of: plan.queues[$0], reading, settings) }
    }
    var made: [Next] = []
    for (queue, told) in zip(queues, found) {
      var held: Set<String> = []
      for commit in told {
        for (message, answer) in commit.messages {
          switch answer?.status {
          case .acknowledged, .settled: continue
          case .refused: held.formUnion(message.patients)
          case .again, nil:
            guard held.isDisjoint(with: message.patients) else { continue }
            made.append(
              Next(
                commit: commit.commit, count: commit.messages.count, message: message, kept: message.number,
                isRefused: answer != nil, queue: queue))
          }
        }
      }
    }
    try register.keep(underWay: made.map { ($0.kept, Array($0.message.text.utf8)) }) { place, before in
      made[place].isRepeat = true
      made[place].message.repeats(String(decoding: before, as: UTF8.self), isRefused: made[place].isRefused)
      return Array(made[place].message.text.utf8)
    }
    for place in made.indices {
      let (bytes, lost) = made[place].message.bytes(in: settings.charset)
      made[place].bytes = bytes
      guard lost > 0 else { continue }
      let name = "\(made[place].message.number) (\(made[place].message.trigger))"
      logger.notice("message \(name): characters that \(settings.charset.rawValue) lacks were transliterated: \(lost)")
    }
    return made
  }

  /// Whether it goes now. What another road told is dropped; what is on a screen now waits for another pass, since
  /// somebody types it, and what follows of its people waits behind it.
  private func isFree(_ next: Next) throws -> Bool {
    guard held.isDisjoint(with: next.message.patients) else {
      leave(next)
      return false
    }
    guard isShared || register.reentriesHeard != heard,
      let commit = plan.queues[next.queue].commits.first(where: { $0.place == next.commit })
    else { return true }
    let now = now()
    let (isDone, isClaimed) = try register.read { reading in
      (try reading.again(commit).isDone, try reading.screens(of: commit).contains { $0.isClaimed(at: now) })
    }
    guard isClaimed, !isDone else { return !isDone }
    // Nothing is wrong with it.
    var later = next
    later.timesLeft = 0
    leave(later)
    return false
  }

  /// The main system has a number of its own for one of those people. What follows of them bears it too, once the number
  /// is on the disk: it goes after the others that are made, so that their numbers are kept together.
  func putOff(after next: Next) {
    numbered += waiting.filter { $0.queue == next.queue }
    waiting.removeAll { $0.queue == next.queue }
  }

  private func remake() async throws {
    let made = numbered
    numbered = []
    try await keepNumbers()
    // What never went need not go as it was.
    let neverSent = made.filter { !$0.isRepeat && !$0.isSuspect }.map(\.kept)
    let anew = try await Self.making(
      Array(Set(made.map(\.queue))).sorted(), plan, register, settings, forgetting: neverSent
    ).value
    // Others of them were left for later.
    let following = anew.compactMap { fresh -> Next? in
      guard let before = made.first(where: { $0.message.control == fresh.message.control }) else { return nil }
      var again = fresh
      (again.timesLeft, again.answer) = (before.timesLeft, before.answer)
      return again
    }
    waiting = following[...]
  }

  private func leave(_ next: Next) {
    left.append(next)
    held.formUnion(next.message.patients)
  }

  /// Leaves the one that goes now for later: it, or whom it is sent to, is at fault, and another one will tell.
  /// - Parameter answer: what was said of it, if anything.
  func setAside(_ answer: AnswerReading?) {
    guard var next = current else { return }
    current = nil
    next.timesLeft += 1
    next.answer = answer ?? next.answer
    leave(next)
  }

  /// Another message was answered, so somebody is there. Those that were left go once more, at once, and what waited
  /// behind them after that; those that were left a second time are given.
  func takeSuspects() -> [Next] {
    guard left.contains(where: \.isSuspect) else { return [] }
    let hopeless = left.filter { $0.timesLeft > 1 }
    for next in hopeless { parked.formUnion(next.message.patients) }
    waiting = left.filter { $0.timesLeft < 2 } + waiting
    (left, held) = ([], [])
    return hopeless
  }

  /// Those that are left at the end.
  func takeAside() -> [Next] {
    defer { (left, held) = ([], []) }
    return left.filter(\.isSuspect)
  }

  func answered(refused: Bool) {
    guard let current else { return }
    if refused { parked.formUnion(current.message.patients) }
    sent += 1
    self.current = nil
  }
}
