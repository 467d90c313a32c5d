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
  /// Two stays with one number.
  case number
  /// Merges that close a ring: the subject.
  case ring
  /// A stay that two patients claim: the subject.
  case claimed
  /// One movement id in two visits: its key.
  case movement

  static let models = [
    Schema.Model(
      table: "suspects", columns: "kind TEXT NOT NULL, key NOT NULL, PRIMARY KEY (kind, key)", isWithoutRowID: true)
  ]

  /// Between the parts of a key: no code or number holds it.
  static let separator: Character = "\u{1F}"

  static func note(_ kind: Suspects, _ parts: String..., rows: RowUpdate) throws {
    try note(kind, .text(parts.joined(separator: String(separator))), rows)
  }

  static func noteSubject(_ kind: Suspects, _ rows: RowUpdate) throws {
    try note(kind, .integer(rows.id), rows)
  }

  private static func note(_ kind: Suspects, _ key: SQLValue, _ rows: RowUpdate) throws {
    try rows.db.prepared("INSERT OR IGNORE INTO suspects(kind, key) VALUES (?, ?)").run(.text(kind.rawValue), key)
    try rows.db.prepared("INSERT OR REPLACE INTO meta(key, value) VALUES ('suspects', ?)").run(.integer(rows.commit))
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
        SELECT 'bed', unit || char(31) || bed FROM presences
        WHERE untilAt = \(StayRows.open) AND bed IS NOT NULL AND unit IS NOT NULL
        GROUP BY unit, bed HAVING COUNT(DISTINCT stay) > 1;
        """)
  }
}
