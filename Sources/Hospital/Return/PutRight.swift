import Ledger

extension Difference {
  /// What makes our file say this, where it does not already: the main system's feed may have said its own meanwhile.
  /// Nothing where that has its own form.
  func putRight(to text: String?, _ note: String?, _ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    guard let field, let text, field.isPutRight(to: text) else { return Decision(facts: []) }
    if subject.hasPrefix("stay/") { return try putRight(stay: field, to: text, world, moment) }
    let patient = try world.known(patient: subject)
    switch field {
    case .protected: return try protect(patient, text == ReturnField.yes, note, world, moment)
    case .death: return try WithdrawDeath.everywhere(patient, world, moment)
    default: return try putRight(patient, field, to: text, world, moment)
    }
  }

  /// Kept or taken over, it holds here from now on: the feed's routine "not protected" does not lift it.
  private func protect(
    _ patient: Patient, _ protected: Bool, _ note: String?, _ world: any World, _ moment: Moment
  ) throws(Refusal) -> Decision {
    // A file that became one with it may be the one that says so.
    let files = protected ? [patient] : world.files(of: patient)
    let otherwise = files.filter { protected ? !$0.protected || !$0.protectedHere : $0.protected }
    if otherwise.isEmpty { return Decision(facts: []) }
    try world.require(.protect, moment)
    return Decision(facts: otherwise.map { ProtectPresence.fact($0, protected, reason: note, moment) })
  }

  private func putRight(
    _ patient: Patient, _ field: ReturnField, to text: String, _ world: any World, _ moment: Moment
  ) throws(Refusal) -> Decision {
    let known = ReturnField.values(patient)[field]
    if known.map({ field.isSame($0, text) && field != .birthDate || $0 == text }) ?? false {
      return Decision(facts: [])
    }
    var traits = Traits(patient)
    switch field {
    case .birthName: traits.birthName = text
    case .birthGivenName:
      traits.birthGivenName = text
      traits.birthGivenNames = former?.birthGivenNames
    case .birthDate: traits.birthDate = PartialDate(text)
    case .sex: traits.sex = Sex(rawValue: text)
    case .birthPlace: traits.birthPlace = text
    case .usedName: traits.usedName = text
    case .addresses:
      if let home = former?.addresses.home, let index = traits.addresses.homeIndex {
        traits.addresses[index] = home
      } else {
        traits.live(at: text)
      }
    case .phones: traits.phones = text.split(separator: ReturnField.separator).map(String.init)
    case .identityStatus, .ins, .protected, .death, .stayStatus, .place, .stayClass, .admittedAt, .dischargedAt,
      .attending:
      return Decision(facts: [])
    }
    var decision = try CorrectPatient(patient: patient.id, traits: traits).decide(world, moment)
    let isLowered = decision.facts.contains { $0.kind == "patient.status-changed" }
    // What was proved of the former trait is proved anew (RNIV).
    if isCorrected, isLowered, !decision.warnings.contains(where: { $0.code == "strict-trait-changed" }) {
      decision.warnings.append(Warning("return-status"))
    }
    return decision
  }

  private func putRight(
    stay field: ReturnField, to text: String, _ world: any World, _ moment: Moment
  ) throws(Refusal) -> Decision {
    let stay = try world.known(stay: subject)
    let movement: Movement?
    switch field {
    case .admittedAt: movement = stay.beginning
    case .dischargedAt: movement = stay.discharge
    default: movement = nil
    }
    let known = ReturnField.values(stay, at: moment.now)[field]
    guard let movement, !(known.map { field.isSame($0, text) } ?? false) else { return Decision(facts: []) }
    var correction = CorrectMovement(stay: stay.id, key: movement.key)
    correction.isKnown = true
    correction.at = Instant(text)
    return try correction.decide(world, moment)
  }
}

extension Traits {
  /// As `ReturnField.addresses` has it: what it does not say stays.
  fileprivate mutating func live(at text: String) {
    let parts = text.split(separator: ReturnField.separator, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3 else { return }
    let index = addresses.homeIndex ?? addresses.endIndex
    if index == addresses.endIndex { addresses.append(Address(use: "H", lines: [])) }
    if !parts[0].isEmpty { addresses[index].lines = [parts[0]] }
    // A line alone says all of it.
    if parts[1...].allSatisfy(\.isEmpty) {
      (addresses[index].postcode, addresses[index].city, addresses[index].commune) = (nil, nil, nil)
    }
    if !parts[1].isEmpty { addresses[index].postcode = parts[1] }
    if !parts[2].isEmpty { addresses[index].city = parts[2] }
    if parts[1...].contains(where: { !$0.isEmpty }) { addresses[index].commune = nil }
  }
}
