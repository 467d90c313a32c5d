import Ledger

/// Where the patient goes next, with its reason. Where the visit ends with it, the stay ends in the same commit, by the
/// same command as anywhere else.
public struct OrientPatient: Command {
  public var stay: String
  public var way: Orientation.Way
  /// RPU, ORIENT.
  public var orient: String?
  public var reason: String?
  /// In words; of a way home, a PMSI destination.
  public var destination: String?
  public var agreement: Bool
  public var accompaniedBy: String?
  /// For a death: as read from the wristband, and who found it.
  public var wristband: String?
  public var physician: String?
  public var obstacle: Bool
  /// Of an admission: what the bed must have beyond what `orient` says.
  public var needs: BedNeeds
  public var at: Instant?
  /// Whoever typed knows that the physicians on call are not there at that hour.
  public var isConfirmed: Bool
  private let settings: EmergencySettings

  public init(
    stay: String, way: Orientation.Way, orient: String? = nil, reason: String? = nil, destination: String? = nil,
    agreement: Bool = false, accompaniedBy: String? = nil, wristband: String? = nil, physician: String? = nil,
    obstacle: Bool = false, needs: BedNeeds = BedNeeds(), at: Instant? = nil, isConfirmed: Bool = false,
    settings: EmergencySettings = .usual
  ) {
    self.stay = stay
    self.way = way
    self.orient = orient
    self.reason = reason
    self.destination = destination
    self.agreement = agreement
    self.accompaniedBy = accompaniedBy
    self.wristband = wristband
    self.physician = physician
    self.obstacle = obstacle
    self.needs = needs
    self.at = at
    self.isConfirmed = isConfirmed
    self.settings = settings
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let hour = try EventHour(at, world, moment, patient: nil)
    let (stay, presence) = try world.inEmergency(stay, at: hour, moment)
    try world.require(.orient, moment, units: presence.place.unit)
    let person = world.person(of: stay)
    var orientation = try said(hour, person, stay, world, moment)
    var decision = Decision(facts: [])
    if way.endsVisit {
      // In standby the main system says itself when its visits end.
      if world.isOfMainSystem(stay.id) {
        decision.warnings.append(Warning("orientation-not-ended"))
      } else {
        // Whoever comes back from an examination elsewhere would be on no board.
        let isHere = stay.awaySince(at: hour.at, world.transfers(ofStay: stay.id)) == nil
        guard isHere else { throw Refusal("orient-while-away", field: "way") }
        decision = try end(stay, person, world, moment)
        orientation.movement =
          decision.facts.first { $0.subject.sameBytes(as: stay.id) && $0.kind == StayFact.discharged.rawValue }?
          .data["movement"]?["key"]?.string
      }
    }
    let before = world.emergencyVisit(ofStay: stay.id)?.orientation
    let asked = try orientation.askForBed(needs, of: stay.id, after: before, world, moment)
    decision.facts = [orientation.fact(of: stay.id, world)] + decision.facts + asked
    if let before, before.way != way { decision.facts += before.closing(of: stay.id, world, moment) }
    return decision
  }

  private func said(
    _ hour: EventHour, _ person: Patient?, _ stay: Stay, _ world: any World, _ moment: Moment
  ) throws(Refusal) -> Orientation {
    let codes = Orientation.codes(of: way)
    if let orient, !codes.contains(orient) { throw Refusal("orient-unknown", field: "orient") }
    if orient == nil, way == .admit || way == .left { throw Refusal("orient-missing", field: "orient") }
    if way == .onCall {
      guard agreement else { throw Refusal("agreement-missing", field: "agreement") }
      // While nobody said its hours nothing is asked.
      if !isConfirmed, let house = settings.onCall, house.hasHours,
        house.closing(at: hour.at, in: world.structure) == nil
      {
        throw Refusal("on-call-closed", field: "confirmed", ["name": house.name])
      }
    }
    let reason = try FreeText.tidied(reason, field: "reason")
    if way == .transfer {
      guard let reason else { throw Refusal("reason-missing", field: "reason") }
      guard CareKey(rawValue: reason) != nil || Orientation.transferReasons.contains(reason) else {
        throw Refusal("orient-unknown", field: "reason")
      }
    }
    if way == .home, let destination, !destination.isEmpty, !Orientation.homeDestinations.contains(destination) {
      throw Refusal("destination-against-mode", field: "destination", ["allowed": "6, 7"])
    }
    let companion = try FreeText.tidied(accompaniedBy, field: "accompaniedBy")
    if way.isElsewhere, person?.isMinor(on: world.today(moment)) ?? false, companion == nil {
      throw Refusal("companion-missing", field: "accompaniedBy")
    }
    return Orientation(
      key: moment.newID(), at: hour.at, way: way, orient: orient ?? (way == .onCall ? "REO" : nil), reason: reason,
      destination: way == .admit && needs.unit != nil
        ? needs.unit : try FreeText.tidied(destination, field: "destination"),
      agreement: way == .onCall || way == .transfer ? agreement : nil, accompaniedBy: companion,
      said: Attribution(at: moment.now, author: moment.author, station: moment.station))
  }

  private func end(
    _ stay: Stay, _ person: Patient?, _ world: any World, _ moment: Moment
  ) throws(Refusal) -> Decision {
    guard way == .died else {
      let to = way == .home ? destination.flatMap { $0.isEmpty ? nil : $0 } : nil
      return try Discharge(stay: stay.id, exitMode: way.exitMode ?? "8", destination: to, at: at).decide(world, moment)
    }
    guard let person else { throw Refusal("patient-unknown", field: "patient") }
    return try RecordDeath(
      patient: person.id, wristband: wristband ?? "", at: at, physician: physician ?? "", obstacle: obstacle
    ).decide(world, moment)
  }
}

/// It was not so: the orientation is taken back, and the end of the stay that it brought.
public struct WithdrawOrientation: Command {
  public var stay: String
  /// Of the orientation, as whoever asks had it before them.
  public var key: String

  public init(stay: String, key: String) {
    self.stay = stay
    self.key = key
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let stay = try world.known(stay: stay)
    try world.require(.orient, moment, units: stay.place.unit)
    let standing = (world.emergencyVisit(ofStay: stay.id)?.orientations ?? []).filter { !$0.isWithdrawn }
    guard let orientation = standing.last, orientation.key.sameBytes(as: key) else {
      throw Refusal("orientation-changed")
    }
    var decision = Decision(facts: [orientation.withdrawal(of: stay.id, world, at: moment.now)])
    if orientation.way == .died, let person = world.person(of: stay) {
      let back = try WithdrawDeath.everywhere(person, world, moment)
      decision.facts += back.facts
      // Another stay of theirs that the death ended too is for a person to open again.
      decision.warnings += back.warnings.filter { $0 != WithdrawDeath.warning(of: stay) }
    }
    if let ended = stay.movements.first(where: { $0.key == orientation.movement }), !ended.cancelled {
      let back = try CancelMovement(stay: stay.id, key: ended.key).decide(world, moment)
      decision.facts += back.facts
      decision.warnings += back.warnings
    }
    if standing.dropLast().last?.way != orientation.way {
      decision.facts += orientation.closing(of: stay.id, world, moment)
    }
    return decision
  }
}
