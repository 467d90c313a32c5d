import Ledger

/// A fact in its place: what was said, by whom, where and when it was written. Folds take these, in order.
public struct Heard: Sendable {
  public var fact: Fact
  /// When the commit was written.
  public var time: HybridTime
  public var station: String
  /// Account id, or `system`.
  public var author: String
  /// The commit's idempotency key.
  public var command: String
  /// Present when the fact came in a message.
  public var source: Source?

  public init(
    fact: Fact, time: HybridTime, station: String, author: String, command: String, source: Source?
  ) {
    self.fact = fact
    self.time = time
    self.station = station
    self.author = author
    self.command = command
    self.source = source
  }

  /// The main system's own word: of a message, but not of a diary's, which knows people by hearsay.
  public var isOfMainSystem: Bool { source != nil && fact.kind != "patient.mentioned" }

  /// When it was said: by the message, else by the commit. A clock more than a day ahead says nothing.
  public var saidAt: Instant {
    guard let source, !Position.isAhead(source, of: time) else { return time.instant }
    return source.instant
  }
}

/// A fact of a subject's history, and where it stands.
public struct Said: Sendable {
  public var heard: Heard
  public var place: FactPlace

  public init(heard: Heard, place: FactPlace) {
    self.heard = heard
    self.place = place
  }
}

/// State of one subject: a pure fold over its facts in the one order of facts.
public protocol Folded: Sendable {
  init(id: String)
  /// Unknown kinds are ignored; nothing here traps or throws, whatever the data.
  mutating func fold(_ heard: Heard)
  /// The state as stored and as digested: the same state gives the same bytes.
  var stored: JSON { get }
  /// Reads back what `stored` wrote.
  init?(stored: JSON)
}
