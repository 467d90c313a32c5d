import GRDB
import Hospital
import Ledger

/// Messages of a hand-back that may have gone and whose answer is not noted yet, as they went, so that a
/// repeat says the same. On this station alone, and only until then.
enum MessagesUnderWay {
  static let table = """
    CREATE TABLE IF NOT EXISTS messagesUnderWay(control TEXT PRIMARY KEY, message BLOB NOT NULL) WITHOUT ROWID;
    """
}

extension Register {
  /// Keeps messages that are about to go, by their control ids.
  /// - Returns: those that were kept before, as they were.
  public func keep(underWay messages: [(control: String, message: [UInt8])]) throws -> [String: [UInt8]] {
    try writeTables { db in
      var before: [String: [UInt8]] = [:]
      for (control, message) in messages {
        let known = try db.prepared("SELECT message FROM messagesUnderWay WHERE control = ?")
          .first(.text(control)) { $0.blob(0) }
        if let known {
          before[control] = known
        } else {
          try db.prepared("INSERT INTO messagesUnderWay(control, message) VALUES (?, ?)")
            .run(.text(control), .blob(message))
        }
      }
      return before
    }
  }

  /// Their answers are noted.
  public func forget(underWay controls: [String]) throws {
    try writeTables { db in
      for control in controls {
        try db.prepared("DELETE FROM messagesUnderWay WHERE control = ?").run(.text(control))
      }
    }
  }
}

extension Reading {
  /// Runs of hand-backs that have not ended, each station's.
  public func handbackRuns() throws -> [HandbackRun] {
    HandbackRun.open(try history(of: HandbackRun.subject).map(\.heard).sorted { $0.time < $1.time })
  }
}
