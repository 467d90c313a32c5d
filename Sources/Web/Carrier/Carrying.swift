import Ledger

/// What the pages need of carriers, which are made and read above this floor.
public struct Carrying: Sendable {
  /// What came of one file.
  public enum Outcome: Sendable {
    /// Lines that were new, that were known, that lie aside; stations of which it supposes lines that are not here;
    /// whose lines it holds; who sealed it and when.
    case taken(
      commits: Int, known: Int, aside: Int, lacking: [String], stations: [String], sealer: String, sealedAt: Instant)
    /// `foreign`, `truncated`, `missing-part`, `altered`, `not-sealed`, `version`, `unsigned`, `malformed` or
    /// `unreadable`.
    case refused(code: String)
  }

  /// Where files under way lie: this station's own, for its owner alone.
  let folder: String
  let write: @Sendable (_ path: String, _ destination: String?) async throws -> Void
  let read: @Sendable (_ paths: [String]) async throws -> [(path: String, outcome: Outcome)]

  /// - Parameters:
  ///   - write: makes a file of everything, or of what the station of that whole name is not known to have.
  ///   - read: takes files in, and says what came of each; the parts of one that was split are one.
  public init(
    folder: String, write: @escaping @Sendable (_ path: String, _ destination: String?) async throws -> Void,
    read: @escaping @Sendable (_ paths: [String]) async throws -> [(path: String, outcome: Outcome)]
  ) {
    self.folder = folder
    self.write = write
    self.read = read
  }
}
