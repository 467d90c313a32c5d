import Hospital
import Hummingbird

/// What the list of the unit must say of everybody: asked at the bed, typed once.
enum AskedRoutes: Routes {
  static let operations: [Operation] = [
    .get("/stays/{id}/asked", "The form of what was asked of the patient"),
    .post(
      "/stays/{id}/asked", "Says what was asked; a topic that is absent is left as it was",
      fields: [
        Field("allergies", "As they are said; empty takes the answer back"),
        Field("allergiesNone", .flag, "Asked, and there is none"), Field("diet", "Empty takes the answer back"),
        Field("dietNone", .flag, "Asked, and there is none"),
        Field("situation", .choice(none), "No legal situation; those that are have their own form"),
        Field("isolation", .choice(none), "No isolation; those that are are the bed's"),
      ]),
  ]

  private static let none = ["none"]
  private static let typed: [AskedTopic] = [.allergies, .diet]
  private static let chosen: [AskedTopic] = [.situation, .isolation]

  private static let act = StayAct("asked", .ask) { file, make, _ in
    var fields: [FormField] = []
    for topic in typed {
      let answer = file.answer(topic)
      var field = make.field(topic.rawValue, proposed: answer?.text, wide: true, focus: topic == .allergies)
      if topic == .diet {
        field.suggestions = make.wording("asked.diets").split(separator: ",").map { String($0).trimmed }
      }
      fields += [field, make.field(topic.none, .check, proposed: answer?.isNone == true ? "yes" : nil)]
    }
    for topic in chosen {
      fields.append(
        make.choice(
          topic.rawValue, "asked", none, proposed: file.answer(topic)?.isNone == true ? "none" : nil, empty: true,
          emptyText: "unit.not-asked"))
    }
    var section = FormSection(make.wording("asked.section"), fields)
    section.remember(fields, make.filling)
    return [section]
  } command: { stay, form, _ throws(Refusal) in
    var answers: [AskedTopic: NoteAnswers.Said] = [:]
    for topic in typed where !form.isAsShown(topic) { answers[topic] = try form.answer(topic) }
    for topic in chosen where form.fields[topic.rawValue] != nil && !form.isAsShown(topic) {
      answers[topic] =
        switch form[topic.rawValue] {
        case nil: .takenBack
        case "none": NoteAnswers.Said.none
        case let other?: .text(other)
        }
    }
    return NoteAnswers(stay: stay, answers: answers)
  }

  static func add(to router: Router<PageContext>, _ app: WebApp) { act.add(to: router, app) }
}

extension StayFile {
  fileprivate func answer(_ topic: AskedTopic) -> Answer? {
    topic == .allergies || topic == .situation ? person?.answers[topic] : stay.answers[topic]
  }
}

extension Answer {
  fileprivate var isNone: Bool { text == nil }
}

extension AskedTopic {
  /// The box that says that there is none.
  fileprivate var none: String { "\(rawValue)None" }
}

extension Form {
  /// nil where the form says nothing of it.
  fileprivate func answer(_ topic: AskedTopic) throws(Refusal) -> NoteAnswers.Said? {
    let (name, text) = (topic.rawValue, self[topic.rawValue])
    if isSet(topic.none) {
      guard text == nil else { throw Refusal("answer-both", field: name) }
      return NoteAnswers.Said.none
    }
    guard fields[name] != nil else { return nil }
    return text.map { .text($0) } ?? .takenBack
  }

  /// Whoever sent it left this topic as the page showed it.
  fileprivate func isAsShown(_ topic: AskedTopic) -> Bool {
    isAsShown(topic.rawValue) && isSet(topic.none) == isSet(AsShown.prefix + topic.none)
  }
}
