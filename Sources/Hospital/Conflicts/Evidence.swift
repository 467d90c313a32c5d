import Ledger

/// What a decision of a person rests on: the facts that bear on it, and what was decided before.
public struct Evidence: Sendable {
  public var facts: [FactPlace]
  public var decisions: [FactPlace]

  public init(facts: [FactPlace], decisions: [FactPlace]) {
    self.facts = facts
    self.decisions = decisions
  }

  /// As a decision's fact names what whoever decided had before them.
  var json: [JSON] { (facts + decisions).map(\.json) }

  /// Whoever decides under another version has not seen this.
  public func version(_ kind: String) -> String {
    let names = (facts + decisions).map { "\($0.station)|\($0.sequence)|\($0.hash.hex)|\($0.place)" }
    return Name.uuid5(of: "\(kind)|\(names.joined(separator: "|"))")
  }

  /// Some decision had all of it before it, the other decisions included. One that did not see another settles
  /// nothing, and neither does that other.
  func isSettled(by said: [Said], saw: (Said) -> [FactPlace]) -> Bool {
    said.contains { decision in
      let saw = Set(saw(decision))
      let others = decisions.filter { $0 != decision.place }
      return facts.allSatisfy { saw.contains($0) || $0.isBeside(decision.place) } && others.allSatisfy(saw.contains)
    }
  }
}
