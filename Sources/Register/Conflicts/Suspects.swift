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
  static func noteAll(_ db: Database) throws {
    try db.execute(
      sql: """
        INSERT OR IGNORE INTO suspects(kind, key)
        SELECT 'number', number FROM stays WHERE number IS NOT NULL GROUP BY number HAVING COUNT(*) > 1;
        INSERT OR IGNORE INTO suspects(kind, key)
        SELECT 'identifier', authority || char(31) || value FROM identifiers
        GROUP BY value, authority HAVING COUNT(DISTINCT patient) > 1;
        INSERT OR IGNORE INTO suspects(kind, key)
        SELECT 'ins', matricule FROM insNumbers GROUP BY matricule HAVING COUNT(*) > 1;
        INSERT OR IGNORE INTO suspects(kind, key)
        SELECT 'label', label FROM labels GROUP BY label HAVING COUNT(*) > 1;
        INSERT OR IGNORE INTO suspects(kind, key)
        SELECT 'bed', unit || char(31) || bed FROM presences
        WHERE untilAt = \(StayRows.open) AND bed IS NOT NULL AND unit IS NOT NULL
        GROUP BY unit, bed HAVING COUNT(DISTINCT stay) > 1;
        INSERT OR IGNORE INTO suspects(kind, key)
        SELECT 'decided', subjects.id FROM subjects JOIN facts ON facts.subject = subjects.id
        WHERE subjects.name > 'conflict/' AND subjects.name < 'conflict0'
        GROUP BY subjects.id HAVING COUNT(*) > 1;
        """)
    try Contradictions(db).noteAll()
    try Persons(db).noteAll()
  }
}
