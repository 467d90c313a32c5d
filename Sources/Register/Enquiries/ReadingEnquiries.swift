import GRDB
import Hospital
import Ledger

extension Reading {
  /// Everybody who is here at `now` or was within the hours that an enquiry looks back, with their stays. The same is
  /// read whoever is asked for, so that what is found takes no other time than what is not.
  public func enquiryCandidates(at now: Instant) throws -> [Enquiry.Candidate] {
    let since = now.adding(seconds: -Enquiry.hoursBack * 3600)
    let found = try db.prepared(
      """
      SELECT DISTINCT presences.stay, own.revision FROM presences
      JOIN states AS own ON own.subject = presences.stay WHERE untilAt > ? AND fromAt <= ?
      """
    ).all(.integer(Int(since.milliseconds)), .integer(Int(now.milliseconds))) { ($0.integer(0), $0.integer(1)) }
    var stays: [SubjectName: [Stay]] = [:]
    for (id, revision) in found {
      guard let stay = try states.state(id, revision: revision, db) as? Stay, let patient = stay.patient else {
        continue
      }
      stays[SubjectName(try survivor(of: patient)), default: []].append(stay)
    }
    return try stays.compactMap { name, stays in
      guard let patient = try patient(name.text) else { return nil }
      let mother = try patient.mother.flatMap { try self.patient(try survivor(of: $0)) }
      return Enquiry.Candidate(
        patient: patient, mother: mother, stays: stays.sorted { $0.id.precedesInBytes($1.id) },
        underway: try stays.map { try underway($0.id) })
    }.sorted { $0.patient.id.precedesInBytes($1.patient.id) }
  }

  /// Where a stay goes next, as the rule of disclosure asks.
  public func underway(_ stay: String) throws -> Underway {
    let request = try bedRequest(BedRequest.subject(ofStay: stay))
    return Underway(
      visit: try emergencyVisit(ofStay: stay), request: request, beds: try request.map { try kept(for: $0) } ?? [],
      transfers: try transfers(ofStay: stay).map { ($0, try partner($0.partner)) })
  }
}
