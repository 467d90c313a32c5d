import GRDB
import Hospital
import Ledger

/// Appointments by their hour and by their patient.
enum AppointmentRows {
  /// `isAwaited` is 1 while somebody is still to come; `stay` is the account that the diary names, `preadmission` its
  /// number where only that is said.
  static let models: [Schema.Model] = [
    Schema.Model(
      table: "appointments",
      columns: """
        appointment INTEGER PRIMARY KEY, patient INTEGER, startsAt INTEGER, unit TEXT, kind TEXT,
        isAwaited INTEGER NOT NULL, stay INTEGER, preadmission TEXT
        """,
      indexes: [
        "CREATE INDEX appointmentsByHour ON appointments(startsAt, isAwaited)",
        "CREATE INDEX appointmentsByStay ON appointments(stay) WHERE isAwaited",
        "CREATE INDEX appointmentsByPreadmission ON appointments(preadmission) WHERE isAwaited",
        "CREATE INDEX appointmentsByPatient ON appointments(patient, startsAt)",
      ])
  ]

  static func update(_ rows: RowUpdate, new: Appointment?) throws {
    guard let new else {
      return try rows.db.prepared("DELETE FROM appointments WHERE appointment = ?").run(.integer(rows.id))
    }
    try rows.db.prepared(
      """
      INSERT OR REPLACE INTO appointments(appointment, patient, startsAt, unit, kind, isAwaited, stay, preadmission)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """
    ).run(
      .integer(rows.id), try rows.reference(new.patient), .integer(orNull: new.startsAt.stored),
      .text(orNull: new.unit), .text(orNull: new.kind?.rawValue), .integer(new.status.isAwaited ? 1 : 0),
      try rows.reference(new.stay), .text(orNull: new.preadmissionNumber))
  }
}
