import Hospital
import Ledger

/// Somebody who is to come: a pre-admission with the appointments that belong to it, or an appointment by itself.
public struct Awaited: Sendable {
  /// When they are to come: of the pre-admission, where there is one.
  public var at: Instant
  /// Pre-admitted.
  public var stay: Stay?
  /// Soonest first.
  public var appointments: [Appointment]
  /// Under the identity that counts; nil where nobody says who.
  public var patient: Patient?
  /// Where they are already.
  public var present: Stay?

  /// Code of the unit that awaits them.
  public var unit: String? { stay?.place.unit ?? appointments.first?.unit }
}

extension Reading {
  /// Who is to come between two hours, soonest first. An appointment that belongs to a pre-admission is on its line, at
  /// its hour, and nowhere else.
  /// - Parameter since: pre-admissions awaited before it are on no list any more, and hide no appointment.
  public func awaited(from: Instant, to: Instant, since: Instant, now: Instant) throws -> [Awaited] {
    var lines = try expectedStays(from: from, to: to).compactMap { try stay($0) }.map { stay in
      Awaited(at: stay.outline.expectedAt ?? from, stay: stay, appointments: [])
    }
    // Those of other days belong to pre-admissions of this one too.
    for index in lines.indices {
      guard let stay = lines[index].stay else { continue }
      lines[index].appointments = try appointments(of: stay)
    }
    for appointment in try awaitedAppointments(from: from, to: to)
    where try !belongs(appointment, since: since) {
      lines.append(Awaited(at: appointment.startsAt ?? from, appointments: [appointment]))
    }
    for index in lines.indices { try fill(&lines[index], now: now) }
    return lines.sorted { one, other in
      one.at == other.at ? one.name.precedesInBytes(other.name) : one.at < other.at
    }
  }

  /// How many lines of `awaited` there are, without reading them.
  public func awaitedCount(from: Instant, to: Instant, since: Instant) throws -> Int {
    let (first, last) = (Int(from.milliseconds), Int(to.milliseconds))
    let stays = try db.prepared(
      "SELECT count(*) FROM stays WHERE status = 'preadmitted' AND expectedAt >= ? AND expectedAt < ?"
    ).first(.integer(first), .integer(last)) { $0.integer(0) }
    let appointments = try db.prepared(
      """
      SELECT count(*) FROM appointments WHERE isAwaited AND startsAt >= ? AND startsAt < ?
      AND NOT EXISTS (SELECT 1 FROM stays WHERE stays.stay = appointments.stay
        AND status = 'preadmitted' AND expectedAt >= ?)
      AND NOT EXISTS (SELECT 1 FROM stays WHERE stays.number = appointments.preadmission
        AND status = 'preadmitted' AND expectedAt >= ?)
      """
    ).first(
      .integer(first), .integer(last), .integer(Int(since.milliseconds)), .integer(Int(since.milliseconds))
    ) { $0.integer(0) }
    return (stays ?? 0) + (appointments ?? 0)
  }

  /// Whether a pre-admission that is on a list bears it.
  private func belongs(_ appointment: Appointment, since: Instant) throws -> Bool {
    var stays = [appointment.stay].compactMap { $0 }
    if let number = appointment.preadmissionNumber { stays += try self.stays(withNumber: number) }
    return try stays.contains { id in
      guard let outline = try stay(id)?.outline, outline.status == .preadmitted else { return false }
      return outline.expectedAt.map { $0 >= since } ?? false
    }
  }

  private func appointments(of stay: Stay) throws -> [Appointment] {
    try db.prepared(
      """
      SELECT subjects.name FROM appointments JOIN subjects ON subjects.id = appointments.appointment
      WHERE isAwaited AND (stay = (SELECT id FROM subjects WHERE name = ?) OR preadmission = ?)
      ORDER BY startsAt, subjects.name
      """
    ).all(.text(stay.id), .text(orNull: stay.number)) { $0.text(0) }.compactMap { try appointment($0) }
  }

  private func fill(_ line: inout Awaited, now: Instant) throws {
    guard let id = line.stay?.patient ?? line.appointments.lazy.compactMap(\.patient).first else { return }
    let survivor = try survivor(of: id)
    line.patient = try patient(survivor)
    line.present = try stays(ofPatient: survivor).lazy.compactMap { try? stay($0) }.first { $0.isPresent(at: now) }
  }
}

extension Awaited {
  fileprivate var name: String { stay?.id ?? appointments.first?.id ?? "" }
}
