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
    failures.withLock { failures in
      Attempts.whose(login, address).map { whose -> Int in
        guard let failed = failures[whose], failed.count > whose.limit.free else { return 0 }
        let doubled = 1 << min(failed.count - whose.limit.free, 20)
        let until = failed.last.adding(seconds: min(doubled, whose.limit.waitMax))
        return until > now ? Int((until.milliseconds - now.milliseconds + 999) / 1000) : 0
      }.max() ?? 0
    }
  }

  package func failed(login: String, address: String, at now: Instant) {
    failures.withLock { failures in
      if failures.count >= Attempts.keptMax {
        failures = failures.filter { $0.value.last.adding(seconds: Attempts.forgottenAfterSeconds) > now }
      }
      for whose in Attempts.whose(login, address) {
        var known = failures[whose] ?? Failures(last: now)
        if known.last.adding(seconds: Attempts.forgottenAfterSeconds) <= now { known.count = 0 }
        known.count += 1
        known.last = now
        failures[whose] = known
      }
    }
  }

  package func succeeded(login: String, address: String) {
    failures.withLock { failures in
      failures[.pair(login: login, address: address)] = nil
      failures[.login(login)] = nil
    }
  }

  private static func whose(_ login: String, _ address: String) -> [Whose] {
    [.pair(login: login, address: address), .login(login), .address(address)]
  }
}
