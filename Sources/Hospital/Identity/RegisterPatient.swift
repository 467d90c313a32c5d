import Ledger

/// Somebody whom no search found: an identity of their own, after the strict traits of the RNIV.
public struct RegisterPatient: Command {
  public var traits: Traits
  /// What was shown; nil when nothing was asked for.
  public var document: IdentityDocument?
  /// Non-divulgation de présence.
  public var protected: Bool
  public var situations: [LegalSituation]
  /// Numbers that other systems already know them by.
  public var numbers: [Identifier]

  public init(
    traits: Traits, document: IdentityDocument? = nil, protected: Bool = false, situations: [LegalSituation] = [],
    numbers: [Identifier] = []
  ) {
    self.traits = traits
    self.document = document
    self.protected = protected
    self.situations = situations
    self.numbers = numbers
  }

  /// Beyond this many years the date is asked about again: nobody in France lived longer.
  static let yearsMax = 122

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.createIdentity, moment)
    let today = world.today(moment)
    let traits = try traits.tidied(isComplete: true, today: today)
    var warnings: [Warning] = []
    if let years = traits.birthDate?.years(on: today), years > Self.yearsMax {
      warnings.append(Warning("birth-date-old", field: "birthDate"))
    }
    let status = try status(of: traits, world, moment, today, &warnings)
    var situationsSaid: [JSON] = []
    for situation in situations { situationsSaid.append(try situation.checked(moment).json) }
    for number in numbers { try number.check(world) }
    if world.mode.mode == .standby { warnings.append(Warning("mode-standby")) }
    var identity = try NewIdentity(traits, status: status, world, moment)
    identity.know(numbers)
    identity.say("document", document?.json)
    if protected { identity.say("protected", true) }
    if !situationsSaid.isEmpty { identity.say("situations", .array(situationsSaid)) }
    return Decision(facts: [identity.fact(at: moment.now)], warnings: warnings)
  }

  /// Whether a fact says of somebody all that this would, and no more, but for the number that they are given.
  public func isSaid(by fact: Fact, at now: Instant, in structure: Structure?) -> Bool {
    let today = LocalTime(of: structure).day(now)
    guard document == nil, situations.isEmpty, let tidy = try? traits.tidied(isComplete: true, today: today) else {
      return false
    }
    var words = tidy.json
    words.append("status", .string(IdentityStatus.provisional.rawValue))
    words.append(
      "identifiers", .array(Array(fact.data["identifiers"]?.array?.prefix(1) ?? []) + numbers.map(\.json)))
    if protected { words.append("protected", true) }
    return fact.kind == "patient.registered" && fact.data == .object(words)
  }

  /// Validated at once where somebody who may has seen a document of high trust; provisional otherwise.
  private func status(
    of traits: Traits, _ world: any World, _ moment: Moment, _ today: CivilDate, _ warnings: inout [Warning]
  ) throws(Refusal) -> IdentityStatus {
    guard let document, try document.validates(birthDate: traits.birthDate, today: today) else { return .provisional }
    if document.isExpired(today: today) { warnings.append(Warning("document-expired", field: "document")) }
    do { try world.require(.qualifyIdentity, moment) } catch { return .provisional }
    return .validated
  }
}

extension Identifier {
  static let valueBytesMax = 100

  /// A number that another system gave: not one of ours, not the INS, and nobody else's.
  fileprivate func check(_ world: any World) throws(Refusal) {
    let isOurs = world.structure.map { authority.sameBytes(as: $0.ippAuthority) } ?? false
    guard !isOurs, !isINS else { throw Refusal("number-not-yours", field: "identifiers") }
    for text in [value, authority, type] {
      guard text.utf8.count <= Self.valueBytesMax, text.contains(where: { !$0.isWhitespace }) else {
        throw Refusal("number-invalid", field: "identifiers")
      }
    }
    guard world.patients(withIdentifier: value, authority: authority).isEmpty else {
      throw Refusal("number-known", field: "identifiers")
    }
  }
}
