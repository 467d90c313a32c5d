import Ledger

/// A visit becomes an inpatient stay (A06) or the other way round (A07); within one family the class is corrected
/// where it was said, without a movement (ZBE-9 with C).
public struct ChangeClass: Command {
  public var stay: String
  public var stayClass: StayClass
  /// nil stays in the place.
  public var unit: String?
  public var bed: String?
  public var attending: String?
  public var at: Instant?

  public init(
    stay: String, stayClass: StayClass, unit: String? = nil, bed: String? = nil, attending: String? = nil,
    at: Instant? = nil
  ) {
    self.stay = stay
    self.stayClass = stayClass
    self.unit = unit
    self.bed = bed
    self.attending = attending
    self.at = at
  }

  private static let lodged: [StayClass] = [.inpatient, .daycase, .recurring]

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let stay = try world.known(stay: stay)
    let hour = try EventHour(at, world, moment, patient: stay.patient.flatMap { world.patient($0) })
    let before = try stay.present(at: hour, moment)
    try world.require(.move, moment, units: before.place.unit, unit)
    try world.requireOwn(stay.id)
    guard Admit.classes.contains(stayClass) else { throw Refusal("class-unknown", field: "stayClass") }
    guard before.stayClass != stayClass else { throw Refusal("class-unchanged", field: "stayClass") }

    if stayClass.isLodged, before.stayClass?.isLodged != true { try world.requireOnly(stay, moment) }

    let wasLodged = before.stayClass.map { Self.lodged.contains($0) } ?? false
    let isLodged = Self.lodged.contains(stayClass)
    if wasLodged == isLodged { return try corrected(stay, world, moment) }
    var facts: [Fact] = []
    var lodging: Lodging?
    if unit != nil || bed != nil {
      let new = try Lodging(unit: unit, bed: bed, for: stay, at: hour.at, world)
      facts += new.facts
      if new.place != before.place { facts += Lodging.left(before.place, by: stay.id, at: hour.at, world, moment) }
      lodging = new
    }
    let place = lodging?.place ?? before.place
    let nature = Transfer.nature(from: before.place, to: place).flatMap { $0 == "L" ? nil : $0 } ?? "HMS"
    let movement = SaidMovement(
      kind: .classChanged, trigger: isLodged ? "A06" : "A07", hour: hour, place: place, nature: nature,
      stayClass: stayClass, attending: attending)
    facts.insert(movement.fact(stay.id, moment), at: 0)
    try world.requireRoom(after: facts, moment)
    var warnings = lodging?.warnings ?? []
    if before.stayClass == .emergency, world.emergencyVisit(ofStay: stay.id)?.orientation?.way != .admit {
      warnings.append(Warning("class-not-oriented"))
    }
    return Decision(facts: facts, warnings: warnings)
  }

  private func corrected(_ stay: Stay, _ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    guard unit == nil, bed == nil else { throw Refusal("class-without-move", field: "unit") }
    guard let said = stay.movements.last(where: { $0.acts && $0.stayClass != nil }) else {
      throw Refusal("class-unknown", field: "stayClass")
    }
    let nature = said.nature.map { $0.contains("C") ? $0 : $0 + "C" } ?? "C"
    let movement: JSON = [
      "key": .string(said.key), "id": .string(said.id), "trigger": .string(said.trigger), "nature": .string(nature),
      "class": .string(stayClass.rawValue),
    ]
    let fact = Fact(kind: StayFact.corrected.rawValue, subject: stay.id, at: said.at, data: ["movement": movement])
    try world.requireRoom(after: [fact], moment)
    return Decision(facts: [fact])
  }
}
