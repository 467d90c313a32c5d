import Ledger

/// Somebody nobody can name: an X, under a label that no other station gives. Or a woman who gives birth sous le secret
/// (CSP L222-6): no identity is asked for, and the maternity alone finds the file.
public struct RegisterUnknown: Command {
  public var estimatedAge: Int?
  public var sex: Sex?
  public var marks: String?
  public var belongings: String?
  public var secret: Bool

  public init(
    estimatedAge: Int? = nil, sex: Sex? = nil, marks: String? = nil, belongings: String? = nil, secret: Bool = false
  ) {
    self.estimatedAge = estimatedAge
    self.sex = sex
    self.marks = marks
    self.belongings = belongings
    self.secret = secret
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.createIdentity, moment)
    if let estimatedAge, !(0...130).contains(estimatedAge) { throw Refusal("age-impossible", field: "estimatedAge") }
    let marks = try FreeText.tidied(marks, field: "marks")
    let belongings = try FreeText.tidied(belongings, field: "belongings")
    guard let label = world.nextNumber(.unknown) else { throw Refusal("numbers-used-up") }
    var traits = Traits()
    traits.sex = sex == .unknown ? nil : sex
    var identity = try NewIdentity(traits, status: .provisional, world, moment)
    let unknown = UnknownPatient(label: label, estimatedAge: estimatedAge, marks: marks, belongings: belongings)
    identity.say("unknown", unknown.json)
    if secret { identity.say("secret", true) }
    return Decision(facts: [identity.fact(at: moment.now)])
  }
}
