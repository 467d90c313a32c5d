import Ledger

/// One side's account of a stay holds: what the others say is cancelled, and what they cancelled is said again.
extension Remedy {
  func followStay() throws(Refusal) -> Decision {
    let stay = try world.known(stay: side.subject)
    var facts: [Fact] = []
    for (fact, movement) in inserted(others.flatMap(\.said), stay) {
      if StayFact(rawValue: fact.kind) == .cancelled {
        if let again = again(movement, fact, of: stay) { facts.append(again) }
      } else if !movement.cancelled {
        facts.append(CancelMovement.fact(stay.id, movement))
      }
    }
    for (fact, movement) in inserted(side.said, stay) {
      if StayFact(rawValue: fact.kind) == .cancelled {
        if !movement.cancelled { facts.append(CancelMovement.fact(stay.id, movement)) }
      } else if movement.cancelled, let again = again(movement, fact, of: stay) {
        facts.append(again)
      }
    }
    facts += side.said.compactMap(resaid)
    try world.requireRoom(after: facts, moment)
    return Decision(facts: facts + world.resumed(stay, after: facts, moment))
  }

  /// Facts that insert or cancel a movement, with it; what corrects one is no movement of its own.
  private func inserted(_ said: [Said], _ stay: Stay) -> [(Fact, Movement)] {
    said.map(\.heard.fact).compactMap { fact in
      guard StayFact(rawValue: fact.kind) != .corrected, let said = fact.data["movement"],
        let index = stay.index(ofMovement: said)
      else { return nil }
      return (fact, stay.movements[index])
    }
  }

  /// The last word on an hour or an owner counts, so what holds is said last.
  private func resaid(_ said: Said) -> Fact? {
    let fact = said.heard.fact
    switch StayFact(rawValue: fact.kind) {
    case .corrected: return fact
    case .reassigned: return fact.data["patient"]?.string.map(giveStay)
    default: return nil
    }
  }

  /// Cancelled is final, so it is another movement of the same hour and place, with what was said beside it.
  private func again(_ movement: Movement, _ fact: Fact, of stay: Stay) -> Fact? {
    let kinds: [String: StayFact] = [
      "A01": .admitted, "A02": .transferred, "A03": .discharged, "A04": .admitted, "A05": .preadmitted,
      "A06": .classChanged, "A07": .classChanged, "A21": .left, "A22": .returned,
    ]
    guard movement.cancelled, let kind = kinds[movement.trigger] else { return nil }
    return SaidMovement(
      kind: kind, trigger: movement.trigger, hour: EventHour(known: movement.at, moment), place: movement.place,
      nature: movement.nature, stayClass: movement.stayClass, attending: movement.attending
    ).fact(
      stay.id, moment, beside: ["exitMode", "destination"].map { ($0, movement.isDischarge ? fact.data[$0] : nil) })
  }
}
