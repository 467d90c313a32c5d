import Hospital
import Interop
import Ledger
import Register

/// Goes through a plan, message by message: what was answered is passed over, and so is what follows a refusal for the
/// same patient.
final class HandbackCursor {
  struct Next {
    var commit: CommitPlace
    /// How many messages tell that commit.
    var count: Int
    var message: OutgoingMessage
    /// Of its queue, from 0.
    fileprivate var queue: Int
  }

  /// Queues that are read together.
  private static let readMax = 16

  private let register: Register
  private let plan: HandbackPlan
  private let settings: SendingSettings
  /// Those not read yet.
  private var queues: ArraySlice<HandbackPlan.Queue>
  private var waiting: ArraySlice<Next> = []
  private var parked: Set<String> = []
  private var aside: [Next] = []
  /// The one that goes now; it stays so until it was answered.
  private var current: Next?
  /// How many were sent.
  private(set) var sent = 0

  init(_ register: Register, _ settings: SendingSettings, at now: Instant) throws {
    self.register = register
    self.settings = settings
    plan = try register.read { try HandbackPlan($0, at: now) }
    queues = plan.queues[...]
  }

  /// Queues of people: those behind, and all.
  private(set) var done = 0
  var queuesInAll: Int { plan.queues.count }

  /// The message to send now, the same one until `answered` is called.
  func next() throws -> Next? {
    if let current { return current }
    while true {
      while let next = waiting.popFirst() {
        guard parked.isDisjoint(with: next.message.patients) else { continue }
        current = next
        done = next.queue
        return next
      }
      guard !queues.isEmpty else {
        done = queuesInAll
        return nil
      }
      try readMore()
    }
  }

  private func readMore() throws {
    let taken = queues.prefix(Self.readMax)
    queues = queues.dropFirst(taken.count)
    let found = try register.read { reading in try taken.map { try plan.messages(of: $0, reading, settings) } }
    for (queue, told) in zip(taken.indices, found) {
      var held: Set<String> = []
      for (commit, messages, before) in told {
        for message in messages {
          switch before?.message(message.control)?.status {
          case .acknowledged, .settled: continue
          case .refused: held.formUnion(message.patients)
          case .again, nil:
            guard held.isDisjoint(with: message.patients) else { continue }
            waiting.append(Next(commit: commit, count: messages.count, message: message, queue: queue))
          }
        }
      }
    }
  }

  /// Leaves the one that goes now for later: it, or whom it is sent to, is at fault, and another one will tell.
  func setAside() {
    guard let current else { return }
    parked.formUnion(current.message.patients)
    aside.append(current)
    self.current = nil
  }

  /// Those that were left.
  func takeAside() -> [Next] {
    defer { aside = [] }
    return aside
  }

  func answered(refused: Bool) {
    guard let current else { return }
    if refused { parked.formUnion(current.message.patients) }
    sent += 1
    self.current = nil
  }
}
