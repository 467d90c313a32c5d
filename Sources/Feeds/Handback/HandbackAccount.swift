import Hospital
import Interop
import Ledger
import Register

/// Every commit that was written while the main system was not in charge, each of its facts, and where that went, or why
/// it is kept here alone: a text for whoever asks later.
/// It names facts by their place in the ledger and says nothing of what is in them.
public enum HandbackAccount {
  /// Signed by this station's key.
  public static func signed(_ register: Register, at now: Instant) throws -> String {
    try register.signed(text(register, at: now))
  }

  static func text(_ register: Register, at now: Instant) throws -> String {
    let settings = try SendingSettings(register, charset: .utf8, receivingApplication: "", receivingFacility: "")
    return try register.read { reading in
      var lines = ["permanence hand-back account 3", "hospital \(settings.structure.finess)", "at \(now.text)"]
      var counts: [String: Int] = [:]
      func count(_ word: String) { counts[word, default: 0] += 1 }
      let commits = try reading.commitsOfMeanwhile()
      let told = Dictionary(
        try ReentryQueue(commits, reading.reentries(), reading, at: now, isBrief: true).told.map { ($0.item, $0) },
        uniquingKeysWith: { first, _ in first })
      let carried = try CarriedFacts(commits, reading, settings, at: now)
      for commit in commits {
        let place = commit.place
        lines.append("commit \(place.station) \(place.sequence) \(place.hash.hex) \(commit.time.text)")
        let entered = (commit.items + commit.situated.filter { !commit.items.contains($0) }).compactMap { item in
          told[item].flatMap { told in told.state.entered(place).map { (item: item, told: told, entered: $0) } }
        }
        let roads = entered.map { (item: $0.item, words: "\($0.entered.road.rawValue) \($0.item)") }
        for (number, fact) in try reading.facts(of: commit).enumerated() where !fact.isOfHandback {
          for (kind, way) in commit.ways(of: fact, carried[place, number], roads) {
            if case .kept = way { count("kept") } else { count("facts") }
            lines.append("  fact \(number) \(kind) \(way.words)")
          }
        }
        let handback = try reading.handback(of: place)
        for message in handback?.messages ?? [] {
          count(message.status.rawValue)
          for edit in message.edits {
            count("edits")
            lines.append("  edit \(message.control) \(edit.place) \(edit.at.text) \(edit.by)")
          }
          lines.append(
            (["  message", message.control, message.trigger, message.status.rawValue, message.at.text, message.by]
              + [message.answer, message.place].compactMap(\.self)).joined(separator: " "))
        }
        for (item, told, entered) in entered {
          count(entered.road.rawValue)
          count(told.confirmedAt == nil ? "unconfirmed" : "confirmed")
          lines.append(
            "  \(entered.road.rawValue) \(item) \(entered.at.text) \(entered.by) "
              + (told.confirmedAt.map { "confirmed \($0.text)" } ?? "unconfirmed"))
        }
        if !commit.isDone && commit.isCarried || commit.isLeftToPeople && !commit.isEntered {
          let isBegun = handback != nil || !commit.entered.isEmpty
          count(isBegun ? "unfinished" : "untold")
          lines.append(isBegun ? "  not finished" : "  nothing sent")
        }
      }
      lines += counts.sorted { $0.key < $1.key }.map { "total \($0.key) \($0.value)" }
      return lines.joined(separator: "\n") + "\n"
    }
  }
}

/// Which messages tell each fact, as the story of its people says, and what was answered.
private struct CarriedFacts {
  struct Message {
    /// MSH-10, under which an answer stands.
    var control: String
    /// nil where nothing was.
    var answer: Handback.Message?
  }

  private var messages: [CommitPlace: [Int: [Message]]] = [:]

  /// One queue of people's messages are in memory at a time.
  init(_ commits: [CommitToHandBack], _ reading: Reading, _ settings: SendingSettings, at now: Instant) throws {
    let plan = try HandbackPlan(commits, reading, at: now, isOfAll: true)
    for queue in plan.queues {
      for told in try plan.messages(of: queue, reading, settings) {
        for (message, answer) in told.messages {
          for place in message.facts {
            messages[told.commit, default: [:]][place, default: []].append(
              Message(control: answer?.control ?? message.control, answer: answer))
          }
        }
      }
    }
  }

  subscript(commit: CommitPlace, place: Int) -> [Message] { messages[commit]?[place] ?? [] }
}

/// Where a fact went.
private enum Way {
  case messages([CarriedFacts.Message])
  /// On the roads that people walk, after what messages had told.
  case people([String], after: [CarriedFacts.Message])
  case kept(Reason)

  enum Reason: String {
    /// PAM has none for it.
    case noMessage = "no-message"
    /// It links a file to what the main system calls it.
    case link
    /// It is of no patient's identity and no stay.
    case beside
    /// A legal situation that people carry, and have not yet.
    case byPeopleAlone = "by-people-alone"
  }

  var words: String {
    switch self {
    case .messages(let messages): messages.map(\.words).joined(separator: ", ")
    case .people(let roads, let messages): (messages.map(\.words) + roads).joined(separator: ", ")
    case .kept(let reason): "kept \(reason.rawValue)"
    }
  }
}

extension CarriedFacts.Message {
  /// The code of an answer and its place alone: its words may name somebody.
  fileprivate var words: String {
    let said = [answer?.status.rawValue ?? "unsent", answer?.answer, answer?.place].compactMap(\.self)
    return (["message", control] + said).joined(separator: " ")
  }
}

extension CommitToHandBack {
  /// Of one of its facts: as its own kind, and as what it says of legal situations that no message carries.
  /// - Parameter roads: on which people carried it, by item.
  fileprivate func ways(
    of fact: Fact, _ messages: [CarriedFacts.Message], _ roads: [(item: String, words: String)]
  ) -> [(kind: String, way: Way)] {
    guard fact.isOfPatients else { return [(fact.kind, .kept(.beside))] }
    if fact.isLink { return [(fact.kind, .kept(.link))] }
    let situations = fact.situationsUntold
    let left = situations.map { kind in
      (kind: kind, way: isEntered ? Way.people(roads.map(\.words), after: []) : .kept(.byPeopleAlone))
    }
    if situations.contains(fact.kind) { return left }
    // Two stays of one commit are two screens.
    let isOwn = items.contains { $0.sameBytes(as: fact.subject) }
    let walked = roads.filter { !isOwn || $0.item.sameBytes(as: fact.subject) }.map(\.words)
    if messages.isEmpty {
      let isKept = walked.isEmpty || HandbackStory.untoldKinds.contains(fact.kind)
      return [(fact.kind, isKept ? .kept(.noMessage) : .people(walked, after: []))] + left
    }
    let way = walked.isEmpty ? Way.messages(messages) : .people(walked, after: messages.filter { $0.answer != nil })
    return [(fact.kind, way)] + left
  }
}
