import GRDB

/// Tables of what other stations said, beside the ledger's own: made where a store has none yet, and never rebuilt.
enum OtherTables {
  /// Those of which nothing goes into a snapshot.
  static let own = ["aside", "peers", "heard", "ends", "beside", "refused", "messagesUnderWay"]

  /// `tips` holds every end of a chain that is not this station's own; of its own, only once it has forked.
  /// `isSaid` is 1 once a line of this station names it as witnessed.
  ///
  /// `aside` holds lines that could not be taken in, with the reason; `peers`, addresses that somebody configured;
  /// `heard`, what other stations said of themselves when they last answered; `ends`, the hours at which chains ended.
  static func make(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE IF NOT EXISTS tips(
          chain INTEGER NOT NULL, hash BLOB NOT NULL, sequence INTEGER NOT NULL, isSaid INTEGER NOT NULL,
          PRIMARY KEY (chain, hash)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS aside(
          id INTEGER PRIMARY KEY, at INTEGER NOT NULL, peer TEXT NOT NULL, chain TEXT, sequence INTEGER,
          hash BLOB NOT NULL UNIQUE, previous BLOB, reason TEXT NOT NULL, line BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS peers(address TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS heard(
          station TEXT PRIMARY KEY, address TEXT NOT NULL, at INTEGER NOT NULL, version TEXT NOT NULL,
          clock INTEGER NOT NULL, heads BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS ends(chain TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS asideByPlace ON aside(chain, previous);
        """ + Beside.table + RefusedMessages.table + MessagesUnderWay.table)
  }
}
