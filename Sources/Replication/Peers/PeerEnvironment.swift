import Ledger

/// What comes from outside: a simulation has its own.
public struct PeerEnvironment: Sendable {
  /// The wall clock, which may jump.
  public var now: @Sendable () -> Instant
  /// Throws when its task is cancelled.
  public var sleep: @Sendable (Duration) async throws -> Void
  /// Random, in 0..<1.
  public var fraction: @Sendable () -> Double

  public init(
    now: @escaping @Sendable () -> Instant, sleep: @escaping @Sendable (Duration) async throws -> Void,
    fraction: @escaping @Sendable () -> Double
  ) {
    self.now = now
    self.sleep = sleep
    self.fraction = fraction
  }

  /// Ends `work` where it takes longer.
  public func within<Result: Sendable>(
    _ limit: Duration, _ work: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    try await withThrowingTaskGroup(of: Result?.self) { group in
      group.addTask { try await work() }
      group.addTask {
        try await self.sleep(limit)
        return nil
      }
      defer { group.cancelAll() }
      guard let first = try await group.next(), let result = first else { throw PeerFault.stalled }
      return result
    }
  }
}
