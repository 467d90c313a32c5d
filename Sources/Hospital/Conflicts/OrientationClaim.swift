import Ledger

/// Orientations that stand against each other: of one patient, by stations of which neither had the other's before it.
enum OrientationClaim {
  /// Those that were neither taken back nor followed by what somebody said who had them before them, and that a blind
  /// one contradicts.
  static func parties(_ history: [Said], hadSeen: Contradiction.HadSeen) rethrows -> [Said] {
    let withdrawn = Set(history.of(.orientationWithdrawn).compactMap { $0.heard.fact.data["key"]?.string })
    let said = history.of(.oriented).filter { said in
      said.heard.fact.data["key"]?.string.map { !withdrawn.contains($0) } ?? false
    }
    return try Contradiction.standing(said, differing: ["way", "orient", "destination"], hadSeen)
  }
}

extension Remedy {
  /// One side's orientation holds: the others are taken back, with the end of the stay that they brought.
  func followOrientation() throws(Refusal) -> Decision {
    guard let id = side.said.last?.heard.fact.data["stay"]?.string,
      let held = side.said.last.flatMap({ Orientation($0.heard) })
    else { return Decision(facts: []) }
    let stay = try world.known(stay: id)
    let known = world.emergencyVisit(ofStay: id)?.orientations ?? []
    func ended(_ orientation: Orientation) -> Movement? {
      stay.movements.first { movement in orientation.movement.map { movement.key.sameBytes(as: $0) } ?? false }
    }
    var decision = Decision(facts: [])
    let lost = others.flatMap(\.said).compactMap { Orientation($0.heard) }
    if held.way != .died, lost.contains(where: { $0.way == .died }), let person = world.person(of: stay) {
      let back = try WithdrawDeath.everywhere(person, world, moment)
      decision = Decision(facts: back.facts, warnings: back.warnings.filter { $0 != WithdrawDeath.warning(of: stay) })
    }
    var isEndTakenBack = false
    for other in lost {
      let isTakenBack = known.contains { $0.key.sameBytes(as: other.key) && $0.isWithdrawn }
      if !isTakenBack { decision.facts.append(other.withdrawal(of: id, world, at: moment.now)) }
      if other.way != held.way { decision.facts += other.closing(of: id, world, moment) }
      if let movement = ended(other), !movement.cancelled {
        decision.facts.append(CancelMovement.fact(id, movement))
        isEndTakenBack = isEndTakenBack || movement.isDischarge
      }
    }
    decision.facts += try askAgain(held, lost, of: id)
    // The end that holds is said again: with the other's, how the stay ended was taken back.
    if isEndTakenBack, let movement = ended(held), !movement.cancelled, let mode = held.way?.exitMode {
      var data = StateWriter()
      data.put("exitMode", mode)
      data.put("destination", held.way == .home ? held.destination : nil)
      let fact = Fact(kind: StayFact.described.rawValue, subject: id, at: moment.now, data: .object(data.object))
      decision.facts.append(fact)
    }
    // Somebody decided otherwise before.
    if known.contains(where: { $0.key.sameBytes(as: held.key) && $0.isWithdrawn }) {
      var again = held
      again.key = moment.newID()
      again.movement = nil
      let asked = try again.askForBed(BedNeeds(), of: id, after: nil, world, moment)
      decision.facts += [again.fact(of: id, world)] + asked
      if held.movement != nil { decision.warnings.append(Warning("orientation-not-ended-again")) }
    }
    try world.requireRoom(after: decision.facts, moment)
    return decision
  }

  /// Two that admit speak of one request for a bed: it is for what the one that holds needs.
  private func askAgain(_ held: Orientation, _ lost: [Orientation], of stay: String) throws(Refusal) -> [Fact] {
    guard held.way == .admit, lost.contains(where: { $0.way == .admit }),
      var needs = world.bedRequest(ofStay: stay)?.needs
    else { return [] }
    needs.unit = held.destination.flatMap { world.structure?.unit($0)?.code }
    (needs.specialty, needs.monitoring) = (nil, false)
    var held = held
    return try held.askForBed(needs, of: stay, after: held, world, moment)
  }
}
