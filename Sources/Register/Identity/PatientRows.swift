import GRDB
import Hospital
import Ledger

/// Which numbers lead to which patients, and who is whose child or other file.
enum PatientRows {
  static let models: [Schema.Model] = [
    Schema.Model(
      table: "identifiers",
      columns: """
        value TEXT NOT NULL, authority TEXT NOT NULL, type TEXT NOT NULL, patient INTEGER NOT NULL,
        withdrawn INTEGER NOT NULL, PRIMARY KEY (value, authority, type, patient)
        """,
      isWithoutRowID: true),
    Schema.Model(
      table: "insNumbers",
      columns: "matricule TEXT NOT NULL, patient INTEGER NOT NULL, PRIMARY KEY (matricule, patient)",
      isWithoutRowID: true),
    Schema.Model(
      table: "labels", columns: "label TEXT NOT NULL, patient INTEGER NOT NULL, PRIMARY KEY (label, patient)",
      isWithoutRowID: true),
    Schema.Model(
      table: "newborns", columns: "mother INTEGER NOT NULL, child INTEGER NOT NULL, PRIMARY KEY (mother, child)",
      isWithoutRowID: true),
    Schema.Model(
      table: "merges",
      columns: "survivor INTEGER NOT NULL, absorbed INTEGER NOT NULL, PRIMARY KEY (survivor, absorbed)",
      isWithoutRowID: true),
  ]

  static func update(_ rows: inout RowUpdate, old: Patient?, new: Patient?) throws {
    let before = old?.identifiers ?? []
    let after = new?.identifiers ?? []
    for identifier in before where !after.contains(where: identifier.isWritten) { try remove(identifier, rows) }
    for identifier in after where !before.contains(where: identifier.isWritten) { try add(identifier, rows) }
    try set(rows, "insNumbers", "matricule", .ins, from: old?.ins?.matricule, to: new?.ins?.matricule)
    try set(rows, "labels", "label", .label, from: old?.unknown?.label, to: new?.unknown?.label)
    try link(rows, "newborns", "mother", "child", from: old?.mother, to: new?.mother)
    if try link(rows, "merges", "survivor", "absorbed", from: old?.mergedInto, to: new?.mergedInto) {
      try Suspects.noteSubject(.ring, rows)
    }
    old?.count(-1, in: &rows.subjects.tally)
    new?.count(1, in: &rows.subjects.tally)
    if rows.isRebuilding { return }
    // Whoever is no more, because nothing that was said of them counts, is found by nothing.
    let entry = rows.entry ?? SearchEntry(new ?? Patient(id: ""))
    let isFoundAnew = try SearchIndex.update(rows.db, patient: rows.id, old: old, new: entry)
    if isFoundAnew, let old { rows.subjects.renamed.insert(old.id) }
  }

  private static func add(_ identifier: Identifier, _ rows: RowUpdate) throws {
    try rows.db.prepared(
      "INSERT OR IGNORE INTO identifiers(value, authority, type, patient, withdrawn) VALUES (?, ?, ?, ?, ?)"
    ).run(
      .text(identifier.value), .text(identifier.authority), .text(identifier.type), .integer(rows.id),
      .integer(identifier.withdrawn ? 1 : 0))
    if rows.isRebuilding { return }
    let other = try rows.db.prepared(
      "SELECT 1 FROM identifiers WHERE value = ? AND authority = ? AND patient <> ? LIMIT 1"
    ).first(.text(identifier.value), .text(identifier.authority), .integer(rows.id)) { _ in true }
    if other != nil { try Suspects.note(.identifier, identifier.authority, identifier.value, rows: rows) }
  }

  private static func remove(_ identifier: Identifier, _ rows: RowUpdate) throws {
    try rows.db.prepared("DELETE FROM identifiers WHERE value = ? AND authority = ? AND type = ? AND patient = ?").run(
      .text(identifier.value), .text(identifier.authority), .text(identifier.type), .integer(rows.id))
  }

  /// Moves a patient to another value that one alone should bear.
  private static func set(
    _ rows: RowUpdate, _ table: String, _ column: String, _ suspects: Suspects, from old: String?, to new: String?
  ) throws {
    if let old, let new, old.sameBytes(as: new) { return }
    if let old {
      try rows.db.prepared("DELETE FROM \(table) WHERE \(column) = ? AND patient = ?")
        .run(.text(old), .integer(rows.id))
    }
    guard let new else { return }
    try rows.db.prepared("INSERT OR IGNORE INTO \(table)(\(column), patient) VALUES (?, ?)")
      .run(.text(new), .integer(rows.id))
    if rows.isRebuilding { return }
    let other = try rows.db.prepared("SELECT 1 FROM \(table) WHERE \(column) = ? AND patient <> ? LIMIT 1")
      .first(.text(new), .integer(rows.id)) { _ in true }
    if other != nil { try Suspects.note(suspects, new, rows: rows) }
  }

  /// Moves a link to another subject; gives whether there is a new one.
  @discardableResult
  private static func link(
    _ rows: RowUpdate, _ table: String, _ to: String, _ from: String, from old: String?, to new: String?
  ) throws -> Bool {
    if let old, let new, old.sameBytes(as: new) { return false }
    if let old {
      try rows.db.prepared("DELETE FROM \(table) WHERE \(to) = ? AND \(from) = ?")
        .run(try rows.reference(old), .integer(rows.id))
    }
    guard let new else { return false }
    try rows.db.prepared("INSERT OR IGNORE INTO \(table)(\(to), \(from)) VALUES (?, ?)")
      .run(try rows.reference(new), .integer(rows.id))
    return true
  }
}

extension Identifier {
  /// Whether its row is that of another, byte for byte.
  fileprivate func isWritten(as other: Identifier) -> Bool { isSame(as: other) && withdrawn == other.withdrawn }
}

extension Patient {
  /// Adds `change` to all that this identity counts among.
  fileprivate func count(_ change: Int, in tally: inout Tally) {
    tally.add(change, to: .identities)
    if mergedInto != nil { return tally.add(change, to: .merged) }
    tally.add(change, to: .identities(of: identityStatus))
    if ins != nil { tally.add(change, to: .withINS) }
    if !phones.isEmpty { tally.add(change, to: .withPhone) }
  }
}
