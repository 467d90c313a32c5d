import Hospital
import Ledger

/// A stay that coding would stumble over.
public struct FlawedStay: Sendable {
  public var stay: Stay
  /// Under the identity that counts.
  public var patient: Patient?
  public var flaws: [CodingFlaw]
}

extension Reading {
  /// Of the stays that somebody was here for at some moment between two, those with a flaw, and how many there were.
  public func flawedStays(from: Instant, to: Instant, now: Instant) throws -> (found: [FlawedStay], of: Int) {
    let ids = try db.prepared(
      """
      SELECT DISTINCT subjects.name FROM presences JOIN subjects ON subjects.id = presences.stay
      WHERE untilAt > ? AND fromAt < ? ORDER BY subjects.name
      """
    ).all(.integer(Int(from.milliseconds)), .integer(Int(to.milliseconds))) { $0.text(0) }
    let structure = try structure
    let found = try ids.compactMap { id -> FlawedStay? in
      guard let stay = try stay(id) else { return nil }
      let owner = try stay.patient.map { try survivor(of: $0) }
      let patient = try owner.flatMap { try self.patient($0) }
      let others = try owner.map { try stays(ofPatient: $0) } ?? []
      let visit = try stay.outline.emergency.flatMap { _ in try emergencyVisit(ofStay: id) }
      let flaws = stay.codingFlaws(
        patient, others: try others.filter { !$0.sameBytes(as: id) }.compactMap { try self.stay($0) }, visit: visit,
        structure, now: now)
      return flaws.isEmpty ? nil : FlawedStay(stay: stay, patient: patient, flaws: flaws)
    }
    return (found, ids.count)
  }
}
