import Hospital
import Ledger

/// What was said of some people, told to the main system: facts are heard in the one order of facts, and those of the
/// commits to be handed back come out as messages of IHE PAM (French extension 2.11), each with the states that held.
public struct HandbackStory {
  let settings: SendingSettings
  /// As they are today: later movements, and people whom the story only names.
  let patientNow: (String) -> Patient?
  let stayNow: (String) -> Stay?
  var patients: [String: Patient] = [:]
  private(set) var stays: [String: Stay] = [:]
  /// Subjects of which the main system has spoken, or was told.
  private var known: Set<String> = []
  /// Those of which it has spoken.
  private(set) var heardThere: Set<String> = []
  /// Everybody and every stay of the story, whenever they are spoken of.
  private(set) var spokenOf: Set<String> = []
  /// Numbers that the main system acknowledged, and the commits that told them.
  private(set) var told: [String: CommitPlace] = [:]
  /// Files that were linked to another, whenever: to which one last.
  private(set) var linked: [String: String] = [:]
  /// Those that were parted from it so far.
  private(set) var parted: Set<String> = []
  /// Those of which the main system was told as of that other one.
  private(set) var toldAsAnother: Set<String> = []
  /// People whose creation may have gone, and was not answered yet.
  private(set) var underWay: Set<String> = []
  /// People as the main system's own numbers alone make them, where an answer or a person said one.
  private var named: [String: Patient] = [:]
  /// Movements that a commit to be handed back says, by stay and key.
  private var movementsTold: Set<String> = []

  /// What is known today is said, in place of what was when it was written.
  private(set) var isRemaking = false

  public init(
    _ settings: SendingSettings, patientNow: @escaping (String) -> Patient?, stayNow: @escaping (String) -> Stay?
  ) {
    self.settings = settings
    self.patientNow = patientNow
    self.stayNow = stayNow
  }

  /// What was said of it, whenever: a clock ahead puts what the main system said behind what was said here, and its own
  /// number for somebody comes behind what tells of them.
  public mutating func foresee(_ heard: Heard) {
    let fact = heard.fact
    spokenOf.insert(fact.subject)
    noteKnown(there: heard)
    noteLink(fact)
    guard ["patient.named", "patient.unnamed"].contains(fact.kind) else { return }
    named[fact.subject, default: Patient(id: fact.subject)].fold(heard)
  }

  private mutating func noteLink(_ fact: Fact) {
    if fact.kind == "patient.merged", let into = fact.data["into"]?.string { linked[fact.subject] = into }
  }

  private mutating func noteKnown(there heard: Heard) {
    guard isKnown(there: heard) else { return }
    known.insert(heard.fact.subject)
    heardThere.insert(heard.fact.subject)
  }

  /// The main system spoke of it, or a diary calls somebody by a number that the main system alone gives.
  private func isKnown(there heard: Heard) -> Bool {
    if heard.isOfMainSystem || heard.source == nil { return heard.isOfMainSystem }
    let structure = settings.structure
    return (heard.fact.data["identifiers"]?.array ?? []).contains { number in
      guard let value = number["value"]?.string, let authority = number["authority"]?.string,
        authority.sameBytes(as: structure.ippAuthority)
      else { return false }
      return structure.numbers[.ipp].map { !$0.isReserved(value) } ?? true
    }
  }

  /// The main system has that message: what is told once stays with the commit that told it, even where a line that
  /// comes late speaks of the same earlier.
  public mutating func note(told control: String, _ trigger: String, by commit: [Said]) {
    guard let first = commit.first else { return }
    let place = first.place.commit
    told[control] = place
    for said in commit where trigger == "A31" && said.heard.fact.kind == "patient.registered" {
      let number = OutgoingMessage.control(place, at: said.heard.time, fact: said.place.place, isIdentity: true)
      if number == control { toldAsAnother.insert(said.heard.fact.subject) }
    }
    // Numbers once said nothing of whom they created.
    guard trigger == "A28",
      let former = (0..<commit.count * 2).first(where: {
        OutgoingMessage.former(place, at: first.heard.time, place: $0) == control
      })
    else { return }
    let registered = commit.map(\.heard.fact).filter { $0.kind == "patient.registered" }.map(\.subject)
    for patient in registered.count == 1 ? registered : Array(registered.dropFirst(former).prefix(1)) {
      told[OutgoingMessage.control(once: patient)] = place
    }
  }

  /// Their creation may have gone, and was not answered yet.
  public mutating func note(underWay patient: String) { underWay.insert(patient) }

  /// Takes the facts of one commit.
  /// - Parameter tells: whether they are to be handed back, or were.
  /// - Returns: the messages that tell them; none for what PAM has no message for.
  public mutating func hear(_ said: [Said], tells: Bool) -> [OutgoingMessage] {
    guard let first = said.first else { return [] }
    guard tells, first.heard.source == nil else {
      for part in said {
        fold(part.heard)
        noteKnown(there: part.heard)
      }
      return []
    }
    var telling = Telling(first, settings)
    tellPatients(said.filter { $0.heard.fact.subject.hasPrefix("patient/") }, &telling)
    for part in said where part.heard.fact.subject.hasPrefix("stay/") { tellStay(part, &telling) }
    tellLaterMovements(&telling)
    return telling.messages.map { message in
      var message = message
      message.named = message.patients.flatMap { numbersThere($0) }.map(PatientSegments.number)
      message.isNumberedThere = message.patients.prefix(1).allSatisfy { person in
        heardThere.contains(person) || !numbersThere(person).isEmpty
      }
      return message
    }
  }

  /// The messages of a commit that is to be heard next, as it would be told today; nothing is taken in.
  public func remade(_ said: [Said]) -> [OutgoingMessage] {
    var story = self
    story.isRemaking = true
    return story.hear(said, tells: true)
  }

  private mutating func fold(_ heard: Heard) {
    let subject = heard.fact.subject
    if subject.hasPrefix("patient/") {
      noteLink(heard.fact)
      if heard.fact.kind == "patient.unmerged" { parted.insert(subject) }
      patients[subject, default: Patient(id: subject)].fold(heard)
    } else if subject.hasPrefix("stay/") {
      stays[subject, default: Stay(id: subject)].fold(heard)
    }
  }

  // MARK: Identities

  /// Kinds of facts that no message carries: a commit of nothing else is never sent. The main system's own numbers for
  /// somebody (`patient.named`, `patient.unnamed`) and which of its stays goes on with ours (`stay.continued`) are what it
  /// said itself. `stay.described` is a feed's alone: no command here says it.
  public static let untoldKinds: Set<String> = [
    "patient.named", "patient.unnamed", "stay.continued", "stay.described",
  ]

  /// What no message of an identity carries, or one of its own does.
  private static let untold = untoldKinds.union(["patient.merged", "patient.unmerged"])

  private mutating func tellPatients(_ said: [Said], _ telling: inout Telling) {
    var order: [(id: String, fact: Int)] = []
    for part in said {
      let fact = part.heard.fact
      if let before = patients[fact.subject] { telling.noteBefore(before) }
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
    let said = person.identifiers
    person.identifiers += numbersThere(id).filter { number in !said.contains { $0.isSame(as: number) } }
    return person
  }

  /// What the main system itself calls somebody, in use today.
  private func numbersThere(_ id: String) -> [Identifier] {
    guard let named = named[id]?.identifiers, !named.isEmpty else { return [] }
    return (patientNow(id)?.identifiers ?? []).filter { number in
      !number.withdrawn && named.contains { $0.isSame(as: number) }
    }
  }

  /// Protected as today where they are: an old message must not show whom a later one hides.
  func segments(_ patient: Patient, _ telling: Telling) -> PatientSegments {
    var patient = patient
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

  // MARK: Stays

  private mutating func tellStay(_ said: Said, _ telling: inout Telling) {
    let fact = said.heard.fact
    let before = stays[fact.subject]
    fold(said.heard)
    guard !Self.untoldKinds.contains(fact.kind), var after = stays[fact.subject] else { return }
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
    if let before { telling.note(before, moved: sent.movement) }
    movementsTold.insert(Self.name(of: sent.movement, after))
    tell(sent, after, number, &telling)
  }

  /// A visit that the main system never heard of is told from its beginning, by one commit.
  private func introduce(_ stay: Stay, isNew: Bool, _ telling: inout Telling) {
    let movements = stay.movements.filter { !$0.cancelled && !movementsTold.contains(Self.name(of: $0, stay)) }
      .map { (movement: $0, number: OutgoingMessage.control(once: Self.name(of: $0, stay))) }
    guard movements.lazy.compactMap({ told[$0.number] }).first.map({ $0 == telling.commit }) ?? isNew else { return }
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

  func tell(
    _ sent: MovementSending, _ stay: Stay, _ number: String, observations: [String] = [], saysDiet: Bool = false,
    _ telling: inout Telling
  ) {
    guard let owner = stay.patient else { return }
    let patient = patient(owner)
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

extension String {
  /// Its third field, of a segment, changed.
  fileprivate func replacingThird(_ change: (String) -> String) -> String {
    var fields = OutgoingMessage.fields(self)
    fields[3] = change(fields[3])
    return fields.joined(separator: "|")
  }
}
