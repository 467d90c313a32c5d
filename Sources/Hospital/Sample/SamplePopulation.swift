import Ledger

/// Made-up people of a French hospital's region, for practice, demonstrations and measurements. The same seed gives the
/// same person at the same index, on every machine; each is made on its own, in a few microseconds.
///
/// Telephone numbers are of the ranges that ARCEP keeps for fiction, INS numbers bear the test OID.
public struct SamplePopulation: Sendable {
  public let seed: UInt64

  public init(seed: UInt64) { self.seed = seed }

  /// The person at `index`, from 0. `id` is the subject given to the patient, `patient/<uuid>`.
  public func patient(_ index: Int, id: String) -> Patient {
    var dice = SampleDice(seed: seed, index: index)
    var patient = Patient(id: id)
    let birth = birthDate(&dice)
    let isWoman = dice.happens(0.53)
    patient.birthDate = birth
    patient.sex = isWoman ? .female : .male
    name(&patient, &dice, isWoman: isWoman, year: birth.year)
    let place = SamplePlaces.births[dice.skewed(below: SamplePlaces.births.count, power: 2)]
    patient.birthPlace = place.code
    patient.birthPlaceName = place.name
    patient.addresses = [address(&dice)]
    patient.phones = phones(&dice, year: birth.year)
    patient.nationality = dice.happens(0.9) ? "FRA" : nil
    if birth.year <= 2006, dice.happens(0.4) { patient.contacts = [contact(&dice, of: patient)] }
    status(&patient, &dice, birth: birth, isWoman: isWoman)
    return patient
  }

  /// Ages of those who come to a hospital: many old people, some children, 1925 to 2024.
  private func birthDate(_ dice: inout SampleDice) -> PartialDate {
    let kind = dice.fraction()
    let age: Int
    switch kind {
    case ..<0.03: age = 0
    case ..<0.14: age = 1 + dice.below(17)
    case ..<0.42: age = 18 + dice.below(30)
    case ..<0.66: age = 48 + dice.below(20)
    case ..<0.95: age = 66 + dice.below(22)
    default: age = 86 + dice.below(14)
    }
    let year = 2024 - age
    let month = 1 + dice.below(12)
    let isLeap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    // Born abroad without a known day: crowded on 1 January and 31 December, as in real files.
    if age > 25, dice.happens(0.006) { return PartialDate(year: year, month: 1, day: 1) }
    if age > 25, dice.happens(0.002) { return PartialDate(year: year, month: 12, day: 31) }
    return PartialDate(year: year, month: month, day: 1 + dice.below(days[month - 1]))
  }

  private func name(_ patient: inout Patient, _ dice: inout SampleDice, isWoman: Bool, year: Int) {
    let era = SampleGivenNames.era(of: year)
    let list = isWoman ? era.women : era.men
    patient.birthName = SampleSurnames.surname(&dice)
    var given = [list[dice.skewed(below: list.count, power: 2)]]
    for probability in [0.6, 0.3] where dice.happens(probability) {
      let older = SampleGivenNames.era(of: year - 40)
      let next = dice.one(of: isWoman ? older.women : older.men)
      if !given.contains(next) { given.append(next) }
    }
    patient.birthGivenName = given[0]
    patient.birthGivenNames = given.joined(separator: " ")
    let married = year < 1950 ? 0.75 : year < 1975 ? 0.5 : year < 1998 ? 0.25 : 0
    if isWoman, dice.happens(married) { patient.usedName = SampleSurnames.surname(&dice) }
    if given.count > 1, dice.happens(0.04) { patient.usedGivenName = given[1] }
  }

  private func address(_ dice: inout SampleDice) -> Address {
    let home = SamplePlaces.homes[dice.skewed(below: SamplePlaces.homes.count, power: 2)]
    let street = "\(dice.one(of: SamplePlaces.streetKinds)) \(dice.one(of: SamplePlaces.streetNames))"
    return Address(
      use: "H", lines: ["\(1 + dice.skewed(below: 140, power: 2)) \(street)"], postcode: home.postcode, city: home.name,
      commune: home.code, country: "FRA")
  }

  private func phones(_ dice: inout SampleDice, year: Int) -> [String] {
    guard dice.happens(0.85) else { return [] }
    let prefix = dice.happens(year < 1945 ? 0.3 : 0.9) ? "063998" : "019900"
    return [prefix + Self.padded(dice.below(10_000), to: 4)]
  }

  private func contact(_ dice: inout SampleDice, of patient: Patient) -> Contact {
    let era = SampleGivenNames.era(of: 1950 + dice.below(50))
    let given = dice.one(of: dice.happens(0.5) ? era.women : era.men)
    let family = patient.usedName ?? patient.birthName ?? ""
    return Contact(
      role: dice.happens(0.3) ? "trusted-person" : "next-of-kin", name: "\(family) \(given)",
      phone: "063998" + Self.padded(dice.below(10_000), to: 4))
  }

  private func status(_ patient: inout Patient, _ dice: inout SampleDice, birth: PartialDate, isWoman: Bool) {
    let kind = dice.fraction()
    let serial = 1 + dice.below(990)
    let order = 1 + dice.below(990)
    switch kind {
    case ..<0.55:
      patient.statusSaid = .qualified
      patient.ins = INS(
        matricule: matricule(birth, isWoman: isWoman, place: patient.birthPlace ?? Traits.unknownPlace, order: serial),
        oid: "1.2.250.1.213.1.4.10")
      patient.document = IdentityDocument(kind: order % 5 == 0 ? "PA" : "CN")
    case ..<0.8:
      patient.statusSaid = .validated
      patient.document = IdentityDocument(kind: order % 7 == 0 ? "CS" : "CN")
    default: patient.statusSaid = .provisional
    }
  }

  /// A NIR: sex, year, month, birth place, order, key (97 less the remainder by 97; Corsica counts as 19 and 18).
  private func matricule(_ birth: PartialDate, isWoman: Bool, place: String, order: Int) -> String {
    let body =
      (isWoman ? "2" : "1") + Self.padded(birth.year % 100, to: 2) + Self.padded(birth.month ?? 1, to: 2) + place
      + Self.padded(order, to: 3)
    let digits = body.replacing("2A", with: "19").replacing("2B", with: "18")
    return body + Self.padded(97 - (Int(digits) ?? 0) % 97, to: 2)
  }

  private static func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
