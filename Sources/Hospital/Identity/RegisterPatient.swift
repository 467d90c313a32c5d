import Ledger

/// Somebody whom no search found: an identity of their own, after the strict traits of the RNIV.
public struct RegisterPatient: Command {
  public var traits: Traits
  /// What was shown; nil when nothing was asked for.
  public var document: IdentityDocument?
  /// Non-divulgation de présence.
  public var protected: Bool
  public var situations: [LegalSituation]

  public init(
    traits: Traits, document: IdentityDocument? = nil, protected: Bool = false, situations: [LegalSituation] = []
  ) {
    self.traits = traits
    self.document = document
    self.protected = protected
    self.situations = situations
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
    if world.mode.mode == .standby { warnings.append(Warning("mode-standby")) }
    var identity = try NewIdentity(traits, status: status, world, moment)
    identity.say("document", document?.json)
    if protected { identity.say("protected", true) }
    if !situationsSaid.isEmpty { identity.say("situations", .array(situationsSaid)) }
    return Decision(facts: [identity.fact(at: moment.now)], warnings: warnings)
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
