import Ledger

/// What the list of a unit must say of everybody, and what nobody may guess: asked of the patient, or said for them.
public enum AskedTopic: String, Sendable, CaseIterable {
  /// Of the person, in every stay.
  case allergies, situation
  /// Of this stay.
  case isolation, diet
}

/// Who said something, when and where.
public struct Attribution: Sendable, Equatable {
  public var at: Instant
  /// Account id, or `system`.
  public var author: String
  public var station: String
  /// Who sent the message that said it.
  public var sender: String?

  public init(at: Instant, author: String, station: String, sender: String? = nil) {
    self.at = at
    self.author = author
    self.station = station
    self.sender = sender
  }
}

/// What was answered to one question. Not being asked is another thing: then there is no answer.
public struct Answer: Sendable, Equatable {
  /// nil where there is none.
  public var text: String?
  public var said: Attribution

  public init(_ text: String?, said: Attribution) {
    self.text = text
    self.said = said
  }
}

/// The last answer to each question: a person's, or a stay's.
public struct Answers: Sendable, Equatable {
  private var byTopic: [String: Answer] = [:]

  public init() {}

  public subscript(_ topic: AskedTopic) -> Answer? {
    get { byTopic[topic.rawValue] }
    set { byTopic[topic.rawValue] = newValue }
  }

  func isNone(_ topic: AskedTopic) -> Bool { self[topic].map { $0.text == nil } ?? false }

  /// A text sets, an empty one says that there is none, null takes the answer back. Topics of a later version are kept.
  mutating func fold(_ heard: Heard) {
    for (topic, value) in heard.fact.data.object?.members ?? [] {
      if let text = value.string {
        byTopic[topic] = Answer(text.isEmpty ? nil : text, said: Attribution(heard))
      } else if value.isNull {
        byTopic[topic] = nil
      }
    }
  }

  /// With answers said of the same elsewhere, where nothing was answered here since.
  mutating func complete(by other: Answers) {
    byTopic.merge(other.byTopic) { own, other in own.said.at < other.said.at ? other : own }
  }

  var stored: JSONObject {
    JSONObject(
      byTopic.map { topic, answer in
        var writer = StateWriter()
        writer.put("text", answer.text)
        writer.put("said", answer.said.stored)
        return (topic, .object(writer.object))
      })
  }

  init(stored: JSON) {
    for (topic, value) in stored.object?.members ?? [] {
      guard let said = value["said"].flatMap(Attribution.init(stored:)) else { continue }
      byTopic[topic] = Answer(value["text"]?.string, said: said)
    }
  }
}

extension Fact {
  /// It answers nothing that a message carries: that there is no legal situation has no segment in IHE PAM.
  public var isAnswerKept: Bool { kind == "patient.asked" && data[AskedTopic.allergies.rawValue] == nil }
}

extension Attribution {
  init(_ heard: Heard) {
    self.init(at: heard.saidAt, author: heard.author, station: heard.station, sender: heard.source?.sender)
  }

  var stored: JSON {
    var writer = StateWriter()
    writer.put("at", at)
    writer.put("author", author)
    writer.put("station", station)
    writer.put("sender", sender)
    return .object(writer.object)
  }

  init?(stored: JSON) {
    guard let at = stored["at"]?.storedInstant, let author = stored["author"]?.string else { return nil }
    self.init(
      at: at, author: author, station: stored["station"]?.string ?? "", sender: stored["sender"]?.string)
  }
}
