import GRDB

/// Where a conflict may be. Noted when a change meets another row that it should not, so that a page which shows how
/// many conflicts there are need not look through everything; each is looked at again when it is asked for, since
/// what follows may have settled it.
enum Suspects: String, CaseIterable {
  /// Two patients in one bed: unit, bed.
  case bed
  /// Two identities with one number of one authority: authority, value.
  case identifier
  /// Two identities with one INS: the matricule.
  case ins
  /// Two patients nobody can name under one label: the label.
  case label
  /// Two identities made apart, neither station knowing of the other: their `NamesakeKey`.
  case person
  /// Two stays with one number.
  case number
  /// Merges that close a ring: the subject.
  case ring
  /// A stay that two patients claim: the subject.
  case claimed
  /// One movement id in two visits: its key.
  case movement
  /// What stations said of it that did not know of each other: the subject.
  case contradicted
  /// Decisions that may not have seen each other: the subject that they are of.
  case decided

  static let models = [
    Schema.Model(
      table: "suspects", columns: "kind TEXT NOT NULL, key NOT NULL, PRIMARY KEY (kind, key)", isWithoutRowID: true,
      // Where to look, not what is there: more is noted as lines come than turns out to be one, and what is noted
      // depends on what met what first.
      compared: nil)
  ]

  /// Between the parts of a key: no code or number holds it.
  static let separator: Character = "\u{1F}"

  static func note(_ kind: Suspects, _ parts: String..., rows: RowUpdate) throws {
    try note(kind, .text(parts.joined(separator: String(separator))), at: rows.commit, rows.db)
  }

  static func noteSubject(_ kind: Suspects, _ rows: RowUpdate) throws {
    try note(kind, .integer(rows.id), at: rows.commit, rows.db)
  }

  /// - Parameter commit: the row of the commit that gave the suspicion.
  static func note(_ kind: Suspects, _ key: SQLValue, at commit: Int, _ db: Database) throws {
    try db.prepared("INSERT OR IGNORE INTO suspects(kind, key) VALUES (?, ?)").run(.text(kind.rawValue), key)
    try lookAgain(at: commit, db)
  }

  /// Somebody decided, and more than once.
  static func noteDecision(_ rows: RowUpdate) throws {
    let facts = try rows.db.prepared("SELECT COUNT(*) FROM facts WHERE subject = ?").first(.integer(rows.id)) {
      $0.integer(0)
    }
    if facts == 1 { try lookAgain(at: rows.commit, rows.db) } else { try noteSubject(.decided, rows) }
  }

  /// What was last looked at no longer stands.
  private static func lookAgain(at commit: Int, _ db: Database) throws {
    try db.prepared("INSERT OR REPLACE INTO meta(key, value) VALUES ('suspects', ?)").run(.integer(commit))
  }

  /// Looks through everything, once: a rebuild writes its rows before the indexes that live changes lean on.
  static func noteAll(_ db: Database) throws { _ = try keep(all(db), db) }

  private typealias Found = (kind: Suspects, key: SQLValue)

  private static func all(_ db: Database) throws -> [Found] {
    var found = try texts(
      .number, "SELECT number FROM stays WHERE number IS NOT NULL GROUP BY number HAVING COUNT(*) > 1", db)
    found += try texts(
      .identifier,
      """
      SELECT authority || char(31) || value FROM identifiers
      GROUP BY value, authority HAVING COUNT(DISTINCT patient) > 1
      """, db)
    found += try texts(.ins, "SELECT matricule FROM insNumbers GROUP BY matricule HAVING COUNT(*) > 1", db)
    found += try texts(.label, "SELECT label FROM labels GROUP BY label HAVING COUNT(*) > 1", db)
    found += try texts(
      .bed,
      """
      SELECT unit || char(31) || bed FROM presences
      WHERE untilAt = \(StayRows.open) AND bed IS NOT NULL AND unit IS NOT NULL
      GROUP BY unit, bed HAVING COUNT(DISTINCT stay) > 1
      """, db)
    found += try subjects(
      .decided,
      """
      SELECT subjects.id FROM subjects JOIN facts ON facts.subject = subjects.id
      WHERE subjects.name > 'conflict/' AND subjects.name < 'conflict0'
      GROUP BY subjects.id HAVING COUNT(*) > 1
      """, db)
    for subject in try Contradictions(db).all() { found.append((.contradicted, .integer(subject))) }
    for key in try Persons(db).all() { found.append((.person, .text(key))) }
    return found
  }

  /// What a rebuild notes with its rows.
  private static func ofRows(_ db: Database) throws -> [Found] {
    var found = try texts(.movement, "SELECT key FROM movementKeys GROUP BY key HAVING COUNT(*) > 1", db)
    found += try subjects(.ring, "SELECT absorbed FROM merges", db)
    found += try subjects(
      .claimed,
      """
      SELECT subjects.id FROM subjects JOIN states ON states.subject = subjects.id
      WHERE subjects.name > 'stay/' AND subjects.name < 'stay0' AND instr(states.stored, '"otherPatients"') > 0
      """, db)
    return found
  }

  private static func texts(_ kind: Suspects, _ sql: String, _ db: Database) throws -> [Found] {
    try db.prepared(sql).all { (kind, .text($0.text(0))) }
  }

  private static func subjects(_ kind: Suspects, _ sql: String, _ db: Database) throws -> [Found] {
    try db.prepared(sql).all { (kind, .integer($0.integer(0))) }
  }

  /// - Returns: whether any of them is new.
  private static func keep(_ found: [Found], _ db: Database) throws -> Bool {
    let before = db.totalChangesCount
    for one in found {
      try db.prepared("INSERT OR IGNORE INTO suspects(kind, key) VALUES (?, ?)").run(.text(one.kind.rawValue), one.key)
    }
    return db.totalChangesCount != before
  }

  /// The same in a store that somebody else made and people work with, in which these may have been left out.
  static func noteAnew(_ register: Register) throws {
    let found = try register.readTables { try all($0) + ofRows($0) }
    try register.writeTables { db in
      guard try keep(found, db) else { return }
      // The row of no commit: whatever was looked at before does not stand.
      try lookAgain(at: -1, db)
    }
  }
}

extension Register {
  /// Looks through everything for where a conflict may be, beside whoever works: what a snapshot noted of that is
  /// compared with nothing.
  public func noteSuspects() throws { try Suspects.noteAnew(self) }
}
