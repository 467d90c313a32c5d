import Ledger

/// What a stay's movements come to, worked out in one walk over them. Take it once where several parts are needed.
public struct StayOutline: Sendable, Equatable {
  /// When all that is known has happened.
  public var status: StayStatus
  /// Of the last movement that says it; a discharged patient's is where they left from.
  public var place: Place
  public var stayClass: StayClass?
  public var attending: String?
  public var admittedAt: Instant?
  /// May be still to come: until then the patient is here.
  public var dischargedAt: Instant?
  /// When a pre-admitted patient is awaited.
  public var expectedAt: Instant?
  /// Every stretch of time spent here, in order, without overlap.
  public var presences: [Presence]
  /// The feed knows a later movement than any heard here.
  public var hasGap: Bool
}

/// From one hour to another in one place.
public struct Presence: Sendable, Equatable {
  public var place: Place
  public var stayClass: StayClass?
  public var from: Instant
  /// Open while nil.
  public var until: Instant?
  /// On leave: the bed is kept.
  public var away: Bool

  public func covers(_ instant: Instant) -> Bool {
    covers(from: instant, through: instant)
  }

  /// Some moment between two, both included.
  public func covers(from first: Instant, through last: Instant) -> Bool {
    from <= last && until.map { first < $0 } ?? true
  }
}

extension Stay {
  public var outline: StayOutline { StayWalk(self).outline }

  public var status: StayStatus { outline.status }
  public var place: Place { outline.place }
  public var stayClass: StayClass? { outline.stayClass }
  public var attending: String? { outline.attending }
  public var admittedAt: Instant? { outline.admittedAt }
  public var dischargedAt: Instant? { outline.dischargedAt }

  /// Something happened, or will, of which a correction alone is known: it acts on nothing, and a person must look.
  public var isUnclear: Bool { movements.contains { $0.isOfUnknownTrigger && !$0.cancelled } }

  /// It is known what happened, or will: an admission, a discharge.
  public var hasKnownMovement: Bool { movements.contains { !$0.isOfUnknownTrigger } }

  /// It says where somebody is or was, or of an admission that it was undone.
  public var placesSomebody: Bool { movements.contains { $0.acts || $0.isBeginning } }

  /// Here at that instant, on leave or not.
  public func isPresent(at instant: Instant) -> Bool { presence(at: instant) != nil }

  public func presence(at instant: Instant) -> Presence? { outline.presences.last { $0.covers(instant) } }

  /// A movement yet to come changes nothing: who is to leave tomorrow is admitted today.
  public func status(at instant: Instant) -> StayStatus {
    // Nobody is here twice: who is here, is so under the main system's stay.
    if continuedAs != nil { return .cancelled }
    if deleted { return .cancelled }
    if !movements.isEmpty, movements.allSatisfy(\.cancelled) { return .cancelled }
    let began = movements.last { $0.acts && $0.at <= instant }
    guard began != nil else {
      // The first movements were never heard, but the feed says when the visit began.
      if let first = movements.first(where: \.acts), !first.isBeginning, let said = admittedAtSaid, said <= instant {
        return .admitted
      }
      return .preadmitted
    }
    return Stay.isEnded(movements.lazy.filter { $0.acts && $0.at <= instant }) ? .discharged : .admitted
  }

  /// The hour of the last that is known to have happened or to come: from then on its status is `status`.
  public var settledAt: Instant? {
    [movements.lazy.filter(\.acts).map(\.at).max(), admittedAtSaid].compactMap(\.self).max()
  }

  /// A discharge ends what began no later than it; only A01 or A04 at a later hour opens the visit again.
  static func isEnded(_ acting: some Sequence<Movement>) -> Bool {
    var beganAt: Instant?
    var endedAt: Instant?
    for movement in acting {
      if movement.isBeginning { beganAt = movement.at }
      if movement.isDischarge { endedAt = movement.at }
    }
    guard let endedAt else { return false }
    return beganAt.map { $0 <= endedAt } ?? true
  }
}
