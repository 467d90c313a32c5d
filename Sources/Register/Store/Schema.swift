import GRDB

/// The tables of the store. What the ledger says is kept for ever; everything else is derived from it and may be
/// dropped and made again.
enum Schema {
  /// Version of the ledger's own tables.
  static let store = 1
  /// Version of the folds and of the read models' tables: another one means a rebuild. `digest` compares only
  /// within one.
  static let folds = 31

  /// Lines, verbatim, and where each subject is spoken of.
  ///
  /// `commits.counts` (`Counting`) is 0 for a commit whose `command` another one said first in (time, station,
  /// sequence, hash), and 2 for one behind the last line of a revoked station that counts: both are kept and passed
  /// on, and folded into nothing. Facts of chains of reads are in no index: they go to the audit page alone.
  static let ledger = """
    CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
    CREATE TABLE chains(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE commits(
      id INTEGER PRIMARY KEY, chain INTEGER NOT NULL, sequence INTEGER NOT NULL, hash BLOB NOT NULL,
      command TEXT NOT NULL, counts INTEGER NOT NULL, warnings BLOB, line BLOB NOT NULL);
    CREATE TABLE subjects(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE facts(
      subject INTEGER NOT NULL, commitID INTEGER NOT NULL, place INTEGER NOT NULL,
      PRIMARY KEY (subject, commitID, place)) WITHOUT ROWID;
    """
  private static let ledgerIndexes = """
    CREATE UNIQUE INDEX commitsByPlace ON commits(chain, sequence, hash);
    CREATE INDEX commitsByCommand ON commits(command);
    """

  /// Read models, with the indexes that a rebuild makes last.
  ///
  /// `states.newest` is `Position.bytes` of the newest fact folded in; `revision` the row of the commit that last
  /// changed it, which a late fact changes too.
  static let models: [Model] =
    [
      Model(
        table: "states",
        columns: "subject INTEGER PRIMARY KEY, revision INTEGER NOT NULL, newest BLOB NOT NULL, stored BLOB NOT NULL",
        // Which line changed it last depends on the order in which they came.
        compared: "subject, newest, stored"),
      // One that is back at nought has a row or none.
      Model(
        table: "counters", columns: "name TEXT PRIMARY KEY, value INTEGER NOT NULL", isWithoutRowID: true,
        comparedWhere: "value <> 0"),
    ] + PatientRows.models + StayRows.models + EmergencyRows.models + AppointmentRows.models + NumberRows.models
    + ReadRows.models
    + Suspects.models + Witnesses.models + SearchIndex.models + HeardMessage.models + SaidHere.models
    + UnderstoodApart.models
    + HandbackRows.models + ReentryRows.models + BedRequestRows.models + FeedHours.models + TransferRows.models

  struct Model {
    var table: String
    var columns: String
    var isWithoutRowID = false
    /// `CREATE INDEX` statements.
    var indexes: [String] = []
    /// The columns that a proof compares, `*` for all; nil for a table that need not be alike however it came to be.
    var compared: String? = "*"
    /// And the rows.
    var comparedWhere = "TRUE"
  }

  /// Makes the ledger's own tables, without their indexes.
  static func makeLedger(_ db: Database) throws {
    try db.execute(sql: ledger)
    try db.execute(sql: "INSERT INTO meta(key, value) VALUES ('store', ?)", arguments: [store])
  }

  /// Drops and makes the tables of the read models, without their indexes.
  static func makeModels(_ db: Database) throws {
    for model in models { try db.execute(sql: "DROP TABLE IF EXISTS \(model.table)") }
    try makeMissingModels(db)
  }

  /// Makes those that a store of an earlier version lacks, which is written to before all are made again.
  static func makeMissingModels(_ db: Database) throws {
    for model in models {
      let suffix = model.isWithoutRowID ? " WITHOUT ROWID" : ""
      try db.execute(sql: "CREATE TABLE IF NOT EXISTS \(model.table)(\(model.columns))\(suffix)")
    }
  }

  static func makeLedgerIndexes(_ db: Database) throws { try db.execute(sql: ledgerIndexes) }

  static func makeIndexes(_ db: Database) throws {
    for model in models {
      for index in model.indexes { try db.execute(sql: index) }
    }
  }
}
