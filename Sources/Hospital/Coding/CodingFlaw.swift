import Ledger

/// What would make a stay fail when the DIM codes it, as far as this register knows. Diagnoses are recorded of visits to
/// emergency alone.
public enum CodingFlaw: String, Sendable, CaseIterable {
  /// Nobody says whose it is.
  case noPatient
  /// Its identity is provisional.
  case provisional
  case noEntryMode, noExitMode
  /// The visit to emergency has ended, and nobody said the main one.
  case noDiagnosis
  /// Still open, long after such a stay ends.
  case noDischarge
  /// A unit that answered for it is not in the structure.
  case unknownUnit
  /// The same person lay elsewhere at the same time.
  case overlap
}

extension Stay {
  /// - Parameters:
  ///   - patient: the identity under which the person lives on.
  ///   - others: that person's other stays.
  ///   - visit: what emergency said of the stay.
  public func codingFlaws(
    _ patient: Patient?, others: [Stay], visit: EmergencyVisit?, _ structure: Structure?, now: Instant
  ) -> [CodingFlaw] {
    let outline = outline
    guard outline.status == .admitted || outline.status == .discharged else { return [] }
    var flaws: [CodingFlaw] = []
    if patient == nil { flaws.append(.noPatient) }
    if patient?.identityStatus == .provisional { flaws.append(.provisional) }
    let isHospitalised = outline.stayClass == .inpatient || outline.stayClass == .daycase
    if isHospitalised, entryMode == nil { flaws.append(.noEntryMode) }
    if isHospitalised || outline.stayClass == .emergency, outline.status == .discharged, exitMode == nil {
      flaws.append(.noExitMode)
    }
    // What the main system alone follows has its diagnosis there.
    let isOfHere = visit != nil || movements.contains { !$0.isForeign && !$0.cancelled }
    if isOfHere, outline.emergency?.until != nil, visit?.diagnosis == nil { flaws.append(.noDiagnosis) }
    if outline.status == .admitted, let hours = Self.usualHoursMax[outline.stayClass ?? .none],
      let admittedAt = outline.admittedAt, admittedAt.adding(seconds: hours * 3600) < now
    {
      flaws.append(.noDischarge)
    }
    if let structure, units.contains(where: { structure.unit($0) == nil }) { flaws.append(.unknownUnit) }
    if others.contains(where: { overlaps($0) }) { flaws.append(.overlap) }
    return flaws
  }

  /// Longer than this is no such stay any more.
  private static let usualHoursMax: [StayClass: Int] = [.daycase: 24, .emergency: 48, .outpatient: 24]

  /// Of every movement that happened: those that lodge, and those that answer.
  private var units: [String] {
    movements.filter(\.acts).flatMap { [$0.place.unit, $0.place.medicalUnit] }.compactMap { $0 }
  }

  /// Both lie in beds of their own for longer than an instant.
  private func overlaps(_ other: Stay) -> Bool {
    let (own, theirs) = (outline.presences.filter(\.isLodged), other.outline.presences.filter(\.isLodged))
    return own.contains { one in
      theirs.contains { another in
        let from = max(one.from, another.from)
        return (one.until.map { from < $0 } ?? true) && (another.until.map { from < $0 } ?? true)
      }
    }
  }
}

extension Presence {
  fileprivate var isLodged: Bool { stayClass?.isLodged ?? false }
}
