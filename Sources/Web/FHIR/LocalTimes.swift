import Interop
import Synchronization

/// Time zones as tables, each made once.
final class LocalTimes: Sendable {
  private let known = Mutex<[String: LocalTime]>([:])

  /// UTC for a name that is not known.
  func zone(_ name: String) -> LocalTime {
    known.withLock { known in
      if let zone = known[name] { return zone }
      let zone = LocalTime(zone: name) ?? LocalTime(offsetSeconds: 0)
      known[name] = zone
      return zone
    }
  }
}
