import Hospital
import Ledger

/// Every place of the hospital and who lies there.
public struct Board: Sendable {
  /// In the structure's order; then units that only stays or made places name, by code.
  public var units: [BoardUnitRow]
}

public struct BoardUnitRow: Sendable {
  public var code: String
  /// nil for a code that the structure does not have.
  public var unit: CareUnit?
  /// In the structure's order, then the places made since.
  public var places: [BoardPlaceRow]
  /// Here without a bed, or in one that nobody knows.
  public var unplaced: [Occupant]

  /// All who are here, in that order.
  public var occupants: [Occupant] { places.flatMap(\.occupants) + unplaced }
  public var occupied: Int { places.count { !$0.occupants.isEmpty } }
  /// Somebody can be put there now.
  public var free: Int { places.count { $0.isFree } }
}

extension BoardUnitRow {
  /// The unit of whoever is here, and of whom no movement says in which.
  public static let unsaid = "SANS-UF"

  /// That the structure does not have, without a place and with nobody in it.
  public init(_ code: String) { self.init(code: code, unit: nil, places: [], unplaced: []) }
}

public struct BoardPlaceRow: Sendable {
  public var bed: Bed
  public var occupants: [Occupant]

  public var isFree: Bool { occupants.isEmpty && bed.condition == .free && bed.staffed }
}

public struct Occupant: Sendable {
  public var stay: Stay
  /// The identity that the stay is shown with: of merged ones, that which absorbed the others. nil while nobody said.
  public var patient: Patient?
  /// Of a newborn, who is told of with them.
  public var mother: Patient?
  /// Where the stay says they are.
  public var room: String?
  public var bed: String?
  public var since: Instant
}

/// Who was where at one hour, as `permanence census` prints it.
public struct Census: Sendable {
  public var at: Instant
  public var units: [BoardUnitRow]

  public var beds: Int { units.reduce(0) { $0 + $1.places.count } }
  public var occupied: Int { units.reduce(0) { $0 + $1.occupied } }
}

/// What a unit has now, without saying who is there.
public struct UnitFigures: Sendable, Equatable {
  public var code: String
  public var beds: Int
  public var occupied: Int
  /// Free, clean, staffed.
  public var free: Int
  public var reserved: Int
  public var toClean: Int
  public var closed: Int
  /// Everybody who is here, with a bed or without.
  public var present: Int

  public init(
    code: String, beds: Int, occupied: Int, free: Int, reserved: Int, toClean: Int, closed: Int, present: Int
  ) {
    self.code = code
    self.beds = beds
    self.occupied = occupied
    self.free = free
    self.reserved = reserved
    self.toClean = toClean
    self.closed = closed
    self.present = present
  }
}

extension Reading {
  /// Places as they are now, with those who were there at `instant`.
  public func board(at instant: Instant) throws -> Board {
    Board(units: try units(nil, at: instant))
  }

  /// One unit of the board; nil for a code that neither the structure nor anybody there names.
  public func unit(_ code: String, at instant: Instant) throws -> BoardUnitRow? {
    try units(code, at: instant).first
  }

  /// At any hour, as it is known now. The conditions of beds are those of today.
  public func census(at instant: Instant) throws -> Census {
    Census(at: instant, units: try units(nil, at: instant))
  }

  /// Every unit's figures, in the structure's order.
  public func figures(at instant: Instant) throws -> [UnitFigures] {
    var placing = try placing(nil, Void.self)
    for place in try Presences(self).places(at: instant) {
      placing.put((), unit: place.unit, room: place.room, bed: place.bed)
    }
    return placing.units(only: nil).map { unit in
      let empty = unit.places.filter { $0.people.isEmpty }
      func count(_ condition: BedCondition) -> Int { empty.count { $0.bed.condition == condition } }
      return UnitFigures(
        code: unit.code, beds: unit.places.count, occupied: unit.places.count - empty.count,
        free: empty.count { $0.bed.condition == .free && $0.bed.staffed }, reserved: count(.reserved),
        toClean: count(.toClean), closed: count(.closed),
        present: unit.places.reduce(unit.unplaced.count) { $0 + $1.people.count })
    }
  }

  private func units(_ only: String?, at instant: Instant) throws -> [BoardUnitRow] {
    var placing = try placing(only, Occupant.self)
    for row in try Presences(self).people(at: instant, unit: only) {
      placing.put(row.occupant, unit: row.unit, room: row.occupant.room, bed: row.occupant.bed)
    }
    return placing.units(only: only).map { unit in
      BoardUnitRow(
        code: unit.code, unit: unit.unit,
        places: unit.places.map { BoardPlaceRow(bed: $0.bed, occupants: $0.people) }, unplaced: unit.unplaced)
    }
  }

  /// Every place, empty.
  private func placing<Person>(_ only: String?, _ person: Person.Type) throws -> Placing<Person> {
    let map = try structures.map(db)
    let said = try saidBeds()
    var placing = Placing<Person>(map?.structure)
    for bed in map?.inOrder ?? [] where only.map({ bed.unit?.sameBytes(as: $0) ?? false }) ?? true {
      placing.add(map?.bed(bed.id, said: said[bed.id]) ?? bed)
    }
    let made = said.values.filter { map?.beds[$0.id] == nil && !$0.removed }
    for bed in made.sorted(by: Bed.isShownBefore) { placing.add(bed) }
    return placing
  }

  /// Beds that facts speak of, by id.
  private func saidBeds() throws -> [String: Bed] {
    let found = try db.prepared(
      """
      SELECT states.subject, states.revision FROM subjects JOIN states ON states.subject = subjects.id
      WHERE subjects.name > 'bed/' AND subjects.name < 'bed0'
      """
    ).all { ($0.integer(0), $0.integer(1)) }
    let beds = try found.compactMap { try states.state($0, revision: $1, db) as? Bed }
    return Dictionary(beds.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }
}

extension Bed {
  fileprivate static func isShownBefore(_ one: Bed, _ other: Bed) -> Bool {
    for (left, right) in [(one.room, other.room), (one.code, other.code), (one.id, other.id)] {
      let (left, right) = (left ?? "", right ?? "")
      if !left.sameBytes(as: right) { return left.precedesInBytes(right) }
    }
    return false
  }
}

extension [BoardPlaceRow] {
  /// Beds in which somebody lies, with the sexes of those who do.
  public var lying: [String: [Sex?]] {
    Dictionary(
      filter { !$0.occupants.isEmpty }.map { ($0.bed.id, $0.occupants.map { $0.patient?.sex }) },
      uniquingKeysWith: { first, _ in first })
  }
}
