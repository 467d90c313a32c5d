import Ledger

/// What became of one commit on its way back to the main system (`exchange/<uuid>`): each of its messages, and what was
/// answered.
public struct Handback: Sendable, Equatable {
  public let id: String
  /// The commit that is handed back.
  public var commit: CommitPlace?
  /// How many messages tell it.
  public var count = 0
  /// In the order of their control ids.
  public var messages: [Message] = []

  public struct Message: Sendable, Equatable {
    public enum Status: String, Sendable {
      /// The main system has it.
      case acknowledged
      /// Waits for a person, and all that follows for that patient with it.
      case refused
      /// A person wants it sent again.
      case again
      /// A person did it in the main system by hand.
      case settled
    }

    /// MSH-10.
    public var control: String
    /// `A28`.
    public var trigger: String
    public var status: Status
    public var at: Instant
    /// Account id, or `system`.
    public var by: String
    /// Of a refusal: AE, AR, or `none` where nothing that can be read was ever answered.
    public var answer: String?
    /// ERR-2 and ERR-8, or what a person noted.
    public var place: String?
    public var reason: String?
    /// What a person changed for the sending alone, in the order changed.
    public var edits: [HandbackEdit] = []

    /// Nothing of it is left to do.
    public var isDone: Bool { status == .acknowledged || status == .settled }
    /// Nothing that can be read was ever said of it.
    public var isUnanswered: Bool { answer == nil || answer == "none" }
  }

  public init(id: String) { self.id = id }

  /// The subject that speaks of a commit's hand-back, the same on every station.
  public static func subject(of commit: CommitPlace) -> String {
    "exchange/" + Name.subject("handback", commit.station, "\(commit.sequence)|\(commit.hash.hex)")
  }

  public func message(_ control: String) -> Message? { messages.first { $0.control.sameBytes(as: control) } }

  /// Nothing of it is left to do.
  public var isDone: Bool {
    count > 0 && messages.count(where: \.isDone) >= count
  }
}

extension Handback: Folded {
  public mutating func fold(_ heard: Heard) {
    let status: Message.Status
    switch heard.fact.kind {
    case "handback.lost":
      // The main system came back without what it had: all of it goes again, or one message where it says which.
      let lost = heard.fact.data["control"]?.string
      for index in messages.indices where messages[index].status != .refused {
        if let lost, !messages[index].control.sameBytes(as: lost) { continue }
        (messages[index].status, messages[index].at, messages[index].by) = (.again, heard.fact.at, heard.author)
      }
      return
    case "handback.acknowledged": status = .acknowledged
    case "handback.refused": status = .refused
    case "handback.resent": status = .again
    case "handback.settled": status = .settled
    case "handback.edited": status = .again
    default: return
    }
    let data = heard.fact.data
    guard let control = data["control"]?.string, !control.isEmpty else { return }
    if let said = data["commit"].flatMap(CommitPlace.init(json:)) { commit = said }
    if let said = data["of"]?.integer, said > 0 { count = said }
    let known = message(control)
    // What the main system has, it has, whatever was said beside.
    if known?.status == .acknowledged { return }
    messages.removeAll { $0.control.sameBytes(as: control) }
    messages.append(
      Message(
        control: control, trigger: data["trigger"]?.string ?? known?.trigger ?? "", status: status, at: heard.fact.at,
        by: heard.author, answer: data["answer"]?.string, place: data["place"]?.string, reason: data["reason"]?.string,
        edits: (known?.edits ?? []) + HandbackEdit.said(heard)))
    messages.sort { $0.control.precedesInBytes($1.control) }
  }

  public var stored: JSON {
    var writer = StateWriter(id: id)
    writer.put("commit", commit?.json)
    writer.put("of", count)
    writer.put("messages", messages.map(\.json))
    return .object(writer.object)
  }

  public init?(stored: JSON) {
    guard let object = stored.object, let id = object["id"]?.string else { return nil }
    self.init(id: id)
    commit = object["commit"].flatMap(CommitPlace.init(json:))
    count = object["of"]?.integer ?? 0
    messages = object["messages"]?.array?.compactMap(Message.init(json:)) ?? []
  }
}

extension Handback.Message {
  fileprivate var json: JSON {
    var out = StateWriter()
    out.put("control", control)
    out.put("trigger", trigger)
    out.put("status", status.rawValue)
    out.put("at", at)
    out.put("by", by)
    out.put("answer", answer)
    out.put("place", place)
    out.put("reason", reason)
    out.put("edits", edits.map(\.json))
    return .object(out.object)
  }

  fileprivate init?(json: JSON) {
    guard let control = json["control"]?.string, let status = json["status"]?.string.flatMap(Status.init),
      let at = json["at"]?.storedInstant
    else { return nil }
    self.init(
      control: control, trigger: json["trigger"]?.string ?? "", status: status, at: at, by: json["by"]?.string ?? "",
      answer: json["answer"]?.string, place: json["place"]?.string, reason: json["reason"]?.string,
      edits: json["edits"]?.array?.compactMap { HandbackEdit(json: $0) } ?? [])
  }
}
