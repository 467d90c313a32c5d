import Ledger

/// Somebody asked, and says what they heard: « pénicilline », or that there is none. A legal situation and an isolation
/// have commands of their own; that there is none is said here.
public struct NoteAnswers: Command {
  public enum Said: Sendable, Equatable {
    case text(String)
    case none
    /// Not asked after all.
    case takenBack
  }

  public var stay: String
  /// Topics that nobody speaks of now are absent.
  public var answers: [AskedTopic: Said]

  public init(stay: String, answers: [AskedTopic: Said]) {
    self.stay = stay
    self.answers = answers
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let stay = world.whole(try world.known(stay: stay))
    try world.require(.ask, moment, units: stay.place.unit)
    guard let person = world.person(of: stay) else { throw Refusal("patient-unknown") }
    try checkNone(person, stay, world, moment)
    let files = world.absorbed(by: person.id).compactMap { world.patient($0) }.map { (id: $0.id, answers: $0.answers) }
    let stays = world.stays(continuedAs: stay.id).compactMap { world.stay($0) }.map { (id: $0.id, answers: $0.answers) }
    let facts =
      [
        try fact("patient.asked", person.id, [.allergies, .situation], since: person.answers, moment),
        try fact("stay.asked", stay.id, [.isolation, .diet], since: stay.answers, moment),
      ].compactMap(\.self) + takenBack("patient.asked", of: files, [.allergies, .situation], moment)
      + takenBack("stay.asked", of: stays, [.isolation, .diet], moment)
    guard !facts.isEmpty else { throw Refusal("nothing-changed") }
    return Decision(facts: facts)
  }

  /// "None" of what stands written would hide it. Said before that stood, it is not said again.
  private func checkNone(
    _ person: Patient, _ stay: Stay, _ world: any World, _ moment: Moment
  ) throws(Refusal) {
    for topic in [AskedTopic.situation, .isolation] {
      if case .text = answers[topic] { throw Refusal("answer-elsewhere", field: topic.rawValue) }
    }
    if answers[.situation] == Said.none, !person.answers.isNone(.situation), !person.situations.isEmpty {
      throw Refusal("situation-stands", field: AskedTopic.situation.rawValue)
    }
    if answers[.isolation] == Said.none, !stay.answers.isNone(.isolation),
      let place = stay.presence(at: moment.now)?.place,
      world.structure?.bedID(place).flatMap({ world.bed($0) })?.isolation != nil
    {
      throw Refusal("isolation-stands", field: AskedTopic.isolation.rawValue)
    }
  }

  /// Taken back wherever it was answered: of an identity or a stay that is one with this one.
  private func takenBack(
    _ kind: String, of others: [(id: String, answers: Answers)], _ topics: [AskedTopic], _ moment: Moment
  ) -> [Fact] {
    others.compactMap { other in
      let gone = topics.filter { answers[$0] == .takenBack && other.answers[$0] != nil }
      let data = JSONObject(gone.map { ($0.rawValue, JSON.null) })
      return gone.isEmpty ? nil : Fact(kind: kind, subject: other.id, at: moment.now, data: .object(data))
    }
  }

  /// What changed, and nothing else: whoever sends the form again has not asked again.
  private func fact(
    _ kind: String, _ subject: String, _ topics: [AskedTopic], since known: Answers, _ moment: Moment
  ) throws(Refusal) -> Fact? {
    var data = StateWriter()
    for topic in topics {
      let old = known[topic]
      switch answers[topic] {
      case nil: continue
      case .text(let text):
        guard let text = try FreeText.tidied(text, field: topic.rawValue) else { continue }
        if old?.text != text { data.put(topic.rawValue, text) }
      case Said.none?: if old == nil || old?.text != nil { data.put(topic.rawValue, "") }
      case .takenBack: if old != nil { data.put(topic.rawValue, JSON.null) }
      }
    }
    return data.object.isEmpty ? nil : Fact(kind: kind, subject: subject, at: moment.now, data: .object(data.object))
  }
}
