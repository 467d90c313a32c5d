import Foundation
import GRDB
import Ledger

/// A session as it outlives a restart of the station: without the token, which the browser alone has.
package struct KeptSession: Sendable, Equatable {
  /// SHA-256 of the token.
  package var digest: [UInt8]
  /// Account id.
  package var account: String
  package var csrf: String
  package var began: Instant
  package var until: Instant

  package init(digest: [UInt8], account: String, csrf: String, began: Instant, until: Instant) {
    self.digest = digest
    self.account = account
    self.csrf = csrf
    self.began = began
    self.until = until
  }
}

extension Register {
  /// Keeps it beside the ledger, and drops those that have ended.
  package func keep(_ session: KeptSession) throws {
    try writeTables { db in
      try db.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS sessions(
            digest BLOB PRIMARY KEY, account TEXT NOT NULL, csrf TEXT NOT NULL, began INTEGER NOT NULL,
            until INTEGER NOT NULL) WITHOUT ROWID
          """)
      try db.execute(sql: "DELETE FROM sessions WHERE until <= ?", arguments: [session.began.milliseconds])
      try db.execute(
        sql: "INSERT OR REPLACE INTO sessions(digest, account, csrf, began, until) VALUES (?, ?, ?, ?, ?)",
        arguments: [
          Data(session.digest), session.account, session.csrf, session.began.milliseconds,
          session.until.milliseconds,
        ])
    }
  }

  package func forgetSession(_ digest: [UInt8]) throws {
    try forgetSessions("digest = ?", Data(digest))
  }

  package func forgetSessions(ofAccount id: String) throws {
    try forgetSessions("account = ?", id)
  }

  /// Those that have not ended at `now`.
  package func keptSessions(at now: Instant) throws -> [KeptSession] {
    try readTables { db in
      guard try db.tableExists("sessions") else { return [] }
      return try Row.fetchAll(db, sql: "SELECT * FROM sessions WHERE until > ?", arguments: [now.milliseconds])
        .map { row in
          KeptSession(
            digest: Array(row["digest"] as Data), account: row["account"], csrf: row["csrf"],
            began: Instant(milliseconds: row["began"]), until: Instant(milliseconds: row["until"]))
        }
    }
  }

  private func forgetSessions(_ condition: String, _ value: some DatabaseValueConvertible) throws {
    try writeTables { db in
      guard try db.tableExists("sessions") else { return }
      try db.execute(sql: "DELETE FROM sessions WHERE \(condition)", arguments: [value])
    }
  }
}
