import Hospital
import Ledger

/// Puts people into places by unit, room and bed, as stays say them.
struct Placing<Person> {
  struct Unit {
    var code: String
    var unit: CareUnit?
    var places: [(bed: Bed, people: [Person])] = []
    var unplaced: [Person] = []
  }

  private var units: [Unit] = []
  private var indexes: [ExactText: Int] = [:]
  /// Places of one unit with one bed code: rooms tell them apart.
  private var places: [ExactText: [Int]] = [:]

  init(_ structure: Structure?) {
    for site in structure?.sites ?? [] {
      for unit in site.units where indexes[ExactText(unit.code)] == nil {
        indexes[ExactText(unit.code)] = units.count
        units.append(Unit(code: unit.code, unit: unit))
      }
    }
  }

  mutating func add(_ bed: Bed) {
    guard let unit = bed.unit, let code = bed.code else { return }
    let index = index(unit)
    places[key(unit, code), default: []].append(units[index].places.count)
    units[index].places.append((bed, []))
  }

  /// Who says no room may be in any room that has a bed of that code: the first is taken.
  mutating func put(_ person: Person, unit: String?, room: String?, bed: String?) {
    let unit = unit ?? BoardUnitRow.unsaid
    let index = index(unit)
    let candidates = bed.map { places[key(unit, $0)] ?? [] } ?? []
    let place = candidates.first { candidate in
      guard let room, let known = units[index].places[candidate].bed.room else { return true }
      return known.sameBytes(as: room)
    }
    if let place {
      units[index].places[place].people.append(person)
    } else {
      units[index].unplaced.append(person)
    }
  }

  /// In the structure's order, then the others by code.
  consuming func units(only: String?) -> [Unit] {
    let others = units.filter { $0.unit == nil }.sorted { $0.code.precedesInBytes($1.code) }
    return (units.filter { $0.unit != nil } + others)
      .filter { row in only.map { row.code.sameBytes(as: $0) } ?? true }
  }

  private mutating func index(_ unit: String) -> Int {
    if let index = indexes[ExactText(unit)] { return index }
    indexes[ExactText(unit)] = units.count
    units.append(Unit(code: unit, unit: nil))
    return units.count - 1
  }

  private func key(_ unit: String, _ code: String) -> ExactText { ExactText("\(unit)\u{1F}\(code)") }
}
