import Ledger

/// One delivery: each child has its own IPP and NDA from the first minute, provisional, linked to the mother's stay, with
/// her birth name until the birth is declared. Of several, the first is J1.
public struct RegisterBirth: Command {
  /// `patient/<uuid>`.
  public var mother: String
  /// `stay/<uuid>`; nil for the one she is in.
  public var motherStay: String?
  public var children: [Newborn]
  /// Rank of the first of `children`: above 1 when a twin is registered later.
  public var firstRank: Int

  public struct Newborn: Sendable, Equatable {
    public var sex: Sex
    /// Hour of birth; nil for now.
    public var at: Instant?
    /// `bed/<uuid>` of its cot; nil for beside its mother, without a place of its own.
    public var bed: String?
    public var givenName: String?

    public init(sex: Sex, at: Instant? = nil, bed: String? = nil, givenName: String? = nil) {
      self.sex = sex
      self.at = at
      self.bed = bed
      self.givenName = givenName
    }
  }

  public init(mother: String, motherStay: String? = nil, children: [Newborn], firstRank: Int = 1) {
    self.mother = mother
    self.motherStay = motherStay
    self.children = children
    self.firstRank = firstRank
  }

  /// Nobody has registered more of one delivery.
  static let childrenMax = 9

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.createIdentity, moment)
    let person = try world.known(patient: mother)
    guard (1...Self.childrenMax).contains(children.count), (1...Self.childrenMax).contains(firstRank) else {
      throw Refusal("children-count", field: "children", ["max": String(Self.childrenMax)])
    }
    let beds = children.compactMap(\.bed)
    guard Set(beds).count == beds.count else { throw Refusal("bed-occupied", field: "bed") }
    let stay = try stay(of: person, world, moment)
    var decision = Decision(facts: [], warnings: isUnlikely(person, world, moment) ? [Warning("mother-unlikely")] : [])
    for (index, child) in children.enumerated() {
      let born = try register(child, rank: firstRank + index, of: person, stay, world, moment)
      decision.facts += born.facts
      decision.warnings += born.warnings
    }
    return decision
  }

  /// A man, a child or an old woman: the file that is open may be another's.
  private func isUnlikely(_ person: Patient, _ world: any World, _ moment: Moment) -> Bool {
    let years = person.birthDate.map { world.today(moment).year - $0.year }
    return person.sex == .male || years.map { !Self.mothersYears.contains($0) } ?? false
  }

  private static let mothersYears = 10...60

  private func stay(of person: Patient, _ world: any World, _ moment: Moment) throws(Refusal) -> Stay {
    let ids = motherStay.map { [$0] } ?? world.stays(ofPatient: person.id)
    let stays = ids.compactMap { world.stay($0) }.filter { stay in
      stay.patient.map { world.isOnePerson($0, person.id) } ?? false
    }
    guard
      let stay = stays.first(where: { $0.presence(at: moment.now) != nil }) ?? (motherStay == nil ? nil : stays.first)
    else { throw Refusal("mother-stay-unknown", field: "motherStay") }
    return stay
  }

  private func register(
    _ child: Newborn, rank: Int, of mother: Patient, _ stay: Stay, _ world: any World, _ moment: Moment
  ) throws(Refusal) -> Decision {
    let hour = try EventHour(child.at, world, moment, patient: nil)
    var traits = Traits()
    traits.birthDate = PartialDate(LocalTime(of: world.structure).day(hour.at))
    traits.sex = child.sex == .unknown ? .indeterminate : child.sex
    // Of a woman who gives birth sous le secret nothing passes to the child.
    if !mother.secret { traits.birthName = mother.birthName }
    traits.birthGivenName = child.givenName
    traits = try traits.tidied(isComplete: false, today: world.today(moment))
    let label = traits.birthName == nil ? world.nextNumber(.unknown) : nil
    var identity = try NewIdentity(traits, status: .provisional, world, moment)
    identity.say("mother", .string(mother.id))
    if children.count > 1 || firstRank > 1 { identity.say("birthRank", .integer(rank)) }
    identity.say("unknown", label.map { UnknownPatient(label: $0).json })
    if mother.secret { identity.say("secret", true) }
    let fact = identity.fact(at: hour.at)
    let admission = try admit(fact, child, stay, hour, world, moment)
    return Decision(facts: [fact] + admission.facts, warnings: admission.warnings)
  }

  private func admit(
    _ registered: Fact, _ child: Newborn, _ stay: Stay, _ hour: EventHour, _ world: any World, _ moment: Moment
  ) throws(Refusal) -> Decision {
    // Born on the way: where its mother is now.
    let presence = stay.presence(at: hour.at) ?? stay.presence(at: moment.now)
    let admit = Admit(
      patient: registered.subject, stayClass: .inpatient, unit: child.bed == nil ? presence?.place.unit : nil,
      bed: child.bed, attending: stay.attending, entryMode: "N", motherStay: stay.id, at: child.at)
    return try admit.decide(WorldAfter(world, [registered], moment), moment)
  }
}
