import GRDB
import Hospital
import Ledger

/// Who is where at one hour, with their stays and identities.
struct Presences {
  private let reading: Reading

  init(_ reading: Reading) { self.reading = reading }

  struct Row {
    var unit: String?
    var occupant: Occupant
  }

  /// By stay, in the order in which they were first heard of.
  func people(at instant: Instant, unit: String? = nil) throws -> [Row] {
    let found = try reading.db.prepared(
      """
      SELECT presences.stay, own.revision, stays.patient, theirs.revision, unit, room, bed, fromAt,
        EXISTS (SELECT 1 FROM merges WHERE survivor = stays.patient)
      FROM presences JOIN stays ON stays.stay = presences.stay
      JOIN states AS own ON own.subject = presences.stay
      LEFT JOIN states AS theirs ON theirs.subject = stays.patient
      WHERE untilAt > ? AND fromAt <= ? AND (? IS NULL OR ifnull(unit, '\(BoardUnitRow.unsaid)') = ?)
      """
    ).all(
      .integer(Int(instant.milliseconds)), .integer(Int(instant.milliseconds)), .text(orNull: unit),
      .text(orNull: unit), body: Found.init)
    // Numbers of subjects tell in which order they were heard of here; hours and names are the same everywhere.
    return try found.compactMap(row).sorted { one, other in
      let (one, other) = (one.occupant, other.occupant)
      return one.since == other.since ? one.stay.id.precedesInBytes(other.stay.id) : one.since < other.since
    }
  }

  /// The same places, without who is in them.
  func places(at instant: Instant) throws -> [(unit: String?, room: String?, bed: String?)] {
    try reading.db.prepared("SELECT unit, room, bed FROM presences WHERE untilAt > ? AND fromAt <= ?")
      .all(.integer(Int(instant.milliseconds)), .integer(Int(instant.milliseconds))) {
        ($0.textOrNil(0), $0.textOrNil(1), $0.textOrNil(2))
      }
  }

  private struct Found {
    var stay: (id: Int, revision: Int)
    var patient: (id: Int, revision: Int)?
    var unit: String?
    var room: String?
    var bed: String?
    var since: Instant
    /// Their file absorbed another one.
    var isJoined: Bool

    init(_ row: SQLRow) {
      stay = (row.integer(0), row.integer(1))
      if let id = row.integerOrNil(2), let revision = row.integerOrNil(3) { patient = (id, revision) }
      unit = row.textOrNil(4)
      room = row.textOrNil(5)
      bed = row.textOrNil(6)
      since = Instant(milliseconds: Int64(row.integer(7)))
      isJoined = row.integer(8) != 0
    }
  }

  private func row(_ found: Found) throws -> Row? {
    guard let (stay, patient) = try reading.person(of: found.stay, found.patient, isJoined: found.isJoined) else {
      return nil
    }
    return Row(
      unit: found.unit,
      occupant: Occupant(
        stay: stay, patient: patient, mother: try patient.flatMap { try reading.mother(of: $0) }, room: found.room,
        bed: found.bed, since: found.since))
  }
}

extension Reading {
  /// A stay and whose it is, under the identity that counts, both by the revisions of their rows.
  /// - Parameter isJoined: the owner absorbed another identity.
  func person(
    of known: (id: Int, revision: Int), _ owner: (id: Int, revision: Int)?, isJoined: Bool
  ) throws -> (stay: Stay, patient: Patient?)? {
    guard let stay = try states.state(known.id, revision: known.revision, db) as? Stay else { return nil }
    var patient: Patient?
    if let owner { patient = try states.state(owner.id, revision: owner.revision, db) as? Patient }
    if let merged = patient, merged.mergedInto != nil {
      patient = try whole(self.patient(try survivor(of: merged.id)) ?? merged)
    } else if isJoined {
      patient = try patient.map { try whole($0) }
    }
    return (stay, patient)
  }
}
