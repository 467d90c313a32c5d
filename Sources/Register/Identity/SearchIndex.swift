import GRDB
import Hospital

/// Finding a patient by name and birth date, on disk.
///
/// By date, a row a patient, which holds the names to rank by; by name, a row for each part of a surname, which holds
/// the given name and the date; and the distinct words, few beside the patients, against which what was typed is
/// corrected. A row put into each for every admission would touch as many pages of the disk as there are rows. So the
/// writer only appends what changed to `searchRecent`; readers hold the newest changes in memory, where they go before
/// the rest, and once there are many they are merged in order, each page touched once for all.
enum SearchIndex {
  /// Changes that are merged together: some weeks of a hospital's, some megabytes of a station's memory.
  static let recentMax = 50_000

  static let models: [Schema.Model] = [
    Schema.Model(
      table: "searchRecent",
      columns: """
        id INTEGER PRIMARY KEY, patient INTEGER NOT NULL, date INTEGER NOT NULL, names TEXT NOT NULL,
        oldDate INTEGER, oldNames TEXT
        """),
    Schema.Model(
      table: "searchDates",
      columns: "date INTEGER NOT NULL, patient INTEGER NOT NULL, names TEXT NOT NULL, PRIMARY KEY (date, patient)",
      isWithoutRowID: true),
    Schema.Model(
      table: "searchNames",
      columns: """
        word TEXT NOT NULL, given TEXT NOT NULL, date INTEGER NOT NULL, patient INTEGER NOT NULL,
        PRIMARY KEY (word, given, date, patient)
        """,
      isWithoutRowID: true),
    Schema.Model(
      table: "searchWords", columns: "id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE, sound INTEGER NOT NULL"),
    // How many merges there were.
    Schema.Model(table: "searchMerges", columns: "count INTEGER NOT NULL"),
  ]

  /// Takes in what changed of the patient with this number; `old` is nil for one never heard of.
  static func update(_ db: Database, patient id: Int, old: Patient?, new: Patient) throws {
    let before = old.map(SearchEntry.init)
    let after = SearchEntry(new)
    if before == after || before == nil && after.isEmpty { return }
    try db.prepared("INSERT INTO searchRecent(patient, date, names, oldDate, oldNames) VALUES (?, ?, ?, ?, ?)").run(
      .integer(id), .integer(after.date), .text(after.names), .integer(orNull: before?.date),
      .text(orNull: before?.names))
    if Int(db.lastInsertedRowID) >= recentMax { try merge(db) }
  }

  /// How many merges there were.
  static func merges(_ db: Database) throws -> Int {
    try db.prepared("SELECT count FROM searchMerges").first { $0.integer(0) } ?? 0
  }

  /// Fills an index that is still empty.
  static func begin(_ db: Database, _ entries: [SearchMerge.Row]) throws {
    try SearchMerge(db).add(entries)
    try db.prepared("INSERT INTO searchMerges(count) VALUES (1)").run()
  }

  /// Merges what recently changed.
  private static func merge(_ db: Database) throws {
    try SearchMerge(db).run()
    try db.prepared("DELETE FROM searchRecent").run()
    try db.prepared("UPDATE searchMerges SET count = count + 1").run()
  }
}
