import GRDB
import Hospital
import Ledger

/// What was kept since a row of `commits`, for whoever knows what had to go back until then.
public struct HandbackNews: Sendable {
  /// The newest row.
  public var row: Int
  /// All that those lines speak of.
  public var subjects: Set<String> = []
  /// Those of them that go back, in the order kept.
  public var commits: [CommitToHandBack] = []
  /// Older lines may count that did not, or no longer do.
  public var isRecounted = false
}

extension Reading {
  /// The newest row of `commits`: another one once anything was said.
  public func newestRow() throws -> Int {
    try db.prepared("SELECT ifnull(max(id), 0) FROM commits").first { $0.integer(0) } ?? 0
  }

  public func handbackNews(since row: Int, _ hours: HandbackHours) throws -> HandbackNews {
    var news = HandbackNews(row: try newestRow())
    guard news.row > row else { return news }
    let lines = try db.prepared("SELECT id, counts, line FROM commits WHERE id > ? ORDER BY id")
      .all(.integer(row)) { (row: $0.integer(0), counting: Counting(rawValue: $0.integer(1)), line: $0.blob(2)) }
    var stations: Set<String> = []
    for (row, counting, line) in lines {
      let commit = try StoredCommits.read(line)
      // Who read what is on a chain of its own, and goes nowhere.
      guard StationName.station(ofChain: commit.station).sameBytes(as: commit.station) else { continue }
      stations.insert(commit.station)
      news.note(commit)
      // Which of them is the first may be another one now.
      for other in try StoredCommits(db).all(saying: commit) where other.row != row { news.note(other.commit) }
      guard counting == .counts, SaidHere(commit) == .here, let told = CommitToHandBack(commit, hours)
      else { continue }
      news.commits.append(try again(told))
    }
    // Lines of a revoked station that come late tell which of its others count.
    let isRevoked = try stations.contains { station in
      try history(of: "station/\(station)").contains { $0.heard.fact.kind == Revocation.kind }
    }
    news.isRecounted = news.isRecounted || isRevoked || news.subjects.contains { $0.hasPrefix("station/") }
    return news
  }
}

extension HandbackNews {
  fileprivate mutating func note(_ commit: Commit) {
    for fact in commit.facts { subjects.formUnion([fact.subject, fact.mergedInto].compactMap(\.self)) }
  }
}
