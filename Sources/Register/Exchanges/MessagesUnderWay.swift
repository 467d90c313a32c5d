import GRDB
import Hospital
import Ledger

/// Messages of a hand-back that may have gone and of which no answer is noted that took them, as they went, so that a
/// repeat says the same. On this station alone, and only until then.
enum MessagesUnderWay {
  static let table = """
    CREATE TABLE IF NOT EXISTS messagesUnderWay(control TEXT PRIMARY KEY, message BLOB NOT NULL) WITHOUT ROWID;
    """
}

extension Register {
  /// Keeps messages that are about to go, by their numbers.
  /// - Parameter again: how one goes, by its place, that was kept before as it then was.
  public func keep(
    underWay messages: [(control: String, message: [UInt8])], again: (Int, [UInt8]) -> [UInt8]
  ) throws {
    try writeTables { db in
      for (place, (control, message)) in messages.enumerated() {
        let before = try db.prepared("SELECT message FROM messagesUnderWay WHERE control = ?")
          .first(.text(control)) { $0.blob(0) }
        let going = before.map { again(place, $0) } ?? message
        guard going != before else { continue }
        try db.prepared("INSERT OR REPLACE INTO messagesUnderWay(control, message) VALUES (?, ?)")
          .run(.text(control), .blob(going))
      }
    }
  }

  /// They were taken.
  public func forget(underWay controls: [String]) throws {
    try writeTables { db in
      for control in controls {
        try db.prepared("DELETE FROM messagesUnderWay WHERE control = ?").run(.text(control))
      }
    }
  }
}

extension Reading {
  /// A message of that number may have gone, and no answer is noted that took it.
  public func isUnderWay(_ control: String) throws -> Bool {
    try db.prepared("SELECT 1 FROM messagesUnderWay WHERE control = ?").first(.text(control)) { _ in true } ?? false
  }

  /// Runs of hand-backs that have not ended, each station's.
  public func handbackRuns() throws -> [HandbackRun] {
    HandbackRun.open(try history(of: HandbackRun.subject).map(\.heard).sorted { $0.time < $1.time })
  }
}
