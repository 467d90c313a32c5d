import Foundation
import GRDB
import Ledger

/// How one account proves who it is, at any station. Beside the ledger, never in a line: lines are copied, sealed and
/// handed over as evidence, and are kept for decades.
package struct Credential: Sendable, Equatable {
  /// Account id.
  package var account: String
  /// As it is looked up: see `Credential.key`.
  package var login: String?
  package var verifier: ScryptVerifier
  /// SHA-256 of what a badge's QR code says. Its content is 120 random bits: a plain hash is enough.
  package var badge: [UInt8]?
  /// Has seen the page of first gestures, at this station.
  package var isWelcomed: Bool

  package init(
    account: String, login: String?, verifier: ScryptVerifier, badge: [UInt8]? = nil, isWelcomed: Bool = false
  ) {
    self.account = account
    self.login = login.map(Credential.key)
    self.verifier = verifier
    self.badge = badge
    self.isWelcomed = isWelcomed
  }

  /// A login as it is compared: people type `J.Petit` and `j.petit`.
  package static func key(_ login: String) -> String { login.lowercased() }
}

enum Credentials {
  static func make(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE IF NOT EXISTS credentials(
          account TEXT PRIMARY KEY, login TEXT, salt BLOB NOT NULL, rounds INTEGER NOT NULL, derived BLOB NOT NULL,
          badge BLOB, welcomed INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS credentialsByLogin ON credentials(login) WHERE login IS NOT NULL;
        CREATE UNIQUE INDEX IF NOT EXISTS credentialsByBadge ON credentials(badge) WHERE badge IS NOT NULL;
        """)
  }

  /// Whoever has seen the page of first gestures here keeps having seen it.
  static func put(_ credential: Credential, _ db: Database) throws {
    try make(db)
    try db.execute(
      sql: """
        INSERT INTO credentials(account, login, salt, rounds, derived, badge) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT(account) DO UPDATE SET login = excluded.login, salt = excluded.salt, rounds = excluded.rounds,
          derived = excluded.derived, badge = excluded.badge
        """,
      arguments: [
        credential.account, credential.login, data(credential.verifier.salt), credential.verifier.rounds,
        data(credential.verifier.derived), credential.badge.map(data),
      ])
  }

  /// Whether what another station says of a credential can be kept; so can whatever is said of something else.
  static func isSound(_ entry: BesideEntry, _ db: Database) throws -> Bool {
    guard entry.name.hasPrefix(Credential.besidePrefix) else { return true }
    guard let credential = Credential(entry) else { return false }
    guard let badge = credential.badge else { return true }
    return try find("badge", data(badge), db).allSatisfy { $0.account == credential.account }
  }

  /// Says to the others what stores of an earlier version have kept to themselves.
  static func sayOlder(station: String, key: SigningKey, at now: Instant, _ db: Database) throws {
    guard try db.tableExists("credentials") else { return }
    let older = try Row.fetchAll(
      db, sql: "SELECT * FROM credentials WHERE ? || account NOT IN (SELECT name FROM beside)",
      arguments: [Credential.besidePrefix])
    for credential in older.map(read) {
      try Beside(db).say(credential.besideName, credential.json, station: station, key: key, at: now)
    }
  }

  /// The condition names a column; the value is bound.
  static func find(_ column: String, _ value: some DatabaseValueConvertible, _ db: Database) throws -> [Credential] {
    guard try db.tableExists("credentials") else { return [] }
    return try Row.fetchAll(db, sql: "SELECT * FROM credentials WHERE \(column) = ?", arguments: [value]).map(read)
  }

  private static func read(_ row: Row) -> Credential {
    Credential(
      account: row["account"], login: row["login"],
      verifier: ScryptVerifier(
        salt: bytes(row["salt"]), rounds: row["rounds"], derived: bytes(row["derived"])),
      badge: (row["badge"] as Data?).map(bytes), isWelcomed: row["welcomed"])
  }

  static func data(_ bytes: [UInt8]) -> Data { Data(bytes) }
  private static func bytes(_ data: Data) -> [UInt8] { Array(data) }
}

extension Register {
  package func credential(ofAccount id: String) throws -> Credential? {
    try readTables { db in try Credentials.find("account", id, db).first }
  }

  /// Two stations may have made the same login while apart: then each is tried.
  package func credentials(ofLogin login: String) throws -> [Credential] {
    try readTables { db in try Credentials.find("login", Credential.key(login), db) }
  }

  package func credential(ofBadge digest: [UInt8]) throws -> Credential? {
    try readTables { db in try Credentials.find("badge", Credentials.data(digest), db).first }
  }

  /// Says it to every station.
  package func keep(_ credential: Credential) throws { try keep([credential]) }

  package func keep(_ credentials: [Credential]) throws {
    try sayBeside(credentials.map { ($0.besideName, $0.json) }) { db in
      for credential in credentials { try Credentials.put(credential, db) }
    }
  }

  package func markWelcomed(account id: String) throws {
    try writeTables { db in
      try db.execute(sql: "UPDATE credentials SET welcomed = 1 WHERE account = ?", arguments: [id])
    }
  }
}
