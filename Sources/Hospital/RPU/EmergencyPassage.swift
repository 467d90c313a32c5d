import Ledger

/// The part of a stay that was spent in emergency: what a summary is written of.
public struct EmergencyPassage: Sendable {
  public var stay: Stay
  public var arrivedAt: Instant
  /// nil for whoever is still there.
  public var leftAt: Instant?
  /// Code of the unit where the same stay went on.
  public var nextUnit: String?
  /// What the emergency department said of it.
  public var said: EmergencyVisit?

  /// nil for a stay that did not begin in emergency, or was taken back.
  public init?(_ stay: Stay, at now: Instant) {
    let presences = stay.outline.presences
    guard let first = presences.first, first.stayClass == .emergency,
      stay.status(at: now) != .cancelled || stay.continuedAs != nil
    else { return nil }
    let here = presences.prefix { $0.stayClass == .emergency }
    self.stay = stay
    arrivedAt = first.from
    leftAt = here.last?.until
    nextUnit = presences.dropFirst(here.count).first?.place.unit
  }
}
