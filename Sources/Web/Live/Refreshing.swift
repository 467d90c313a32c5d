import Synchronization

/// Runs `work` soon after something changed, once for all that changed meanwhile: 5,000 admissions a second are still
/// at most a hundred refreshes.
///
/// The first change of a quiet moment is served at once; that is what keeps another browser within 100 ms.
public final class Refreshing: Sendable {
  private enum State { case idle, running, again }

  private let state = Mutex(State.idle)
  private let pause: Duration
  private let work: @Sendable () async -> Void

  public init(pause: Duration = .milliseconds(20), work: @escaping @Sendable () async -> Void) {
    self.pause = pause
    self.work = work
  }

  public func changed() {
    let start = state.withLock { state in
      switch state {
      case .idle:
        state = .running
        return true
      case .running, .again:
        state = .again
        return false
      }
    }
    if start { Task { await run() } }
  }

  private func run() async {
    repeat {
      await work()
      // Never more than half of the time, however long the work takes under load.
      try? await Task.sleep(for: pause)
    } while state.withLock { state in
      defer { state = state == .again ? .running : .idle }
      return state == .again
    }
  }
}
