import Ledger

/// Another slice of numbers for this station, out of those that the main system never reaches.
public struct GrantNumbers: Command {
  public var kind: NumberKind
  public var first: Int
  public var last: Int

  public init(kind: NumberKind, first: Int, last: Int) {
    self.kind = kind
    self.first = first
    self.last = last
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.stations, moment)
    // Format 1 says no integer beyond 2^53.
    guard first >= 0, first <= last, last <= 1 << 53 else { throw Refusal("numbers-no-range", field: "last") }
    if kind != .unknown, world.structure?.numbers[kind]?.text(last) == nil {
      throw Refusal("numbers-too-long", field: "last")
    }
    // Granted once: a number in two slices would be given twice. A label bears its station's name as well.
    let people = StationName.shown(moment.station)
    let granted = world.numberSlices.filter { kind != .unknown || $0.people.sameBytes(as: people) }
      .flatMap(\.slices).filter { $0.kind == kind }
    if let granted = granted.first(where: { $0.first <= last && first <= $0.last }) {
      let slice = ["first": String(granted.first), "last": String(granted.last)]
      throw Refusal("numbers-granted", field: "first", slice)
    }
    return Decision(facts: [
      NumberSlices.Slice(kind: kind, first: first, last: last).granted(to: moment.station, at: moment.now)
    ])
  }
}

extension NumberSlices.Slice {
  /// The fact that grants it to a station, once and for all.
  public func granted(to station: String, at instant: Instant) -> Fact {
    Fact(
      kind: "range.granted", subject: "range/\(station)", at: instant,
      data: ["kind": .string(kind.rawValue), "first": .integer(first), "last": .integer(last)])
  }
}
