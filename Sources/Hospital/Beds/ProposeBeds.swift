import Ledger

/// The best free beds for a patient, and why. What is not known is not guessed: sharing a room is asked, never deduced
/// from sex.
public struct ProposeBeds: Sendable {
  /// Wanted first; others of its specialty follow.
  public var unit: String
  /// contact, droplet, airborne, protective; BMR, BHRe.
  public var isolation: String?
  public var wantsSingle: Bool
  /// `stay/<uuid>` and `patient/<uuid>`, for beds kept for them.
  public var own: [String]

  public static let proposalsMax = 3

  public init(unit: String, isolation: String? = nil, wantsSingle: Bool = false, own: [String] = []) {
    self.unit = unit
    self.isolation = isolation
    self.wantsSingle = wantsSingle
    self.own = own
  }

  public struct Proposal: Sendable, Equatable {
    /// `bed/<uuid>`.
    public var bed: String
    /// Best first: kept-for-them, same-unit, same-specialty, isolation-room, alone-in-room, made-place;
    /// and what speaks against it: to-clean, unstaffed, shared-room, no-isolation-room.
    public var reasons: [String]
  }

  /// - Parameters:
  ///   - beds: every bed, with its state.
  ///   - occupied: ids of those in which somebody lies.
  public func among(_ beds: [Bed], occupied: Set<String>, in structure: Structure) -> [Proposal] {
    let specialty = structure.unit(unit)?.specialty
    let shared = Set(beds.lazy.filter { occupied.contains($0.id) }.compactMap { Self.room($0) })
    let roomSizes = Dictionary(beds.lazy.filter { !$0.removed }.compactMap { Self.room($0) }.map { ($0, 1) }) {
      $0 + $1
    }
    var found: [(score: Int, bed: Bed, reasons: [String])] = []
    for bed in beds where !occupied.contains(bed.id) && isUsable(bed) {
      guard let bedUnit = bed.unit else { continue }
      let isSameUnit = bedUnit.sameBytes(as: unit)
      let isSameSpecialty = !isSameUnit && specialty != nil && structure.unit(bedUnit)?.specialty == specialty
      guard isSameUnit || isSameSpecialty else { continue }
      let room = Self.room(bed)
      var (score, reasons) = isSameUnit ? (100, ["same-unit"]) : (40, ["same-specialty"])
      if bed.condition == .reserved {
        score += 200
        reasons.insert("kept-for-them", at: 0)
      }
      let isAlone = room.map { roomSizes[$0] == 1 } ?? false
      if isolation != nil {
        let isolates = structure.isolates(bed)
        score += isolates ? 60 : isAlone ? 30 : -60
        reasons.append(isolates ? "isolation-room" : isAlone ? "alone-in-room" : "no-isolation-room")
      } else if structure.isolates(bed) {
        score -= 20  // Kept for whoever needs it.
      }
      if wantsSingle {
        score += isAlone ? 30 : 0
        if isAlone, !reasons.contains("alone-in-room") { reasons.append("alone-in-room") }
      }
      if let room, shared.contains(room), !isAlone {
        score -= isolation == nil && !wantsSingle ? 5 : 40
        reasons.append("shared-room")
      }
      if bed.extra {
        score -= 50
        reasons.append("made-place")
      }
      if bed.condition == .toClean {
        score -= 15
        reasons.append("to-clean")
      }
      if !bed.staffed {
        score -= 35
        reasons.append("unstaffed")
      }
      found.append((score, bed, reasons))
    }
    // Sorting is stable by the order given: equal beds come as the structure has them.
    return found.enumerated().sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }
      .prefix(Self.proposalsMax).map { Proposal(bed: $0.element.bed.id, reasons: $0.element.reasons) }
  }

  private func isUsable(_ bed: Bed) -> Bool {
    guard !bed.removed, bed.isolation == nil || bed.isolation == isolation else { return false }
    switch bed.condition {
    case .free, .toClean: return true
    case .reserved: return bed.reservedFor.map { own.contains($0) } ?? false
    case .closed, .bodyPresent: return false
    }
  }

  private static func room(_ bed: Bed) -> String? {
    guard let unit = bed.unit, let room = bed.room else { return nil }
    return "\(unit)|\(room)"
  }
}

extension Structure {
  /// Whether the structure says that this bed's room can isolate.
  fileprivate func isolates(_ bed: Bed) -> Bool {
    guard let unit = bed.unit.flatMap({ self.unit($0) }) else { return false }
    return unit.rooms.contains { room in
      room.code == bed.room && room.beds.contains { $0.code == bed.code && $0.isolation }
    }
  }
}
