import Ledger
import Synchronization

/// Which peer each chain is being pulled from, so that a backlog that four peers offer is pulled once.
///
/// A claim lasts while lines keep coming: a peer that stalls, whatever its reason, loses the chain to the next one.
public final class PullClaims: Sendable {
  static let idleMillisecondsMax: Int64 = 2000

  private struct Claim {
    var peer: String
    var at: Instant
    /// Other peers that have more of it.
    var waiting: [String: @Sendable () -> Void] = [:]
  }

  private let claims = Mutex<[String: Claim]>([:])

  public init() {}

  /// Claims the chain, or renews the claim; false where another peer holds it: `isFree` is then called as soon as that
  /// one gives it back.
  package func claim(
    _ chain: String, by peer: String, at now: Instant, orWait isFree: @escaping @Sendable () -> Void = {}
  ) -> Bool {
    claims.withLock { claims in
      var claim = claims[chain] ?? Claim(peer: peer, at: now)
      defer { claims[chain] = claim }
      if claim.peer != peer,
        // In either direction, since the clock may jump.
        (now.milliseconds - claim.at.milliseconds).magnitude <= Self.idleMillisecondsMax
      {
        claim.waiting[peer] = isFree
        return false
      }
      (claim.peer, claim.at) = (peer, now)
      return true
    }
  }

  package func release(_ chain: String, by peer: String) {
    let waiting = claims.withLock { claims in
      claims[chain]?.peer == peer ? claims.removeValue(forKey: chain)?.waiting : nil
    }
    for isFree in waiting?.values.map(\.self) ?? [] { isFree() }
  }
}
