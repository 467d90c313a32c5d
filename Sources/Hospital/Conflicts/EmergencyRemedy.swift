import Ledger

extension Remedy {
  /// Whoever was announced came once: the stays that other stations opened for them did not happen. Their file, if a new
  /// one was made, is for a person to link.
  func cancelArrivals() throws(Refusal) -> Decision {
    var decision = Decision(facts: [])
    for other in others.compactMap({ world.stay($0.subject) }) {
      // What came after the admission goes first.
      for movement in other.movements.filter({ $0.acts }).reversed() {
        let world = WorldAfter(world, decision.facts, moment)
        let cancelled = try CancelMovement(stay: other.id, key: movement.key).decide(world, moment)
        // Nobody is awaited back in it.
        decision.facts += cancelled.facts.filter { $0.kind != "transfer.resumed" }
        decision.warnings += cancelled.warnings.filter { !decision.warnings.contains($0) }
      }
    }
    if !decision.facts.isEmpty { decision.warnings.append(Warning("announced-once")) }
    return decision
  }

  /// The level of one side is said once more, after the others', by somebody who had them all before them. Nothing was
  /// measured anew.
  func triageAgain() -> Fact? {
    guard let said = side.said.last?.heard.fact, var data = said.data.object else { return nil }
    data = JSONObject(data.members.filter { $0.key != "vitals" })
    let last = conflict.sides.flatMap(\.said).map(\.heard.fact.at).max() ?? moment.now
    return Fact(kind: said.kind, subject: said.subject, at: max(moment.now, last), data: .object(data))
  }
}
