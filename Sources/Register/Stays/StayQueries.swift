import GRDB
import Hospital
import Ledger

/// Which stays a patient, a number or a bed leads to. Ids are `stay/<uuid>`.
struct StayQueries {
  let db: Database

  init(_ db: Database) { self.db = db }

  /// Newest first.
  func stays(ofPatient id: String) throws -> [String] {
    try db.prepared(
      """
      SELECT subjects.name FROM stays JOIN subjects ON subjects.id = stays.stay
      WHERE stays.patient = (SELECT id FROM subjects WHERE name = ?) ORDER BY stays.beganAt DESC, subjects.name
      """
    ).all(.text(id)) { $0.text(0) }
  }

  /// Of several identities that are one person, newest first.
  func stays(ofPatients ids: [String]) throws -> [String] {
    var found: [(name: String, beganAt: Int)] = []
    for id in ids {
      found += try db.prepared(
        """
        SELECT subjects.name, stays.beganAt FROM stays JOIN subjects ON subjects.id = stays.stay
        WHERE stays.patient = (SELECT id FROM subjects WHERE name = ?)
        """
      ).all(.text(id)) { ($0.text(0), $0.integer(1)) }
    }
    return found.sorted { one, other in
      one.beganAt != other.beganAt ? one.beganAt > other.beganAt : one.name.precedesInBytes(other.name)
    }.map(\.name)
  }

  /// By NDA; where none bears it, by visit number.
  func stays(withNumber number: String) throws -> [String] {
    let found = try db.prepared(
      "SELECT subjects.name FROM stays JOIN subjects ON subjects.id = stays.stay WHERE number = ? ORDER BY subjects.name"
    ).all(.text(number)) { $0.text(0) }
    if !found.isEmpty { return found }
    return try db.prepared(
      "SELECT subjects.name FROM stays JOIN subjects ON subjects.id = stays.stay WHERE visit = ? ORDER BY subjects.name"
    ).all(.text(number)) { $0.text(0) }
  }

  /// Those that were handed back and with which the main system goes on under this one.
  func stays(continuedAs id: String) throws -> [String] {
    try db.prepared(
      """
      SELECT subjects.name FROM stays JOIN subjects ON subjects.id = stays.stay
      WHERE stays.continuedAs = (SELECT id FROM subjects WHERE name = ?) ORDER BY subjects.name
      """
    ).all(.text(id)) { $0.text(0) }
  }

  /// Each of these with those that go on as it, by one read; itself first.
  func stays(continuedAs ids: [String]) throws -> [[String]] {
    var earlier: [ExactText: [String]] = [:]
    try db.prepared(
      """
      SELECT later.name, subjects.name FROM subjects AS later JOIN stays ON stays.continuedAs = later.id
      JOIN subjects ON subjects.id = stays.stay WHERE later.name IN (SELECT value FROM json_each(?))
      ORDER BY subjects.name
      """
    ).each(.list(ids)) { row in
      earlier[ExactText(row.text(0)), default: []].append(row.text(1))
      return true
    }
    return ids.map { [$0] + (earlier[ExactText($0)] ?? []) }
  }

  /// The stay under which a visit goes on: itself, mostly.
  func goingOn(_ id: String) throws -> String {
    try db.prepared(
      """
      SELECT subjects.name FROM subjects WHERE id =
      (SELECT continuedAs FROM stays WHERE stay = (SELECT id FROM subjects WHERE name = ?))
      """
    ).first(.text(id)) { $0.text(0) } ?? id
  }

  /// Those who lie in `bed` at some moment between two, both included, on leave or not. A feed that says no room means
  /// the bed of this code.
  func occupants(of bed: Bed, from: Instant, through: Instant) throws -> [String] {
    guard let unit = bed.unit, let code = bed.code else { return [] }
    return try db.prepared(
      """
      SELECT DISTINCT subjects.name FROM presences JOIN subjects ON subjects.id = presences.stay
      WHERE bed = ? AND unit = ? AND untilAt > ? AND fromAt <= ? AND (room IS ? OR room IS NULL OR ? IS NULL)
      ORDER BY subjects.name
      """
    ).all(
      .text(code), .text(unit), .integer(Int(from.milliseconds)), .integer(Int(through.milliseconds)),
      .text(orNull: bed.room), .text(orNull: bed.room)
    ) { $0.text(0) }
  }
}
