import Hospital
import Ledger

/// Stays by what leads to them. Ids are `stay/<uuid>`.
extension Reading {
  /// By NDA; where none bears it, by visit number.
  public func stays(withNumber number: String) throws -> [String] { try StayQueries(db).stays(withNumber: number) }

  /// Of this identity and of those that it absorbed, newest first; of an absorbed one, those said under its own name.
  public func stays(ofPatient id: String) throws -> [String] {
    // Two identities that absorbed each other keep what was said of each.
    let absorbed = try absorbed(by: id).filter { try survivor(of: $0).sameBytes(as: id) }
    return try StayQueries(db).stays(ofPatients: [id] + absorbed)
  }

  /// Those who lie in this bed at that hour, on leave or not.
  public func occupants(ofBed id: String, at instant: Instant) throws -> [String] {
    guard let bed = try bed(id) else { return [] }
    return try StayQueries(db).occupants(of: bed, from: instant, through: instant)
  }

  /// Pre-admitted and awaited between two hours, soonest first.
  public func expectedStays(from: Instant, to: Instant) throws -> [String] {
    try db.prepared(
      """
      SELECT subjects.name FROM stays JOIN subjects ON subjects.id = stays.stay
      WHERE status = 'preadmitted' AND expectedAt >= ? AND expectedAt < ? ORDER BY expectedAt, subjects.name
      """
    ).all(.integer(Int(from.milliseconds)), .integer(Int(to.milliseconds))) { $0.text(0) }
  }
}
