import Hospital
import Ledger

/// The messages that one commit comes to, as they are made.
struct Telling {
  let commit: CommitPlace
  let time: HybridTime
  private let settings: SendingSettings
  private(set) var messages: [OutgoingMessage] = []
  /// What the commit erased of each subject, by its names in facts.
  private(set) var erased: [String: Set<String>] = [:]

  init(_ first: Said, _ settings: SendingSettings) {
    commit = first.place.commit
    time = first.heard.time
    self.settings = settings
  }

  /// Before it is folded: into which identity each one that is parted had been merged, and whose INS there was.
  private(set) var mergedBefore: [String: String] = [:]
  private(set) var hadINS: Set<String> = []
  /// Whose allergies it says.
  private(set) var allergiesSaid: Set<String> = []
  /// Before the first of its facts.
  private(set) var situationsBefore: [String: [LegalSituation]] = [:]

  /// Stays of which the commit says movements, as they were before it, and the first hour from which that may change
  /// where later movements lead.
  private(set) var staysMoved: [(before: Stay, since: Instant)] = []
  /// Where the movements that it told lead, by name.
  var situations: [String: [String]] = [:]

  mutating func note(_ before: Stay, moved movement: Movement) {
    if !staysMoved.contains(where: { $0.before.id == before.id }) { staysMoved.append((before, movement.at)) }
    for place in staysMoved.indices where staysMoved[place].before.id == before.id {
      let was = staysMoved[place].before.movements.first { $0.key.sameBytes(as: movement.key) }?.at
      staysMoved[place].since = min(staysMoved[place].since, movement.at, was ?? movement.at)
    }
  }

  /// - Parameter situations: as the main system was told of them.
  mutating func noteBefore(_ patient: Patient, situations: [LegalSituation]) {
    if situationsBefore[patient.id] == nil { situationsBefore[patient.id] = situations }
    if let into = patient.mergedInto { mergedBefore[patient.id] = into }
    if patient.ins != nil { hadINS.insert(patient.id) }
  }

  /// Places of the facts that a message of an identity tells, by whose it is; and of the one that a number is of.
  private var factsOfIdentity: [String: [Int]] = [:]
  private var factByNumber: [String: Int] = [:]

  /// That fact goes with the identity that it speaks of.
  mutating func noteIdentity(_ said: Said) {
    factsOfIdentity[said.heard.fact.subject, default: []].append(said.place.place)
  }

  mutating func note(_ fact: Fact) {
    for (key, value) in fact.data.object?.members ?? [] where value.isNull {
      erased[fact.subject, default: []].insert(key)
    }
    if fact.kind == "patient.asked", !fact.isAnswerKept { allergiesSaid.insert(fact.subject) }
    if fact.kind == "patient.death-withdrawn" { erased[fact.subject, default: []].insert("deathAt") }
  }

  /// The number of what the fact at `place` of the commit comes to.
  mutating func number(ofFact place: Int, isIdentity: Bool = false) -> String {
    let number = OutgoingMessage.control(commit, at: time, fact: place, isIdentity: isIdentity)
    if !isIdentity { factByNumber[number] = place }
    return number
  }

  /// The number of what a movement said before comes to since this commit.
  func number(ofLater movement: String) -> String {
    OutgoingMessage.control(commit, at: time, later: movement)
  }

  func has(_ control: String) -> Bool { messages.contains { $0.control == control } }

  /// - Parameters:
  ///   - at: when it happened, EVN-6; nil for what has no hour of its own.
  ///   - planned: for when it is foreseen, EVN-3.
  mutating func add(
    _ trigger: String, _ control: String, about subject: String, patients: [String], at: Instant? = nil,
    planned: Instant? = nil, _ parts: [String]
  ) {
    let written = settings.time(time.instant)
    var msh = SegmentText("MSH")
    msh[1] = "^~\\&"
    msh.say(2, SendingSettings.application)
    msh.say(3, settings.structure.finess)
    msh.say(4, settings.receivingApplication)
    msh.say(5, settings.receivingFacility)
    // When it was said here, not when it is sent: the receiver has it in its place among others, whenever it comes.
    msh[6] = written
    msh[8] = "ADT^\(trigger)^\(EventStructure.name(of: trigger))"
    msh[9] = control
    msh[10] = "P"
    msh[11] = "2.5^FRA^2.11"
    msh[16] = "FRA"
    msh[17] = settings.charset.rawValue
    var evn = SegmentText("EVN")
    evn[2] = written
    if let planned { evn[3] = settings.time(planned) }
    evn[6] = settings.time(at ?? time.instant)
    var message = OutgoingMessage(
      control: control, former: OutgoingMessage.former(commit, at: time, place: messages.count), trigger: trigger,
      commit: commit, patients: patients, subject: subject, segments: [msh.text, evn.text] + parts)
    message.facts = factByNumber[control].map { [$0] } ?? factsOfIdentity[subject] ?? []
    messages.append(message)
  }
}
