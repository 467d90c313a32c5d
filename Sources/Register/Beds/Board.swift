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

  public var occupied: Int { places.count { !$0.occupants.isEmpty } }
  /// Somebody can be put there now.
  public var free: Int { places.count { $0.isFree } }
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
  /// Where the stay says they are.
  public var room: String?
  public var bed: String?
  public var since: Instant
  /// On leave: the bed is kept.
  public var away: Bool
}

extension Reading {
  /// Places as they are now, with those who were there at `instant`.
  public func board(at instant: Instant) throws -> Board {
    try board(of: nil, at: instant)
  }

  /// One unit of the board; nil for a code that neither the structure nor anybody there names.
  public func unit(_ code: String, at instant: Instant) throws -> BoardUnitRow? {
    try board(of: code, at: instant).units.first { $0.code.sameBytes(as: code) }
  }

  private func board(of only: String?, at instant: Instant) throws -> Board {
    var making = BoardMaking(try structure)
    if let map = try structures.map(db) {
      for bed in map.structure.beds where only.map({ bed.unit?.sameBytes(as: $0) ?? false }) ?? true {
        making.place(map.bed(bed.id, said: try said(bed.id)) ?? bed)
      }
      for bed in try saidBeds() where map.beds[bed.id] == nil && !bed.removed { making.place(bed) }
    }
    for presence in try Presences(self).at(instant, unit: only) { making.put(presence) }
    return making.board(only: only)
  }

  /// Beds that facts speak of.
  private func saidBeds() throws -> [Bed] {
    try db.prepared(
      """
      SELECT states.subject, states.revision FROM subjects JOIN states ON states.subject = subjects.id
      WHERE subjects.name > 'bed/' AND subjects.name < 'bed0' ORDER BY subjects.name
      """
    ).all { ($0.integer(0), $0.integer(1)) }.compactMap { try states.state($0, revision: $1, db) as? Bed }
  }

  private func said(_ bed: String) throws -> Bed? {
    try db.prepared(
      """
      SELECT states.subject, states.revision FROM subjects JOIN states ON states.subject = subjects.id
      WHERE subjects.name = ?
      """
    ).first(.text(bed)) { ($0.integer(0), $0.integer(1)) }.flatMap { try states.state($0, revision: $1, db) as? Bed }
  }
}

/// Puts people into places by unit, bed and room, as stays say them.
struct BoardMaking {
  private var units: [BoardUnitRow] = []
  private var indexes: [SubjectName: Int] = [:]
  private var places: [SubjectName: [Int]] = [:]

  init(_ structure: Structure?) {
    for site in structure?.sites ?? [] {
      for unit in site.units where indexes[SubjectName(unit.code)] == nil {
        indexes[SubjectName(unit.code)] = units.count
        units.append(BoardUnitRow(code: unit.code, unit: unit, places: [], unplaced: []))
      }
    }
  }

  mutating func place(_ bed: Bed) {
    guard let unit = bed.unit, let code = bed.code else { return }
    let index = index(unit)
    places[key(unit, code), default: []].append(units[index].places.count)
    units[index].places.append(BoardPlaceRow(bed: bed, occupants: []))
  }

  mutating func put(_ presence: Presences.Row) {
    guard let unit = presence.unit else { return }
    let index = index(unit)
    let candidates = presence.occupant.bed.map { places[key(unit, $0)] ?? [] } ?? []
    let place = candidates.first { candidate in
      guard let room = presence.occupant.room, let known = units[index].places[candidate].bed.room else { return true }
      return known.sameBytes(as: room)
    }
    if let place {
      units[index].places[place].occupants.append(presence.occupant)
    } else {
      units[index].unplaced.append(presence.occupant)
    }
  }

  consuming func board(only: String?) -> Board {
    let known = units.filter { $0.unit != nil }
    let others = units.filter { $0.unit == nil }.sorted { $0.code.precedesInBytes($1.code) }
    return Board(units: (known + others).filter { row in only.map { row.code.sameBytes(as: $0) } ?? true })
  }

  private mutating func index(_ unit: String) -> Int {
    if let index = indexes[SubjectName(unit)] { return index }
    indexes[SubjectName(unit)] = units.count
    units.append(BoardUnitRow(code: unit, unit: nil, places: [], unplaced: []))
    return units.count - 1
  }

  private func key(_ unit: String, _ code: String) -> SubjectName { SubjectName("\(unit)\u{1F}\(code)") }
}
