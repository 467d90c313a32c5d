import Ledger

/// Asks one or several partners for a stay, in one commit: whoever accepts first has it.
public struct AskTransfer: Command {
  public var stay: String
  public var partners: [String]
  public var kind: PatientTransfer.Kind
  public var needs: [CareKey]
  public var reason: String?
  public var spokenTo: String?
  public var at: Instant?

  public init(
    stay: String, partners: [String], kind: PatientTransfer.Kind = .definitive, needs: [CareKey] = [],
    reason: String? = nil, spokenTo: String? = nil, at: Instant? = nil
  ) {
    (self.stay, self.partners, self.kind, self.needs) = (stay, partners, kind, needs)
    (self.reason, self.spokenTo, self.at) = (reason, spokenTo, at)
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let stay = try world.known(stay: stay)
    try world.require(.transferOut, moment)
    let hour = try EventHour(at, world, moment, patient: nil)
    guard try !stay.present(at: hour, moment).away else { throw Refusal("already-away", field: "stay") }
    guard !partners.isEmpty else { throw Refusal("transfer-partner-missing", field: "partner") }
    let others = world.transfers(ofStay: stay.id)
    guard !others.contains(where: \.isCommitted) else { throw Refusal("transfer-committed") }
    var facts: [Fact] = []
    for id in partners {
      let partner = try world.known(partner: id)
      guard !others.contains(where: { $0.status == .asked && $0.partner.sameBytes(as: partner.id) }) else {
        throw Refusal("transfer-asked-already", field: "partner")
      }
      var data = StateWriter()
      data.put("stay", stay.id)
      data.put("partner", partner.id)
      data.put("kind", kind.rawValue)
      data.put("needs", needs.map(\.rawValue))
      data.put("reason", try FreeText.tidied(reason, field: "reason"))
      data.put("spokenTo", try FreeText.tidied(spokenTo, field: "spokenTo"))
      let subject = "transfer/\(moment.newID())"
      facts.append(Fact(kind: "transfer.asked", subject: subject, at: hour.at, data: .object(data.object)))
    }
    return Decision(facts: facts)
  }
}

/// The next step of a transfer. Leaving and coming back say the stay's own movement in the same commit.
public struct StepTransfer: Command {
  /// The likeliest first.
  public static let transports: [EmergencyTransport] = [
    .ambulance, .physician, .fireService, .helicopter, .own, .police,
  ]
  /// An examination elsewhere ends within two days, or it is no round trip.
  public static let daysMax = 2

  public var transfer: String
  public var step: PatientTransfer.Step
  public var spokenTo: String?
  public var note: String?
  public var transport: String?
  public var escort: String?
  public var until: Instant?
  public var at: Instant?

  public init(
    _ transfer: String, _ step: PatientTransfer.Step, spokenTo: String? = nil, note: String? = nil,
    transport: String? = nil, escort: String? = nil, until: Instant? = nil, at: Instant? = nil
  ) {
    (self.transfer, self.step, self.spokenTo, self.note) = (transfer, step, spokenTo, note)
    (self.transport, self.escort, self.until, self.at) = (transport, escort, until, at)
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.transferOut, moment)
    guard let known = world.transfer(transfer), !known.stay.isEmpty else { throw Refusal("transfer-unknown") }
    // Where nobody says an hour, a clock that is behind another station's turns no order round.
    let before = known.standsOn
    let hour = at ?? max(moment.now, before ?? moment.now)
    try check(known, at: hour, world, moment)
    // What is typed is typed to the minute.
    guard at ?? moment.now <= moment.now.adding(seconds: EventHour.aheadMinutes * 60),
      hour.adding(seconds: 60) > before ?? hour
    else { throw Refusal("transfer-hour", field: "at") }
    var data = StateWriter()
    data.put("spokenTo", try FreeText.tidied(spokenTo, field: "spokenTo"))
    data.put("note", try FreeText.tidied(note, field: "note"))
    if step == .left {
      data.put("transport", transport)
      data.put("escort", try FreeText.tidied(escort, field: "escort"))
      data.put("until", known.kind == .roundTrip ? until?.text : nil)
    }
    let said = Fact(kind: "transfer.\(step.rawValue)", subject: known.id, at: hour, data: .object(data.object))
    let movement = try movement(known, at: hour > moment.now ? hour : at, world, moment)
    return Decision(facts: [said] + movement.facts, warnings: movement.warnings)
  }

  private func check(
    _ known: PatientTransfer, at hour: Instant, _ world: any World, _ moment: Moment
  ) throws(Refusal) {
    let allowed: [PatientTransfer.Step] =
      switch known.status {
      case .asked: [.accepted, .refused, .withdrawn]
      case .accepted: [.left, .refused, .withdrawn]
      case .refused: [.accepted]
      case .left: [.arrived, .returned, .ended]
      case .arrived: [.returned, .ended]
      case .ended: [.returned]
      case .withdrawn, .returned: []
      }
    guard allowed.contains(step) else { throw Refusal("transfer-step") }
    switch step {
    case .accepted:
      let others = world.transfers(ofStay: known.stay).filter { !$0.id.sameBytes(as: known.id) }
      guard !others.contains(where: \.isCommitted) else { throw Refusal("transfer-committed") }
    case .refused:
      guard let note, !note.isBlank else { throw Refusal("transfer-why-refused", field: "note") }
    case .left:
      guard let transport, EmergencyTransport(rawValue: transport) != nil else {
        throw Refusal("transfer-transport", field: "transport")
      }
      guard known.kind == .roundTrip else { return }
      guard let until, until > hour, until <= hour.adding(seconds: Self.daysMax * 86_400) else {
        throw Refusal("transfer-until", field: "until")
      }
    case .returned:
      // Who went for good is back once the end of their stay was taken back, as when the ambulance turns round.
      let isHere = world.stay(known.stay)?.isPresent(at: hour) ?? false
      // Nobody is back in the house and on no board.
      guard isHere else {
        throw Refusal(known.kind == .roundTrip ? "transfer-ended-meanwhile" : "transfer-stay-ended")
      }
    case .ended:
      let isHere = world.stay(known.stay)?.isPresent(at: moment.now) ?? false
      guard known.kind == .roundTrip, !isHere else { throw Refusal("transfer-stay-goes-on") }
    default: return
    }
  }

  /// In standby the main system says the movement of a stay that it named; here it would be said twice.
  private func movement(
    _ known: PatientTransfer, at: Instant?, _ world: any World, _ moment: Moment
  ) throws(Refusal) -> Decision {
    guard step == .left || step == .returned else { return Decision(facts: []) }
    if world.isOfMainSystem(known.stay) {
      return Decision(facts: [], warnings: [Warning("transfer-main-system")])
    }
    let partner = world.partner(known.partner)
    switch (step, known.kind) {
    case (.left, .definitive):
      return try Discharge(
        stay: known.stay, exitMode: "7", destination: partner?.destination ?? Partner.usualDestination, at: at
      ).decide(world, moment)
    case (.left, .roundTrip):
      return try Leave(stay: known.stay, kind: "round-trip", to: partner?.name, until: until, at: at).decide(
        world, moment)
    default:
      // Somebody may have said it on the stay's own page.
      guard world.stay(known.stay)?.presence(at: at ?? moment.now)?.away ?? false else { return Decision(facts: []) }
      return try Return(stay: known.stay, at: at).decide(world, moment)
    }
  }
}

extension PatientTransfer {
  /// The hour of the step that the next one follows. Who was back before the end of the stay may be said so after it.
  fileprivate var standsOn: Instant? {
    let step = status == .ended ? steps[.arrived] ?? steps[.left] : steps[status]
    return (step ?? steps[.asked])?.at
  }
}

extension World {
  /// A stay that had ended goes on after `facts`, its patient still away: the last round trip is watched again.
  func resumed(_ stay: Stay, after facts: [Fact], _ moment: Moment) -> [Fact] {
    let last = transfers(ofStay: stay.id).filter { $0.status == .ended }.max {
      ($0.steps[.left]?.at.milliseconds ?? 0) < ($1.steps[.left]?.at.milliseconds ?? 0)
    }
    guard stay.status == .discharged, var last else { return [] }
    last.steps[.ended] = nil
    let after = WorldAfter(self, facts, moment).stay(stay.id)
    guard after?.awaySince(at: moment.now, [last]) != nil else { return [] }
    return [Fact(kind: "transfer.resumed", subject: last.id, at: moment.now, data: [:])]
  }
}
