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
  }

  private let claims = Mutex<[String: Claim]>([:])

  public init() {}

  /// Claims the chain, or renews the claim; false where another peer holds it.
  package func claim(_ chain: String, by peer: String, at now: Instant) -> Bool {
    claims.withLock { claims in
      if let held = claims[chain], held.peer != peer,
        // In either direction, since the clock may jump.
        (now.milliseconds - held.at.milliseconds).magnitude <= Self.idleMillisecondsMax
      {
        return false
      }
      claims[chain] = Claim(peer: peer, at: now)
      return true
    }
  }

  package func release(_ chain: String, by peer: String) {
    claims.withLock { claims in
      if claims[chain]?.peer == peer { claims[chain] = nil }
    }
  }
}
