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
  var stays: [String: Stay] = [:]
  /// Subjects of which the main system has spoken, or was told.
  var known: Set<String> = []
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
  var named: [String: Patient] = [:]
  /// Movements that a commit to be handed back says, by stay and key.
  var movementsTold: Set<String> = []
  /// Of which file each stay was last told.
  var stayToldOf: [String: String] = [:]
  /// What the main system was told of already though it comes later in the order, by subject: a line of another station
  /// came late.
  private var toldLater: [String: [Said]] = [:]

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

  /// The main system has all that these say. What comes before them in the order and was not told yet goes with that, so
  /// that it takes nothing back.
  public mutating func foresee(told commit: [Said]) {
    for said in commit { toldLater[said.heard.fact.subject, default: []].append(said) }
  }

  /// With what comes later and was told first.
  func asTold<State: Folded>(_ state: State, _ id: String) -> State {
    toldLater[id, default: []].reduce(into: state) { $0.fold($1.heard) }
  }

  /// Their creation may have gone, and was not answered yet.
  public mutating func note(underWay patient: String) { underWay.insert(patient) }

  /// Takes the facts of one commit.
  /// - Parameter tells: whether they are to be handed back, or were.
  /// - Returns: the messages that tell them; none for what PAM has no message for.
  public mutating func hear(_ said: [Said], tells: Bool) -> [OutgoingMessage] {
    guard let first = said.first else { return [] }
    for part in said { toldLater[part.heard.fact.subject]?.removeAll { $0.place.isBeside(part.place) } }
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

  mutating func fold(_ heard: Heard) {
    let subject = heard.fact.subject
    if subject.hasPrefix("patient/") {
      noteLink(heard.fact)
      if heard.fact.kind == "patient.unmerged" { parted.insert(subject) }
      patients[subject, default: Patient(id: subject)].fold(heard)
    } else if subject.hasPrefix("stay/") {
      stays[subject, default: Stay(id: subject)].fold(heard)
    }
  }
}
