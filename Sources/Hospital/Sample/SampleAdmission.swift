import Ledger

/// Where one sample patient is, or was.
struct SampleStay: Sendable {
  var place: Place
  var stayClass: StayClass
  var admittedAt: Instant
  var dischargedAt: Instant?

  init(bed: SampleWards.Bed, admittedAt: Instant, dischargedAt: Instant? = nil) {
    place = Place(unit: bed.unit, room: bed.room, bed: bed.code, medicalUnit: bed.unit)
    stayClass = .inpatient
    self.admittedAt = admittedAt
    self.dischargedAt = dischargedAt
  }

  init(visitTo unit: String, admittedAt: Instant) {
    place = Place(unit: unit, medicalUnit: unit)
    stayClass = .emergency
    self.admittedAt = admittedAt
  }
}

/// One sample patient and, where there is one, the stay: what a registration and an admission would have said.
struct SampleAdmission: Command {
  static let physicians = ["Dr Aubrac", "Dr Belkacem", "Dr Cosquer", "Dr Delmas", "Dr Etcheverry", "Dr Fontanel"]

  var structure: Structure
  var patient: Patient
  var stay: SampleStay?
  var now: Instant

  func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    guard let ipp = world.nextNumber(.ipp) else { throw Refusal("numbers-used-up") }
    let id = patient.id
    // A new patient's state is its traits.
    var traits = patient.stored.object ?? JSONObject()
    traits["id"] = nil
    traits["identifiers"] = .array([
      ["value": .string(ipp), "authority": .string(structure.ippAuthority), "type": "PI"]
    ])
    var facts = [Fact(kind: "patient.registered", subject: id, at: stay?.admittedAt ?? now, data: .object(traits))]
    guard let stay else { return Decision(facts: facts) }
    guard let nda = world.nextNumber(.nda) else { throw Refusal("numbers-used-up") }
    let subject = "stay/\(Name.subject("stay", id, "1"))"
    var movement = self.movement(stay, trigger: stay.stayClass == .emergency ? "A04" : "A01", subject)
    movement["nature"] = "HMS"
    movement["attending"] = .string(Self.physicians[Int(nda.utf8.last ?? 0) % Self.physicians.count])
    facts.append(
      Fact(
        kind: "stay.admitted", subject: subject, at: stay.admittedAt,
        data: [
          "patient": .string(id), "number": .string(nda), "numberAuthority": .string(structure.ndaAuthority),
          "entryMode": "8", "movement": .object(movement),
        ]))
    if let dischargedAt = stay.dischargedAt {
      facts.append(
        Fact(
          kind: "stay.discharged", subject: subject, at: dischargedAt,
          data: ["exitMode": "8", "movement": .object(self.movement(stay, trigger: "A03", subject))]))
    }
    return Decision(facts: facts)
  }

  private func movement(_ stay: SampleStay, trigger: String, _ subject: String) -> JSONObject {
    let key = Name.subject("movement", subject, trigger)
    var movement = JSONObject([("key", .string(key)), ("id", .string(key)), ("trigger", .string(trigger))])
    movement["unit"] = stay.place.unit.map { .string($0) }
    movement["room"] = stay.place.room.map { .string($0) }
    movement["bed"] = stay.place.bed.map { .string($0) }
    movement["medicalUnit"] = stay.place.medicalUnit.map { .string($0) }
    movement["class"] = .string(stay.stayClass.rawValue)
    return movement
  }
}
