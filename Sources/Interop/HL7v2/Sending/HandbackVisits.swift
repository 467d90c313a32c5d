import Hospital
import Ledger

/// What was said of stays, movement by movement.
extension HandbackStory {
  mutating func tellStay(_ said: Said, _ telling: inout Telling) {
    let fact = said.heard.fact
    let before = stays[fact.subject]
    fold(said.heard)
    guard !Self.untoldKinds.contains(fact.kind), var after = stays[fact.subject] else { return }
    after = asTold(after, after.id)
    if after.patient == nil || isRemaking, let now = stayNow(fact.subject) { after = now }
    guard let owner = after.patient else { return }
    telling.note(fact)
    makeKnown(owner, &telling)
    let isNew = known.insert(after.id).inserted
    if let before { introduce(before, isNew: isNew, &telling) }
    let number = telling.number(ofFact: said.place.place)
    if fact.kind == "stay.reassigned" {
      if let former = before?.patient, former != owner { tellReassignment(after, from: former, number, &telling) }
      return
    }
    if let beside = saidBeside(fact, before, after) {
      let saysDiet = fact.data[AskedTopic.diet.rawValue] != nil
      tell(beside.sent, after, number, observations: beside.observations, saysDiet: saysDiet, &telling)
      return
    }
    guard let sent = sending(fact, before, after) else { return }
    if let before { telling.note(asTold(before, before.id), moved: sent.movement) }
    movementsTold.insert(Self.name(of: sent.movement, after))
    tell(sent, after, number, &telling)
  }

  /// A visit that the main system never heard of is told from its beginning, by one commit.
  private mutating func introduce(_ stay: Stay, isNew: Bool, _ telling: inout Telling) {
    let movements = stay.movements.filter { !$0.cancelled && !movementsTold.contains(Self.name(of: $0, stay)) }
      .map { (movement: $0, number: OutgoingMessage.control(once: Self.name(of: $0, stay))) }
    guard movements.compactMap({ told[$0.number] }).first.map({ $0 == telling.commit }) ?? isNew else { return }
    for (movement, number) in movements where !telling.has(number) {
      tell(MovementSending(.insert, movement, stay, now: stayNow(stay.id) ?? stay), stay, number, &telling)
    }
  }

  static func name(of movement: Movement, _ stay: Stay) -> String { "\(stay.id)|\(movement.key)" }

  private func sending(_ fact: Fact, _ before: Stay?, _ after: Stay) -> MovementSending? {
    let now = stayNow(after.id) ?? after
    guard let said = fact.data["movement"], let index = after.index(ofMovement: said) else { return nil }
    let movement = after.movements[index]
    let isKnown = before?.index(ofMovement: said) != nil
    switch fact.kind {
    case "stay.movement-cancelled": return MovementSending(.cancel, movement, after, now: now)
    case "stay.movement-corrected": return MovementSending(.update, movement, after, now: now)
    default: return MovementSending(isKnown ? .update : .insert, movement, after, now: now)
    }
  }

  mutating func tell(
    _ sent: MovementSending, _ stay: Stay, _ number: String, observations: [String] = [], saysDiet: Bool = false,
    _ telling: inout Telling
  ) {
    guard let owner = stay.patient else { return }
    let patient = patient(owner)
    stayToldOf[stay.id] = patient.id
    let person = segments(patient, telling)
    let visit = VisitSegments(
      settings: settings, stay: stay, sent: sent, erased: telling.erased[stay.id] ?? [], saysDiet: saysDiet)
    telling.situations[Self.name(of: sent.movement, stay)] = visit.situation
    let trigger = sent.trigger
    let relatives = EventStructure.takesRelatives(EventStructure.name(of: trigger)) ? person.nk1 : []
    let parts =
      [person.pid(account: VisitSegments.account(stay)), person.pd1] + relatives
      + [visit.pv1, visit.pv2, visit.zbe].compactMap(\.self) + visit.others
      + [visit.zfm, person.zfd].compactMap(\.self) + observations
    telling.add(
      trigger, number, about: stay.id, patients: Self.people(patient.id, owner),
      at: sent.movement.at, planned: sent.movement.isPlanned && sent.action != .cancel ? sent.movement.at : nil,
      parts)
  }
}
