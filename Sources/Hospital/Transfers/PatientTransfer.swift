import Ledger

/// A stay that is to go to a partner, for good or to come back (`transfer/<uuid>`): asked, answered, left, arrived.
public struct PatientTransfer: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    /// For good: leaving ends the stay (PMSI exit mode 7).
    case definitive
    /// For an examination: the bed is kept, the return is watched.
    case roundTrip = "round-trip"
  }

  public enum Step: String, Sendable, CaseIterable {
    case asked, accepted, refused, withdrawn, left, arrived, returned
    /// Of a round trip: the stay here ended while they were away.
    case ended
  }

  /// What was said of a step last.
  public struct Said: Sendable, Equatable {
    public var at: Instant
    public var by: String
    public var spokenTo: String?
    /// Why refused or withdrawn; where in the partner's house it was accepted.
    public var note: String?
  }

  public let id: String
  /// `stay/<uuid>`.
  public var stay = ""
  /// `partner/<uuid>`.
  public var partner = ""
  public var kind = Kind.definitive
  /// Keys of lines of care.
  public var needs: [String] = []
  public var reason: String?
  /// RPU code: PERSO AMBU VSAB SMUR HELI FO.
  public var transport: String?
  public var escort: String?
  /// When a round trip is expected back.
  public var until: Instant?
  public var steps: [Step: Said] = [:]
  /// The last answer that was heard.
  private var answer: Step?

  public init(id: String) { self.id = id }

  /// Whoever has left is gone, whatever was withdrawn elsewhere.
  public var status: Step {
    for step in [Step.returned, .ended, .arrived, .left, .withdrawn] where steps[step] != nil { return step }
    return answer ?? .asked
  }

  /// Somebody has still to do something about it.
  public var isOpen: Bool {
    switch status {
    case .asked, .accepted, .left: true
    case .arrived: kind == .roundTrip
    case .refused, .withdrawn, .returned, .ended: false
    }
  }

  /// Promised to a partner or gone there: of one stay there is one such.
  public var isCommitted: Bool { [.accepted, .left, .arrived].contains(status) }

  /// Has left, and nobody said of the transfer that they are back.
  var isGone: Bool { status == .left || status == .arrived }

  /// Away for an examination, and awaited.
  var isAway: Bool { kind == .roundTrip && isGone }

  /// When the examination elsewhere was over, whichever way.
  var overAt: Instant? {
    kind == .roundTrip && (status == .returned || status == .ended) ? steps[status]?.at : nil
  }

  public func isLate(at instant: Instant) -> Bool { isAway && until.map { $0 < instant } ?? false }

  /// Its patient has gone, to another partner or otherwise: whoever still waits for them here is to be told.
  /// - Parameters:
  ///   - all: transfers, of other stays too.
  ///   - isHere: whether the stay goes on.
  public func isToWithdraw(among all: [PatientTransfer], isHere: Bool) -> Bool {
    guard status == .asked || status == .accepted else { return false }
    return !isHere
      || all.contains {
        $0.isGone && $0.stay.sameBytes(as: stay) && !$0.id.sameBytes(as: id)
      }
  }

  /// What another hospital would be asked for, of the last that was asked, else of where they were oriented; and why,
  /// where it was said for the last.
  public static func asking(
    after asked: [PatientTransfer], _ visit: EmergencyVisit?, _ settings: EmergencySettings
  ) -> (needs: [CareKey], reason: String?) {
    let last = asked.max { ($0.steps[.asked]?.at.milliseconds ?? 0) < ($1.steps[.asked]?.at.milliseconds ?? 0) }
    if let last { return (last.needs.compactMap(CareKey.init), last.reason) }
    guard let visit, visit.orientation?.way == .transfer else { return ([], nil) }
    let needed = [visit.orientation?.reason].compactMap(\.self) + (settings.complaint(visit.complaint)?.needs ?? [])
    return (CareKey.allCases.filter { needed.contains($0.rawValue) }, nil)
  }

  /// When something was last said of it.
  public var changedAt: Instant? { steps.values.map(\.at).max() }
}

extension Stay {
  /// Since when they are away while their stay goes on: on leave, or gone to another hospital, of which the main system
  /// says nothing yet. Where they are said to be by a later movement, they are.
  /// - Parameter transfers: of other stays too.
  public func awaySince(at instant: Instant, _ transfers: [PatientTransfer]) -> Instant? {
    guard let presence = presence(at: instant) else { return nil }
    if presence.away { return presence.from }
    return transfers.filter { $0.isGone && $0.stay.sameBytes(as: id) }
      .compactMap { ($0.steps[.left] ?? $0.steps[.arrived])?.at }.filter { $0 >= presence.from }.min()
  }
}

extension PatientTransfer: Folded {
  public mutating func fold(_ heard: Heard) {
    let data = heard.fact.data
    // The end of the stay was taken back.
    if heard.fact.kind == "transfer.resumed" { steps[.ended] = nil }
    guard heard.fact.kind.hasPrefix("transfer."), let step = Step(rawValue: String(heard.fact.kind.dropFirst(9))) else {
      return
    }
    switch step {
    case .asked:
      guard let stay = data["stay"]?.string, let partner = data["partner"]?.string, self.stay.isEmpty else { return }
      (self.stay, self.partner) = (stay, partner)
      kind = data["kind"]?.string.flatMap(Kind.init) ?? .definitive
      needs = data["needs"]?.strings ?? []
      reason = data["reason"]?.string
    case .accepted, .refused: answer = step
    case .left:
      transport = data["transport"]?.string
      escort = data["escort"]?.string
      until = data["until"]?.string.flatMap { Instant($0) }
    case .arrived, .returned, .withdrawn, .ended: break
    }
    steps[step] = Said(
      at: heard.fact.at, by: heard.author, spokenTo: data["spokenTo"]?.string, note: data["note"]?.string)
  }

  public var stored: JSON {
    var out = StateWriter(id: id)
    out.put("stay", stay)
    out.put("partner", partner)
    out.put("kind", kind.rawValue)
    out.put("needs", needs)
    out.put("reason", reason)
    out.put("transport", transport)
    out.put("escort", escort)
    out.put("until", until)
    out.put("answer", answer?.rawValue)
    for step in Step.allCases {
      guard let said = steps[step] else { continue }
      var one = StateWriter()
      one.put("at", said.at)
      one.put("by", said.by)
      one.put("spokenTo", said.spokenTo)
      one.put("note", said.note)
      out.put(step.rawValue, .object(one.object))
    }
    return .object(out.object)
  }

  public init?(stored: JSON) {
    guard let id = stored["id"]?.string, let kind = stored["kind"]?.string.flatMap(Kind.init) else { return nil }
    self.init(id: id)
    self.kind = kind
    stay = stored["stay"]?.string ?? ""
    partner = stored["partner"]?.string ?? ""
    needs = stored["needs"]?.strings ?? []
    reason = stored["reason"]?.string
    transport = stored["transport"]?.string
    escort = stored["escort"]?.string
    until = stored["until"]?.storedInstant
    answer = stored["answer"]?.string.flatMap(Step.init)
    for step in Step.allCases {
      guard let one = stored[step.rawValue], let at = one["at"]?.storedInstant, let by = one["by"]?.string else {
        continue
      }
      steps[step] = Said(at: at, by: by, spokenTo: one["spokenTo"]?.string, note: one["note"]?.string)
    }
  }
}
