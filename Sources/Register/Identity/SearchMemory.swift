import GRDB
import Hospital
import Synchronization

/// What searching holds in memory: the distinct words, and what changed since the last merge. Each search first reads
/// what is new in the state of the store that it sees.
final class SearchMemory: Sendable {
  private struct Held {
    var words = SearchWordList()
    var lastWord = 0
    /// In the order of what was merged. The one before stays for readers that began before the last merge ended, and
    /// for all until the last has caught up.
    var recent: [SearchRecent] = []
  }

  private let held = Mutex(Held())
  private let caughtUpAtOnce: Int
  private static let correctionsMin = 24

  init(_ pace: SearchPace) { caughtUpAtOnce = pace.caughtUpAtOnce }

  /// Changes since the last merge that this reader sees, and perhaps some that were merged.
  func recent(_ db: Database) throws -> SearchRecent {
    let base = try SearchIndex.base(db)
    let (before, last) = held.withLock { held in
      let before = held.recent.last { $0.base < base }
      if let last = held.recent.first(where: { $0.base == base }) { return (before, last) }
      let last = SearchRecent(after: base)
      if before === held.recent.last { held.recent = [before, last].compactMap(\.self) }
      return (before, last)
    }
    // Nobody waits for all that came while a merge went on: each search reads a part of it.
    if let before, before.hasRead(through: base), try !last.readNew(db, atMost: caughtUpAtOnce) {
      try before.readNew(db)
      return before
    }
    try last.readNew(db)
    return last
  }

  /// All at once.
  func read(_ db: Database) throws {
    _ = try recent(db)
    try held.withLock { held in try Self.readNew(&held, db) }
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
