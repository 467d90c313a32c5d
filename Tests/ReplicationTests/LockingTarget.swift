import Ledger
import Register
import Replication
import Synchronization

/// Remembers what it was asked, in order.
final class LockingTarget: VaultTarget {
  enum Asked: Equatable {
    case put(String)
    case lock(String)
    case gone(Int)
  }

  private struct State {
    var asked: [Asked] = []
    var gone: Set<String> = []
    var locking = 0
    var lockingMost = 0
  }

  let address = "memory"
  private let state = Mutex(State())
  private let onLock: @Sendable () -> Void

  /// - Parameters:
  ///   - gone: paths of what is there no more.
  ///   - onLock: what happens while one is locked.
  init(gone: Set<String> = [], onLock: @escaping @Sendable () -> Void = {}) {
    self.onLock = onLock
    state.withLock { $0.gone = gone }
  }

  var asked: [Asked] { state.withLock { $0.asked } }
  /// Paths of what was locked for longer.
  var locked: [String] {
    asked.compactMap { if case .lock(let path) = $0 { path } else { nil } }
  }
  /// At once, at most.
  var lockingMost: Int { state.withLock { $0.lockingMost } }

  func check() async throws(VaultFault) {}

  func put(_ file: String, as path: String, until: Instant) async throws(VaultFault) -> KeptObject {
    state.withLock { $0.asked.append(.put(path)) }
    return KeptObject(path: path, version: nil, lockedUntil: until)
  }

  func lock(_ path: String, version: String?, until: Instant) async throws(VaultFault) {
    state.withLock {
      $0.asked.append(.lock(path))
      $0.locking += 1
      $0.lockingMost = max($0.lockingMost, $0.locking)
    }
    onLock()
    for _ in 0..<10 { await Task.yield() }
    state.withLock { $0.locking -= 1 }
  }

  func list(_ prefix: String) async throws(VaultFault) -> [VaultObject] { [] }

  func gone(of objects: [SealedObject]) async throws(VaultFault) -> [SealedObject] {
    state.withLock { state in
      state.asked.append(.gone(objects.count))
      return objects.filter { state.gone.contains($0.path) }
    }
  }

  func get(_ object: VaultObject, first bytes: Int?, to file: String) async throws(VaultFault) {}
}
