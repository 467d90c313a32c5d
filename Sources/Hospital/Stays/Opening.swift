import Ledger

/// Under which stay an admission is written: a new one, the one that was expected, the emergency visit that goes on,
/// or the one that ended today.
struct Opening {
  var stay: Stay
  var kind = StayFact.admitted
  var isNew = false
  var isReadmission = false
  /// What must be said first: the end of the emergency visit.
  var before: [Fact] = []
  var provenance: String?
  var warnings: [Warning] = []
  /// What becomes of the bed left.
  var left: [Fact] = []

  init(_ admit: Admit, _ world: any World, _ moment: Moment, _ hour: EventHour) throws(Refusal) {
    stay = Stay(id: "")
    if let id = admit.preadmission {
      let expected = try world.known(stay: id)
      guard let owner = expected.patient, world.isOnePerson(owner, admit.patient) else {
        throw Refusal("preadmission-of-another", field: "preadmission")
      }
      guard expected.status == .preadmitted else { throw Refusal("preadmission-used", field: "preadmission") }
      stay = expected
      return
    }
    let stays = world.stays(ofPatient: admit.patient).compactMap { world.stay($0) }
    let instants = [hour.at, moment.now]
    let going = stays.first { stay in
      stay.isOne(with: admit.stayClass) && instants.contains { stay.status(at: $0) == .admitted }
    }
    if let going {
      try goOn(going, admit, world, moment, hour)
    } else if let ended = stays.first(where: { $0.isReopened(by: admit, hour, world) }) {
      stay = ended
      isReadmission = true
      warnings = [Warning("readmitted-same-day", ["number": ended.number ?? "–"])]
    } else if let expected = stays.first(where: { $0.isExpected(by: admit, hour) }) {
      stay = expected
      warnings = [Warning("preadmission-used", ["number": expected.number ?? "–"])]
    } else {
      open(admit, moment)
    }
  }

  /// Admission from emergency keeps its number or takes a new one, as the site has it; a second stay beside an open
  /// one is refused.
  private mutating func goOn(
    _ open: Stay, _ admit: Admit, _ world: any World, _ moment: Moment, _ hour: EventHour
  )
    throws(Refusal)
  {
    let leavesEmergency =
      open.presence(at: hour.at)?.stayClass == .emergency && [.inpatient, .daycase].contains(admit.stayClass)
    guard leavesEmergency else { throw Refusal("stay-open", field: "stay", ["number": open.number ?? "–"]) }
    guard open.isLast(hour) else { throw Refusal("movements-after", field: "at") }
    let place = open.place
    let staysInBed = admit.bed != nil && admit.bed == world.structure?.bedID(place)
    let left = staysInBed ? [] : Lodging.left(place, by: open.id, at: hour.at, world, moment)
    provenance = admit.provenance ?? (admit.entryMode == "8" ? "5" : nil)
    if world.structure?.emergencyKeepsNumber ?? true {
      stay = open
      kind = .classChanged
      self.left = left
    } else {
      let end = SaidMovement(
        kind: .discharged, trigger: "A03", hour: hour, place: place, nature: "HMS", stayClass: .emergency)
      before = [end.fact(open.id, moment, beside: [("exitMode", "6"), ("destination", "1")])] + left
      self.open(admit, moment)
    }
  }

  private mutating func open(_ admit: Admit, _ moment: Moment) {
    stay = Stay(id: "stay/\(moment.newID())")
    stay.patient = admit.patient
    isNew = true
  }

  /// PAM: A01 for who is lodged or comes in series, A04 for a visit, A06 when a visit becomes an inpatient stay.
  func trigger(_ stayClass: StayClass) -> String {
    if kind == .classChanged { return "A06" }
    return stayClass == .emergency || stayClass == .outpatient ? "A04" : "A01"
  }
}

extension StayClass {
  /// Somebody is in one bed at a time; outpatient visits and series run beside it.
  var isLodged: Bool { self == .inpatient || self == .daycase || self == .emergency }
}

extension World {
  /// Refuses that `stay` begins, or begins again, to keep a bed while another of this person does.
  func requireOnly(_ stay: Stay, _ moment: Moment) throws(Refusal) {
    guard let patient = stay.patient else { return }
    for id in stays(ofPatient: patient) where id != stay.id {
      guard let other = self.stay(id), other.presence(at: moment.now)?.stayClass?.isLodged ?? false else { continue }
      throw Refusal("stay-open", field: "stay", ["number": other.number ?? "–"])
    }
  }
}

extension Stay {
  fileprivate func isOne(with stayClass: StayClass) -> Bool {
    stayClass.isLodged && self.stayClass?.isLodged ?? true
  }

  /// Readmission on the day of a discharge is one stay, unless that ended by death.
  fileprivate func isReopened(by admit: Admit, _ hour: EventHour, _ world: any World) -> Bool {
    guard [.inpatient, .daycase].contains(admit.stayClass), stayClass == admit.stayClass, exitMode != "9",
      status == .discharged, let dischargedAt, dischargedAt < hour.at,
      hour.at < dischargedAt.adding(seconds: 86_400)
    else { return false }
    let clock = LocalTime(of: world.structure)
    return clock.day(dischargedAt) == clock.day(hour.at)
  }

  fileprivate func isExpected(by admit: Admit, _ hour: EventHour) -> Bool {
    guard status == .preadmitted, stayClass == admit.stayClass, let expectedAt = outline.expectedAt else {
      return false
    }
    let slack = Admit.expectedHours * 3600
    return expectedAt.adding(seconds: -slack) <= hour.at && hour.at <= expectedAt.adding(seconds: slack)
  }
}
