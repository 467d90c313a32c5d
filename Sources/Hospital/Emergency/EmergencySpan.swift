import Ledger

/// From arrival in emergency to leaving it, whether into a bed of the hospital or out of it.
public struct EmergencySpan: Sendable, Equatable {
  public var from: Instant
  /// nil while they are there.
  public var until: Instant?

  public init(from: Instant, until: Instant?) {
    self.from = from
    self.until = until
  }
}

extension StayOutline {
  /// nil for a stay that never was one of emergency. A session that ends by itself after hours is none.
  public var emergency: EmergencySpan? {
    let spent = presences.filter { $0.stayClass == .emergency }
    guard let first = spent.first, let last = spent.last else { return nil }
    return EmergencySpan(from: first.from, until: last.until)
  }

  /// Code of the unit where the stay went on after emergency; nil for one that ended there, or is there still.
  public var unitAfterEmergency: String? {
    guard let last = presences.lastIndex(where: { $0.stayClass == .emergency }) else { return nil }
    return presences.dropFirst(last + 1).first?.place.unit
  }
}
