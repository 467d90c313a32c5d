import GRDB
import Hospital

/// What patients are found by, so that an index can be compared with the states that it was made from: sums of rows'
/// hashes, as `ModelSums` has them. An index holds the same once all that it has is merged, whatever was merged so far.
struct SearchSums: Equatable {
  /// No row has a higher number: whatever is said next comes behind it.
  private static let numberMax = 1 << 48

  private var dates: UInt64 = 0
  private var names: UInt64 = 0
  /// Every word is known by its sound, and what is said next will be found.
  private var isWhole = true

  /// What the states say.
  init(states db: Database) throws {
    try db.prepared(
      """
      SELECT subjects.id, subjects.name, states.stored FROM states CROSS JOIN subjects ON subjects.id = states.subject
      WHERE subjects.name > 'patient/' AND subjects.name < 'patient0'
      """
    ).each { row in
      try Task.checkCancellation()
      if let patient = try FoldedKinds.state(row.text(1), stored: row.bytes(2)) as? Patient {
        add(SearchEntry(patient), row.integer(0))
      }
      return true
    }
  }

  /// What an index says, in a file that nobody serves: a table is made there meanwhile, since whoever sealed it may have
  /// left more to be merged than memory holds.
  init(index db: Database) throws {
    let base = try SearchIndex.base(db)
    try db.execute(sql: "CREATE TABLE searchUnmerged(patient INTEGER PRIMARY KEY, newest INTEGER NOT NULL)")
    try db.prepared(
      "INSERT OR REPLACE INTO searchUnmerged SELECT patient, id FROM searchRecent WHERE id > ? ORDER BY id"
    ).run(.integer(base))
    try db.prepared(
      "SELECT date, patient, names FROM searchDates WHERE patient NOT IN (SELECT patient FROM searchUnmerged)"
    ).each { row in
      // One that a merge left of somebody who is found by nothing any more.
      if !SearchEntry(date: row.integer(0), names: row.text(2)).isEmpty { dates &+= Self.hash(row) }
      return true
    }
    try db.prepared(
      "SELECT word, given, date, patient FROM searchNames WHERE patient NOT IN (SELECT patient FROM searchUnmerged)"
    ).each { row in
      try Task.checkCancellation()
      names &+= Self.hash(row)
      return true
    }
    try db.prepared(
      """
      SELECT searchRecent.patient, date, names FROM searchUnmerged CROSS JOIN searchRecent
      ON searchRecent.id = searchUnmerged.newest
      """
    ).each { row in
      add(SearchEntry(date: row.integer(1), names: row.text(2)), row.integer(0))
      return true
    }
    isWhole = try Self.endsRightly(base, db) && Self.knowsItsWords(db)
    try db.execute(sql: "DROP TABLE searchUnmerged")
  }

  private mutating func add(_ entry: SearchEntry, _ patient: Int) {
    if entry.isEmpty { return }
    dates &+= Self.hash([.integer(entry.date), .integer(patient), .text(entry.names)])
    for row in SearchRecent.NameRow.all(patient, entry) {
      names &+= Self.hash([.text(row.word), .text(row.given), .integer(row.date), .integer(row.patient)])
    }
  }

  private static func endsRightly(_ base: Int, _ db: Database) throws -> Bool {
    let merges = try db.prepared("SELECT count(*) FROM searchMerges").first { $0.integer(0) }
    let newest = try SearchIndex.newest(db)
    let lastWord = try db.prepared("SELECT max(id) FROM searchWords").first { $0.integer(0) } ?? 0
    return merges == 1 && base <= newest && newest < numberMax && lastWord < numberMax
  }

  /// Of what is merged; words that nobody bears any more may be there too.
  private static func knowsItsWords(_ db: Database) throws -> Bool {
    let unknown = try db.prepared(
      """
      SELECT 1 FROM searchNames WHERE patient NOT IN (SELECT patient FROM searchUnmerged)
      AND (word <> '' AND NOT EXISTS (SELECT 1 FROM searchWords WHERE searchWords.word = searchNames.word)
        OR given <> '' AND NOT EXISTS (SELECT 1 FROM searchWords WHERE searchWords.word = searchNames.given))
      LIMIT 1
      """
    ).first { _ in true }
    if unknown != nil { return false }
    var areRight = true
    try db.prepared("SELECT word, sound FROM searchWords").each { row in
      areRight = row.integer(1) == Int(SearchWordList.sound(row.text(0)))
      return areRight
    }
    return areRight
  }

  private static func hash(_ row: SQLRow) -> UInt64 {
    var hasher = Hasher()
    row.hash(into: &hasher)
    return UInt64(bitPattern: Int64(hasher.finalize()))
  }

  private static func hash(_ values: [SQLValue]) -> UInt64 {
    var hasher = Hasher()
    for value in values { value.hash(into: &hasher) }
    return UInt64(bitPattern: Int64(hasher.finalize()))
  }
}
