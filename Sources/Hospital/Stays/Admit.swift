import Ledger

/// Somebody comes in: from home, through emergency, expected or not, now or earlier.
public struct Admit: Command {
  public var patient: String
  public var stayClass: StayClass
  public var unit: String?
  /// `bed/<uuid>`.
  public var bed: String?
  /// Where another unit than the lodging one answers.
  public var medicalUnit: String?
  public var attending: String?
  public var entryMode: String?
  public var provenance: String?
  public var reason: String?
  /// `stay/<uuid>` of the pre-admission. Without it, one that awaits this patient about now is used.
  public var preadmission: String?
  /// `stay/<uuid>`, for a newborn.
  public var motherStay: String?
  /// Coverage and other objects, kept as they are.
  public var other: JSONObject
  /// When; nil for now.
  public var at: Instant?

  public init(
    patient: String, stayClass: StayClass, unit: String?, bed: String? = nil, medicalUnit: String? = nil,
    attending: String? = nil, entryMode: String? = nil, provenance: String? = nil, reason: String? = nil,
    preadmission: String? = nil, motherStay: String? = nil, other: JSONObject = JSONObject(), at: Instant? = nil
  ) {
    self.patient = patient
    self.stayClass = stayClass
    self.unit = unit
    self.bed = bed
    self.medicalUnit = medicalUnit
    self.attending = attending
    self.entryMode = entryMode
    self.provenance = provenance
    self.reason = reason
    self.preadmission = preadmission
    self.motherStay = motherStay
    self.other = other
    self.at = at
  }

  /// An expected patient who comes this much sooner or later is the one expected.
  static let expectedHours = 24

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.admit, moment, units: unit)
    let person = try world.known(patient: patient)
    guard Admit.classes.contains(stayClass) else { throw Refusal("class-unknown", field: "stayClass") }
    let hour = try EventHour(at, world, moment, patient: person)
    var warnings = try PMSICampaign.at(hour.at, world.structure).checkEntry(entryMode, provenance)
    if let deathAt = person.deathAt, deathAt < hour.at, entryMode != "O" {
      warnings.append(Warning("patient-deceased"))
    }
    if world.mode.mode == .standby { warnings.append(Warning("mode-standby")) }
    if let motherStay, world.stay(motherStay) == nil { throw Refusal("mother-stay-unknown", field: "motherStay") }

    let opening = try Opening(self, world, moment, hour)
    var decision = try write(opening, world, moment, hour)
    decision.warnings = warnings + opening.warnings + decision.warnings
    return decision
  }

  static let classes: [StayClass] = [.inpatient, .daycase, .emergency, .outpatient, .recurring]

  private func write(
    _ opening: Opening, _ world: any World, _ moment: Moment, _ hour: EventHour
  ) throws(Refusal)
    -> Decision
  {
    var lodging = try Lodging(unit: unit, bed: bed, for: opening.stay, at: hour.at, world)
    if let medicalUnit { lodging.place.medicalUnit = try Lodging.known(medicalUnit, world) }
    let movement = SaidMovement(
      kind: opening.kind, trigger: opening.trigger(stayClass), hour: hour, place: lodging.place, nature: "HMS",
      stayClass: stayClass, attending: attending)
    var beside: [(String, JSON?)] = [
      // Under the file it was opened on: taking a merge back parts them without a claim to settle.
      ("patient", .string(opening.stay.patient ?? patient)), ("number", opening.stay.number.json),
      ("numberAuthority", opening.isNew ? (world.structure?.ndaAuthority).json : nil),
      ("entryMode", entryMode.json), ("provenance", (provenance ?? opening.provenance).json), ("reason", reason.json),
      ("motherStay", motherStay.json),
    ]
    if opening.isReadmission { beside += [("exitMode", .null), ("destination", .null)] }
    beside += other.members.map { ($0.key, $0.value) }
    var admission = movement.fact(opening.stay.id, moment, beside: beside)
    if lodging.place.bed != nil { try world.requireRoom(after: opening.before + [admission], moment) }
    // Drawn last, so that no refusal wastes a number.
    if opening.isNew, var data = admission.data.object {
      data.append("number", .string(try world.newStayNumber()))
      admission.data = .object(data)
    }
    let kept =
      opening.stay.status == .preadmitted ? Lodging.released(by: opening.stay, taking: bed, world, moment) : []
    return Decision(
      facts: opening.before + [admission] + lodging.facts + opening.left + kept, warnings: lodging.warnings)
  }
}
