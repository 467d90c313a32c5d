import GRDB
import Hospital

/// What a patient is found by from now on, and all that the index may have of them from before.
struct SearchChange {
  var new: SearchEntry
  var old: [SearchEntry] = []
}

/// A part of a merge, so small that a few can be done wherever there is time. One done again does nothing.
enum SearchStep {
  case putDate(SearchEntry, patient: Int)
  case dropDate(Int, patient: Int)
  case putName(SearchRecent.NameRow)
  case dropName(SearchRecent.NameRow)
  case learn(String, sound: UInt32)
  /// The index has all of `searchRecent` up to this row: readers who see this take its word for them.
  case end(Int)
  /// Rows of `searchRecent` before this one, which nobody reads any more.
  case forget(Int)

  /// The steps that bring changes into the index, in the index's own order, so that each page is touched once for all.
  static func all(_ changes: [Int: SearchChange]) -> [SearchStep] {
    var dates: [(date: Int, patient: Int, entry: SearchEntry?)] = []
    var names: [(row: SearchRecent.NameRow, isNew: Bool)] = []
    var words: Set<ExactText> = []
    for (patient, change) in changes {
      let rows = SearchRecent.NameRow.all(patient, change.new)
      dates.append((change.new.date, patient, change.new))
      for row in rows {
        names.append((row, true))
        words.insert(ExactText(row.word))
        words.insert(ExactText(row.given))
      }
      if change.old.isEmpty { continue }
      for date in Set(change.old.map(\.date)) where date != change.new.date { dates.append((date, patient, nil)) }
      for row in Set(change.old.flatMap { SearchRecent.NameRow.all(patient, $0) }).subtracting(rows) {
        names.append((row, false))
      }
    }
    dates.sort { ($0.date, $0.patient) < ($1.date, $1.patient) }
    names.sort { left, right in
      let (left, right) = (left.row, right.row)
      return (left.word, left.given, left.date, left.patient) < (right.word, right.given, right.date, right.patient)
    }
    return dates.map { date, patient, entry in
      entry.map { .putDate($0, patient: patient) } ?? .dropDate(date, patient: patient)
    } + names.map { row, isNew in isNew ? .putName(row) : .dropName(row) } + learning(words)
  }

  /// Those words that are none are left out.
  static func learning(_ words: Set<ExactText>) -> [SearchStep] {
    words.map(\.text).filter { !$0.isEmpty }.sorted { $0.precedesInBytes($1) }
      .map { .learn($0, sound: SearchWordList.sound($0)) }
  }

  func run(_ db: Database) throws {
    switch self {
    case .putDate(let entry, let patient):
      try db.prepared("INSERT OR REPLACE INTO searchDates(date, patient, names) VALUES (?, ?, ?)").run(
        .integer(entry.date), .integer(patient), .text(entry.names))
    case .dropDate(let date, let patient):
      try db.prepared("DELETE FROM searchDates WHERE date = ? AND patient = ?").run(.integer(date), .integer(patient))
    case .putName(let row):
      try db.prepared("INSERT OR IGNORE INTO searchNames(word, given, date, patient) VALUES (?, ?, ?, ?)").run(
        .text(row.word), .text(row.given), .integer(row.date), .integer(row.patient))
    case .dropName(let row):
      try db.prepared("DELETE FROM searchNames WHERE word = ? AND given = ? AND date = ? AND patient = ?").run(
        .text(row.word), .text(row.given), .integer(row.date), .integer(row.patient))
    // A word stays known after the last patient who bore it is gone: it costs a comparison, no more.
    case .learn(let word, let sound):
      try db.prepared("INSERT OR IGNORE INTO searchWords(word, sound) VALUES (?, ?)").run(
        .text(word), .integer(Int(sound)))
    case .end(let last): try db.prepared("UPDATE searchMerges SET base = ?").run(.integer(last))
    case .forget(let first): try db.prepared("DELETE FROM searchRecent WHERE id < ?").run(.integer(first))
    }
  }
}
