import GRDB
import Hospital
import Ledger

/// A request as the bed manager sees it.
public struct WaitingRequest: Sendable {
  public var request: BedRequest
  /// The stay of whoever is here already.
  public var stay: Stay?
  /// Under the identity that counts; nil while nobody has made a file.
  public var patient: Patient?
  /// Where they are now; nil for whoever is still to come, or has left.
  public var present: Presence?
  /// The beds that are kept for them now.
  public var kept: [Bed]

  /// Whoever was here has left: the bed goes back.
  public var isGone: Bool { request.stay != nil && present == nil }
  /// Answered, and the bed was since given to another or freed.
  public var isLost: Bool { request.status == .accepted && kept.isEmpty }
}

extension Reading {
  public func bedRequest(_ id: String) throws -> BedRequest? {
    try (States.one(id, db) as? BedRequest).map { try goingOn($0) }
  }

  /// Those that wait for a bed or are on the way to one, the longest waiting first.
  public func waitingRequests(at now: Instant) throws -> [WaitingRequest] {
    try bedRequests().map { try waiting($0, at: now) }
  }

  /// The same, without whose they are.
  public func bedRequests() throws -> [BedRequest] {
    try db.prepared(
      """
      SELECT subjects.name FROM bedRequests JOIN subjects ON subjects.id = bedRequests.request
      WHERE isWaiting ORDER BY bedRequests.at, subjects.name
      """
    ).all { $0.text(0) }.compactMap { try bedRequest($0) }
  }

  /// Ids of those that name a patient, whatever became of them.
  public func bedRequests(ofPatient id: String) throws -> [String] {
    try db.prepared(
      """
      SELECT subjects.name FROM bedRequests JOIN subjects ON subjects.id = bedRequests.request
      WHERE bedRequests.patient = (SELECT id FROM subjects WHERE name = ?)
      """
    ).all(.text(id)) { $0.text(0) }
  }

  /// The beds that are kept for it now.
  public func kept(for request: BedRequest) throws -> [Bed] {
    try request.beds.compactMap { try bed($0) }.filter { $0.isKept(for: request) }
  }

  /// Those of these beds that are kept for a request that no longer asks for them: answered by one station while another,
  /// which did not hear of it, withdrew it.
  public func keptForNobody(_ beds: [Bed]) throws -> [Bed] {
    try beds.filter { bed in
      guard bed.condition == .reserved, let id = bed.request, let request = try bedRequest(id) else { return false }
      return !request.isWaiting || !request.beds.contains { $0.sameBytes(as: bed.id) }
    }
  }

  /// How many still wait for an answer.
  public func openRequestsCount() throws -> Int { try bedRequests().count { $0.status == .open } }

  private func waiting(_ request: BedRequest, at now: Instant) throws -> WaitingRequest {
    let stay = try request.stay.flatMap { try self.stay($0) }
    let patient = try (stay?.patient ?? request.patient).flatMap { try self.patient(try survivor(of: $0)) }
    return WaitingRequest(
      request: request, stay: stay, patient: patient, present: stay?.presence(at: now), kept: try kept(for: request))
  }
}
