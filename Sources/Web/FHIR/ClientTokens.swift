import Hospital
import Interop
import Ledger
import Synchronization

/// A program that has shown its secret, for as long as its token holds.
package struct FHIRCaller: Sendable {
  package let account: Account
  package let scopes: [FHIRScope]
  let until: Instant
}

/// The tokens of programs, by digest, in memory alone: a station that starts again is asked for another.
package final class ClientTokens: Sendable {
  static let secondsMax = 900
  /// Of one program; the oldest goes first.
  private static let tokensMax = 64

  private let open = Mutex<[[UInt8]: FHIRCaller]>([:])

  func issue(_ caller: FHIRCaller, token: String, at now: Instant) {
    open.withLock { open in
      open = open.filter { now < $0.value.until }
      let own = open.filter { $0.value.account.id == caller.account.id }
      if own.count >= Self.tokensMax, let oldest = own.min(by: { $0.value.until < $1.value.until }) {
        open[oldest.key] = nil
      }
      open[Secret.digest(token)] = caller
    }
  }

  func caller(of token: String, at now: Instant) -> FHIRCaller? {
    guard token.utf8.count == 64 else { return nil }
    let digest = Secret.digest(token)
    return open.withLock { $0[digest] }.flatMap { now < $0.until ? $0 : nil }
  }

  /// The program was revoked.
  func close(account: String) { open.withLock { open in open = open.filter { $0.value.account.id != account } } }
}
