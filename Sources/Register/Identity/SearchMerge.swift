import GRDB
import Hospital
import Ledger

/// Moves entries into the index in the index's own order, so that each page is touched once for all.
struct SearchMerge {
  typealias Row = (patient: Int, entry: SearchEntry)

  private let db: Database

  init(_ db: Database) { self.db = db }

  /// Moves what recently changed.
  func run() throws {
    try removeOld()
    var newest: [Int: SearchEntry] = [:]
    try db.prepared("SELECT patient, date, names FROM searchRecent ORDER BY id").each { row in
      newest[row.integer(0)] = SearchEntry(date: row.integer(1), names: row.text(2))
      return true
    }
    try add(newest.map { (patient: $0.key, entry: $0.value) })
  }

  /// Of a patient who changed several times, what the index has is what was before the first change.
  private func removeOld() throws {
    var old: [Row] = []
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

  /// Adds entries of patients who have none in the index.
  func add(_ entries: [Row]) throws {
    let byDate = entries.sorted { ($0.entry.date, $0.patient) < ($1.entry.date, $1.patient) }
    let date = try db.prepared("INSERT OR REPLACE INTO searchDates(date, patient, names) VALUES (?, ?, ?)")
    for row in byDate { try date.run(.integer(row.entry.date), .integer(row.patient), .text(row.entry.names)) }
    let names = Concurrently.map(byDate) { row in
      row.entry.pairs.map { pair in
        SearchRecent.NameRow(word: pair.word, given: pair.given, date: row.entry.date, patient: row.patient)
      }
    }.flatMap { $0 }.sorted {
      ($0.word, $0.given, $0.date, $0.patient) < ($1.word, $1.given, $1.date, $1.patient)
    }
    let insert = try db.prepared(
      "INSERT OR IGNORE INTO searchNames(word, given, date, patient) VALUES (?, ?, ?, ?)")
    for name in names {
      try insert.run(.text(name.word), .text(name.given), .integer(name.date), .integer(name.patient))
    }
    try learn(Set(names.lazy.map(\.word)).union(names.lazy.map(\.given)))
  }

  /// A word stays known after the last patient who bore it is gone: it costs a comparison, no more.
  private func learn(_ words: Set<String>) throws {
    for word in words.sorted() where !word.isEmpty {
      let known = try db.prepared("SELECT 1 FROM searchWords WHERE word = ?").first(.text(word)) { _ in true }
      guard known == nil else { continue }
      try db.prepared("INSERT INTO searchWords(word, sound) VALUES (?, ?)").run(
        .text(word), .integer(Int(SearchWordList.sound(word))))
    }
  }
}
