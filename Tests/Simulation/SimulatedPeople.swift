import Hospital
import Ledger
import Register

/// What people and feeds say.
extension Simulation {
  func say(at station: SimulatedStation) async throws {
    let known = try station.register.read { reading in
      try Structure.simulatedBeds.flatMap { try reading.occupants(ofBed: $0, at: station.world.environment.now()) }
    }
    let stay = dice.pick(known.sorted())
    switch (Int.random(in: 0..<4, using: &dice), stay) {
    case (0, let stay?): try await submit(Discharge(stay: stay, exitMode: "8"), station)
    case (1, let stay?): try await submit(Transfer(stay: stay, bed: dice.pick(Structure.simulatedBeds)), station)
    default: try await admit(at: station)
    }
  }

  /// Somebody comes in. Gives the receipt of the stay, or nil where there was a refusal.
  @discardableResult
  func admit(at station: SimulatedStation) async throws -> Receipt? {
    guard let patient = try await register(at: station) else { return nil }
    let bed = dice.pick(Structure.simulatedBeds)
    return try await submit(Admit(patient: patient, stayClass: .inpatient, unit: "MED", bed: bed), station)
  }

  /// Somebody is given an identity and a number. Gives the identity, or nil where there was a refusal.
  func register(at station: SimulatedStation) async throws -> String? {
    var traits = Traits()
    traits.birthName = dice.pick(["MARTIN", "DURAND", "LEFEVRE"])
    traits.birthGivenName = dice.pick(["LOUISE", "PAUL"])
    traits.birthDate = PartialDate(year: 1961, month: 3, day: Int.random(in: 1...28, using: &dice))
    traits.sex = .female
    traits.birthPlace = "21231"
    return try await submit(RegisterPatient(traits: traits), station)?.subject("patient")
  }

  /// Somebody settles what they see, or some of it anew.
  func decide(at station: SimulatedStation) async throws {
    let (open, old) = try station.register.read { (try $0.conflicts(), try $0.decisions(limit: 5)) }
    let revisited = try old.compactMap { said in try station.register.read { try $0.conflict(said.heard.fact.subject) }
    }
    guard let conflict = dice.pick(dice.once(in: 4) ? revisited : open) else { return }
    let side = dice.once(in: 3) ? nil : Int.random(in: 0..<conflict.sides.count, using: &dice)
    let command = DecideConflict(conflict, side: conflict.kind.hasChoice ? side : nil, note: "vu")
    try await submit(command, station, author: Self.duty)
  }

  /// Somebody puts the name right of one of whom the feed speaks.
  func correct(at station: SimulatedStation) async throws {
    let fact = Fact(
      kind: "patient.corrected", subject: "patient/\(Int.random(in: 0..<3, using: &dice))",
      at: station.world.environment.now(), data: ["birthName": .string(dice.pick(["MARTIN", "DURAND"]) ?? "")])
    try await submit(Saying(facts: [fact]), station)
  }

  /// One message of a feed, heard by one station or by several: cut apart, or one after it came from another.
  func hear() async throws {
    control += 1
    let now = stations[0].world.environment.now()
    let source = Source(sender: "SIH", control: String(control), text: "20220821030000", instant: now)
    let fact = Fact(
      kind: "patient.described", subject: "patient/\(control % 3)", at: now,
      data: ["usedName": .string("NOM-\(control)")])
    for station in stations where dice.once(in: 2) {
      try await on(station, "hear") {
        try await submit(Saying(facts: [fact]), station, key: "message-\(control)", source: source)
      }
      if dice.once(in: 4) { try await pull(anyone, from: station) }
    }
  }
}
