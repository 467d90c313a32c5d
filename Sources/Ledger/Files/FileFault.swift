import Glibc

/// The disk's own no: what was tried, on which path, and why it failed.
public struct FileFault: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Attempt: String, Sendable {
    case open, create, read, write, sync, list, rename
  }

  public var attempt: Attempt
  public var path: String
  public var errno: Int32

  package init(_ attempt: Attempt, _ path: String) {
    self.attempt = attempt
    self.path = path
    self.errno = Glibc.errno
  }

  /// ENOSPC or EDQUOT of Linux.
  public var isOfAFullDisk: Bool { errno == 28 || errno == 122 }

  public var description: String { "cannot \(attempt.rawValue) \(path): \(String(cString: strerror(errno)))" }
}
