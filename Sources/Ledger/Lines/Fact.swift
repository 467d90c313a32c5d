/// One thing that happened, as a commit's line says it.
public struct Fact: Sendable, Equatable {
  /// `<room>.<what happened>`, for example `stay.admitted`. A kind never changes its meaning.
  public var kind: String
  /// `<type>/<uuid>`: the one subject whose state this fact changes.
  public var subject: String
  /// When it happened, which may be long before it was written.
  public var at: Instant
  /// An object.
  public var data: JSON

  public init(kind: String, subject: String, at: Instant, data: JSON) {
    self.kind = kind
    self.subject = subject
    self.at = at
    self.data = data
  }
}

/// Where a received message came from; absent from what was said at a station.
public struct Source: Sendable, Equatable {
  /// Who sent it: `application|facility` of HL7's MSH-3 and MSH-4.
  public var sender: String
  /// Its control id (MSH-10).
  public var control: String
  /// Its time as written (MSH-7).
  public var text: String
  /// That time as UTC.
  public var instant: Instant

  public init(sender: String, control: String, text: String, instant: Instant) {
    self.sender = sender
    self.control = control
    self.text = text
    self.instant = instant
  }
}
