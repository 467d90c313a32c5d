import GRDB
import Ledger

extension Register {
  /// Those of these lines that something here bears out: a line of another chain that witnessed them, or a line that
  /// lies aside and follows them.
  public func named(among lines: Set<CommitPlace>) throws -> Set<CommitPlace> {
    try pool.reading { db in
      let waiting = try db.prepared("SELECT 1 FROM aside WHERE chain = ? AND previous = ? LIMIT 1")
      var named = try lines.filter { line in
        try waiting.first(.text(line.station), .blob(line.hash.bytes)) { _ in true } ?? false
      }
      try db.prepared("SELECT other, seen, hash FROM witnesses").each { row in
        guard let hash = LineHash(bytes: row.blob(2)) else { return true }
        let line = CommitPlace(station: row.text(0), sequence: row.integer(1), hash: hash)
        if lines.contains(line) { named.insert(line) }
        return true
      }
      return named
    }
  }

  /// What each chain saw last of each other one.
  public func lastWitnessed() throws -> Set<CommitPlace> {
    try pool.reading { db in
      var last: Set<CommitPlace> = []
      // Of each pair SQLite gives the row that has the maximum.
      try db.prepared("SELECT other, seen, hash, max(sequence) FROM witnesses GROUP BY chain, other").each { row in
        guard let hash = LineHash(bytes: row.blob(2)) else { return true }
        last.insert(CommitPlace(station: row.text(0), sequence: row.integer(1), hash: hash))
        return true
      }
      return last
    }
  }
}
