import GRDB
import Hospital
import Ledger

extension Reading {
  /// Everybody who is here at `now` or was within the hours that an enquiry looks back, with their stays. The same is
  /// read whoever is asked for, so that what is found takes no other time than what is not.
  public func enquiryCandidates(at now: Instant) throws -> [Enquiry.Candidate] {
    let here = try staysHere(at: now)
    var people: [ExactText: [(stay: Stay, underway: Underway)]] = [:]
    for ((stay, patient), underway) in zip(here, try underway(here.map(\.stay.id))) {
      people[patient, default: []].append((stay, underway))
    }
    return try people.compactMap { name, found in
      guard let patient = try patient(name.text).map({ try whole($0) }) else { return nil }
      let found = found.sorted { $0.stay.id.precedesInBytes($1.stay.id) }
      return Enquiry.Candidate(
        patient: patient, mother: try mother(of: patient), stays: found.map(\.stay), underway: found.map(\.underway))
    }.sorted { $0.patient.id.precedesInBytes($1.patient.id) }
  }

  /// The same people alone, in the order of their ids.
  public func patientsHere(at now: Instant) throws -> [Patient] {
    try Set(staysHere(at: now).map(\.patient)).compactMap { try patient($0.text) }
      .sorted { $0.id.precedesInBytes($1.id) }
  }

  /// Each with whose it is, under the identity that counts.
  private func staysHere(at now: Instant) throws -> [(stay: Stay, patient: ExactText)] {
    let since = now.adding(seconds: -Enquiry.hoursBack * 3600)
    let found = try db.prepared(
      """
      SELECT DISTINCT presences.stay, own.revision FROM presences
      JOIN states AS own ON own.subject = presences.stay WHERE untilAt > ? AND fromAt <= ?
      """
    ).all(.integer(Int(since.milliseconds)), .integer(Int(now.milliseconds))) { ($0.integer(0), $0.integer(1)) }
    return try found.compactMap { id, revision in
      guard let stay = try states.state(id, revision: revision, db) as? Stay, let patient = stay.patient else {
        return nil
      }
      return (stay, ExactText(try survivor(of: patient)))
    }
  }

  /// Where a stay goes next, as the rule of disclosure asks.
  public func underway(_ stay: String) throws -> Underway {
    try underway(
      emergencyVisit(ofStay: stay), bedRequest(ofStay: stay), transfers(ofStay: stay),
      partner: partner)
  }

  /// The same of each of these stays, read at once.
  public func underway(_ stays: [String]) throws -> [Underway] {
    let names = try StayQueries(db).stays(continuedAs: stays)
    let said = try States.some(
      names.joined().flatMap { [EmergencyVisit.id(ofStay: $0), BedRequest.subject(ofStay: $0)] }, db)
    let transfers = try TransferRows.all(ofStays: stays, db)
    let partners = try States.some(transfers.map(\.partner), db)
    let transfersByStay = Dictionary(grouping: transfers) { ExactText($0.stay) }
    return try zip(stays, names).map { stay, names in
      let visits = names.compactMap { said[ExactText(EmergencyVisit.id(ofStay: $0))] as? EmergencyVisit }
      let requests = names.compactMap { said[ExactText(BedRequest.subject(ofStay: $0))] as? BedRequest }
      var request = BedRequest.one(of: requests)
      if request?.stay != nil { request?.stay = stay }
      return try underway(
        EmergencyVisit.whole(visits, of: stay), request, transfersByStay[ExactText(stay)] ?? []
      ) { partners[ExactText($0)] as? Partner }
    }
  }

  private func underway(
    _ visit: EmergencyVisit?, _ request: BedRequest?, _ transfers: [PatientTransfer],
    partner: (String) throws -> Partner?
  ) throws -> Underway {
    Underway(
      visit: visit, request: request, beds: try request.map { try kept(for: $0) } ?? [],
      transfers: try transfers.map { ($0, try partner($0.partner)) })
  }
}
