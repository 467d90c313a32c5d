/// How long to leave a peer alone after each failure in a row: twice as long each time, up to a limit, and somewhere
/// between half of it and the whole, so that stations that lost the same switch do not come back all at once.
package struct BackOff: Sendable, Equatable {
  package static let first = Duration.milliseconds(100)
  package static let longest = Duration.seconds(60)

  private var failures = 0

  package init() {}

  /// - Parameter fraction: random, in 0..<1.
  package mutating func failed(fraction: Double) -> Duration {
    // 2¹⁰ times the first is beyond the longest.
    let whole = min(Self.first * (1 << min(failures, 10)), Self.longest)
    failures += 1
    return whole * (0.5 + 0.5 * fraction)
  }

  /// The least that a failure costs.
  package static func first(fraction: Double) -> Duration { first * (0.5 + 0.5 * fraction) }

  package mutating func succeeded() { failures = 0 }

  /// Tries again, after a while each time, until it comes out well or its task is cancelled.
  package static func trying<Value: Sendable>(
    failed: @Sendable (any Error) -> Void,
    pause: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
    _ body: @Sendable () async throws -> Value
  ) async throws -> Value {
    var backOff = BackOff()
    while true {
      do { return try await body() } catch {
        try Task.checkCancellation()
        failed(error)
      }
      try await pause(backOff.failed(fraction: Double.random(in: 0..<1)))
    }
  }
}
