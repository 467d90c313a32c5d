/// How long to wait before trying again: twice as long each time, half a minute at most, and a random part of it, so
/// that many stations do not come back at once.
package struct Retry {
  private let first: Double
  private let patience: Duration
  private var failures = 0
  private var since: ContinuousClock.Instant?
  private var hopeless: (control: String, times: Int) = ("", 0)

  package init(first: Double, patience: Duration) { (self.first, self.patience) = (first, patience) }

  package mutating func succeeded() { (failures, since) = (0, nil) }

  /// Whether that message ended its `max`-th connection in a row.
  package mutating func isHopeless(_ control: String, _ max: Int) -> Bool {
    hopeless = control == hopeless.control ? (control, hopeless.times + 1) : (control, 1)
    return hopeless.times >= max
  }

  /// Seconds after one more failure, a random half of which may be left out.
  package mutating func delay(using random: inout some RandomNumberGenerator) -> Double {
    let most = min(30, first * Double(1 << min(failures, 6)))
    failures += 1
    return most * Double.random(in: 0.5...1, using: &random)
  }

  /// false once patience is over.
  mutating func wait() async throws -> Bool {
    let began = since ?? .now
    since = began
    guard ContinuousClock.now - began < patience else { return false }
    var random = SystemRandomNumberGenerator()
    try await Task.sleep(for: .seconds(delay(using: &random)))
    return true
  }
}
