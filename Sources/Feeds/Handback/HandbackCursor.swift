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
  }

  private let register: Register
  private let plan: HandbackPlan
  private let settings: SendingSettings
  private var queues: ArraySlice<HandbackPlan.Queue>
  private var waiting: ArraySlice<Next> = []
  private var parked: Set<String> = []
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

  var queuesLeft: Int { queues.count + (waiting.isEmpty && current == nil ? 0 : 1) }
  var queuesInAll: Int { plan.queues.count }

  /// The message to send now, the same one until `answered` is called.
  func next() throws -> Next? {
    if let current { return current }
    while true {
      while let next = waiting.popFirst() {
        guard parked.isDisjoint(with: next.message.patients) else { continue }
        current = next
        return next
      }
      guard let queue = queues.popFirst() else { return nil }
      let found = try register.read { try plan.messages(of: queue, $0, settings) }
      var held: Set<String> = []
      for (commit, messages, before) in found {
        for message in messages {
          switch before?.message(message.control)?.status {
          case .acknowledged, .settled: continue
          case .refused: held.formUnion(message.patients)
          case .again, nil:
            guard held.isDisjoint(with: message.patients) else { continue }
            waiting.append(Next(commit: commit, count: messages.count, message: message))
          }
        }
      }
    }
  }

  func answered(refused: Bool) {
    guard let current else { return }
    if refused { parked.formUnion(current.message.patients) }
    sent += 1
    self.current = nil
  }
}
