import Ledger

/// What puts right whatever a decision says does not hold.
struct Remedy {
  let conflict: Conflict
  let side: Conflict.Side
  let others: [Conflict.Side]
  let world: any World
  let moment: Moment

  init(_ conflict: Conflict, _ side: Int, _ world: any World, _ moment: Moment) {
    self.conflict = conflict
    self.side = conflict.sides[side]
    others = conflict.sides.enumerated().filter { $0.offset != side }.map(\.element)
    self.world = world
    self.moment = moment
  }

  func decision() throws(Refusal) -> Decision {
    switch conflict.kind {
    case .bed: try leaveBed()
    case .identifier:
      Decision(facts: try withdrawNumber() + relabel(as: unknown?.label), warnings: [Warning("print-again")])
    case .label: Decision(facts: try keepLabel() + relabel(as: conflict.key), warnings: [Warning("print-again")])
    case .ins: Decision(facts: removeINS(), warnings: [Warning("print-again")])
    case .number: Decision(facts: try renumber(), warnings: [Warning("print-again")])
    case .ring: try endMerge()
    case .claimed: Decision(facts: [giveStay(to: side.subject)], warnings: [Warning("print-again")])
    case .movement: Decision(facts: cancelElsewhere())
    case .stay: try followStay()
    case .traits: takeTraits()
    case .orientation: try followOrientation()
    case .triage: Decision(facts: [triageAgain()].compactMap(\.self))
    case .announced: try cancelArrivals()
    case .person, .fork: Decision(facts: [])
    }
  }

  /// Whoever does not lie there stays in the unit, without a bed until somebody gives them one.
  private func leaveBed() throws(Refusal) -> Decision {
    var decision = Decision(facts: [])
    let kept = try world.known(stay: side.subject)
    guard let bed = conflict.key else { return decision }
    // Whatever hour this station believes it is.
    func lies(_ stay: Stay) -> Bool {
      let outline = stay.outline
      return outline.status == .admitted && world.structure?.bedID(outline.place).map { $0.sameBytes(as: bed) } ?? false
    }
    var moves: [Transfer] = []
    for other in others.compactMap({ world.stay($0.subject) }) where lies(other) && !isCompany(other, kept) {
      moves.append(Transfer(stay: other.id))
    }
    // Somebody decided otherwise before.
    if !lies(kept), kept.status == .admitted { moves.append(Transfer(stay: kept.id, bed: bed)) }
    for move in moves {
      let moved = try move.decide(WorldAfter(world, decision.facts, moment), moment)
      decision.facts += moved.facts
      decision.warnings += moved.warnings.filter { !decision.warnings.contains($0) }
    }
    return decision
  }

  /// The file that lives on gives way to none; the ring is a line that ends there.
  private func endMerge() throws(Refusal) -> Decision {
    guard world.patient(side.subject)?.mergedInto != nil else { return Decision(facts: []) }
    return try UnmergePatients(patient: side.subject).decide(world, moment)
  }

  /// A mother and her newborn lie together, whoever stays.
  private func isCompany(_ one: Stay, _ other: Stay) -> Bool {
    func bore(_ mother: Stay, _ child: Stay) -> Bool {
      if let stay = child.motherStay { return stay.sameBytes(as: mother.id) }
      guard let bearer = child.patient.flatMap({ world.patient($0) })?.mother, let patient = mother.patient else {
        return false
      }
      return world.isOnePerson(bearer, patient)
    }
    return bore(one, other) || bore(other, one)
  }

  /// The number stays with one file; another is given where this hospital gives them.
  private func withdrawNumber() throws(Refusal) -> [Fact] {
    guard let number = conflict.key, let keeper = world.patient(side.subject) else { return [] }
    func bears(_ patient: Patient) -> [Identifier] {
      patient.identifiers.filter { $0.value.sameBytes(as: number) }
    }
    let kept = bears(keeper)
    // Somebody decided otherwise before.
    let withdrawn = kept.filter(\.withdrawn).map(\.json)
    var facts: [Fact] = []
    if !withdrawn.isEmpty {
      let data: JSON = ["identifiers": .array(withdrawn)]
      facts.append(Fact(kind: "patient.corrected", subject: keeper.id, at: moment.now, data: data))
    }
    for patient in others.compactMap({ world.patient($0.subject) }) {
      for doubled in bears(patient)
      where !doubled.withdrawn && kept.contains(where: { $0.authority.sameBytes(as: doubled.authority) }) {
        var data = StateWriter()
        data.put("value", doubled.value)
        data.put("authority", doubled.authority)
        data.put("type", doubled.type)
        if let own = world.structure?.ippAuthority, own.sameBytes(as: doubled.authority) {
          guard let next = world.nextNumber(.ipp) else { throw Refusal("numbers-used-up") }
          data.put("replacedBy", next)
        }
        facts.append(
          Fact(
            kind: "patient.identifier-withdrawn", subject: patient.id, at: moment.now, data: .object(data.object)))
      }
    }
    return facts
  }

  /// Of the side that holds; nil once somebody can name it.
  private var unknown: UnknownPatient? { world.patient(side.subject)?.unknown }

  /// Somebody decided otherwise before.
  private func keepLabel() -> [Fact] {
    guard let label = conflict.key, let unknown, !unknown.label.sameBytes(as: label) else { return [] }
    return [labelled(side.subject, unknown, label)]
  }

  /// Whoever else bears this label is given another.
  private func relabel(as label: String?) throws(Refusal) -> [Fact] {
    var facts: [Fact] = []
    for patient in others.compactMap({ world.patient($0.subject) }) {
      guard let unknown = patient.unknown, let label, unknown.label.sameBytes(as: label) else { continue }
      guard let next = world.nextNumber(.unknown) else { throw Refusal("numbers-used-up") }
      facts.append(labelled(patient.id, unknown, next))
    }
    return facts
  }

  private func labelled(_ patient: String, _ unknown: UnknownPatient, _ label: String) -> Fact {
    var unknown = unknown
    unknown.label = label
    return Fact(kind: "patient.corrected", subject: patient, at: moment.now, data: ["unknown": unknown.json])
  }

  /// Without its INS, what was qualified is validated still, and what was retrieved is nothing.
  private func removeINS() -> [Fact] {
    others.compactMap { world.patient($0.subject) }.filter { $0.ins != nil }.flatMap { patient in
      let status: IdentityStatus = patient.identityStatus == .qualified ? .validated : .provisional
      let lowered: JSON = ["status": .string(status.rawValue), "ins": .null]
      return [
        Fact(kind: "patient.ins-removed", subject: patient.id, at: moment.now, data: [:]),
        Fact(kind: "patient.status-changed", subject: patient.id, at: moment.now, data: lowered),
      ]
    }
  }

  private func renumber() throws(Refusal) -> [Fact] {
    var facts: [Fact] = []
    for other in others.compactMap({ world.stay($0.subject) }) {
      guard let doubled = other.number, doubled.sameBytes(as: conflict.key ?? "") else { continue }
      var data = StateWriter()
      data.put("number", try world.newStayNumber())
      data.put("numberAuthority", world.structure?.ndaAuthority)
      facts.append(
        Fact(
          kind: StayFact.described.rawValue, subject: other.id, at: moment.now, data: .object(data.object)))
    }
    return facts
  }

  func giveStay(to patient: String) -> Fact {
    let stay = conflict.subjects.first { $0.hasPrefix("stay/") } ?? ""
    return Fact(
      kind: StayFact.reassigned.rawValue, subject: stay, at: moment.now, data: ["patient": .string(patient)])
  }

  private func cancelElsewhere() -> [Fact] {
    others.compactMap { world.stay($0.subject) }.flatMap { stay in
      stay.movements.filter { !$0.cancelled && $0.key.sameBytes(as: conflict.key ?? "") }
        .map { CancelMovement.fact(stay.id, $0) }
    }
  }

  /// The traits of one side; what was proved of others is proved anew.
  private func takeTraits() -> Decision {
    guard let person = world.patient(side.subject) else { return Decision(facts: []) }
    var held = Patient(id: person.id)
    for said in side.said { held.fold(said.heard) }
    let (wanted, known) = (held.strictJSON, person.strictJSON)
    let changes = JSONObject(wanted.members.filter { known[$0.key] != $0.value })
    guard !changes.isEmpty else { return Decision(facts: []) }
    let fact = Fact(kind: "patient.corrected", subject: person.id, at: moment.now, data: .object(changes))
    return Decision(
      facts: [fact] + CorrectPatient.provisional(person, moment), warnings: [Warning("print-again")])
  }
}

extension Patient {
  /// Its strict traits as facts say them.
  fileprivate var strictJSON: JSONObject {
    let texts = [birthName, birthGivenName, birthGivenNames, birthDate?.text, sex?.rawValue, birthPlace]
    return JSONObject(zip(Patient.strictKeys, texts).compactMap { key, text in text.map { (key, .string($0)) } })
  }
}
