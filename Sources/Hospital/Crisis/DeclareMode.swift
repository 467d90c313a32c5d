import Ledger

/// Who is in charge from now on: for the hospital, or, « dégradé local », for this station alone.
public struct DeclareMode: Command {
  public var mode: Mode
  /// On this station only.
  public var isLocal: Bool
  public var reason: String

  public init(mode: Mode, isLocal: Bool, reason: String) {
    self.mode = mode
    self.isLocal = isLocal
    self.reason = reason
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(isLocal ? .declareLocalMode : .declareMode, moment)
    guard !reason.isBlank else { throw Refusal("reason-missing", field: "reason") }
    let holding = world.mode
    if isLocal {
      // A station alone may take charge; standby and hand-back are the hospital's.
      guard mode == .degraded else { throw Refusal("mode-not-local", field: "mode") }
      guard holding.mode != .degraded else { throw Refusal("mode-unchanged", field: "mode") }
    } else if holding.scope == "hospital", holding.mode == mode, holding.since != nil {
      throw Refusal("mode-unchanged", field: "mode")
    }
    let subject = isLocal ? "mode/\(moment.station)" : "mode/hospital"
    let data: JSON = ["mode": .string(mode.rawValue), "reason": .string(reason)]
    return Decision(facts: [Fact(kind: "mode.declared", subject: subject, at: moment.now, data: data)])
  }
}

/// This station follows the hospital again.
public struct EndLocalMode: Command {
  public var reason: String?

  public init(reason: String? = nil) { self.reason = reason }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.declareLocalMode, moment)
    guard world.mode.scope == "station" else { throw Refusal("no-local-mode") }
    var data = JSONObject()
    if let reason = reason.json { data.append("reason", reason) }
    let subject = "mode/\(moment.station)"
    return Decision(facts: [Fact(kind: "mode.ended", subject: subject, at: moment.now, data: .object(data))])
  }
}
