import GRDB
import Hospital
import Ledger

extension Reading {
  /// Transfers asked longer before the first hour than this are not looked for.
  static let askedBeforeSeconds = 7 * 86_400

  /// What went through emergency from one hour to another, `until` not included. Both parts are read by an index of
  /// their hours, and no state is opened but of visits that the main system goes on with under a name of its own.
  public func emergencyFlow(
    from: Instant, until: Instant, _ settings: EmergencySettings
  ) throws -> EmergencyFlow {
    let visits = try db.prepared(
      """
      SELECT fromAt, untilAt, triagedAt, level, seenAt, way, orientedAt, emergencyVisits.stay,
        EXISTS (SELECT 1 FROM stays WHERE continuedAs = emergencyVisits.stay)
      FROM emergencyVisits LEFT JOIN visitCourses ON visitCourses.visit = emergencyVisits.visit
      WHERE fromAt >= ? AND fromAt < ?
      """
    ).all(
      .integer(Int(from.adding(seconds: -EmergencyFlow.longestSeconds).milliseconds)),
      .integer(Int(until.milliseconds))
    ) { row in
      let left = row.integer(1)
      let span = EmergencySpan(
        from: Instant(milliseconds: Int64(row.integer(0))),
        until: left == StayRows.open ? nil : Instant(milliseconds: Int64(left)))
      let course = VisitCourse(
        triagedAt: row.instantOrNil(2), level: row.textOrNil(3), seenAt: row.instantOrNil(4),
        way: row.textOrNil(5).flatMap(Orientation.Way.init(rawValue:)), orientedAt: row.instantOrNil(6))
      return (span: span, course: course, goesOn: row.integer(8) != 0 ? row.integer(7) : nil)
    }.map { found in
      let visit = try found.goesOn.flatMap { try States.name($0, db) }.flatMap { try emergencyVisit(ofStay: $0) }
      return EmergencyFlow.Visit(found.span, visit?.course ?? found.course)
    }
    let requests = try db.prepared(
      "SELECT askedAt, acceptedAt, refusedAt, leftAt FROM transfers WHERE askedAt >= ? AND askedAt < ?"
    ).all(
      .integer(Int(from.adding(seconds: -Self.askedBeforeSeconds).milliseconds)), .integer(Int(until.milliseconds))
    ) { row in
      var steps: [PatientTransfer.Step: Instant] = [:]
      for (column, step) in EmergencyFlow.steps.enumerated() { steps[step] = row.instantOrNil(Int32(column)) }
      return EmergencyFlow.Request(steps)
    }
    return EmergencyFlow(visits, requests, from: from, until: until, settings)
  }
}

extension SQLRow {
  fileprivate func instantOrNil(_ column: Int32) -> Instant? {
    integerOrNil(column).map { Instant(milliseconds: Int64($0)) }
  }
}
