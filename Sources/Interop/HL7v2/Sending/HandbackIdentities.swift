import Hospital
import Ledger

/// What was said of people: A28, A31, A40, A37, A47.
extension HandbackStory {
  /// Kinds of facts that no message carries: a commit of nothing else is never sent. The main system's own numbers for
  /// somebody (`patient.named`, `patient.unnamed`) and which of its stays goes on with ours (`stay.continued`) are what it
  /// said itself. `stay.described` is a feed's alone: no command here says it.
  public static let untoldKinds: Set<String> = [
    "patient.named", "patient.unnamed", "stay.continued", "stay.described",
  ]

  /// What no message of an identity carries, or one of its own does.
  private static let untold = untoldKinds.union(["patient.merged", "patient.unmerged"])

  mutating func tellPatients(_ said: [Said], _ telling: inout Telling) {
    var order: [(id: String, fact: Int)] = []
    for part in said {
      let fact = part.heard.fact
      if let before = patients[fact.subject] {
        telling.noteBefore(before, situations: asTold(before, before.id).situations)
      }
      fold(part.heard)
      let isUntold =
        Self.untold.contains(fact.kind) || fact.isAnswerKept || fact.situationsUntold.contains(fact.kind)
      if !isUntold { telling.noteIdentity(part) }
      if !isUntold, !order.contains(where: { $0.id == fact.subject }) { order.append((fact.subject, part.place.place)) }
      telling.note(fact)
    }
    for (id, fact) in order where !makeKnown(id, &telling) {
      tellIdentity(id, "A31", telling.number(ofFact: fact, isIdentity: true), &telling)
    }
    for part in said {
      let fact = part.heard.fact
      let number = telling.number(ofFact: part.place.place)
      switch fact.kind {
      // The main system never had it of them.
      case "patient.ins-removed" where heir(of: fact.subject) != nil: break
      case "patient.identifier-withdrawn" where heir(of: fact.subject) != nil: break
      case "patient.ins-removed": tellNumberGone(fact.subject, isINS: true, fact, number, &telling)
      case "patient.identifier-withdrawn": tellNumberGone(fact.subject, isINS: false, fact, number, &telling)
      // What links a file to the main system's own is none of its business.
      case "patient.merged" where fact.data["handedBack"]?.bool == true: break
      case "patient.merged" where heir(of: fact.subject) != nil, "patient.unmerged" where heir(of: fact.subject) != nil:
        tellIdentity(fact.subject, "A31", number, &telling)
      case "patient.merged": if let into = fact.data["into"]?.string { tellMerge(fact.subject, into, number, &telling) }
      case "patient.unmerged": tellPartings(fact.subject, number, &telling)
      default: break
      }
    }
  }

  /// The identity to speak of: where one was absorbed, the one that lives on.
  func patient(_ id: String) -> Patient {
    var current = own(id)
    var passed: Set<String> = [id]
    while let into = current.mergedInto ?? heir(of: current.id), passed.insert(into).inserted {
      // Whom the main system has is told as of today: it may have said more of them since.
      current = current.mergedInto == nil ? patientNow(into) ?? own(into) : own(into)
    }
    var person = heir(of: id) == nil ? current : current.called(as: own(id))
    if person.id != id, let said = patientNow(id) ?? patients[id] {
      person.protected = person.protected || said.protected
      person.secret = person.secret || said.secret
    }
    return person
  }

  /// As it was, with the main system's own numbers of today; whoever had no name yet by that order, as today: no name here
  /// ever overwrites one there.
  func own(_ id: String) -> Patient {
    guard !isRemaking, var person = patients[id], person.birthName != nil || person.unknown != nil else {
      return patientNow(id) ?? patients[id] ?? Patient(id: id)
    }
    person = asTold(person, id)
    let said = person.identifiers
    person.identifiers += numbersThere(id).filter { number in !said.contains { $0.isSame(as: number) } }
    return person
  }

  /// What the main system itself calls somebody, in use today.
  func numbersThere(_ id: String) -> [Identifier] {
    guard let named = named[id]?.identifiers, !named.isEmpty else { return [] }
    return (patientNow(id)?.identifiers ?? []).filter { number in
      !number.withdrawn && named.contains { $0.isSame(as: number) }
    }
  }

  /// Files that were merged into this one so far.
  private func absorbed(by id: String) -> [Patient] {
    patients.values.filter { $0.id != id && Merges.survivor(of: $0.id, patient: { patients[$0] }) == id }
      .sorted { $0.id.precedesInBytes($1.id) }
  }

  /// Protected as today where they are: an old message must not show whom a later one hides.
  func segments(_ patient: Patient, _ telling: Telling) -> PatientSegments {
    var patient = patient
    // Who died under another of their names did.
    if !patient.isDead, let other = absorbed(by: patient.id).first(where: \.isDead) {
      (patient.deceased, patient.deathAt, patient.deathBefore) = (true, other.deathAt, other.deathBefore)
    }
    if let now = patientNow(patient.id) {
      patient.protected = patient.protected || now.protected
      patient.secret = patient.secret || now.secret
    }
    return PatientSegments(
      settings: settings, patient: patient, erased: telling.erased[patient.id] ?? [],
      mother: patient.mother.map { self.patient($0) })
  }

  /// Whoever the main system never heard of is created there before anything else is said of them, once.
  /// - Returns: whether this commit does so.
  @discardableResult
  mutating func makeKnown(_ id: String, _ telling: inout Telling) -> Bool {
    if let heir = heir(of: id) { return makeKnown(heir, &telling) }
    let number = OutgoingMessage.control(once: id)
    let isNew = known.insert(id).inserted
    guard told[number].map({ $0 == telling.commit }) ?? isNew, !telling.has(number) else { return telling.has(number) }
    // A mother has her number there before her child names it.
    if let mother = own(id).mother { makeKnown(mother, &telling) }
    tellIdentity(id, "A28", number, &telling)
    return true
  }

  func tellIdentity(_ id: String, _ trigger: String, _ number: String, _ telling: inout Telling) {
    let person = segments(file(of: id), telling)
    let before = trigger == "A28" ? [] : telling.situationsBefore[id] ?? []
    // What was said of the file that was linked is what changes.
    var situated = person
    situated.patient.situations = own(id).situations
    let parts =
      [person.pid(), person.pd1, person.rol].compactMap(\.self) + person.nk1
      + ["PV1|1|N", person.zfd].compactMap(\.self) + situated.zfs(since: before, at: telling.time.instant)
      + allergies(of: own(id), isWhole: trigger == "A28", telling)
    telling.add(trigger, number, about: id, patients: Self.people(person.patient.id, id), parts)
  }

  /// A47: what MRG-1 names is this person's no longer.
  private mutating func tellNumberGone(
    _ id: String, isINS: Bool, _ fact: Fact, _ control: String, _ telling: inout Telling
  ) {
    let person = segments(own(id), telling)
    var mrg = SegmentText("MRG")
    var pid = person.pid()
    if isINS {
      guard telling.hadINS.contains(id) else { return }
      let oid = Hospital.INS.Domain.nir.rawValue
      mrg[1] = "\(SegmentText.erased)^^^ASIP-SANTE-INS-NIR&\(oid)&ISO^INS"
      // The receiver finds what to forget in PID-3.
      pid = pid.replacingThird { "\($0)~\(mrg[1])" }
    } else {
      guard let value = fact.data["value"]?.string, let authority = fact.data["authority"]?.string else { return }
      mrg[1] = PatientSegments.number(
        Identifier(
          value: value, authority: authority, authorityName: fact.data["authorityName"]?.string,
          type: fact.data["type"]?.string ?? ""))
    }
    telling.add("A47", control, about: id, patients: [id], [pid, person.pd1, mrg.text])
  }
}

extension String {
  /// Its third field, of a segment, changed.
  fileprivate func replacingThird(_ change: (String) -> String) -> String {
    var fields = OutgoingMessage.fields(self)
    fields[3] = change(fields[3])
    return fields.joined(separator: "|")
  }
}
