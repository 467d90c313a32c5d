import GRDB
import Hospital
import Synchronization

/// What searching holds in memory: the distinct words, and what changed since the last merge. Each search first reads
/// what is new in the state of the store that it sees.
final class SearchMemory: Sendable {
  private struct Held {
    var words = SearchWordList()
    var lastWord = 0
    /// By the last row merged. The one before stays for readers that began before the last merge ended.
    var recent: [Int: SearchRecent] = [:]
  }

  private let held = Mutex(Held())
  private static let correctionsMin = 24

  init() {}

  /// Changes since the last merge that this reader sees.
  func recent(_ db: Database) throws -> SearchRecent {
    let base = try SearchIndex.base(db)
    let recent = held.withLock { held in
      if let known = held.recent[base] { return known }
      let new = SearchRecent(after: base)
      let before = held.recent.keys.filter { $0 < base }.max()
      held.recent = held.recent.filter { $0.key == before }
      held.recent[base] = new
      return new
    }
    try recent.readNew(db)
    return recent
  }

  /// Known words near to `word`, the closest first: those a slip away, then some of those that only sound the same.
  func near(_ word: String, _ recent: SearchRecent, _ db: Database) throws -> [String] {
    let merged = try held.withLock { held in
      try Self.readNew(&held, db)
      return held.words.near(word)
    }
    let all = Set(merged + recent.near(word))
    let slips = all.filter { $0.cost < 2 }
    let inOrder = all.sorted { ($0.cost, $0.word) < ($1.cost, $1.word) }
    return inOrder.prefix(max(slips.count, Self.correctionsMin)).map(\.word)
  }

  private static func readNew(_ held: inout Held, _ db: Database) throws {
    let newest = try db.prepared("SELECT max(id) FROM searchWords").first { $0.integer(0) } ?? 0
    if newest <= held.lastWord { return }
    try db.prepared("SELECT id, word, sound FROM searchWords WHERE id > ? ORDER BY id").each(
      .integer(held.lastWord)
    ) { row in
      held.lastWord = row.integer(0)
      held.words.append(row.text(1), sound: UInt32(truncatingIfNeeded: row.integer(2)))
      return true
    }
  }
}
