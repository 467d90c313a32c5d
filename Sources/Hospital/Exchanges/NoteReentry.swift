import Ledger

extension World {
  /// What is known of an item's way back.
  /// - Throws: `reentry-claimed` where another agent has it on their screen.
  fileprivate func free(_ item: String, _ moment: Moment) throws(Refusal) -> Reentry {
    try require(.handBack, moment)
    let found = reentry(item) ?? Reentry(id: Reentry.subject(of: item))
    guard !found.isClaimed(besides: moment.author, at: moment.now) else { throw Refusal("reentry-claimed") }
    return found
  }
}

private func reentryFact(_ kind: String, _ item: String, _ moment: Moment, _ more: [(String, JSON)] = []) -> Fact {
  Fact(
    kind: "reentry.\(kind)", subject: Reentry.subject(of: item), at: moment.now,
    data: .object(JSONObject([("item", .string(item))] + more)))
}

/// An agent takes an item on their screen: nobody else gets it for some minutes.
public struct ClaimReentry: Command {
  public static let minutes = 10

  /// `stay/<uuid>` or `patient/<uuid>`.
  public var item: String

  public init(item: String) { self.item = item }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    _ = try world.free(item, moment)
    let until = moment.now.adding(seconds: Self.minutes * 60)
    return Decision(facts: [reentryFact("claimed", item, moment, [("until", .string(until.text))])])
  }
}

/// An agent gives an item back to the others, or says why it cannot be entered.
public struct LeaveReentry: Command {
  public var item: String
  /// nil gives it back; with one it is parked until somebody opens it again.
  public var reason: String?

  public init(item: String, reason: String? = nil) { (self.item, self.reason) = (item, reason) }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let known = try world.free(item, moment)
    if reason != nil {
      guard let reason = try FreeText.tidied(reason, field: "reason") else {
        throw Refusal("reentry-reason", field: "reason")
      }
      return Decision(facts: [reentryFact("parked", item, moment, [("reason", .string(reason))])])
    }
    return Decision(facts: known.claim == nil ? [] : [reentryFact("released", item, moment)])
  }
}

/// The main system was told of these commits, by hand or in a file.
public struct NoteReentry: Command {
  /// Of one item. A person's own commits go with their stay's screen.
  public struct Part: Sendable, Equatable {
    public var item: String
    public var commits: [CommitPlace]

    public init(item: String, commits: [CommitPlace]) { (self.item, self.commits) = (item, commits) }
  }

  /// The first is the item whose screen was typed from, though nothing be left of it to tell.
  public var parts: [Part]
  public var road: Reentry.Road
  /// What the main system calls the stay of that screen, and its person, where that is another number.
  public var number: String?
  public var ipp: String?
  /// `patient/<uuid>`, whose number `ipp` is.
  public var patient: String?
  /// The screen that was typed from showed less than these parts.
  public var isChanged: Bool

  public init(
    _ parts: [Part], road: Reentry.Road, number: String? = nil, ipp: String? = nil, patient: String? = nil,
    isChanged: Bool = false
  ) {
    (self.parts, self.road, self.number, self.ipp, self.patient) = (parts, road, number, ipp, patient)
    self.isChanged = isChanged
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.handBack, moment)
    if isChanged { throw Refusal("reentry-changed") }
    // One road at a time: what another agent types now is left out of a file.
    if road == .hand, let screen = parts.first { _ = try world.free(screen.item, moment) }
    let untold = parts.map { part in
      let known = world.reentry(part.item)
      return part.commits.filter { known?.entered($0) == nil }
    }
    guard untold.contains(where: { !$0.isEmpty }) else { throw Refusal("reentry-done") }
    let number = try FreeText.tidied(number, field: "number")
    let named = try newNumber(world)
    var facts: [Fact] = []
    for (place, (part, commits)) in zip(parts, untold).enumerated() {
      // They go with the screen's own item, whatever is left of it: whoever opens that screen again takes them back.
      var names: [(String, JSON)] = []
      if place == 0, let number {
        guard world.mayBe(part.item, number) else { throw Refusal("reentry-number-of-another", field: "number") }
        names.append(("number", .string(number)))
      }
      if place == 0, let named { names.append(("named", named.json)) }
      if commits.isEmpty, names.isEmpty { continue }
      let told: [(String, JSON)] = [("road", .string(road.rawValue)), ("commits", .array(commits.map(\.json)))]
      facts.append(reentryFact("entered", part.item, moment, told + names))
    }
    if let named {
      facts.append(
        Fact(
          kind: "patient.named", subject: named.patient, at: moment.now,
          data: ["identifiers": .array([named.number.json])]))
    }
    return Decision(facts: facts)
  }

  /// What the main system calls the person, where their file does not bear that yet.
  private func newNumber(_ world: any World) throws(Refusal) -> Reentry.Named? {
    guard let patient, let value = try FreeText.tidied(ipp, field: "ipp"), let authority = world.structure?.ippAuthority
    else { return nil }
    let identifier = Identifier(value: value, authority: authority, type: "PI")
    let person = try world.known(patient: patient)
    if person.identifiers.contains(where: { $0.isSame(as: identifier) }) { return nil }
    guard !world.isOfAnother(identifier, than: person) else { throw Refusal("reentry-ipp-of-another", field: "ipp") }
    return Reentry.Named(patient: person.id, number: identifier)
  }
}

extension World {
  /// The main system may call this stay so: no stay of somebody else is known under that number.
  fileprivate func mayBe(_ item: String, _ number: String) -> Bool {
    guard let own = stay(item)?.patient, let person = patient(own) else { return true }
    return stays(withNumber: number).allSatisfy { id in
      guard let other = stay(id)?.patient, !isOnePerson(other, own) else { return true }
      return patient(other).map(person.isAlike) ?? true
    }
  }
}

/// The main system's answer calls a stay that was made here by a number of its own: its feed goes on under that.
public struct NameStayHandedBack: Command {
  /// `stay/<uuid>`.
  public var stay: String
  public var number: String

  public init(stay: String, number: String) { (self.stay, self.number) = (stay, number) }

  /// - Throws: `number-invalid` for what no screen may show; `reentry-number-of-another`.
  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.declareMode, moment)
    let stay = try world.known(stay: stay)
    guard number.utf8.count <= Identifier.valueBytesMax,
      try FreeText.tidied(number, field: "number")?.sameBytes(as: number) == true
    else { throw Refusal("number-invalid", field: "number") }
    let known = world.reentry(stay.id)
    // What an agent noted beside what they typed stands.
    if let known, known.number != nil, !known.entered.isEmpty { return Decision(facts: []) }
    let names = [stay.number, known?.number].compactMap(\.self)
    guard !Name.isGivenOutside(stay.id), stay.continuedAs == nil, !names.contains(where: { $0.sameBytes(as: number) })
    else { return Decision(facts: []) }
    // An account may hold several visits: they go on as several.
    let others = world.stays(enteredAs: number).filter { !$0.sameBytes(as: stay.id) }
    guard others.isEmpty, world.mayBe(stay.id, number) else {
      throw Refusal("reentry-number-of-another", field: "number")
    }
    return Decision(facts: [reentryFact("entered", stay.id, moment, [("number", .string(number))])])
  }
}

/// What was noted of these items was wrong: they are to be told again, by whatever road, and the numbers of the main
/// system that were noted with it are nobody's.
public struct ReopenReentry: Command {
  public var items: [String]

  public init(items: [String]) { self.items = items }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.handBack, moment)
    let wrong = items.flatMap { world.reentry($0)?.named ?? [] }.filter { named in
      world.patient(named.patient)?.identifiers.contains { $0.isSame(as: named.number) } ?? false
    }
    return Decision(
      facts: items.map { Self.fact($0, moment) }
        + wrong.map { named in
          Fact(
            kind: "patient.unnamed", subject: named.patient, at: moment.now,
            data: ["identifiers": .array([named.number.json])])
        })
  }

  static func fact(_ item: String, _ moment: Moment) -> Fact { reentryFact("reopened", item, moment) }
}
