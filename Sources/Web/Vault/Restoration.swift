import Ledger
import Synchronization

/// How far the verification of a restored station is, as it says it while its pages are open.
public final class Restoration: Sendable {
  struct Standing: Sendable, Equatable {
    var percent = 0
    /// What something signed says was in the vault, and is not here.
    var missing: [String] = []
    /// What lies there beside it and could not be used.
    var unused: [String] = []
    /// What the snapshot holds otherwise than its lines say.
    var failure: String?
  }

  private let state = Mutex(Standing())

  public init() {}

  public func show(percent: Int, missing: [String], unused: [String] = []) {
    state.withLock { $0 = Standing(percent: percent, missing: missing, unused: unused) }
  }

  public func end(missing: [String], unused: [String] = [], failure: String?) {
    state.withLock { $0 = Standing(percent: 100, missing: missing, unused: unused, failure: failure) }
  }

  var standing: Standing { state.withLock { $0 } }
}
