import Hospital
import Ledger

/// Somebody who is to come: a stay with the appointments that belong to it, or an appointment by itself.
public struct Awaited: Sendable {
  /// When they are to come: to the stay, where there is one.
  public var at: Instant
  /// A pre-admission, or one whose admission is dated ahead.
  public var stay: Stay?
  /// Soonest first; a stay's whatever their day and unit.
  public var appointments: [Appointment]
  /// Under the identity that counts; nil where nobody says who.
  public var patient: Patient?
  /// Where they are already.
  public var present: Stay?
  /// When they were in the unit that awaits them that day, where they have left it.
  public var came: Presence?

  public var place: Place {
    guard let stay else { return Place(unit: appointments.first?.unit, room: appointments.first?.room) }
    return stay.presence(at: at)?.place ?? stay.place
  }
  /// Code of the unit that awaits them.
  public var unit: String? { place.unit }
}

extension Reading {
  /// Who is to come between two hours, soonest first, of one hour by name. An appointment of a pre-admission that is
  /// among them in the same unit is on its line alone; every other has a line of its own.
  public func awaited(from: Instant, to: Instant, now: Instant) throws -> [Awaited] {
    var lines = try comingStays(from: from, to: to, now: now).compactMap { id, at in
      try stay(id).map { try Awaited(at: at, stay: $0, appointments: appointments(of: $0)) }
    }
    let borne = try borneAppointments(from: from, to: to)
    for appointment in try awaitedAppointments(from: from, to: to) where !borne.contains(appointment.id) {
      lines.append(Awaited(at: appointment.startsAt ?? from, appointments: [appointment]))
    }
    for index in lines.indices { try fill(&lines[index], from: from, to: to, now: now) }
    return lines.sorted { one, other in
      one.at == other.at ? one.name.lexicographicallyPrecedes(other.name) { $0.precedesInBytes($1) } : one.at < other.at
    }
  }

  /// How many lines of `awaited` there are, without reading who is on them.
  public func awaitedCount(from: Instant, to: Instant, now: Instant) throws -> Int {
    let appointments = try db.prepared(
      "SELECT count(*) FROM appointments WHERE isAwaited AND startsAt >= ? AND startsAt < ?"
    ).first(.integer(Int(from.milliseconds)), .integer(Int(to.milliseconds))) { $0.integer(0) }
    let borne = try borneAppointments(from: from, to: to)
    return try comingStays(from: from, to: to, now: now).count + (appointments ?? 0) - borne.count
  }

  /// Pre-admissions, and visits that are said to begin later than now: nobody is there yet.
  private func comingStays(from: Instant, to: Instant, now: Instant) throws -> [(id: String, at: Instant)] {
    try db.prepared(
      """
      SELECT subjects.name, coming.at FROM (
        SELECT stay, expectedAt AS at FROM stays WHERE status = 'preadmitted' AND expectedAt >= ?1 AND expectedAt < ?2
        UNION ALL SELECT stay, fromAt FROM presences WHERE untilAt > ?3 AND fromAt > ?3 AND fromAt >= ?1 AND fromAt < ?2
        AND NOT EXISTS (SELECT 1 FROM presences AS earlier
          WHERE earlier.stay = presences.stay AND earlier.untilAt = presences.fromAt)
      ) AS coming JOIN subjects ON subjects.id = coming.stay
      """
    ).all(.integer(Int(from.milliseconds)), .integer(Int(to.milliseconds)), .integer(Int(now.milliseconds))) {
      ($0.text(0), Instant(milliseconds: Int64($0.integer(1))))
    }
  }

  /// Those that are on the line of a pre-admission: of the same person, by whichever of their identities, awaited between
  /// the same hours in the same unit.
  private func borneAppointments(from: Instant, to: Instant) throws -> Set<String> {
    let found = try db.prepared(
      """
      SELECT subjects.name, own.name, theirs.name FROM appointments
      JOIN subjects ON subjects.id = appointments.appointment
      JOIN stays ON stays.stay = appointments.stay OR stays.number = appointments.preadmission
      LEFT JOIN subjects AS own ON own.id = appointments.patient
      LEFT JOIN subjects AS theirs ON theirs.id = stays.patient
      WHERE isAwaited AND startsAt >= ?1 AND startsAt < ?2
      AND status = 'preadmitted' AND expectedAt >= ?1 AND expectedAt < ?2
      AND (appointments.unit IS NULL OR appointments.unit = expectedUnit)
      """
    ).all(.integer(Int(from.milliseconds)), .integer(Int(to.milliseconds))) {
      (name: $0.text(0), patient: $0.textOrNil(1), owner: $0.textOrNil(2))
    }
    return Set(
      try found.filter { one in
        guard let patient = one.patient else { return true }
        guard let owner = one.owner else { return false }
        return try patient.sameBytes(as: owner) || survivor(of: patient).sameBytes(as: survivor(of: owner))
      }.map(\.name))
  }

  /// What the diary names this stay for, by its account or its number, but for what it says of somebody else.
  private func appointments(of stay: Stay) throws -> [Appointment] {
    let owner = try stay.patient.map { try survivor(of: $0) }
    return try db.prepared(
      """
      SELECT subjects.name, startsAt FROM appointments JOIN subjects ON subjects.id = appointments.appointment
      WHERE isAwaited AND stay = (SELECT id FROM subjects WHERE name = ?)
      UNION SELECT subjects.name, startsAt FROM appointments JOIN subjects ON subjects.id = appointments.appointment
      WHERE isAwaited AND preadmission = ? ORDER BY startsAt, subjects.name
      """
    ).all(.text(stay.id), .text(orNull: stay.number)) { $0.text(0) }.compactMap { try appointment($0) }
      .filter { one in
        guard let owner, let patient = one.patient else { return true }
        return try survivor(of: patient).sameBytes(as: owner)
      }
  }

  private func fill(_ line: inout Awaited, from: Instant, to: Instant, now: Instant) throws {
    guard let id = line.stay?.patient ?? line.appointments.lazy.compactMap(\.patient).first else { return }
    let survivor = try survivor(of: id)
    line.patient = try patient(survivor)
    let known = try stays(ofPatient: survivor).compactMap { try stay($0) }
    line.present = known.first { $0.isPresent(at: now) }
    guard line.present == nil else { return }
    let unit = line.unit
    line.came = known.flatMap(\.outline.presences).last { presence in
      from <= presence.from && presence.from < to && presence.from <= now
        && (unit.map { presence.place.unit?.sameBytes(as: $0) ?? false } ?? true)
    }
  }
}

extension Awaited {
  fileprivate var name: [String] {
    [patient?.birthName, patient?.birthGivenName].map { NameWords($0 ?? "").words.joined(separator: " ") }
      + [stay?.id ?? appointments.first?.id ?? ""]
  }
}
