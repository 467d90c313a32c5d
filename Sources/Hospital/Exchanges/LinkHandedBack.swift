import Ledger

/// The main system gives a patient who was registered here a number of its own: the file bears it from now on.
public struct NameHandedBack: Command {
  /// `patient/<uuid>`.
  public var patient: String
  public var number: Identifier

  public init(patient: String, number: Identifier) {
    self.patient = patient
    self.number = number
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.declareMode, moment)
    let person = try world.known(patient: patient)
    guard !number.value.isEmpty, !person.identifiers.contains(where: { $0.isSame(as: number) }) else {
      return Decision(facts: [])
    }
    guard !world.isOfAnother(number, than: person) else { return Decision(facts: []) }
    return Decision(facts: [
      Fact(
        kind: "patient.named", subject: person.id, at: moment.now, data: ["identifiers": .array([number.json])])
    ])
  }
}

/// What was registered here and handed back is what the main system's feed now speaks of under its own name: both are
/// one file from now on, and one stay, unless two traits or the person speak against it: a number mistyped makes nobody
/// one with a stranger. `patient.unmerged`, and `stay.continued` with `null`, take it back.
///
/// Nobody leaves the census for a word that places nobody: somebody who was admitted here goes on there only while the
/// main system says where they are or were, or of an admission that it was undone. Where all it said is taken back,
/// this stay counts again until it says more, in whatever order it was heard.
public struct LinkHandedBack: Command {
  /// `patient/<uuid>` or `stay/<uuid>` that was made here.
  public var here: String
  /// The same of the main system's name.
  public var there: String

  public init(here: String, there: String) {
    self.here = here
    self.there = there
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.declareMode, moment)
    guard !here.sameBytes(as: there) else { return Decision(facts: []) }
    if here.hasPrefix("patient/") {
      let gone = try world.known(patient: here)
      let kept = try world.known(patient: there)
      guard !world.isOnePerson(gone.id, kept.id), !gone.isSomebodyElse(than: kept) else { return Decision(facts: []) }
      return Decision(
        facts: [
          Fact(
            kind: "patient.merged", subject: gone.id, at: moment.now,
            data: ["into": .string(kept.id), "handedBack": true])
        ] + MergePatients.closed(gone, kept, moment))
    }
    let stay = try world.known(stay: here)
    let other = try world.known(stay: there)
    let goesOn = other.placesSomebody || other.hasKnownMovement && !stay.movements.contains(where: \.acts)
    if stay.continuedAs?.sameBytes(as: there) == true, !goesOn {
      let waits = Fact(
        kind: "stay.continued", subject: stay.id, at: moment.now, data: ["as": nil, "waits": true])
      return Decision(facts: [waits])
    }
    guard stay.continuedAs == nil, other.continuedAs == nil, goesOn else { return Decision(facts: []) }
    if let one = stay.patient, let two = other.patient, !world.isOnePerson(one, two) { return Decision(facts: []) }
    return Decision(facts: [
      Fact(kind: "stay.continued", subject: stay.id, at: moment.now, data: ["as": .string(there)])
    ])
  }
}

/// The stay that the main system speaks of is another one: this one is its own again. It is not linked a second time.
public struct PartHandedBack: Command {
  public var stay: String

  public init(stay: String) { self.stay = stay }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.settle, moment)
    let stay = try world.known(stay: stay)
    guard stay.continuedAs != nil else { throw Refusal("stay-not-continued", field: "stay") }
    // The two may lie in one bed, where the feed had put the other one: that is a conflict, and somebody decides it.
    return Decision(facts: [
      Fact(kind: "stay.continued", subject: stay.id, at: moment.now, data: ["as": nil])
    ])
  }
}
