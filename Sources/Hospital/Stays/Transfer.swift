import Ledger

/// Another unit, room or bed, or another unit that answers: now, or earlier.
public struct Transfer: Command {
  public var stay: String
  /// nil stays in the unit, or goes where the bed is.
  public var unit: String?
  /// `bed/<uuid>`; nil is without a bed.
  public var bed: String?
  /// Where another unit than the lodging one answers, as it did or as it shall; nil moves responsibility along.
  public var medicalUnit: String?
  public var careUnit: String?
  public var attending: String?
  public var at: Instant?

  public init(
    stay: String, unit: String? = nil, bed: String? = nil, medicalUnit: String? = nil, careUnit: String? = nil,
    attending: String? = nil, at: Instant? = nil
  ) {
    self.stay = stay
    self.unit = unit
    self.bed = bed
    self.medicalUnit = medicalUnit
    self.careUnit = careUnit
    self.attending = attending
    self.at = at
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let stay = try world.known(stay: stay)
    let hour = try EventHour(at, world, moment, patient: stay.patient.flatMap { world.patient($0) })
    let before = try stay.present(at: hour, moment).place
    let target = unit ?? bed.flatMap { world.bed($0)?.unit } ?? before.unit
    try world.require(.move, moment, units: before.unit, target)
    try world.requireOwn(stay.id)

    var lodging = try Lodging(unit: target, bed: bed, for: stay, at: hour.at, world)
    lodging.place.medicalUnit = try other(medicalUnit, than: lodging.place.unit, world)
    lodging.place.careUnit = try other(careUnit, than: lodging.place.unit, world)
    guard let nature = Transfer.nature(from: before, to: lodging.place) else { throw Refusal("no-move", field: "bed") }
    let movement = SaidMovement(
      kind: .transferred, trigger: "A02", hour: hour, place: lodging.place, nature: nature, attending: attending)
    var facts = [movement.fact(stay.id, moment)] + lodging.facts
    if lodging.place.bed != before.bed || lodging.place.room != before.room || lodging.place.unit != before.unit {
      facts += Lodging.isolation(from: before, to: bed, at: hour.at, world)
      facts += Lodging.left(before, by: stay.id, at: hour.at, world, moment)
    }
    try world.requireRoom(after: facts, moment)
    return Decision(facts: facts, warnings: lodging.warnings)
  }

  private func other(_ unit: String?, than lodging: String?, _ world: any World) throws(Refusal) -> String? {
    guard let unit else { return nil }
    let known = try Lodging.known(unit, world)
    return known == lodging ? nil : known
  }

  /// ZBE-9: which responsibilities change, lodging, medical, care, in that order; L where only the bed does.
  static func nature(from before: Place, to after: Place) -> String? {
    var nature = ""
    if before.unit != after.unit { nature += "H" }
    if before.medicalUnit ?? before.unit != after.medicalUnit ?? after.unit { nature += "M" }
    if before.careUnit ?? before.unit != after.careUnit ?? after.unit { nature += "S" }
    if !nature.isEmpty { return nature }
    return before.room == after.room && before.bed == after.bed ? nil : "L"
  }
}
