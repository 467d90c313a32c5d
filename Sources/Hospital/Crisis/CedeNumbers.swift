import Ledger

/// Gives a new station numbers of its own: the far half of what this one has left, which nobody else will give. A
/// hospital of sixteen stations still has one sixteenth of its range at each.
public struct CedeNumbers: Command {
  /// The new station's name, `lits-2-fb928193`.
  public var station: String

  public init(to station: String) { self.station = station }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.stations, moment)
    guard !station.sameBytes(as: moment.station) else { throw Refusal("numbers-own", field: "station") }
    var facts: [Fact] = []
    for kind in [NumberKind.ipp, .nda] {
      guard let largest = world.unused(kind).max(by: { $0.count < $1.count }), largest.count > 1 else {
        throw Refusal("numbers-used-up")
      }
      let half = NumberSlices.Slice(kind: kind, first: largest.first + largest.count / 2, last: largest.last)
      facts += [half.ceded(by: moment.station, to: station, at: moment.now), half.granted(to: station, at: moment.now)]
    }
    return Decision(facts: facts + [try world.unknownSlice(for: station).granted(to: station, at: moment.now)])
  }
}

extension NumberSlices.Slice {
  /// The fact that takes it away from a station, which has given none of it and never will.
  public func ceded(by station: String, to other: String, at instant: Instant) -> Fact {
    Fact(
      kind: "range.ceded", subject: "range/\(station)", at: instant,
      data: ["kind": .string(kind.rawValue), "first": .integer(first), "last": .integer(last), "to": .string(other)])
  }

  public var count: Int { last - first + 1 }

  /// What is left of it before and behind another one.
  func without(_ other: NumberSlices.Slice) -> [NumberSlices.Slice] {
    guard kind == other.kind, first <= other.last, other.first <= last else { return [self] }
    var left: [NumberSlices.Slice] = []
    if first < other.first { left.append(NumberSlices.Slice(kind: kind, first: first, last: other.first - 1)) }
    if other.last < last { left.append(NumberSlices.Slice(kind: kind, first: other.last + 1, last: last)) }
    return left
  }
}
