import GRDB
import Hospital
import Synchronization

/// Changes that are not merged yet. Of a patient who is here, the rows of the index count for nothing.
final class SearchRecent: Sendable {
  struct NameRow: Hashable {
    var word: String
    var given: String
    var date: Int
    var patient: Int

    /// Words are their bytes, as they are to the store.
    static func == (left: NameRow, right: NameRow) -> Bool {
      (left.date, left.patient) == (right.date, right.patient) && left.word.sameBytes(as: right.word)
        && left.given.sameBytes(as: right.given)
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(patient)
      hasher.combine(ExactText(word))
      hasher.combine(ExactText(given))
    }

    static func all(_ patient: Int, _ entry: SearchEntry) -> [NameRow] {
      entry.pairs.map { NameRow(word: $0.word, given: $0.given, date: entry.date, patient: patient) }
    }
  }

  fileprivate struct Held {
    var lastID: Int
    /// The newest version of each patient.
    var entries: [Int: SearchEntry] = [:]
    /// By year, then by date: a year alone is asked for as a span.
    var byYear: [Int: [Int: Set<Int>]] = [:]
    var byWord: [String: Set<Int>] = [:]
    var words = SearchWordList()
    var knownWords: Set<String> = []
    /// Parts of surnames in order, and those that came since they were put in order.
    var inOrder: [String] = []
    var unordered: [String] = []
  }

  /// The last row of `searchRecent` that is not here.
  let base: Int
  private let held: Mutex<Held>

  init(after base: Int) {
    self.base = base
    held = Mutex(Held(lastID: base))
  }

  /// - Returns: Whether that was all there is.
  @discardableResult
  func readNew(_ db: Database, atMost count: Int = .max) throws -> Bool {
    try held.withLock { held in
      var left = count
      try db.prepared("SELECT id, patient, date, names FROM searchRecent WHERE id > ? ORDER BY id").each(
        .integer(held.lastID)
      ) { row in
        held.lastID = row.integer(0)
        held.take(row.integer(1), SearchEntry(date: row.integer(2), names: row.text(3)))
        left -= 1
        return left > 0
      }
      return left > 0
    }
  }

  /// Rows up to this one may be gone: whoever has not read them knows of older ones only.
  func hasRead(through row: Int) -> Bool { held.withLock { $0.lastID >= row } }

  func holds(_ patient: Int) -> Bool { held.withLock { $0.entries[patient] != nil } }

  func near(_ word: String) -> [SearchWordList.Near] { held.withLock { $0.words.near(word) } }

  /// Patients born in a span of `yyyymmdd`.
  func born(_ dates: ClosedRange<Int>) -> [(patient: Int, entry: SearchEntry)] {
    held.withLock { held in
      var found: [(patient: Int, entry: SearchEntry)] = []
      func take(_ patients: Set<Int>) {
        for patient in patients { if let entry = held.entries[patient] { found.append((patient, entry)) } }
      }
      for year in dates.lowerBound / 10_000...dates.upperBound / 10_000 {
        guard let days = held.byYear[year] else { continue }
        if dates.count == 1 {
          if let patients = days[dates.lowerBound] { take(patients) }
        } else {
          for (day, patients) in days where dates.contains(day) { take(patients) }
        }
      }
      return found
    }
  }

  /// Patients with this part of a surname and a given name that begins so.
  func named(_ word: String, given: String) -> [NameRow] {
    held.withLock { held in held.rows(held.byWord[word] ?? [], word: word, given: given) }
  }

  func named(beginning prefix: String) -> [NameRow] {
    held.withLock { held in
      var rows: [NameRow] = []
      for word in held.words(beginning: prefix) { rows += held.rows(held.byWord[word] ?? [], word: word, given: "") }
      return rows
    }
  }
}

extension SearchRecent.Held {
  fileprivate mutating func take(_ patient: Int, _ entry: SearchEntry) {
    if let old = entries[patient] {
      byYear[old.date / 10_000]?[old.date]?.remove(patient)
      for pair in old.pairs { byWord[pair.word]?.remove(patient) }
    }
    entries[patient] = entry
    byYear[entry.date / 10_000, default: [:]][entry.date, default: []].insert(patient)
    for pair in entry.pairs {
      if byWord[pair.word] == nil { unordered.append(pair.word) }
      byWord[pair.word, default: []].insert(patient)
      learn(pair.word)
      if !pair.given.isEmpty { learn(pair.given) }
    }
  }

  private static let unorderedMax = 200

  fileprivate mutating func words(beginning prefix: String) -> [String] {
    if unordered.count > Self.unorderedMax {
      inOrder = (inOrder + unordered).sorted()
      unordered = []
    }
    var (low, high) = (0, inOrder.count)
    while low < high {
      let middle = (low + high) / 2
      if inOrder[middle] < prefix { low = middle + 1 } else { high = middle }
    }
    return inOrder[low...].prefix { $0.hasPrefix(prefix) } + unordered.filter { $0.hasPrefix(prefix) }
  }

  private mutating func learn(_ word: String) {
    if knownWords.insert(word).inserted { words.append(word, sound: SearchWordList.sound(word)) }
  }

  fileprivate func rows(_ patients: Set<Int>, word: String, given: String) -> [SearchRecent.NameRow] {
    patients.flatMap { patient -> [SearchRecent.NameRow] in
      guard let entry = entries[patient] else { return [] }
      return entry.pairs.filter { $0.word == word && $0.given.hasPrefix(given) }
        .map { SearchRecent.NameRow(word: word, given: $0.given, date: entry.date, patient: patient) }
    }
  }
}
