import Feeds
import Seeded
import Testing

/// How long a sender waits for a receiver that does not answer.
struct RetryTests {
  /// Seconds at most, after one failure, two, and so on.
  static let most = [0.5, 1, 2, 4, 8, 16, 30, 30, 30]

  @Test(arguments: most.indices) func growsToHalfAMinute(failure: Int) {
    let delays = (UInt64(1)...200).map { seed in
      var (retry, random) = (Retry(first: 0.5, patience: .seconds(600)), Seeded(seed: seed))
      for _ in 0..<failure { _ = retry.delay(using: &random) }
      return retry.delay(using: &random)
    }
    let most = Self.most[failure]
    #expect(delays.allSatisfy { (most / 2...most).contains($0) })
    // Both ends of it are met, so that stations that failed together do not come back together.
    #expect(delays.contains { $0 < most * 0.6 } && delays.contains { $0 > most * 0.9 })
  }

  @Test func anAnswerBeginsAnew() {
    var (retry, random) = (Retry(first: 0.5, patience: .seconds(600)), Seeded(seed: 1))
    for _ in 0..<5 { _ = retry.delay(using: &random) }
    retry.succeeded()
    #expect(retry.delay(using: &random) <= 0.5)
  }

  /// The third connection in a row, and of one message.
  @Test func whatOneMessageEnds() {
    var retry = Retry(first: 0.5, patience: .seconds(600))
    let found = ["A", "A", "B", "A", "A", "A"].map { retry.isHopeless($0, 3) }
    #expect(found == [false, false, false, false, false, true])
  }
}
