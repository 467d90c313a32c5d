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
  /// `request/<uuid>` that it was given to.
  public var request: String?
  /// contact, droplet, airborne, protective; BMR, BHRe.
  public var isolation: String?
  /// Who said it, or ended it.
  public var isolationSaid: Attribution?
  /// Two patients on purpose.
  public var doubled = false
  /// Made during the crisis, not in the structure.
  public var extra = false
  public var removed = false
  public var staffed = true
  /// When its condition last changed.
  public var since: Instant?
  /// When somebody last saw it on a round.
  public var seenAt: Instant?
  /// Who walked, where the sheet says it, and who typed it in.
  public var seenBy: String?
  public var seenSaid: Attribution?

  public init(id: String) { self.id = id }
}

public enum BedKind: String, Sendable, CaseIterable {
  case bed, bay, chair, stretcher, corridor, cot, extra
}

public enum BedCondition: String, Sendable, CaseIterable {
  case free, reserved
  case toClean = "to-clean"
  case closed
  case bodyPresent = "body-present"
}

extension Bed {
  /// The subject of the place that people call by these codes: two stations that make the same place in the night
  /// speak of the same place.
  public static func id(finess: String, unit: String, room: String?, code: String) -> String {
    "bed/\(Name.subject("bed", finess, "\(unit)|\(room ?? "")|\(code)"))"
  }

  /// A bed of the structure, before any fact about it.
  public init(finess: String, unit: String, room: String, place: Room.Place) {
    self.init(id: Bed.id(finess: finess, unit: unit, room: room, code: place.code))
    locate(unit: unit, room: room, place: place)
  }

  /// Says where the structure has it, which no fact about a bed of the structure does.
  public mutating func locate(unit: String, room: String, place: Room.Place) {
    self.unit = unit
    self.room = room
    code = place.code
    kind = place.kind
  }
}

extension Structure {
  /// Every bed, in the structure's order, before any fact about them.
  public var beds: [Bed] {
    sites.flatMap(\.units).flatMap { unit in
      unit.rooms.flatMap { room in
        room.beds.map { Bed(finess: finess, unit: unit.code, room: room.code, place: $0) }
      }
    }
  }

  public func unit(_ code: String) -> CareUnit? {
    for site in sites {
      for unit in site.units where unit.code.sameBytes(as: code) { return unit }
    }
    return nil
  }

  /// The subject of the bed where `place` says someone lies; nil without a bed.
  public func bedID(_ place: Place) -> String? {
    guard let unit = place.unit, let code = place.bed else { return nil }
    return Bed.id(finess: finess, unit: unit, room: place.room, code: code)
  }
}
