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

  init(visitTo unit: String, admittedAt: Instant, dischargedAt: Instant? = nil) {
    place = Place(unit: unit, medicalUnit: unit)
    stayClass = .emergency
    self.admittedAt = admittedAt
    self.dischargedAt = dischargedAt
  }
}

/// One sample patient and, where there is one, the stay: what a registration and an admission would have said.
struct SampleAdmission: Command {
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
    let registered = Fact(
      kind: "patient.registered", subject: id, at: stay?.admittedAt ?? now, data: .object(traits))
    guard let stay else { return Decision(facts: [registered]) }
    let facts = try stay.facts(of: id, subject: "stay/\(Name.subject("stay", id, "1"))", structure, world)
    return Decision(facts: [registered] + facts)
  }
}

/// A stay of earlier years, of a sample patient who is here already.
struct SampleEarlierStay: Command {
  var structure: Structure
  var patient: String
  /// Of the patient's: 2, 3 …
  var number: Int
  var stay: SampleStay

  func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let subject = "stay/\(Name.subject("stay", patient, "\(number)"))"
    return Decision(facts: try stay.facts(of: patient, subject: subject, structure, world))
  }
}

extension SampleStay {
  private static let physicians = [
    "Dr Aubrac", "Dr Belkacem", "Dr Cosquer", "Dr Delmas", "Dr Etcheverry", "Dr Fontanel",
  ]

  fileprivate func facts(
    of patient: String, subject: String, _ structure: Structure, _ world: any World
  ) throws(Refusal) -> [Fact] {
    guard let nda = world.nextNumber(.nda) else { throw Refusal("numbers-used-up") }
    var movement = self.movement(stayClass == .emergency ? "A04" : "A01", of: subject)
    movement["nature"] = "HMS"
    movement["attending"] = .string(Self.physicians[Int(nda.utf8.last ?? 0) % Self.physicians.count])
    let admitted = Fact(
      kind: "stay.admitted", subject: subject, at: admittedAt,
      data: [
        "patient": .string(patient), "number": .string(nda), "numberAuthority": .string(structure.ndaAuthority),
        "entryMode": "8", "movement": .object(movement),
      ])
    guard let dischargedAt else { return [admitted] }
    return [
      admitted,
      Fact(
        kind: "stay.discharged", subject: subject, at: dischargedAt,
        data: ["exitMode": "8", "movement": .object(self.movement("A03", of: subject))]),
    ]
  }

  private func movement(_ trigger: String, of subject: String) -> JSONObject {
    let key = Name.subject("movement", subject, trigger)
    var movement = JSONObject([("key", .string(key)), ("id", .string(key)), ("trigger", .string(trigger))])
    movement["unit"] = place.unit.map { .string($0) }
    movement["room"] = place.room.map { .string($0) }
    movement["bed"] = place.bed.map { .string($0) }
    movement["medicalUnit"] = place.medicalUnit.map { .string($0) }
    movement["class"] = .string(stayClass.rawValue)
    return movement
  }
}
