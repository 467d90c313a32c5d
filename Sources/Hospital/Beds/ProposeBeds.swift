import Ledger

/// The best free beds for a patient, and why. What is not known is not guessed: sharing a room is asked, never deduced
/// from sex.
public struct ProposeBeds: Sendable {
  /// Wanted first; others of its specialty follow.
  public var needs: BedNeeds
  /// `stay/<uuid>` and `patient/<uuid>`, for beds kept for them.
  public var own: [String]

  public static let proposalsMax = 3

  public init(unit: String, isolation: String? = nil, own: [String] = []) {
    self.init(BedNeeds(unit: unit, isolation: isolation), own: own)
  }

  public init(_ needs: BedNeeds, own: [String] = []) {
    self.needs = needs
    self.own = own
  }

  public struct Proposal: Sendable, Equatable {
    /// `bed/<uuid>`.
    public var bed: String
    /// Best first: kept-for-them, same-unit, same-specialty, monitored-unit, isolation-room, alone-in-room,
    /// shared-as-asked, made-place; and what speaks against it: to-clean, unstaffed, shared-room, shared-otherwise,
    /// no-isolation-room, no-monitoring.
    public var reasons: [String]
  }

  /// - Parameters:
  ///   - beds: every bed, with its state.
  ///   - occupied: ids of those in which somebody lies, each with the sexes of those who do.
  public func among(_ beds: [Bed], occupied: [String: [Sex?]], in structure: Structure) -> [Proposal] {
    let specialty = needs.specialty ?? needs.unit.flatMap { structure.unit($0)?.specialty }
    let shared = Dictionary(
      beds.lazy.compactMap { bed in
        occupied[bed.id].flatMap { lying in Self.room(bed).map { ($0, lying) } }
      }, uniquingKeysWith: +)
    let roomSizes = Dictionary(beds.lazy.filter { !$0.removed }.compactMap { Self.room($0) }.map { ($0, 1) }) {
      $0 + $1
    }
    var found: [(score: Int, bed: Bed, reasons: [String])] = []
    for bed in beds where occupied[bed.id] == nil && isUsable(bed) {
      guard let bedUnit = bed.unit, var (score, reasons) = fit(bedUnit, specialty, in: structure) else { continue }
      let room = Self.room(bed)
      if bed.condition == .reserved {
        score += 200
        reasons.insert("kept-for-them", at: 0)
      }
      let isAlone = room.map { roomSizes[$0] == 1 } ?? false
      if needs.isolation != nil {
        let isolates = structure.isolates(bed)
        score += isolates ? 60 : isAlone ? 30 : -60
        reasons.append(isolates ? "isolation-room" : isAlone ? "alone-in-room" : "no-isolation-room")
      } else if structure.isolates(bed) {
        score -= 20  // Kept for whoever needs it.
      }
      if needs.single {
        score += isAlone ? 30 : 0
        if isAlone, !reasons.contains("alone-in-room") { reasons.append("alone-in-room") }
      }
      if let others = room.flatMap({ shared[$0] }), !isAlone {
        let isAsAsked = needs.sharing.map { sharing in others.allSatisfy { sharing.allows($0) } }
        score -= isAsAsked == false ? 60 : needs.isolation == nil && !needs.single ? 5 : 40
        reasons.append(isAsAsked.map { $0 ? "shared-as-asked" : "shared-otherwise" } ?? "shared-room")
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

  /// How well a unit answers, before its beds are looked at; nil where it does not.
  private func fit(_ code: String, _ specialty: String?, in structure: Structure) -> (Int, [String])? {
    let own = structure.unit(code)?.specialty
    let isMonitored = own.map(Self.monitoring.contains) ?? false
    var fit: (score: Int, reasons: [String])
    if needs.unit?.sameBytes(as: code) ?? false {
      fit = (100, ["same-unit"])
    } else if specialty != nil, own == specialty {
      fit = (40, ["same-specialty"])
    } else if needs.monitoring, isMonitored {
      fit = (20, [])
    } else {
      return nil
    }
    if needs.monitoring {
      fit.score += isMonitored ? 50 : -50
      fit.reasons.append(isMonitored ? "monitored-unit" : "no-monitoring")
    }
    return fit
  }

  /// Kinds of units in which every bed is watched.
  static let monitoring: Set<String> = ["intensive"]

  private func isUsable(_ bed: Bed) -> Bool {
    guard !bed.removed, bed.isolation == nil || bed.isolation == needs.isolation else { return false }
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

extension BedNeeds.Sharing {
  /// Nobody's sex is guessed: one that is not said is not as asked.
  fileprivate func allows(_ sex: Sex?) -> Bool { sex == (self == .women ? .female : .male) }
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
