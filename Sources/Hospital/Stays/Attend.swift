import Ledger

/// An outpatient came: identity, unit, hour, practitioner, « venu ». Whoever was expected is under that number.
public struct Attend: Command {
  public var patient: String
  public var unit: String?
  public var attending: String?
  public var reason: String?
  /// `stay/<uuid>` of the pre-admission; without it, one that awaits this patient about now is used.
  public var preadmission: String?
  public var at: Instant?

  public init(
    patient: String, unit: String?, attending: String? = nil, reason: String? = nil, preadmission: String? = nil,
    at: Instant? = nil
  ) {
    self.patient = patient
    self.unit = unit
    self.attending = attending
    self.reason = reason
    self.preadmission = preadmission
    self.at = at
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.attend, moment, units: unit)
    let came = at ?? moment.now
    let there = world.stays(ofPatient: patient).compactMap { world.stay($0) }
    guard !there.contains(where: { $0.stayClass == .outpatient && $0.place.unit == unit && $0.isAttended(about: came) })
    else { throw Refusal("already-attended", field: "at") }
    let admission = Admit(
      patient: patient, stayClass: .outpatient, unit: unit, attending: attending, entryMode: "8", reason: reason,
      preadmission: preadmission, at: at)
    var decision = try admission.decide(world, moment)
    guard let opened = decision.facts.first(where: { $0.kind == StayFact.admitted.rawValue }) else { return decision }
    decision.facts.append(
      AttendSession.fact(opened.subject, key: moment.newID(), at: opened.at, unit: unit, attending: attending))
    return decision
  }
}

/// One coming of a series under one number: dialysis, chemotherapy, radiotherapy.
public struct AttendSession: Command {
  public var stay: String
  /// nil for the stay's own.
  public var unit: String?
  public var attending: String?
  public var at: Instant?

  /// Twice within these minutes is the same coming, written twice.
  static let apartMinutes = 30

  public init(stay: String, unit: String? = nil, attending: String? = nil, at: Instant? = nil) {
    self.stay = stay
    self.unit = unit
    self.attending = attending
    self.at = at
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let stay = try world.known(stay: stay)
    let hour = try EventHour(at, world, moment, patient: stay.patient.flatMap { world.patient($0) })
    let outline = stay.outline
    try world.require(.attend, moment, units: unit ?? outline.place.unit)
    guard outline.stayClass == .recurring || outline.stayClass == .outpatient else {
      throw Refusal("not-a-series", field: "stay")
    }
    let unit = try Lodging.known(unit ?? outline.place.unit, world)
    try stay.requireAttendable(at: hour.at, moment)
    return Decision(facts: [Self.fact(stay.id, key: moment.newID(), at: hour.at, unit: unit, attending: attending)])
  }

  static func fact(_ stay: String, key: String, at: Instant, unit: String?, attending: String?) -> Fact {
    var said = StateWriter()
    said.put("key", key)
    said.put("unit", unit)
    said.put("attending", attending)
    return Fact(kind: StayFact.attended.rawValue, subject: stay, at: at, data: ["movement": .object(said.object)])
  }
}

extension Stay {
  /// - Parameter key: of a coming that is put at another hour.
  func requireAttendable(at instant: Instant, besides key: String? = nil, _ moment: Moment) throws(Refusal) {
    switch status(at: instant) {
    case .admitted: break
    case .preadmitted:
      if status(at: moment.now) == .preadmitted { throw Refusal("stay-not-begun", field: "stay") }
      throw Refusal("before-admission", field: "at")
    case .discharged: throw Refusal("stay-ended", field: "stay")
    case .cancelled: throw Refusal("stay-cancelled", field: "stay")
    }
    guard !isAttended(about: instant, besides: key) else { throw Refusal("already-attended", field: "at") }
  }

  fileprivate func isAttended(about instant: Instant, besides key: String? = nil) -> Bool {
    let apart = Int64(AttendSession.apartMinutes) * 60_000
    return attendances.contains {
      !$0.cancelled && $0.key != key && abs($0.at.milliseconds - instant.milliseconds) < apart
    }
  }
}
