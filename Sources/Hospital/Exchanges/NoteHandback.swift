import Ledger

/// What the main system answered to messages of a hand-back: many at once, since each is only known once it is written.
public struct NoteHandback: Command {
  public struct Answer: Sendable, Equatable {
    public var commit: CommitPlace
    /// How many messages tell that commit.
    public var count: Int
    public var control: String
    public var trigger: String
    /// When it came.
    public var at: Instant
    /// nil where it was taken.
    public var refusal: Refused?

    public struct Refused: Sendable, Equatable {
      /// AE, AR, or `none`.
      public var answer: String
      /// ERR-2 and ERR-8.
      public var place: String?
      public var reason: String?

      public init(answer: String, place: String? = nil, reason: String? = nil) {
        (self.answer, self.place, self.reason) = (answer, place, reason)
      }
    }

    public init(
      commit: CommitPlace, count: Int, control: String, trigger: String, at: Instant, refusal: Refused? = nil
    ) {
      (self.commit, self.count, self.control, self.trigger) = (commit, count, control, trigger)
      (self.at, self.refusal) = (at, refusal)
    }

    var fact: Fact {
      var data = StateWriter()
      data.put("commit", commit.json)
      data.put("of", count)
      data.put("control", control)
      data.put("trigger", trigger)
      data.put("answer", refusal?.answer)
      data.put("place", refusal?.place)
      data.put("reason", refusal?.reason)
      return Fact(
        kind: refusal == nil ? "handback.acknowledged" : "handback.refused", subject: Handback.subject(of: commit),
        at: at, data: .object(data.object))
    }
  }

  public var answers: [Answer]

  public init(_ answers: [Answer]) { self.answers = answers }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.declareMode, moment)
    return Decision(facts: answers.map(\.fact))
  }
}

/// A person settles a message that was refused: it is to be sent again, or was done by hand in the main system.
public struct SettleHandback: Command {
  public enum Way: String, Sendable, CaseIterable {
    case again, byHand
  }

  public var handback: Handback
  public var control: String
  public var way: Way
  /// Why, or where it was done.
  public var note: String?

  public init(_ handback: Handback, control: String, way: Way, note: String? = nil) {
    (self.handback, self.control, self.way, self.note) = (handback, control, way, note)
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.declareMode, moment)
    guard handback.message(control)?.status == .refused else { throw Refusal("handback-not-refused") }
    var data = StateWriter()
    data.put("control", control)
    data.put("reason", try FreeText.tidied(note, field: "note"))
    return Decision(facts: [
      Fact(
        kind: way == .again ? "handback.resent" : "handback.settled", subject: handback.id, at: moment.now,
        data: .object(data.object))
    ])
  }
}

/// A person has one message that went to the main system, or was done there by hand, sent once more.
public struct SendHandbackAgain: Command {
  public var handback: Handback
  public var control: String
  /// Why.
  public var note: String?

  public init(_ handback: Handback, control: String, note: String? = nil) {
    (self.handback, self.control, self.note) = (handback, control, note)
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.declareMode, moment)
    guard handback.message(control)?.isDone == true else { throw Refusal("handback-not-done") }
    var data = StateWriter()
    data.put("control", control)
    data.put("reason", try FreeText.tidied(note, field: "note"))
    return Decision(facts: [
      Fact(kind: "handback.lost", subject: handback.id, at: moment.now, data: .object(data.object))
    ])
  }
}
