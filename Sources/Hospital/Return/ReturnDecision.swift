import Ledger

/// What a person decided of a difference, as its fact says it.
public struct ReturnDecision: Sendable {
  static let factKind = "return.decided"

  public enum Way: String, Sendable, CaseIterable {
    /// Ours stands: the main system is to be put right there.
    case keep
    /// The main system is right: our file is put right by the ordinary gesture, in the same commit where nothing more
    /// has to be said (`Difference.isPutRight`).
    case correct
    /// Ours goes to the main system once more.
    case again
  }

  public var kind: Difference.Kind
  public var subject: String
  public var field: ReturnField?
  public var way: Way
  public var number: String?
  public var before: String?
  public var here: String?
  public var there: String?
  public var note: String?
  /// The facts and decisions that whoever decided had before them.
  public var saw: [FactPlace]

  /// nil for other facts, and for what this version does not know.
  public init?(_ fact: Fact) {
    guard fact.kind == Self.factKind, let kind = fact.data["kind"]?.string.flatMap(Difference.Kind.init),
      let way = fact.data["way"]?.string.flatMap(Way.init), let subject = fact.data["subject"]?.string
    else { return nil }
    (self.kind, self.way, self.subject) = (kind, way, subject)
    field = fact.data["field"]?.string.flatMap(ReturnField.init)
    number = fact.data["number"]?.string
    before = fact.data["before"]?.string
    here = fact.data["here"]?.string
    there = fact.data["there"]?.string
    note = fact.data["note"]?.string
    saw = fact.data["saw"]?.array?.compactMap(FactPlace.init) ?? []
  }

  static func fact(_ difference: Difference, _ way: Way, note: String?, at instant: Instant) -> Fact {
    var data = StateWriter()
    data.put("kind", difference.kind.rawValue)
    data.put("subject", difference.subject)
    data.put("field", difference.field?.rawValue)
    data.put("way", way.rawValue)
    data.put("number", difference.number)
    data.put("before", difference.before?.text)
    data.put("here", difference.here?.text)
    data.put("there", difference.there?.text)
    data.put("note", note)
    data.put("saw", difference.evidence.json)
    return Fact(kind: factKind, subject: difference.id, at: instant, data: .object(data.object))
  }
}

/// A person decides a difference. Nothing is erased, and the list that the main system gave changes nothing by itself.
public struct DecideDifference: Command {
  /// As the person had it before them.
  public var difference: Difference
  public var way: ReturnDecision.Way
  public var note: String?
  /// What became so far of the commits that speak of it and go back to the main system, done or not.
  public var handbacks: [Handback]
  /// How many commits that go back speak of it, begun or not.
  public var commits: Int
  /// The items of those commits that were entered by hand or exported: `stay/<uuid>` or `patient/<uuid>`.
  public var entered: [String]

  public init(
    _ difference: Difference, _ way: ReturnDecision.Way, note: String? = nil, handbacks: [Handback] = [],
    commits: Int = 0, entered: [String] = []
  ) {
    (self.difference, self.way, self.note) = (difference, way, note)
    (self.handbacks, self.commits, self.entered) = (handbacks, commits, entered)
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    guard moment.author != "system" else { throw Refusal("decide-by-person") }
    try world.require(.settle, moment)
    let note = try FreeText.tidied(note, field: "note")
    var decision = Decision(facts: [])
    switch way {
    case .keep: decision = try difference.putRight(to: difference.here?.text, note, world, moment)
    case .correct: decision = try difference.putRight(to: difference.there?.text, note, world, moment)
    case .again:
      guard commits > 0 else { throw Refusal("return-nothing-to-send") }
      decision.facts = handbacks.flatMap { again($0, note, moment) }
      decision.facts += entered.map { ReopenReentry.fact($0, moment) }
    }
    decision.facts.append(ReturnDecision.fact(difference, way, note: note, at: moment.now))
    return decision
  }

  /// What was acknowledged is lost there, what was refused is tried anew.
  private func again(_ handback: Handback, _ note: String?, _ moment: Moment) -> [Fact] {
    var facts: [Fact] = []
    if handback.messages.contains(where: \.isDone) {
      var data = StateWriter()
      data.put("reason", note)
      facts.append(Fact(kind: "handback.lost", subject: handback.id, at: moment.now, data: .object(data.object)))
    }
    for message in handback.messages where message.status == .refused {
      var data = StateWriter()
      data.put("control", message.control)
      data.put("reason", note)
      facts.append(Fact(kind: "handback.resent", subject: handback.id, at: moment.now, data: .object(data.object)))
    }
    return facts
  }
}
