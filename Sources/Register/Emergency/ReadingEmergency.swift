import Hospital
import Ledger

/// One who is in emergency, or was.
public struct EmergencyPatient: Sendable {
  public var stay: Stay
  /// The identity that counts; nil while nobody said whose stay it is.
  public var patient: Patient?
  /// Empty while emergency said nothing of it.
  public var visit: EmergencyVisit
  public var span: EmergencySpan
  /// Isolation of the bay where they lie.
  public var isolation: String?

  public var place: Place { stay.place }
}

extension Reading {
  /// - Parameter id: `emergency/<uuid>`.
  public func emergencyVisit(_ id: String) throws -> EmergencyVisit? { try States.one(id, db) as? EmergencyVisit }

  public func announcement(_ id: String) throws -> Announcement? { try States.one(id, db) as? Announcement }

  /// Who is in emergency at that hour and came no earlier than `since`, in the order in which they came. Past visits are
  /// not looked at.
  public func emergencyPresent(at instant: Instant, since: Instant) throws -> [EmergencyPatient] {
    try emergency("untilAt = \(StayRows.open) AND fromAt >= ? AND fromAt <= ?", since, instant)
  }

  /// How many are said to be there since before that hour: whom a feed never let go.
  public func emergencyForgottenCount(before: Instant) throws -> Int {
    try db.prepared("SELECT count(*) FROM emergencyVisits WHERE untilAt = \(StayRows.open) AND fromAt < ?")
      .first(.integer(Int(before.milliseconds))) { $0.integer(0) } ?? 0
  }

  /// Who arrived between two hours, whatever became of them.
  public func emergencyArrivals(from: Instant, to: Instant) throws -> [EmergencyPatient] {
    try emergency("fromAt >= ? AND fromAt < ?", from, to)
  }

  /// Told of no earlier than that, and neither arrived nor called off; in the order in which they are awaited.
  public func announced(since: Instant) throws -> [Announcement] {
    try db.prepared(
      """
      SELECT announcement, states.revision FROM announcements JOIN states ON states.subject = announcement
      WHERE toldAt >= ?
      """
    ).all(.integer(Int(since.milliseconds))) { ($0.integer(0), $0.integer(1)) }
      .compactMap { try states.state($0, revision: $1, db) as? Announcement }
      .sorted { one, other in
        let (first, second) = (one.expectedAt ?? one.toldAt, other.expectedAt ?? other.toldAt)
        return first == second
          ? one.id.precedesInBytes(other.id) : (first?.milliseconds ?? 0) < (second?.milliseconds ?? 0)
      }
  }

  private func emergency(_ condition: String, _ first: Instant, _ second: Instant) throws -> [EmergencyPatient] {
    let found = try db.prepared(
      """
      SELECT here.stay, own.revision, stays.patient, theirs.revision, here.visit, said.revision, fromAt, untilAt,
        EXISTS (SELECT 1 FROM merges WHERE survivor = stays.patient),
        EXISTS (SELECT 1 FROM stays AS earlier WHERE earlier.continuedAs = here.stay)
      FROM emergencyVisits AS here JOIN stays ON stays.stay = here.stay
      JOIN states AS own ON own.subject = here.stay
      LEFT JOIN states AS theirs ON theirs.subject = stays.patient
      LEFT JOIN states AS said ON said.subject = here.visit
      WHERE \(condition)
      """
    ).all(.integer(Int(first.milliseconds)), .integer(Int(second.milliseconds)), body: FoundVisit.init)
    let map = try structures.map(db)
    return try found.compactMap { try patient($0, map) }.sorted { one, other in
      one.span.from == other.span.from
        ? one.stay.id.precedesInBytes(other.stay.id) : one.span.from < other.span.from
    }
  }

  private func patient(_ found: FoundVisit, _ map: StructureMap?) throws -> EmergencyPatient? {
    guard let (stay, patient) = try person(of: found.stay, found.patient, isJoined: found.isJoined) else { return nil }
    var visit: EmergencyVisit?
    if found.goesOn {
      visit = try emergencyVisit(ofStay: stay.id)
    } else if let said = found.visit {
      visit = try states.state(said.id, revision: said.revision, db) as? EmergencyVisit
    }
    let isolation = try map?.structure.bedID(stay.place).flatMap { try bed($0)?.isolation }
    return EmergencyPatient(
      stay: stay, patient: patient, visit: visit ?? EmergencyVisit(id: EmergencyVisit.id(ofStay: stay.id)),
      span: found.span, isolation: isolation)
  }
}

private struct FoundVisit {
  var stay: (id: Int, revision: Int)
  var patient: (id: Int, revision: Int)?
  var visit: (id: Int, revision: Int)?
  var span: EmergencySpan
  /// Their file absorbed another one.
  var isJoined: Bool
  /// It was handed back under another name.
  var goesOn: Bool

  init(_ row: SQLRow) {
    stay = (row.integer(0), row.integer(1))
    if let id = row.integerOrNil(2), let revision = row.integerOrNil(3) { patient = (id, revision) }
    if let revision = row.integerOrNil(5) { visit = (row.integer(4), revision) }
    (isJoined, goesOn) = (row.integer(8) != 0, row.integer(9) != 0)
    let until = row.integer(7)
    span = EmergencySpan(
      from: Instant(milliseconds: Int64(row.integer(6))),
      until: until == StayRows.open ? nil : Instant(milliseconds: Int64(until)))
  }
}
