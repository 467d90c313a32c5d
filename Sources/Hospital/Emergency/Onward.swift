import Ledger

/// How far a bed of this hospital, or another hospital, is for somebody in emergency.
public struct Onward: Sendable, Equatable {
  public enum Step: String, Sendable, CaseIterable {
    case bedToAsk = "bed-to-ask"
    case bedAsked = "bed-asked"
    case bedKept = "bed-kept"
    /// Answered, and the bed was since given to another or freed.
    case bedLost = "bed-lost"
    case toAsk = "to-ask"
    case asked, accepted, refused, left, arrived
  }

  public var step: Step
  /// Some hospital is to be asked: none was, or none that was would.
  public var isToAsk: Bool { step == .toAsk || step == .refused }
  /// `bed/<uuid>` or `partner/<uuid>`.
  public var subjects: [String] = []
  public var since: Instant?

  /// - Parameters:
  ///   - kept: beds that are kept for the request now.
  ///   - transfers: of the same stay.
  public static func steps(
    of visit: EmergencyVisit, _ request: BedRequest?, kept: [String], _ transfers: [PatientTransfer]
  ) -> [Onward] {
    [bed(visit, request, kept), elsewhere(visit, transfers)].compactMap(\.self)
  }

  private static func bed(_ visit: EmergencyVisit, _ request: BedRequest?, _ kept: [String]) -> Onward? {
    guard let request, request.isWaiting else {
      return visit.orientation?.way == .admit ? Onward(step: .bedToAsk) : nil
    }
    guard request.status == .accepted else { return Onward(step: .bedAsked, since: request.asked?.at) }
    return Onward(step: kept.isEmpty ? .bedLost : .bedKept, subjects: kept, since: request.answered?.at)
  }

  private static func elsewhere(_ visit: EmergencyVisit, _ transfers: [PatientTransfer]) -> Onward? {
    let underWay: [(PatientTransfer.Step, Step)] = [
      (.left, .left), (.arrived, .arrived), (.accepted, .accepted), (.asked, .asked),
    ]
    for (status, step) in underWay {
      let those = transfers.filter { $0.status == status }
      guard !those.isEmpty else { continue }
      return Onward(step: step, subjects: those.map(\.partner), since: those.compactMap { $0.steps[status]?.at }.min())
    }
    guard let orientation = visit.orientation, orientation.way == .transfer else { return nil }
    // Who was sent elsewhere since and is back: what was asked for before is asked for no more.
    let since = transfers.filter { $0.steps[.asked].map { $0.at >= orientation.at } ?? false }
    let over = since.compactMap(\.overAt).max()
    let refusals = transfers.filter { transfer in
      transfer.status == .refused && over.map { $0 <= transfer.steps[.asked]?.at ?? $0 } ?? true
    }
    let refused = refusals.max { one, other in
      (one.steps[.refused]?.at.milliseconds ?? 0) < (other.steps[.refused]?.at.milliseconds ?? 0)
    }
    guard let refused else { return over == nil ? Onward(step: .toAsk, since: orientation.at) : nil }
    return Onward(step: .refused, subjects: [refused.partner], since: refused.steps[.refused]?.at)
  }
}

extension Orientation {
  /// The bed that an admission of this kind (RPU, ORIENT) asks for: an intensive unit may be SC, SI or REA.
  static func needs(of orient: String?) -> BedNeeds {
    switch orient {
    case "MED": BedNeeds(specialty: "medicine")
    case "CHIR": BedNeeds(specialty: "surgery")
    case "OBST": BedNeeds(specialty: "obstetrics")
    case "UHCD": BedNeeds(specialty: "short-stay")
    case "SC", "SI", "REA": BedNeeds(specialty: "intensive", monitoring: true)
    case "HDT", "HO": BedNeeds(specialty: "psychiatry")
    default: BedNeeds()
    }
  }

  /// An admission asks for its bed. What somebody asked for already stands, unless the orientation before this one did
  /// and its needs were others.
  mutating func askForBed(
    _ more: BedNeeds, of stay: String, after before: Orientation?, _ world: any World, _ moment: Moment
  ) throws(Refusal) -> [Fact] {
    // Typed in later, of somebody who lies elsewhere by now.
    guard way == .admit, world.stay(stay)?.presence(at: moment.now)?.stayClass == .emergency else { return [] }
    let usual = Self.needs(of: orient)
    var needs = more
    if needs.unit == nil, needs.specialty == nil { needs.specialty = usual.specialty }
    needs.monitoring = needs.monitoring || usual.monitoring
    let known = world.bedRequest(ofStay: stay)
    if let known, known.isWaiting {
      request = before?.request
      if request == nil || known.needs == needs { return [] }
    }
    request = known?.id ?? BedRequest.subject(ofStay: stay)
    return try RequestBed(stay: stay, from: .emergency, needs: needs).facts(world, moment)
  }

  /// What this one asked of others and nobody needs any more: its bed, and the hospitals that were asked, unless the
  /// patient has left for one.
  func closing(of stay: String, _ world: any World, _ moment: Moment) -> [Fact] {
    switch way {
    case .admit:
      guard let known = request.flatMap({ world.bedRequest($0) }), known.isWaiting else { return [] }
      return known.withdrawal(nil, world, moment)
    case .transfer:
      return world.transfers(ofStay: stay)
        .filter { $0.kind == .definitive && ($0.status == .asked || $0.status == .accepted) }
        .map { Fact(kind: "transfer.withdrawn", subject: $0.id, at: moment.now, data: [:]) }
    case .here, .onCall, .home, .left, .died, nil: return []
    }
  }
}
