import Ledger

/// When somebody is expected to leave, so that whoever looks for a bed knows of it: a pending discharge (A16), which
/// moves nobody. Said again, the last hour holds.
public struct ExpectDischarge: Command {
  public var stay: String
  /// nil: not expected to leave any more.
  public var at: Instant?

  public init(stay: String, at: Instant?) {
    self.stay = stay
    self.at = at
  }

  /// Further ahead nobody plans a bed.
  public static let daysMax = 60

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let known = try world.known(stay: stay)
    let presence = try known.present(at: EventHour(known: moment.now, moment), moment)
    try world.require(.discharge, moment, units: presence.place.unit)
    try world.requireOwn(known.id)
    let before = known.pendingDischarges
    var facts = before.map { CancelMovement.fact(known.id, $0) }
    if let at {
      guard at > moment.now else { throw Refusal("leaving-past", field: "expected") }
      guard at <= moment.now.adding(seconds: Self.daysMax * 86_400) else {
        throw Refusal("leaving-too-far", field: "expected", ["days": String(Self.daysMax)])
      }
      guard before.map(\.at) != [at] else { throw Refusal("nothing-changed", field: "expected") }
      facts.append(
        SaidMovement(kind: .planned, trigger: "A16", hour: EventHour(expected: at)).fact(known.id, moment))
    }
    guard !facts.isEmpty else { throw Refusal("nothing-changed", field: "expected") }
    return Decision(facts: facts)
  }
}

extension Stay {
  fileprivate var pendingDischarges: [Movement] { movements.filter { !$0.cancelled && $0.trigger == "A16" } }

  /// When they are expected to leave: what was said last.
  public var expectedDischargeAt: Instant? { pendingDischarges.max { $0.order < $1.order }?.at }
}
