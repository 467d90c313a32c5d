import Ledger

/// A restored station takes the numbers that the paper kept for it: nobody has given any of them.
public struct TakeReserve: Command {
  /// The paper's name, as `CedeNumbers` heard it: `paper-3fa9c2d1`.
  public var paper: String

  public init(of paper: String) { self.paper = paper }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.stations, moment)
    let kept = world.slices(ofStation: paper).filter { $0.kind != .unknown }
    guard !kept.isEmpty else { throw Refusal("numbers-no-reserve") }
    let taken = kept.flatMap {
      [
        $0.ceded(by: paper, to: moment.station, at: moment.now),
        $0.granted(to: moment.station, at: moment.now),
      ]
    }
    // Whoever said an absurd range under this name keeps no hospital from being restored.
    let unknown = try? world.unknownSlice(for: moment.station)
    return Decision(facts: taken + [unknown?.granted(to: moment.station, at: moment.now)].compactMap(\.self))
  }
}
