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
    /// Why it does not go on for now.
    var stopped: String?
  }

  private let state = Mutex(Standing())

  public init() {}

  public func show(percent: Int, missing: [String], unused: [String] = []) {
    state.withLock { standing in
      // What is read once more is nothing new.
      if standing.stopped != nil, percent <= standing.percent { return }
      standing = Standing(percent: percent, missing: missing, unused: unused)
    }
  }

  /// It is tried again; what stands is said until it is further than that.
  public func stop(_ reason: String) { state.withLock { $0.stopped = reason } }

  public func end(missing: [String], unused: [String] = [], failure: String?) {
    state.withLock { $0 = Standing(percent: 100, missing: missing, unused: unused, failure: failure) }
  }

  var standing: Standing { state.withLock { $0 } }
}
