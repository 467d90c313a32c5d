import Ledger

/// A person puts traits right. Only what was changed on the form is said, so that two people may each change their part.
/// A strict trait that changes takes the identity back to provisional, and its INS away (RNIV).
public struct CorrectPatient: Command {
  public var patient: String
  /// The whole form as it was sent.
  public var traits: Traits
  /// The form as it was shown; nil to compare with what is known now.
  public var shown: Traits?

  public init(patient: String, traits: Traits, shown: Traits? = nil) {
    self.patient = patient
    self.traits = traits
    self.shown = shown
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.correctIdentity, moment)
    let person = try world.known(patient: patient)
    try world.requireOwn(person.id)
    let shown = shown ?? Traits(person)
    let given = traits.changes(from: shown).members.map(\.key)
    let tidied = try traits.tidied(isComplete: false, today: world.today(moment))
    // Tidying what nobody touched is no correction: only fields that were changed are said.
    var changes = JSONObject(tidied.changes(from: shown).members.filter { given.contains($0.key) })
    if given.contains("birthGivenName"), !given.contains("birthGivenNames"), shown.birthGivenNames == nil {
      changes["birthGivenNames"] = tidied.birthGivenNames.map { .string($0) }
    }
    try keepStrictTraits(of: person, changes)
    if person.unknown != nil, tidied.birthName != nil, tidied.birthGivenName != nil { changes["unknown"] = .null }
    guard !changes.isEmpty else { throw Refusal("nothing-changed") }
    let fact = Fact(kind: "patient.corrected", subject: person.id, at: moment.now, data: .object(changes))
    let lowered = Self.isStrict(changes, of: person) ? Self.provisional(person, moment) : []
    var warnings = warnings(person, shown, changes)
    if !lowered.isEmpty, person.isProved { warnings.append(Warning("strict-trait-changed")) }
    return Decision(facts: [fact] + lowered, warnings: warnings)
  }

  /// What was proved was proved of other traits: it is proved anew, and no INS is printed or sent meanwhile. Said even
  /// of a provisional identity: a message that proved the old traits may still be on its way.
  static func provisional(_ person: Patient, _ moment: Moment) -> [Fact] {
    var facts: [Fact] = []
    if person.ins != nil {
      facts.append(Fact(kind: "patient.ins-removed", subject: person.id, at: moment.now, data: [:]))
    }
    let data: JSON = ["status": .string(IdentityStatus.provisional.rawValue), "document": nil, "ins": nil]
    facts.append(Fact(kind: "patient.status-changed", subject: person.id, at: moment.now, data: data))
    return facts
  }

  /// A trait that was empty is completed, which takes back nothing.
  private static func isStrict(_ changes: JSONObject, of person: Patient) -> Bool {
    strict.contains { key in changes[key] != nil && person.strict(key) != nil }
  }

  private static let strict = needed.map(\.0) + ["birthGivenNames"]

  /// A strict trait is put right, not taken away.
  private func keepStrictTraits(of person: Patient, _ changes: JSONObject) throws(Refusal) {
    for (key, code) in CorrectPatient.needed where changes[key]?.isNull == true { throw Refusal(code, field: key) }
  }

  private static let needed = [
    ("birthName", "birth-name-missing"), ("birthGivenName", "birth-given-name-missing"),
    ("birthDate", "birth-date-missing"),
    ("sex", "sex-missing"), ("birthPlace", "birth-place-missing"),
  ]

  private func warnings(_ person: Patient, _ shown: Traits, _ changes: JSONObject) -> [Warning] {
    var warnings: [Warning] = []
    let moved = Traits(person).changes(from: shown)
    for (key, _) in changes.members where moved[key] != nil {
      warnings.append(Warning("changed-meanwhile", field: key))
    }
    // Labels and wristbands show the old ones.
    if Self.strict.contains(where: { changes[$0] != nil }) { warnings.append(Warning("print-again")) }
    return warnings
  }
}

extension Patient {
  /// Somebody vouched for it, here or in a feed.
  fileprivate var isProved: Bool { ins != nil || statusSaid.map { $0 != .provisional } ?? false }

  /// A strict trait by the name that facts give it.
  fileprivate func strict(_ key: String) -> String? {
    switch key {
    case "birthName": birthName
    case "birthGivenName": birthGivenName
    case "birthGivenNames": birthGivenNames
    case "birthDate": birthDate?.text
    case "sex": sex?.rawValue
    case "birthPlace": birthPlace
    default: nil
    }
  }
}
