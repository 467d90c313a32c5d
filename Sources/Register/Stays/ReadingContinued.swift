import Hospital
import Ledger

/// A visit that was handed back, and with which the main system goes on under a stay of its own: what was said of either
/// is read of the one that goes on.
extension Reading {
  /// Ids of the stays that were handed back and with which the main system goes on under this one.
  public func stays(continuedAs id: String) throws -> [String] { try StayQueries(db).stays(continuedAs: id) }

  /// The stay under which a visit goes on: itself, mostly.
  public func goingOn(_ stay: String) throws -> String { try StayQueries(db).goingOn(stay) }

  /// Of the stay under which the visit goes on.
  public func goingOn(_ transfer: PatientTransfer) throws -> PatientTransfer {
    var transfer = transfer
    transfer.stay = try goingOn(transfer.stay)
    return transfer
  }

  /// Of the stay under which the visit goes on.
  public func goingOn(_ request: BedRequest) throws -> BedRequest {
    var request = request
    request.stay = try request.stay.map { try goingOn($0) }
    return request
  }

  /// With what was answered before it was handed back.
  public func whole(_ stay: Stay) throws -> Stay {
    stay.completed(by: try stays(continuedAs: stay.id).compactMap { try shown($0) as? Stay })
  }

  /// What emergency says of it, before it was handed back too.
  public func emergencyVisit(ofStay stay: String) throws -> EmergencyVisit? {
    let visits = try ([stay] + stays(continuedAs: stay)).compactMap { stay in
      try shown(EmergencyVisit.id(ofStay: stay)) as? EmergencyVisit
    }
    return EmergencyVisit.whole(visits, of: stay)
  }

  public func bedRequest(ofStay stay: String) throws -> BedRequest? {
    BedRequest.one(
      of: try ([stay] + stays(continuedAs: stay)).compactMap { try bedRequest(BedRequest.subject(ofStay: $0)) })
  }

  /// A state that pages show all day: decoded once for each change of it.
  func shown(_ name: String) throws -> (any Folded)? {
    let known = try db.prepared(
      """
      SELECT states.subject, states.revision FROM subjects JOIN states ON states.subject = subjects.id
      WHERE subjects.name = ?
      """
    ).first(.text(name)) { ($0.integer(0), $0.integer(1)) }
    return try known.flatMap { try states.state($0.0, revision: $0.1, db) }
  }
}
