import Hospital
import Ledger

/// What the standby copy holds of the hospital, and what it lacks, as figures.
public struct Coverage: Sendable, Equatable {
  public static let days = 30

  /// Something that a stay lacks, which will be missed in the night.
  public enum Lack: String, Sendable, CaseIterable {
    /// Nobody says whose it is, or that patient has no name.
    case patient
    /// The unit is not in the structure.
    case unit
    /// The bed is not in the structure, nor made here.
    case bed
    /// Here, and no bed is said.
    case noBed
    /// The feed knows a later movement than any heard here.
    case gap
    /// A movement of it is known by a correction alone, which did not say of what: admission or discharge, it acts on
    /// nothing. Whether somebody is here by that stay or not.
    case unclear
  }

  /// Identities that count, by status; merged ones apart.
  public var identities: [IdentityStatus: Int]
  public var merged: Int
  public var withINS: Int
  public var withPhone: Int
  /// Patients who are here.
  public var present: Int
  public var beds: Int
  public var occupied: Int
  /// `stay/<uuid>` by what they lack: of those who are here, and what is unclear of any that has not ended.
  public var lacks: [Lack: [String]]
  /// Of the next thirty days.
  public var appointments: Int
  public var operations: Int
  public var preadmissions: Int
  /// Appointments to come whose hour nobody said: on no list.
  public var withoutHour: Int
  public var feeds: [FeedPulse]
}

extension Reading {
  public func coverage(now: Instant) throws -> Coverage {
    let board = try board(at: now)
    var lacks: [Coverage.Lack: [String]] = [:]
    for unit in board.units {
      for occupant in unit.places.flatMap(\.occupants) { note(occupant, hasBed: true, unit, &lacks) }
      for occupant in unit.unplaced { note(occupant, hasBed: false, unit, &lacks) }
    }
    let unclear = try db.prepared(
      """
      SELECT subjects.name FROM stays JOIN subjects ON subjects.id = stays.stay
      WHERE isUnclear AND status IN ('admitted', 'preadmitted') ORDER BY stays.stay
      """
    ).all { $0.text(0) }
    if !unclear.isEmpty { lacks[.unclear] = unclear }
    let until = now.adding(seconds: Coverage.days * 86_400)
    let (first, last) = (Int(now.milliseconds), Int(until.milliseconds))
    func count(_ sql: String) throws -> Int {
      try db.prepared(sql).first(.integer(first), .integer(last)) { $0.integer(0) } ?? 0
    }
    let awaited = "SELECT count(*) FROM appointments WHERE isAwaited AND startsAt >= ? AND startsAt < ?"
    return Coverage(
      identities: try Dictionary(
        uniqueKeysWithValues: IdentityStatus.allCases.map { ($0, try Counters.value(.identities(of: $0), db)) }),
      merged: try Counters.value(.merged, db), withINS: try Counters.value(.withINS, db),
      withPhone: try Counters.value(.withPhone, db),
      present: board.units.reduce(0) { $0 + $1.unplaced.count + $1.places.reduce(0) { $0 + $1.occupants.count } },
      beds: board.units.reduce(0) { $0 + $1.places.count }, occupied: board.units.reduce(0) { $0 + $1.occupied },
      lacks: lacks, appointments: try count(awaited), operations: try count(awaited + " AND kind = 'operation'"),
      preadmissions: try count(
        "SELECT count(*) FROM stays WHERE status = 'preadmitted' AND expectedAt >= ? AND expectedAt < ?"),
      withoutHour: try db.prepared("SELECT count(*) FROM appointments WHERE isAwaited AND startsAt IS NULL")
        .first { $0.integer(0) } ?? 0,
      feeds: try feedPulses(now: now))
  }

  private func note(
    _ occupant: Occupant, hasBed: Bool, _ unit: BoardUnitRow, _ lacks: inout [Coverage.Lack: [String]]
  ) {
    let patient = occupant.patient
    let isNamed = patient.map { $0.birthName != nil || $0.usedName != nil || $0.unknown != nil } ?? false
    if !isNamed { lacks[.patient, default: []].append(occupant.stay.id) }
    if unit.unit == nil { lacks[.unit, default: []].append(occupant.stay.id) }
    if !hasBed, unit.unit != nil { lacks[occupant.bed == nil ? .noBed : .bed, default: []].append(occupant.stay.id) }
    if occupant.stay.outline.hasGap { lacks[.gap, default: []].append(occupant.stay.id) }
  }
}
