/// The world failing: what was tried and how. Never a patient's data.
public enum RegisterFault: Error, Sendable, Equatable {
  /// There is no station in this folder: `permanence init` makes one.
  case noStation(folder: String)
  /// A station is there already.
  case stationThere(folder: String)
  /// Another process writes here.
  case locked(folder: String)
  /// No room left: nothing was written, nothing is damaged.
  case diskFull
  /// SQLite would not keep what it acknowledges: it must be 2 (FULL).
  case notDurable(synchronous: Int)
  case store(String)
  case key(String)
  /// The writer met a bug and stopped; reading goes on.
  case writerStopped(String)
}
