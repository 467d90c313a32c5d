import GRDB
import Hospital
import Ledger

extension Reading {
  /// Visits to emergency that began between two hours, in their order, each with whose it is under the identity that
  /// counts.
  public func emergencyVisits(
    from start: Instant, to end: Instant, at now: Instant
  ) throws -> [(visit: EmergencyPassage, patient: Patient?)] {
    let found = try db.prepared(
      """
      SELECT DISTINCT presences.stay, own.revision FROM presences
      JOIN states AS own ON own.subject = presences.stay
      WHERE untilAt > ?1 AND fromAt >= ?1 AND fromAt < ?2
      """
    ).all(.integer(Int(start.milliseconds)), .integer(Int(end.milliseconds))) { ($0.integer(0), $0.integer(1)) }
    return try found.compactMap { id, revision -> EmergencyPassage? in
      guard let stay = try states.state(id, revision: revision, db) as? Stay,
        var visit = EmergencyPassage(stay, at: now), visit.arrivedAt >= start, visit.arrivedAt < end
      else { return nil }
      visit.said = try States.one(EmergencyVisit.id(ofStay: stay.id), db) as? EmergencyVisit
      return visit
    }.sorted { one, other in
      one.arrivedAt == other.arrivedAt
        ? one.stay.id.precedesInBytes(other.stay.id) : one.arrivedAt < other.arrivedAt
    }.map { visit in
      (visit, try visit.stay.patient.flatMap { try patient(try survivor(of: $0)) })
    }
  }

  public func rpuDelivery(_ id: String) throws -> RPUDelivery? { try States.one(id, db) as? RPUDelivery }
}
