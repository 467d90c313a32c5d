import GRDB
import Hospital

/// Patients who may answer to a query, the likeliest first: by label, by date, then by name, then, if nobody clearly answers, by
/// dates and names one slip away.
struct SearchCandidates {
  struct Candidate {
    var patient: Int
    var score: Double
    var date: Int
    var reasons: [MatchReason]
    /// Somebody nobody can name, asked for as such.
    var isUnknown = false
  }

  private let query: SearchQuery
  private let asked: SearchAsked
  private let db: Database
  private let memory: SearchMemory
  private let recent: SearchRecent
  private let thisYear: Int
  private var best: [Int: Candidate] = [:]

  /// Rows looked at for one date or one pair of names: enough for 1 January and for MARTIN Marie.
  private static let rowsMax = 3000

  init(_ query: SearchQuery, _ db: Database, _ memory: SearchMemory, thisYear: Int) throws {
    self.query = query
    asked = SearchAsked(query)
    self.db = db
    self.memory = memory
    recent = try memory.recent(db)
    self.thisYear = thisYear
  }

  mutating func found() throws -> [Candidate] {
    if let label = query.label { try takeLabel(label) }
    if let date = query.date { for range in date.lookups { try takeDates(range) } }
    // One word and a date: the date alone holds few, and ranks them.
    if query.words.count > 1 || query.date?.lookups.isEmpty ?? true { try takeNames() }
    if !isSettled { try takeSlips() }
    return ranked
  }

  /// Patients who may be the one described: of the same birth date, or of the same name with at most a slip in the
  /// surname or in the given name, whatever the date.
  mutating func alike(name: NameWords, given: NameWords) throws -> [Candidate] {
    if let date = query.date { for range in date.lookups { try takeDates(range) } }
    let (whole, given) = (name.joined, given.joined)
    guard !whole.isEmpty, !given.isEmpty else {
      try takeNames()
      return ranked
    }
    for word in name.findable { try takePair(word, given) }
    // The clerk before exchanged the two.
    try takePair(given, whole)
    for near in try memory.near(whole, recent, db) { try takePair(near, given) }
    for near in try memory.near(given, recent, db) { try takePair(whole, near) }
    return ranked
  }

  private var ranked: [Candidate] {
    best.values.sorted { left, right in
      if left.score != right.score { return left.score > right.score }
      if left.isUnknown != right.isUnknown { return left.isUnknown }
      // Who came in last is who is looked for.
      if left.isUnknown { return left.patient > right.patient }
      return (left.date, left.patient) < (right.date, right.patient)
    }
  }

  /// Somebody answers to all that was typed, so well that no slip need be supposed.
  private var isSettled: Bool {
    let least = query.date == nil ? 1.0 : query.words.isEmpty ? 1.0 : query.words.count > 1 ? 1.7 : 1.85
    return best.values.contains { $0.score >= least }
  }

  // MARK: By label

  private mutating func takeLabel(_ label: SearchLabel) throws {
    var rows = recent.named(SearchLabel.surname, given: label.beginning)
    try db.prepared(
      """
      SELECT word, given, date, patient FROM searchNames WHERE word = ? AND given >= ? AND given < ?
      ORDER BY patient DESC LIMIT ?
      """
    ).each(
      .text(SearchLabel.surname), .text(label.beginning), .text(after(label.beginning)), .integer(Self.rowsMax)
    ) { row in
      let patient = row.integer(3)
      if !recent.holds(patient) {
        rows.append(SearchRecent.NameRow(word: row.text(0), given: row.text(1), date: row.integer(2), patient: patient))
      }
      return true
    }
    for row in rows {
      guard let answer = label.answers(row.given) else { continue }
      let isExact = answer == .exact
      let known = best[row.patient]?.score ?? 0
      best[row.patient] = Candidate(
        patient: row.patient, score: max(known, isExact ? 2 : 1), date: row.date,
        reasons: [isExact ? .sameNumber : .beginningOfName], isUnknown: true)
    }
  }

  // MARK: By date

  private mutating func takeDates(_ range: ClosedRange<Int>, least: Double = 0) throws {
    // A date alone is no answer to a name.
    func mayAnswer(_ names: UnsafeBufferPointer<UInt8>) -> Bool {
      query.words.isEmpty || SearchScore.mayBeMore(asked, names: names)
    }
    var rows: [(patient: Int, date: Int, names: SearchNames)] = []
    for (patient, entry) in recent.born(range) {
      var names = entry.names
      names.withUTF8 { if mayAnswer($0) { rows.append((patient, entry.date, SearchNames($0))) } }
    }
    try db.prepared("SELECT patient, date, names FROM searchDates WHERE date BETWEEN ? AND ? LIMIT ?").each(
      .integer(range.lowerBound), .integer(range.upperBound), .integer(Self.rowsMax)
    ) { row in
      let names = row.bytes(2)
      if mayAnswer(names), !recent.holds(row.integer(0)) {
        rows.append((row.integer(0), row.integer(1), SearchNames(names)))
      }
      return true
    }
    for row in rows { take(row.patient, row.date, SearchScore(asked, names: row.names), least: least) }
  }

  private mutating func take(_ patient: Int, _ date: Int, _ names: SearchScore, least: Double = 0) {
    var score = names.value
    var reasons = names.reasons
    if let asked = query.date {
      switch asked.nearness(of: date) {
      case .same:
        score += 1
        reasons.insert(.sameBirthDate, at: 0)
      case .compatible:
        score += 0.7
        reasons.insert(.sameBirthYear, at: 0)
      case .close:
        score += 0.75
        reasons.insert(.closeBirthDate, at: 0)
      case .sameYear:
        score += 0.2
        reasons.insert(.sameBirthYear, at: 0)
      case .none: break
      }
      // A date alone, or a name alone, is no answer to both.
      if !query.words.isEmpty, names.value < 0.3 { return }
      if score - names.value < 0.1, names.value < 0.8 { return }
    }
    guard score > 0, names.value >= least else { return }
    if let known = best[patient], known.score >= score { return }
    best[patient] = Candidate(patient: patient, score: score, date: date, reasons: reasons)
  }

  // MARK: By name

  /// Words typed apart that are one name are tried as one, and particles with and without what follows.
  private var tokens: [String] {
    let words = query.words
    guard words.count <= 4 else { return words }
    let joined = words.count > 1 ? zip(words, words.dropFirst()).map { $0 + $1 } : []
    return words + (joined + query.parts).filter { !words.contains($0) }
  }

  private mutating func takeNames() throws {
    let tokens = tokens
    if tokens.count == 1 { return try takeSurname(beginning: tokens[0]) }
    for (place, surname) in tokens.enumerated() {
      for (other, given) in tokens.enumerated() where other != place { try takePair(surname, given) }
    }
    // A surname alone, of several words or with its particles.
    if best.isEmpty { try takeSurname(beginning: query.letters) }
    if query.words.count == 1 { return try takeSurname(beginning: query.words[0]) }
    // The last word may be no more than a beginning, of the surname as well.
    guard best.isEmpty, let last = query.words.last, query.words.count == 2 else { return }
    try takePrefix(last, given: query.words[0])
  }

  private mutating func takeSurname(beginning word: String) throws {
    try takeRows(
      recent.named(beginning: word),
      "SELECT word, given, date, patient FROM searchNames WHERE word >= ? AND word < ? LIMIT ?", .text(word),
      .text(after(word)), .integer(Self.rowsMax / 10))
  }

  /// `given` may be a beginning.
  private mutating func takePair(_ surname: String, _ given: String) throws {
    try takeRows(
      recent.named(surname, given: given),
      "SELECT word, given, date, patient FROM searchNames WHERE word = ? AND given >= ? AND given < ? LIMIT ?",
      .text(surname), .text(given), .text(after(given)), .integer(Self.rowsMax))
  }

  private mutating func takePrefix(_ surname: String, given: String) throws {
    guard surname.utf8.count >= 2 else { return }
    try takeRows(
      recent.named(beginning: surname).filter { $0.given == given },
      """
      SELECT word, given, date, patient FROM
        (SELECT word, given, date, patient FROM searchNames WHERE word >= ? AND word < ? LIMIT 20000)
      WHERE given = ? LIMIT ?
      """, .text(surname), .text(after(surname)), .text(given), .integer(Self.rowsMax / 10))
  }

  private mutating func takeRows(_ newest: [SearchRecent.NameRow], _ sql: String, _ values: SQLValue...) throws {
    var rows = newest
    try db.prepared(sql).each(binding: values) { row in
      let patient = row.integer(3)
      if !recent.holds(patient) {
        rows.append(SearchRecent.NameRow(word: row.text(0), given: row.text(1), date: row.integer(2), patient: patient))
      }
      return true
    }
    var scores: [SearchEntry.Pair: SearchScore] = [:]
    for row in rows {
      let pair = SearchEntry.Pair(word: row.word, given: row.given)
      let score = scores[pair] ?? SearchScore(asked, names: SearchNames(surname: row.word, given: row.given))
      scores[pair] = score
      take(row.patient, row.date, score)
    }
  }

  /// After every text that begins with `prefix`.
  private func after(_ prefix: String) -> String { prefix + "\u{10FFFF}" }

  // MARK: One slip away

  private mutating func takeSlips() throws {
    if let date = query.date, !query.words.isEmpty {
      for day in date.neighbours(thisYear: thisYear) { try takeDates(day...day, least: 0.6) }
      if isSettled { return }
    }
    let words = query.words
    guard !words.isEmpty, words.count <= 4 else { return }
    for (place, word) in words.enumerated() {
      for near in try memory.near(word, recent, db) {
        if words.count == 1 {
          if query.date == nil { try takeSurname(beginning: near) }
          continue
        }
        for (other, given) in words.enumerated() where other != place {
          try takePair(near, given)
          try takePair(given, near)
        }
      }
    }
  }
}
