import Ledger
import Synchronization

/// How often somebody may try a secret. Each wrong one makes the next wait longer: for the pair of account and address
/// soon, for either alone much later, so that a nervous hand waits seconds, a guesser for ever, and nobody can lock a
/// colleague out for long.
package final class Attempts: Sendable {
  private struct Failures {
    var count = 0
    var last: Instant
  }

  /// Wrong attempts that cost nothing, and the longest wait in seconds.
  private struct Limit {
    var free: Int
    var waitMax: Int
  }

  private enum Whose: Hashable {
    case pair(login: String, address: String)
    case login(String)
    case address(String)

    var limit: Limit {
      switch self {
      case .pair: Limit(free: 3, waitMax: 900)
      case .login: Limit(free: 20, waitMax: 60)
      case .address: Limit(free: 30, waitMax: 60)
      }
    }
  }

  /// After a quiet hour all is forgotten.
  private static let forgottenAfterSeconds = 3600
  private static let keptMax = 10_000

  private let failures = Mutex<[Whose: Failures]>([:])

  package init() {}

  /// Seconds to wait before the next attempt; 0 for now.
  package func wait(login: String, address: String, at now: Instant) -> Int {
    failures.withLock { Attempts.wait($0, login, address, now) }
  }

  private static func wait(
    _ failures: [Whose: Failures], _ login: String, _ address: String, _ now: Instant
  ) -> Int {
    whose(login, address).map { whose -> Int in
      guard let failed = failures[whose], failed.count > whose.limit.free else { return 0 }
      let doubled = 1 << min(failed.count - whose.limit.free, 20)
      let until = failed.last.adding(seconds: min(doubled, whose.limit.waitMax))
      return until > now ? Int((until.milliseconds - now.milliseconds + 999) / 1000) : 0
    }.max() ?? 0
  }

  /// Counts an attempt as wrong before anybody looks at it, so that many at once are not all free; `succeeded` takes it
  /// back. Gives the seconds to wait where it may not be made yet.
  func begin(login: String, address: String, at now: Instant) -> Int? {
    failures.withLock { failures in
      let seconds = Attempts.wait(failures, login, address, now)
      if seconds > 0 { return seconds }
      Attempts.count(&failures, login, address, now)
      return nil
    }
  }

  package func failed(login: String, address: String, at now: Instant) {
    failures.withLock { Attempts.count(&$0, login, address, now) }
  }

  private static func count(
    _ failures: inout [Whose: Failures], _ login: String, _ address: String, _ now: Instant
  ) {
    if failures.count >= keptMax {
      failures = failures.filter { $0.value.last.adding(seconds: forgottenAfterSeconds) > now }
    }
    for whose in whose(login, address) {
      var known = failures[whose] ?? Failures(last: now)
      if known.last.adding(seconds: forgottenAfterSeconds) <= now { known.count = 0 }
      known.count += 1
      known.last = now
      failures[whose] = known
    }
  }

  package func succeeded(login: String, address: String) {
    failures.withLock { failures in
      // Their own slips are forgiven, at the address too: a whole ward may share one.
      let own = failures[.pair(login: login, address: address)]?.count ?? 0
      failures[.pair(login: login, address: address)] = nil
      failures[.login(login)] = nil
      failures[.address(address)]?.count -= own
    }
  }

  private static func whose(_ login: String, _ address: String) -> [Whose] {
    [.pair(login: login, address: address), .login(login), .address(address)]
  }
}
