import GRDB
import Hospital
import Ledger

/// Stays by patient and number, and who was where, from when to when.
enum StayRows {
  static let models: [Schema.Model] = [
    // `status` is as it will be once all that is known has happened, at `settledAt`; `expectedUnit` is of a stay that
    // was spent nowhere.
    Schema.Model(
      table: "stays",
      columns: """
        stay INTEGER PRIMARY KEY, patient INTEGER, number TEXT, visit TEXT, status TEXT NOT NULL, class TEXT,
        beganAt INTEGER NOT NULL, expectedAt INTEGER, expectedUnit TEXT, isUnclear INTEGER NOT NULL,
        continuedAs INTEGER, settledAt INTEGER
        """,
      indexes: [
        "CREATE INDEX staysByPatient ON stays(patient, beganAt)",
        "CREATE INDEX staysByNumber ON stays(number) WHERE number IS NOT NULL",
        "CREATE INDEX staysByVisit ON stays(visit) WHERE visit IS NOT NULL",
        "CREATE INDEX staysExpected ON stays(expectedAt) WHERE status = 'preadmitted'",
        "CREATE INDEX staysUnclear ON stays(stay) WHERE isUnclear",
        "CREATE INDEX staysContinued ON stays(continuedAs) WHERE continuedAs IS NOT NULL",
      ]),
    // An open presence ends at the end of time, so that one index finds both who is here and who was.
    Schema.Model(
      table: "presences",
      columns: """
        stay INTEGER NOT NULL, part INTEGER NOT NULL, fromAt INTEGER NOT NULL, untilAt INTEGER NOT NULL,
        unit TEXT, room TEXT, bed TEXT, away INTEGER NOT NULL, PRIMARY KEY (stay, part)
        """,
      isWithoutRowID: true,
      indexes: [
        "CREATE INDEX presencesByEnd ON presences(untilAt, fromAt, unit, room, bed, away)",
        "CREATE INDEX presencesByBed ON presences(bed, unit, untilAt, fromAt, room) WHERE bed IS NOT NULL",
      ]),
    Schema.Model(
      table: "movementKeys", columns: "key TEXT NOT NULL, stay INTEGER NOT NULL, PRIMARY KEY (key, stay)",
      isWithoutRowID: true),
  ]

  /// The end of what has not ended.
  static let open = Int(Int64.max)

  static func update(_ rows: inout RowUpdate, old: Stay?, new: Stay?) throws {
    let before = old?.outline
    let after = new?.outline
    try updateRow(rows, old: old, before, new: new, after)
    try updatePresences(&rows, before?.presences ?? [], after?.presences ?? [])
    try updateKeys(rows, old?.movements ?? [], new?.movements ?? [])
    try EmergencyRows.update(rows, stay: new?.id ?? old?.id ?? "", old: before, new: after)
    for place in [before?.place, after?.place] { if let unit = place?.unit { rows.units.insert(unit) } }
    if old == nil, new != nil { rows.subjects.tally.add(1, to: .stays) }
    if old != nil, new == nil { rows.subjects.tally.add(-1, to: .stays) }
    let opened = (after?.status == .admitted ? 1 : 0) - (before?.status == .admitted ? 1 : 0)
    if opened != 0 { rows.subjects.tally.add(opened, to: .openStays) }
    if let new, !new.otherPatients.isEmpty { try Suspects.noteSubject(.claimed, rows) }
  }

  private static func updateRow(
    _ rows: RowUpdate, old: Stay?, _ before: StayOutline?, new: Stay?, _ after: StayOutline?
  ) throws {
    guard let new, let after else {
      return try rows.db.prepared("DELETE FROM stays WHERE stay = ?").run(.integer(rows.id))
    }
    let beganAt = after.admittedAt ?? after.expectedAt ?? new.movements.first?.at
    let sql =
      old == nil
      ? """
      INSERT INTO stays(
        patient, number, visit, status, class, beganAt, expectedAt, expectedUnit, isUnclear, continuedAs, settledAt,
        stay)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """
      : """
      UPDATE stays SET patient = ?, number = ?, visit = ?, status = ?, class = ?, beganAt = ?, expectedAt = ?,
      expectedUnit = ?, isUnclear = ?, continuedAs = ?, settledAt = ? WHERE stay = ?
      """
    try rows.db.prepared(sql).run(
      try rows.reference(new.patient), .text(orNull: new.number), .text(orNull: new.visit),
      .text(after.status.rawValue), .text(orNull: after.stayClass?.rawValue), .integer(beganAt.stored ?? 0),
      .integer(orNull: after.expectedAt.stored), .text(orNull: after.presences.isEmpty ? after.place.unit : nil),
      .integer(new.isUnclear ? 1 : 0), try rows.reference(new.continuedAs), .integer(orNull: new.settledAt.stored),
      .integer(rows.id))
    guard !rows.isRebuilding, let number = new.number, old?.number.map({ !$0.sameBytes(as: number) }) ?? true else {
      return
    }
    let other = try rows.db.prepared("SELECT 1 FROM stays WHERE number = ? AND stay <> ? LIMIT 1")
      .first(.text(number), .integer(rows.id)) { _ in true }
    if other != nil { try Suspects.note(.number, number, rows: rows) }
  }

  private static func updatePresences(_ rows: inout RowUpdate, _ old: [Presence], _ new: [Presence]) throws {
    for part in 0..<max(old.count, new.count) {
      let before = part < old.count ? old[part] : nil
      let after = part < new.count ? new[part] : nil
      if let before, let after, before == after, before.place.isWritten(as: after.place) { continue }
      for place in [before?.place, after?.place] { if let unit = place?.unit { rows.units.insert(unit) } }
      if let after {
        let sql =
          before == nil
          ? """
          INSERT INTO presences(fromAt, untilAt, unit, room, bed, away, stay, part) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """
          : """
          UPDATE presences SET fromAt = ?, untilAt = ?, unit = ?, room = ?, bed = ?, away = ? WHERE stay = ? AND part = ?
          """
        try rows.db.prepared(sql).run(
          .integer(Int(after.from.milliseconds)), .integer(after.until.stored ?? open), .text(orNull: after.place.unit),
          .text(orNull: after.place.room), .text(orNull: after.place.bed), .integer(after.away ? 1 : 0),
          .integer(rows.id), .integer(part))
        try suspectBed(rows, after)
      } else {
        try rows.db.prepared("DELETE FROM presences WHERE stay = ? AND part = ?").run(.integer(rows.id), .integer(part))
      }
    }
  }

  /// Someone else lies there at the same time: seldom, and then a person looks.
  private static func suspectBed(_ rows: RowUpdate, _ presence: Presence) throws {
    guard !rows.isRebuilding, presence.until == nil, let bed = presence.place.bed, let unit = presence.place.unit
    else { return }
    let other = try rows.db.prepared(
      """
      SELECT 1 FROM presences WHERE bed = ? AND unit = ? AND untilAt = \(open) AND stay <> ?
      AND (room IS ? OR room IS NULL OR ? IS NULL) LIMIT 1
      """
    ).first(
      .text(bed), .text(unit), .integer(rows.id), .text(orNull: presence.place.room), .text(orNull: presence.place.room)
    ) { _ in true }
    if other != nil { try Suspects.note(.bed, unit, bed, rows: rows) }
  }

  /// Keys of feeds only: those made here are random.
  private static func updateKeys(_ rows: RowUpdate, _ old: [Movement], _ new: [Movement]) throws {
    for movement in new where movement.isForeign && !old.contains(where: { $0.key.sameBytes(as: movement.key) }) {
      try rows.db.prepared("INSERT OR IGNORE INTO movementKeys(key, stay) VALUES (?, ?)")
        .run(.text(movement.key), .integer(rows.id))
      let other = try rows.db.prepared("SELECT 1 FROM movementKeys WHERE key = ? AND stay <> ? LIMIT 1")
        .first(.text(movement.key), .integer(rows.id)) { _ in true }
      if other != nil { try Suspects.note(.movement, movement.key, rows: rows) }
    }
    for movement in old where movement.isForeign && !new.contains(where: { $0.key.sameBytes(as: movement.key) }) {
      try rows.db.prepared("DELETE FROM movementKeys WHERE key = ? AND stay = ?")
        .run(.text(movement.key), .integer(rows.id))
    }
  }
}

extension Place {
  /// Of two that are equal: byte for byte, as a bed is looked up.
  fileprivate func isWritten(as other: Place) -> Bool {
    (unit ?? "").sameBytes(as: other.unit ?? "") && (room ?? "").sameBytes(as: other.room ?? "")
      && (bed ?? "").sameBytes(as: other.bed ?? "")
  }
}

extension Optional where Wrapped == Instant {
  /// Milliseconds, as columns hold instants.
  var stored: Int? { map { Int($0.milliseconds) } }
}
