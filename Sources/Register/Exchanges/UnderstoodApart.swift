import GRDB
import Ledger

/// One message of another system that two stations heard and understood differently: their structures or their programs
/// were not the same. What the first says counts, whole.
public struct UnderstoodApart: Sendable {
  /// In the order that says which counts.
  public var first: Commit
  public var other: Commit

  /// Facts that one of them says and the other does not.
  public var differing: [Fact] {
    first.facts.filter { !other.facts.contains($0) } + other.facts.filter { !first.facts.contains($0) }
  }

  /// `at` is when the later one was written; both rows are of `commits`. A mark may take either away, so whoever shows
  /// them asks whether they are behind one.
  static let models = [
    Schema.Model(
      table: "understoodApart",
      columns: "at INTEGER NOT NULL, line INTEGER NOT NULL, other INTEGER NOT NULL, PRIMARY KEY (at, line, other)",
      isWithoutRowID: true,
      // Of three lines of one message, which are compared depends on the order in which they came.
      compared: nil)
  ]

  /// Two rows of `commits` to be kept.
  struct Rows: Sendable {
    let at: Instant
    let line: Int
    let other: Int

    /// Of two lines of one message; nil where they say the same, or where one station wrote both: it writes one again
    /// only to compare.
    init?(_ line: (row: Int, commit: Commit), _ other: (row: Int, commit: Commit)) {
      let (one, two) = (line.commit, other.commit)
      guard !one.station.sameBytes(as: two.station), one.facts != two.facts else { return nil }
      at = max(one.time, two.time).instant
      (self.line, self.other) = (min(line.row, other.row), max(line.row, other.row))
    }

    func keep(_ db: Database) throws {
      try db.prepared("INSERT OR IGNORE INTO understoodApart(at, line, other) VALUES (?, ?, ?)")
        .run(.integer(Int(at.milliseconds)), .integer(line), .integer(other))
    }
  }
}

extension Reading {
  private static let notBehindMarks = """
    FROM understoodApart JOIN commits AS one ON one.id = understoodApart.line
    JOIN commits AS two ON two.id = understoodApart.other WHERE one.counts < ?1 AND two.counts < ?1
    """

  /// Messages that two stations understood differently, the newest first.
  public func understoodApart(limit: Int) throws -> [UnderstoodApart] {
    try db.prepared(
      "SELECT one.line, two.line \(Self.notBehindMarks) ORDER BY at DESC, one.id DESC, two.id DESC LIMIT ?2"
    ).all(.integer(Counting.beyond.rawValue), .integer(limit)) { ($0.blob(0), $0.blob(1)) }
      .map {
        let (one, two) = (try StoredCommits.read($0.0), try StoredCommits.read($0.1))
        return one.precedes(two)
          ? UnderstoodApart(first: one, other: two) : UnderstoodApart(first: two, other: one)
      }
  }

  /// How many of them were heard since then.
  public func understoodApartCount(since: Instant) throws -> Int {
    try db.prepared("SELECT COUNT(*) \(Self.notBehindMarks) AND at >= ?2")
      .first(.integer(Counting.beyond.rawValue), .integer(Int(since.milliseconds))) { $0.integer(0) } ?? 0
  }
}
