import Ledger

/// A station that sends the hand-back: it says so before it begins, at every minute, and when it ends, so that no other
/// one sends beside it.
public struct HandbackRun: Sendable, Equatable {
  public var station: String
  /// HOST:PORT of the receiver.
  public var address: String
  public var since: Instant
  /// When it said so last.
  public var last: Instant

  /// What speaks of them all.
  public static let subject = "exchange/" + Name.subject("handback", "", "run")
  /// Seconds after which it says so again, and without a sign after which another station may go on.
  public static let signSeconds = 60
  public static let silenceSeconds = 600

  /// Those that did not end, as told in the order written, one for each station.
  public static func open(_ said: [Heard]) -> [HandbackRun] {
    var runs: [HandbackRun] = []
    for heard in said {
      let place = runs.firstIndex { $0.station.sameBytes(as: heard.station) }
      let address = heard.fact.data["address"]?.string ?? ""
      switch (heard.fact.kind, place) {
      case ("handback.begun", nil):
        runs.append(
          HandbackRun(station: heard.station, address: address, since: heard.fact.at, last: heard.fact.at))
      case ("handback.begun", .some(let place)): (runs[place].address, runs[place].last) = (address, heard.fact.at)
      case ("handback.ended", .some(let place)): runs.remove(at: place)
      default: break
      }
    }
    return runs
  }

  public func isSilent(at now: Instant) -> Bool {
    now.milliseconds - last.milliseconds >= Int64(Self.silenceSeconds) * 1000
  }
}

/// This station sends from now on, or still does.
public struct BeginHandback: Command {
  public var address: String

  public init(address: String) { self.address = address }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.declareMode, moment)
    return Decision(facts: [
      Fact(
        kind: "handback.begun", subject: HandbackRun.subject, at: moment.now, data: ["address": .string(address)])
    ])
  }
}

/// It does no longer.
public struct EndHandback: Command {
  public init() {}

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.declareMode, moment)
    return Decision(facts: [Fact(kind: "handback.ended", subject: HandbackRun.subject, at: moment.now, data: [:])])
  }
}
