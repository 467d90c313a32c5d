import GRDB
import Hospital
import Ledger
import Synchronization

/// The conflicts as last looked for, decided ones included, and what was looked at: they stand until one of those changes, so that the
/// banner of each page costs a few lookups.
final class ConflictCache: Sendable {
  private struct Known {
    var suspects: Int
    var ends: Int
    var looked: [Int: Int]
    var unheard: Set<String>
    var conflicts: [Conflict]
  }

  private let known = Mutex<Known?>(nil)

  func conflicts(_ reading: Reading) throws -> [Conflict] {
    let suspects = try Self.version(reading.db)
    let ends = try Tips(reading.db).version()
    if let known = known.withLock({ $0 }), known.suspects == suspects, known.ends == ends,
      try isCurrent(known, reading.db)
    {
      return known.conflicts
    }
    let looking = try ConflictLooking(reading)
    let conflicts = try looking.all()
    let now = Known(
      suspects: suspects, ends: ends, looked: looking.looked, unheard: looking.unheard, conflicts: conflicts)
    known.withLock { $0 = now }
    return conflicts
  }

  private func isCurrent(_ known: Known, _ db: Database) throws -> Bool {
    let revision = try db.prepared("SELECT revision FROM states WHERE subject = ?")
    for (subject, seen) in known.looked {
      let now = try revision.first(.integer(subject)) { $0.integer(0) } ?? 0
      if now != seen { return false }
    }
    let heard = try db.prepared("SELECT 1 FROM subjects WHERE name = ?")
    return try known.unheard.allSatisfy { try heard.first(.text($0)) { _ in true } == nil }
  }

  private static func version(_ db: Database) throws -> Int {
    try db.prepared("SELECT value FROM meta WHERE key = 'suspects'").first { $0.integer(0) } ?? 0
  }
}
