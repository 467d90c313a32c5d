import Ledger

/// A bed is needed. Asked again for the same stay, what is needed now holds.
public struct RequestBed: Command {
  /// `stay/<uuid>` of whoever is here; else `patient` or `name` says who is to come.
  public var stay: String?
  /// `patient/<uuid>`.
  public var patient: String?
  public var name: String?
  public var from: BedRequestOrigin
  public var needs: BedNeeds
  public var note: String?
  public var wantedAt: Instant?

  public init(
    stay: String? = nil, patient: String? = nil, name: String? = nil, from: BedRequestOrigin,
    needs: BedNeeds = BedNeeds(), note: String? = nil, wantedAt: Instant? = nil
  ) {
    self.stay = stay
    self.patient = patient
    self.name = name
    self.from = from
    self.needs = needs
    self.note = note
    self.wantedAt = wantedAt
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.requestBed, moment)
    return Decision(facts: try facts(world, moment))
  }

  /// Whoever asks for it.
  func facts(_ world: any World, _ moment: Moment) throws(Refusal) -> [Fact] {
    try check(world)
    var facts: [Fact] = []
    var data = StateWriter()
    var id = "request/\(moment.newID())"
    if let stay {
      let known = try world.known(stay: stay)
      let hour = EventHour(known: moment.now, moment)
      _ = try known.present(at: hour, moment)
      let before = world.bedRequest(ofStay: stay)
      // Asked again after it was handed back, it is asked where it began.
      let asking = world.stays(continuedAs: stay).first { earlier in
        before?.id.sameBytes(as: BedRequest.subject(ofStay: earlier)) ?? false
      }
      id = BedRequest.subject(ofStay: asking ?? stay)
      // The bed that answered an earlier need goes back.
      if let before, before.isWaiting { facts = before.release(world, moment) }
      data.put("stay", asking ?? stay)
      data.put("patient", known.patient)
    } else if let patient {
      data.put("patient", try world.known(patient: patient).id)
    } else {
      guard let name = try FreeText.tidied(name, field: "name") else { throw Refusal("request-who", field: "name") }
      data.put("name", name)
    }
    data.put("from", from.rawValue)
    data.put("needs", needs.stored.isEmpty ? nil : .object(needs.stored))
    data.put("note", try FreeText.tidied(note, field: "note"))
    data.put("wantedAt", wantedAt?.text)
    facts.append(Fact(kind: "request.made", subject: id, at: moment.now, data: .object(data.object)))
    return facts
  }

  private func check(_ world: any World) throws(Refusal) {
    if let unit = needs.unit { _ = try Lodging.known(unit, world) }
    guard needs.unit != nil || needs.specialty != nil || needs.monitoring else {
      throw Refusal("request-where", field: "unit")
    }
    if let isolation = needs.isolation, !IsolateBed.isolations.contains(isolation) {
      throw Refusal("isolation-unknown", field: "isolation")
    }
  }
}

/// This bed: kept from now on for whoever was asked for, until they lie in it.
public struct AcceptBedRequest: Command {
  public var request: String
  /// `bed/<uuid>`.
  public var bed: String

  public init(request: String, bed: String) {
    self.request = request
    self.bed = bed
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.giveBed, moment)
    let known = try world.waiting(request)
    guard known.kept(world).isEmpty else { throw Refusal("request-accepted", field: "bed") }
    guard !known.isGone(world, at: moment.now) else { throw Refusal("request-gone") }
    let reserved = try ReserveBed(bed: bed, for: known.keptFor, reason: nil, request: request)
      .facts(world, moment, as: .giveBed)
    return Decision(facts: [known.says("request.accepted", moment, ["bed": .string(bed)])] + reserved)
  }
}

/// The bed is given back, and the request waits again.
public struct ReopenBedRequest: Command {
  public var request: String

  public init(request: String) { self.request = request }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.giveBed, moment)
    let known = try world.waiting(request)
    guard known.status == .accepted else { throw Refusal("request-not-accepted") }
    return Decision(facts: [known.says("request.reopened", moment)] + known.release(world, moment))
  }
}

/// No bed is needed any more.
public struct WithdrawBedRequest: Command {
  public var request: String
  public var reason: String?

  public init(request: String, reason: String?) {
    self.request = request
    self.reason = reason
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.requestBed, moment)
    let reason = try FreeText.tidied(reason, field: "reason")
    return Decision(facts: try world.waiting(request).withdrawal(reason, world, moment))
  }
}

/// They are in the bed that was kept: moved or admitted there in the same commit. Who has no stay yet is admitted by
/// whoever opens the file, and finds the bed free.
public struct FulfilBedRequest: Command {
  public var request: String

  public init(request: String) { self.request = request }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let known = try world.waiting(request)
    guard let bed = known.kept(world).first else { throw Refusal("request-not-accepted") }
    guard let stay = known.stay else {
      try world.require(.giveBed, moment)
      return Decision(facts: [known.says("request.fulfilled", moment)] + known.release(world, moment))
    }
    return try move(stay, to: bed, world).decide(world, moment)
  }

  /// A visit becomes an inpatient stay as the site has it; what is one already only moves.
  private func move(_ id: String, to bed: String, _ world: any World) throws(Refusal) -> any Command {
    let stay = try world.known(stay: id)
    guard stay.stayClass == .emergency else { return AssignBed(stay: id, bed: bed) }
    if world.structure?.emergencyKeepsNumber == false, let patient = stay.patient {
      return Admit(patient: patient, stayClass: .inpatient, unit: world.bed(bed)?.unit, bed: bed)
    }
    return ChangeClass(stay: id, stayClass: .inpatient, bed: bed)
  }
}

extension World {
  fileprivate func waiting(_ id: String) throws(Refusal) -> BedRequest {
    guard let request = bedRequest(id) else { throw Refusal("request-unknown") }
    guard request.isWaiting else { throw Refusal("request-closed") }
    return request
  }
}

extension BedRequest {
  fileprivate func says(_ kind: String, _ moment: Moment, _ data: JSON = [:]) -> Fact {
    Fact(kind: kind, subject: id, at: moment.now, data: data)
  }

  /// No bed is needed any more: the ones that were kept go back.
  func withdrawal(_ reason: String?, _ world: any World, _ moment: Moment) -> [Fact] {
    var data = StateWriter()
    data.put("reason", reason)
    return [says("request.withdrawn", moment, .object(data.object))] + release(world, moment)
  }

  /// Those of its beds that are still kept for it.
  func kept(_ world: any World) -> [String] {
    beds.filter { world.bed($0)?.isKept(for: self) ?? false }
  }

  fileprivate func release(_ world: any World, _ moment: Moment) -> [Fact] {
    kept(world).map { Fact(kind: "bed.freed", subject: $0, at: moment.now, data: [:]) }
  }

  /// Whoever was here is here no more.
  fileprivate func isGone(_ world: any World, at instant: Instant) -> Bool {
    guard let stay = stay.flatMap({ world.stay($0) }) else { return false }
    return !stay.isPresent(at: instant)
  }
}

extension Bed {
  public func isKept(for request: BedRequest) -> Bool {
    condition == .reserved && self.request?.sameBytes(as: request.id) ?? false
  }
}
