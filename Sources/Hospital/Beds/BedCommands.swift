import Ledger

extension World {
  /// A bed that is there, and whose state the author may change.
  fileprivate func bed(_ id: String, _ action: Action = .bedState, _ moment: Moment) throws(Refusal) -> Bed {
    guard let bed = bed(id) else { throw Refusal("bed-unknown", field: "bed") }
    guard !bed.removed else { throw Refusal("bed-removed", field: "bed") }
    try require(action, moment, units: bed.unit)
    return bed
  }

  fileprivate func requireEmpty(_ bed: Bed, _ moment: Moment) throws(Refusal) {
    guard occupants(ofBed: bed.id, at: moment.now).isEmpty else { throw Refusal("bed-occupied", field: "bed") }
  }
}

extension Bed {
  fileprivate func says(_ kind: String, _ moment: Moment, _ data: JSONObject = JSONObject()) -> Decision {
    Decision(facts: [Fact(kind: kind, subject: id, at: moment.now, data: .object(data))])
  }

  /// nil ends it.
  func isolated(_ isolation: String?, at instant: Instant) -> Fact {
    Fact(kind: "bed.isolated", subject: id, at: instant, data: ["isolation": isolation.json ?? .null])
  }
}

/// Kept for somebody: a stay, or a name in words.
public struct ReserveBed: Command {
  public var bed: String
  /// `stay/<uuid>`, `patient/<uuid>` or free text.
  public var `for`: String?
  public var reason: String?
  /// `request/<uuid>` that it answers.
  var request: String?

  public init(bed: String, for whom: String?, reason: String?) {
    self.init(bed: bed, for: whom, reason: reason, request: nil)
  }

  init(bed: String, for whom: String?, reason: String?, request: String?) {
    self.bed = bed
    self.for = whom
    self.reason = reason
    self.request = request
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    Decision(facts: try facts(world, moment))
  }

  /// - Parameter action: what whoever asks must be allowed.
  func facts(_ world: any World, _ moment: Moment, as action: Action = .bedState) throws(Refusal) -> [Fact] {
    let known = try world.bed(bed, action, moment)
    try world.requireEmpty(known, moment)
    switch known.condition {
    case .free, .toClean: break
    case .reserved: throw Refusal("bed-reserved", field: "bed")
    case .closed: throw Refusal("bed-closed", field: "bed", ["reason": known.reason ?? "–"])
    case .bodyPresent: throw Refusal("bed-body-present", field: "bed")
    }
    var data = JSONObject()
    if let whom = self.for.json { data.append("for", whom) }
    if let reason = reason.json { data.append("reason", reason) }
    if let request = request.json { data.append("request", request) }
    return known.says("bed.reserved", moment, data).facts
  }
}

/// Kept for nobody any more.
public struct FreeBed: Command {
  public var bed: String

  public init(bed: String) { self.bed = bed }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let known = try world.bed(bed, .bedState, moment)
    guard known.condition == .reserved else { throw Refusal("bed-not-reserved", field: "bed") }
    return known.says("bed.freed", moment)
  }
}

public struct MarkBedToClean: Command {
  public var bed: String

  public init(bed: String) { self.bed = bed }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let known = try world.bed(bed, .bedState, moment)
    guard known.condition != .closed else { throw Refusal("bed-closed", field: "bed", ["reason": known.reason ?? "–"]) }
    return known.says("bed.to-clean", moment)
  }
}

/// Clean: somebody may come.
public struct CleanBed: Command {
  public var bed: String

  public init(bed: String) { self.bed = bed }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let known = try world.bed(bed, .bedState, moment)
    guard known.condition == .toClean else { throw Refusal("bed-not-to-clean", field: "bed") }
    var decision = known.says("bed.freed", moment)
    // Whoever was isolated is gone. Where somebody lies in it, it may be theirs: they say when it ends.
    if known.isolation != nil, world.occupants(ofBed: bed, at: moment.now).isEmpty {
      decision.facts.append(known.isolated(nil, at: moment.now))
    }
    return decision
  }
}

/// The body has left for the chambre mortuaire: the bed is to be cleaned.
public struct BodyLeft: Command {
  public var bed: String

  public init(bed: String) { self.bed = bed }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let known = try world.bed(bed, .bedState, moment)
    guard known.condition == .bodyPresent else { throw Refusal("no-body-present", field: "bed") }
    return known.says("bed.to-clean", moment)
  }
}

public struct CloseBed: Command {
  public var bed: String
  public var reason: String

  public init(bed: String, reason: String) {
    self.bed = bed
    self.reason = reason
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let known = try world.bed(bed, .bedState, moment)
    guard !reason.isBlank else { throw Refusal("reason-missing", field: "reason") }
    guard known.condition != .bodyPresent else { throw Refusal("bed-body-present", field: "bed") }
    try world.requireEmpty(known, moment)
    return known.says("bed.closed", moment, JSONObject([("reason", .string(reason))]))
  }
}

public struct OpenBed: Command {
  public var bed: String

  public init(bed: String) { self.bed = bed }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let known = try world.bed(bed, .bedState, moment)
    guard known.condition == .closed else { throw Refusal("bed-not-closed", field: "bed") }
    return known.says("bed.freed", moment)
  }
}

public struct IsolateBed: Command {
  /// Precautions against what a patient may give to others.
  public static let transmissionBased = ["contact", "droplet", "airborne"]
  /// Precautions, and the two resistances that people name.
  public static let isolations = transmissionBased + ["protective", "BMR", "BHRe"]

  public var bed: String
  /// nil ends it.
  public var isolation: String?

  public init(bed: String, isolation: String?) {
    self.bed = bed
    self.isolation = isolation
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let known = try world.bed(bed, .bedState, moment)
    if let isolation, !Self.isolations.contains(isolation) { throw Refusal("isolation-unknown", field: "isolation") }
    let lying = world.occupants(ofBed: bed, at: moment.now).compactMap { world.stay($0) }
    return Decision(
      facts: [known.isolated(isolation, at: moment.now)] + lying.compactMap { theirs($0, world, at: moment.now) })
  }

  /// Whoever lies there is isolated, wherever they lie next: what is said of a bed alone goes back to nobody.
  private func theirs(_ stay: Stay, _ world: any World, at instant: Instant) -> Fact? {
    let known = world.whole(stay).answers[.isolation]?.text
    guard known != isolation else { return nil }
    return Fact(
      kind: "stay.asked", subject: stay.id, at: instant,
      data: [AskedTopic.isolation.rawValue: .string(isolation ?? "")])
  }
}

/// Two patients in one place, on purpose; or no more.
public struct DoubleBed: Command {
  public var bed: String
  public var doubled: Bool
  public var reason: String?

  public init(bed: String, doubled: Bool, reason: String?) {
    self.bed = bed
    self.doubled = doubled
    self.reason = reason
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let known = try world.bed(bed, .bedState, moment)
    var data = JSONObject([("doubled", .bool(doubled))])
    if doubled {
      guard let reason, !reason.isBlank else { throw Refusal("reason-missing", field: "reason") }
      data.append("reason", .string(reason))
    } else {
      let soon = moment.now.adding(seconds: EventHour.aheadMinutes * 60)
      let lying = world.occupants(ofBed: bed, from: moment.now, through: soon).compactMap { world.stay($0) }
      guard Occupancy.clashing(lying, doubled: false).isEmpty else { throw Refusal("bed-holds-two", field: "bed") }
    }
    return known.says("bed.doubled", moment, data)
  }
}

public struct StaffBed: Command {
  public var bed: String
  public var staffed: Bool

  public init(bed: String, staffed: Bool) {
    self.bed = bed
    self.staffed = staffed
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let known = try world.bed(bed, .bedState, moment)
    return known.says("bed.staffed", moment, JSONObject([("staffed", .bool(staffed))]))
  }
}

/// Somebody stood before it on a round: what the board says of it is true.
public struct SeeBed: Command {
  public var bed: String

  public init(bed: String) { self.bed = bed }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.bed(bed, .bedState, moment).says("bed.seen", moment)
  }
}

/// What was made in the night is taken back.
public struct RemovePlace: Command {
  public var bed: String

  public init(bed: String) { self.bed = bed }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let known = try world.bed(bed, .makePlace, moment)
    guard known.extra else { throw Refusal("bed-of-structure", field: "bed") }
    try world.requireEmpty(known, moment)
    return known.says("bed.removed", moment)
  }
}

extension String {
  var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
