import Ledger
import Logging
import Replication
import Seeded
import Synchronization
import Testing

/// Sleeps that tests need not wait for: those of an hour and more never end, others end at once.
extension PeerEnvironment {
  static func quick(seed: UInt64 = 1, now: @escaping @Sendable () -> Instant = { .night }) -> PeerEnvironment {
    let random = Mutex(Seeded(seed: seed))
    return PeerEnvironment(
      now: now,
      sleep: { duration in
        try await Task.sleep(for: duration >= .seconds(3600) ? .seconds(3600) : .milliseconds(1))
      }, fraction: { random.withLock { Double.random(in: 0..<1, using: &$0) } })
  }
}

extension PullLimits {
  /// None of the watches ends.
  static var patient: PullLimits {
    var limits = PullLimits()
    (limits.answer, limits.stall, limits.pulse, limits.success) = (.hour, .hour, .hour, .hour)
    return limits
  }
}

extension Duration {
  static let hour = Duration.seconds(3600)
}

extension Instant {
  static let night = Instant(milliseconds: 1_661_043_600_000)
}

extension Logger {
  static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

/// Runs `services` until `isSo`, or until the test's time is up.
func until(_ services: Pulling..., isSo: @escaping @Sendable () async throws -> Bool) async throws {
  try await withThrowingTaskGroup(of: Void.self) { group in
    for service in services { group.addTask { await service.run() } }
    while try await !isSo() { try await Task.sleep(for: .milliseconds(2)) }
    group.cancelAll()
    try await group.waitForAll()
  }
}
