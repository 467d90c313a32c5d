import Ledger

/// A place to put someone: bed, bay, chair, stretcher, cot. Who lies in it is said by stays alone.
public struct Bed: Sendable, Equatable {
  /// `bed/<uuid>`.
  public let id: String
  public var unit: String?
  public var room: String?
  /// The code that people say and labels bear.
  public var code: String?
  public var kind: BedKind = .bed
  /// Free means: nobody reserved it, it is clean and open. Occupied is for stays to say.
  public var condition: BedCondition = .free
  public var reason: String?
  /// `stay/<uuid>` or free text for whom it is kept.
  public var reservedFor: String?
  /// contact, droplet, airborne, protective; BMR, BHRe.
  public var isolation: String?
  /// Two patients on purpose.
  public var doubled = false
  /// Made during the crisis, not in the structure.
  public var extra = false
  public var removed = false
  public var staffed = true
  public var since: Instant?

  public init(id: String) { self.id = id }
}

public enum BedKind: String, Sendable, CaseIterable {
  case bed, bay, chair, stretcher, corridor, cot, extra
}

public enum BedCondition: String, Sendable, CaseIterable {
  case free, reserved, toClean = "to-clean", closed, bodyPresent = "body-present"
}
