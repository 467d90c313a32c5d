import Hospital
import Ledger

/// Appointments by what leads to them. Ids are `appointment/<uuid>`.
extension Reading {
  public func appointment(_ id: String) throws -> Appointment? { try States.one(id, db) as? Appointment }

  /// Awaited between two hours, soonest first.
  public func awaitedAppointments(from: Instant, to: Instant) throws -> [Appointment] {
    try db.prepared(
      """
      SELECT appointments.appointment, states.revision FROM appointments
      JOIN states ON states.subject = appointments.appointment
      JOIN subjects ON subjects.id = appointments.appointment
      WHERE isAwaited AND startsAt >= ? AND startsAt < ? ORDER BY startsAt, subjects.name
      """
    ).all(.integer(Int(from.milliseconds)), .integer(Int(to.milliseconds))) { ($0.integer(0), $0.integer(1)) }
      .compactMap { try states.state($0.0, revision: $0.1, db) as? Appointment }
  }

  /// Awaited at no hour that anybody said: on no list; in the order in which they were first heard of.
  public func appointmentsWithoutHour(limit: Int) throws -> [Appointment] {
    try db.prepared(
      """
      SELECT appointments.appointment, states.revision FROM appointments
      JOIN states ON states.subject = appointments.appointment
      WHERE isAwaited AND startsAt IS NULL ORDER BY appointments.appointment LIMIT ?
      """
    ).all(.integer(limit)) { ($0.integer(0), $0.integer(1)) }
      .compactMap { try states.state($0.0, revision: $0.1, db) as? Appointment }
  }

  /// The next of these units that begin between two hours, as their subjects' numbers, in the order in which they were
  /// first heard of; what is nil is not asked.
  public func appointmentNumbers(
    units: [String]?, from: Instant?, until: Instant?, after number: Int, limit: Int
  ) throws -> [Int] {
    guard let from, let until else {
      return try db.prepared(
        """
        SELECT appointment FROM appointments
        WHERE appointment > ?1 AND (?2 IS NULL OR startsAt >= ?2) AND (?3 IS NULL OR startsAt < ?3)
          AND (?4 IS NULL OR unit IN (SELECT value FROM json_each(?4))) ORDER BY appointment LIMIT ?5
        """
      ).all(
        .integer(number), .integer(orNull: from.stored), .integer(orNull: until.stored), .list(orNull: units),
        .integer(limit)
      ) { $0.integer(0) }
    }
    // Of a diary of years, one day.
    return try db.prepared(
      """
      SELECT appointment FROM appointments INDEXED BY appointmentsByHour
      WHERE startsAt >= ?1 AND startsAt < ?2 AND appointment > ?3
        AND (?4 IS NULL OR unit IN (SELECT value FROM json_each(?4))) ORDER BY appointment LIMIT ?5
      """
    ).all(
      .integer(Int(from.milliseconds)), .integer(Int(until.milliseconds)), .integer(number), .list(orNull: units),
      .integer(limit)
    ) { $0.integer(0) }
  }

  /// Of this identity and of those that it absorbed, whatever became of them, newest first.
  public func appointments(ofPatient id: String) throws -> [Appointment] {
    try ([id] + absorbed(by: id)).flatMap { patient in
      try db.prepared(
        """
        SELECT subjects.name FROM appointments JOIN subjects ON subjects.id = appointments.appointment
        WHERE patient = (SELECT id FROM subjects WHERE name = ?)
        """
      ).all(.text(patient)) { $0.text(0) }
    }.compactMap { try appointment($0) }.sorted { one, other in
      one.startsAt == other.startsAt
        ? one.id.precedesInBytes(other.id)
        : (one.startsAt?.milliseconds ?? .max) > (other.startsAt?.milliseconds ?? .max)
    }
  }
}
