import GRDB
import Hospital

/// Finding a patient by name and birth date, on disk.
///
/// By date, a row a patient, which holds the names to rank by; by name, a row for each part of a surname, which holds
/// the given name and the date; and the distinct words, few beside the patients, against which what was typed is
/// corrected. A row put into each for every admission would touch as many pages of the disk as there are rows. So the
/// writer only appends what changed to `searchRecent`; readers hold the newest changes in memory, where they go before
/// the rest, and once there are many they are merged in order, each page touched once for all, in many small steps.
/// Its rows depend on what was merged, so a proof compares what they say with the states: `SearchSums`.
enum SearchIndex {
  static let models: [Schema.Model] = [
    Schema.Model(
      table: "searchRecent",
      columns: """
        id INTEGER PRIMARY KEY, patient INTEGER NOT NULL, date INTEGER NOT NULL, names TEXT NOT NULL,
        oldDate INTEGER, oldNames TEXT
        """,
      compared: nil),
    Schema.Model(
      table: "searchDates",
      columns: "date INTEGER NOT NULL, patient INTEGER NOT NULL, names TEXT NOT NULL, PRIMARY KEY (date, patient)",
      isWithoutRowID: true, compared: nil),
    Schema.Model(
      table: "searchNames",
      columns: """
        word TEXT NOT NULL, given TEXT NOT NULL, date INTEGER NOT NULL, patient INTEGER NOT NULL,
        PRIMARY KEY (word, given, date, patient)
        """,
      isWithoutRowID: true, compared: nil),
    Schema.Model(
      table: "searchWords", columns: "id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE, sound INTEGER NOT NULL",
      compared: nil),
    // The last row of `searchRecent` that the other tables have.
    Schema.Model(table: "searchMerges", columns: "base INTEGER NOT NULL", compared: nil),
  ]

  /// Takes in what changed of the patient with this number; `old` is nil for one never heard of. Gives whether anything
  /// did.
  static func update(_ db: Database, patient id: Int, old: Patient?, new after: SearchEntry) throws -> Bool {
    let before = old.map(SearchEntry.init)
    if before == after || before == nil && after.isEmpty { return false }
    try db.prepared("INSERT INTO searchRecent(patient, date, names, oldDate, oldNames) VALUES (?, ?, ?, ?, ?)").run(
      .integer(id), .integer(after.date), .text(after.names), .integer(orNull: before?.date),
      .text(orNull: before?.names))
    return true
  }

  /// The last row of `searchRecent` that is merged.
  static func base(_ db: Database) throws -> Int {
    try db.prepared("SELECT base FROM searchMerges").first { $0.integer(0) } ?? 0
  }

  /// The first and the last row that `searchRecent` has; 0 of none.
  static func oldest(_ db: Database) throws -> Int {
    try db.prepared("SELECT min(id) FROM searchRecent").first { $0.integer(0) } ?? 0
  }

  static func newest(_ db: Database) throws -> Int {
    try db.prepared("SELECT max(id) FROM searchRecent").first { $0.integer(0) } ?? 0
  }

  /// Of a new index nothing is to be merged.
  static func begin(_ db: Database) throws { try db.prepared("INSERT INTO searchMerges(base) VALUES (0)").run() }

  /// What patients are found by, as a rebuild meets them: put in order once all are known.
  enum Gathering {
    static func begin(_ db: Database) throws {
      try db.execute(
        sql: """
          CREATE TABLE searchEntries(patient INTEGER PRIMARY KEY, date INTEGER NOT NULL, names TEXT NOT NULL);
          CREATE TABLE searchPairs(
            word TEXT NOT NULL, given TEXT NOT NULL, date INTEGER NOT NULL, patient INTEGER NOT NULL);
          """)
    }

    static func put(_ entry: SearchEntry, patient: Int, _ db: Database) throws {
      if entry.isEmpty {
        try db.prepared("DELETE FROM searchEntries WHERE patient = ?").run(.integer(patient))
      } else {
        try db.prepared("INSERT OR REPLACE INTO searchEntries(patient, date, names) VALUES (?, ?, ?)")
          .run(.integer(patient), .integer(entry.date), .text(entry.names))
      }
    }

    /// Fills an index that is still empty, each table in its own order, so that each page is written once.
    static func finish(_ db: Database) throws {
      let pair = try db.prepared("INSERT INTO searchPairs(word, given, date, patient) VALUES (?, ?, ?, ?)")
      var words: Set<ExactText> = []
      try db.prepared("SELECT patient, date, names FROM searchEntries").each { row in
        for name in SearchRecent.NameRow.all(row.integer(0), SearchEntry(date: row.integer(1), names: row.text(2))) {
          try pair.run(.text(name.word), .text(name.given), .integer(name.date), .integer(name.patient))
          words.insert(ExactText(name.word))
          words.insert(ExactText(name.given))
        }
        return true
      }
      for step in SearchStep.learning(words) { try step.run(db) }
      try db.execute(
        sql: """
          INSERT INTO searchDates(date, patient, names)
          SELECT date, patient, names FROM searchEntries ORDER BY date, patient;
          INSERT INTO searchNames(word, given, date, patient)
          SELECT word, given, date, patient FROM searchPairs ORDER BY word, given, date, patient;
          DROP TABLE searchEntries;
          DROP TABLE searchPairs;
          """)
      try SearchIndex.begin(db)
    }
  }
}
