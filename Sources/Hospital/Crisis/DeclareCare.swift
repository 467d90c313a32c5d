import Ledger

/// What the hospital can give from now on, of several lines in one commit.
public struct DeclareCare: Command {
  public struct Line: Sendable, Equatable {
    public var key: CareKey
    public var state: CareState
    /// Needed unless it is open.
    public var reason: CareReason?
    /// For the hospital's own people.
    public var note: String?
    /// Needed unless it is open: what nobody looks at again is believed for ever.
    public var reviewAt: Instant?

    public init(
      _ key: CareKey, _ state: CareState, reason: CareReason? = nil, note: String? = nil, reviewAt: Instant? = nil
    ) {
      (self.key, self.state, self.reason, self.note, self.reviewAt) = (key, state, reason, note, reviewAt)
    }
  }

  /// Days until a review, at most.
  public static let reviewDaysMax = 7

  /// Those that say nothing new are left out.
  public var lines: [Line]

  public init(_ lines: [Line]) { self.lines = lines }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.declareCare, moment)
    guard let finess = world.structure?.finess else { throw Refusal("structure-missing") }
    var facts: [Fact] = []
    for line in lines {
      let subject = line.key.subject(finess: finess)
      if let fact = try fact(line, subject, world.careLine(subject), moment) { facts.append(fact) }
    }
    guard !facts.isEmpty else { throw Refusal("care-unchanged") }
    return Decision(facts: facts)
  }

  private func fact(
    _ line: Line, _ subject: String, _ known: CareLine?, _ moment: Moment
  ) throws(Refusal) -> Fact? {
    let isOpen = line.state == .open
    let note = try FreeText.tidied(line.note, field: "note")
    let reason = isOpen ? nil : line.reason
    let reviewAt = isOpen ? nil : line.reviewAt
    if !isOpen, reason == nil { throw Refusal("care-reason-missing", field: "reason") }
    if !isOpen, reviewAt == nil { throw Refusal("care-review-missing", field: "reviewAt") }
    if let known, let holding = known.holding, !known.isContradicted, holding.state == line.state,
      holding.reason == reason?.rawValue, holding.note == note, holding.reviewAt == reviewAt
    {
      return nil
    }
    if let reviewAt {
      let last = moment.now.adding(seconds: Self.reviewDaysMax * 86_400)
      guard reviewAt > moment.now, reviewAt <= last else {
        throw Refusal("care-review-when", field: "reviewAt", ["days": String(Self.reviewDaysMax)])
      }
    }
    var data = StateWriter()
    data.put("line", line.key.rawValue)
    data.put("state", line.state.rawValue)
    data.put("reason", reason?.rawValue)
    data.put("note", note)
    data.put("reviewAt", reviewAt?.text)
    data.put("after", known?.declarations.map(\.name) ?? [])
    return Fact(kind: "care.declared", subject: subject, at: moment.now, data: .object(data.object))
  }
}
