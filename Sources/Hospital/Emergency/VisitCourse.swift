import Ledger

/// The hours of a visit to emergency of which flow figures are made. It names nobody.
public struct VisitCourse: Sendable, Equatable {
  /// The first triage.
  public var triagedAt: Instant?
  /// That held when a physician first had them in hand; the last one while none has.
  public var level: String?
  /// A physician first had them in hand.
  public var seenAt: Instant?
  /// Of the orientation that holds.
  public var way: Orientation.Way?
  public var orientedAt: Instant?

  public init(
    triagedAt: Instant? = nil, level: String? = nil, seenAt: Instant? = nil, way: Orientation.Way? = nil,
    orientedAt: Instant? = nil
  ) {
    self.triagedAt = triagedAt
    self.level = level
    self.seenAt = seenAt
    self.way = way
    self.orientedAt = orientedAt
  }
}

extension EmergencyVisit {
  public var course: VisitCourse {
    let then = seenAt.flatMap { seenAt in triages.last { $0.at <= seenAt } ?? triages.first } ?? triage
    return VisitCourse(
      triagedAt: triages.first?.at, level: then?.level, seenAt: seenAt, way: orientation?.way,
      orientedAt: orientation?.at)
  }
}
