import Ledger
import Synchronization

/// How far the verification of a restored station is, as it says it while its pages are open.
public final class Restoration: Sendable {
  struct Standing: Sendable, Equatable {
    var percent = 0
    /// What the vault names and nobody could read.
    var missing: [String] = []
    /// What the snapshot holds otherwise than its lines say.
    var failure: String?
  }

  private let state = Mutex(Standing())

  public init() {}

  public func show(percent: Int, missing: [String]) {
    state.withLock { $0 = Standing(percent: percent, missing: missing) }
  }

  public func end(missing: [String], failure: String?) {
    state.withLock { $0 = Standing(percent: 100, missing: missing, failure: failure) }
  }

  var standing: Standing { state.withLock { $0 } }
}
