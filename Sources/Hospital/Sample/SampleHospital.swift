import Ledger

/// A made-up hospital on an ordinary evening: patients one after the other, most of the beds taken, stays of the last
/// days that have ended, a full waiting room. The same seed gives the same, so that exercises and tests can speak of it.
///
/// One commit for each patient, then one for the beds that are closed, to clean or kept.
public struct SampleHospital: Sendable {
  /// Of the beds for inpatients, at most.
  static let occupiedPercent = 86
  /// Of the patients who are not here now, those who were here lately.
  static let lateStaysPercent = 60
  static let visitsWaiting = 34
  static let pastStaysPerBedMax = 5

  private let structure: Structure
  private let units: [CareUnit]
  private let seed: UInt64
  private let now: Instant
  private let patients: Int
  private let population: SamplePopulation

  public init(structure: Structure, seed: UInt64, patients: Int, now: Instant) {
    self.structure = structure
    units = structure.sites.flatMap(\.units)
    self.seed = seed
    self.patients = patients
    self.now = now
    population = SamplePopulation(seed: seed)
  }

  /// What each commit is to say, with its idempotency key; made as it is asked for, whatever the number of patients.
  public var commits: some Sequence<(command: any Command, key: String)> {
    var random = SplitMix64(seed: seed)
    var wards = SampleWards(units: units, patients: patients, using: &random)
    var visits = min(Self.visitsWaiting, patients / 8)
    var matricules: Set<String> = []
    return sequence(state: 0) { (index: inout Int) -> (command: any Command, key: String)? in
      defer { index += 1 }
      if index < patients {
        let id = "patient/\(Name.subject("patient", "sample-\(seed)", "\(index)"))"
        var patient = population.patient(index, id: id)
        // Nobody has another's: a matricule made up twice is left to the first.
        if let ins = patient.ins, !matricules.insert(ins.matricule).inserted {
          patient.ins = nil
          patient.statusSaid = .validated
        }
        let stay = self.stay(of: patient, in: &wards, visits: &visits, using: &random)
        return (SampleAdmission(structure: structure, patient: patient, stay: stay, now: now), key("patient", index))
      }
      let conditions = wards.conditions(of: structure, at: now)
      return index == patients && !conditions.isEmpty ? (Saying(facts: conditions), key("beds", 0)) : nil
    }
  }

  /// Stays of the five years before, in the emergency department or in beds, all of them ended: one commit each, after
  /// `commits`.
  public func earlierStays(_ count: Int) -> some Sequence<(command: any Command, key: String)> {
    var random = SplitMix64(seed: ~seed)
    let wards = SampleWards(units: units, patients: patients, using: &random)
    let (beds, emergency) = (wards.beds, wards.emergency)
    return (0..<(patients == 0 || beds.isEmpty ? 0 : count)).lazy.map { index in
      var random = SplitMix64(seed: UInt64(index) ^ seed)
      let patient = "patient/\(Name.subject("patient", "sample-\(seed)", "\(index % patients)"))"
      let from = now.adding(seconds: -86_400 * Int.random(in: 100...1800, using: &random))
      let stay =
        if let emergency, index % 2 == 0 {
          SampleStay(
            visitTo: emergency, admittedAt: from,
            dischargedAt: from.adding(seconds: 60 * Int.random(in: 40...700, using: &random)))
        } else {
          SampleStay(
            bed: beds[Int.random(in: 0..<beds.count, using: &random)], admittedAt: from,
            dischargedAt: from.adding(seconds: 3600 * Int.random(in: 20...200, using: &random)))
        }
      return (
        SampleEarlierStay(structure: structure, patient: patient, number: 2 + index / patients, stay: stay),
        key("earlier", index)
      )
    }
  }

  private func stay(
    of patient: Patient, in wards: inout SampleWards, visits: inout Int, using random: inout SplitMix64
  ) -> SampleStay? {
    let today = CivilDate(daysSince1970: Int(now.milliseconds / 86_400_000))
    func ago(_ hours: Int, _ random: inout SplitMix64) -> Instant {
      now.adding(seconds: -hours * 3600 - Int.random(in: 0..<3600, using: &random))
    }
    let age = patient.birthDate.flatMap { $0.years(on: today) }
    if let bed = wards.takeBed(for: patient.sex, age: age) {
      let hours = 2 + Int.random(in: 0..<bed.hoursMax, using: &random)
      wards.note(bed, freeBefore: hours)
      return SampleStay(bed: bed, admittedAt: ago(hours, &random))
    }
    if visits > 0, let unit = wards.emergency {
      visits -= 1
      return SampleStay(visitTo: unit, admittedAt: ago(Int.random(in: 0..<7, using: &random), &random))
    }
    guard Int.random(in: 0..<100, using: &random) < Self.lateStaysPercent,
      let past = wards.takePast(for: patient.sex, age: age, using: &random)
    else { return nil }
    return SampleStay(
      bed: past.bed, admittedAt: now.adding(seconds: -past.from * 3600),
      dischargedAt: now.adding(seconds: -past.until * 3600))
  }

  private func key(_ what: String, _ index: Int) -> String {
    Name.subject("command", "sample-\(seed)-\(what)", "\(index)")
  }
}

/// Facts already made, said as they are.
public struct Saying: Command {
  public let facts: [Fact]

  public init(facts: [Fact]) { self.facts = facts }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision { Decision(facts: facts) }
}

/// Sebastiano Vigna's SplitMix64: small, seeded, the same on every machine.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
