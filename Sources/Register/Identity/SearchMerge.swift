import GRDB
import Hospital

/// Moves what recently changed into the index, in the index's own order.
struct SearchMerge {
  private let db: Database

  init(_ db: Database) { self.db = db }

  func run() throws {
    try db.execute(
      sql: """
        CREATE TEMP TABLE IF NOT EXISTS mergedNames(word TEXT, given TEXT, date INTEGER, patient INTEGER);
        DELETE FROM mergedNames;
        """)
    try removeOld()
    try addDates()
    try addNames()
    try db.execute(sql: "DELETE FROM mergedNames")
  }

  /// Of a patient who changed several times, what the index has is what was before the first change.
  private func removeOld() throws {
    var old: [(patient: Int, entry: SearchEntry)] = []
    try db.prepared(
      "SELECT patient, oldDate, oldNames, min(id) FROM searchRecent GROUP BY patient HAVING oldDate IS NOT NULL"
    ).each { row in
      old.append((row.integer(0), SearchEntry(date: row.integer(1), names: row.text(2))))
      return true
    }
    for (patient, entry) in old {
      try db.prepared("DELETE FROM searchDates WHERE date = ? AND patient = ?").run(
        .integer(entry.date), .integer(patient))
      for pair in entry.pairs {
        try db.prepared("DELETE FROM searchNames WHERE word = ? AND given = ? AND date = ? AND patient = ?").run(
          .text(pair.word), .text(pair.given), .integer(entry.date), .integer(patient))
      }
    }
  }

  private func addDates() throws {
    try db.execute(
      sql: """
        INSERT OR REPLACE INTO searchDates(date, patient, names)
        SELECT date, patient, names FROM (SELECT date, patient, names, max(id) FROM searchRecent GROUP BY patient)
        ORDER BY date, patient
        """)
  }

  private func addNames() throws {
    let insert = try db.prepared("INSERT INTO mergedNames VALUES (?, ?, ?, ?)")
    var words: Set<String> = []
    try db.prepared("SELECT patient, date, names, max(id) FROM searchRecent GROUP BY patient").each { row in
      for pair in SearchEntry(date: row.integer(1), names: row.text(2)).pairs {
        try insert.run(.text(pair.word), .text(pair.given), .integer(row.integer(1)), .integer(row.integer(0)))
        words.insert(pair.word)
        if !pair.given.isEmpty { words.insert(pair.given) }
      }
      return true
    }
    try db.execute(
      sql: """
        INSERT OR IGNORE INTO searchNames(word, given, date, patient)
        SELECT word, given, date, patient FROM mergedNames ORDER BY word, given, date, patient
        """)
    // A word stays known after the last patient who bore it is gone: it costs a comparison, no more.
    for word in words.sorted() {
      let known = try db.prepared("SELECT 1 FROM searchWords WHERE word = ?").first(.text(word)) { _ in true }
      guard known == nil else { continue }
      try db.prepared("INSERT INTO searchWords(word, sound) VALUES (?, ?)").run(
        .text(word), .integer(Int(SearchWordList.sound(word))))
    }
  }
}
