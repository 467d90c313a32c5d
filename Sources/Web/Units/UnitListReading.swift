import Hospital
import Ledger
import Register

/// A unit's list out of the register: one line for each place and each person there, every cell with what is known.
struct UnitListReading {
  var row: BoardUnitRow
  var names: Names
  var ippAuthority: String?

  /// nil for a code that neither the structure nor anybody there names.
  init?(_ code: String, _ reading: Reading, _ wording: Wording) throws {
    guard let row = try reading.unit(code, at: wording.now) else { return nil }
    self.row = row
    let structure = try reading.structure
    ippAuthority = structure?.ippAuthority
    names = Names(structure: structure, system: wording("word.system"))
  }

  var name: String { row.unit?.name ?? row.code }

  var figures: BoardUnit { BoardUnit(row, ippAuthority: nil) }

  func entries(_ wording: Wording, _ session: Session) -> [UnitListEntry] {
    let placed = row.places.flatMap { place -> [UnitListEntry] in
      if place.occupants.isEmpty { return [empty(place, wording)] }
      return place.occupants.map { entry($0, in: place.bed, wording, session) }
    }
    return placed + row.unplaced.map { entry($0, in: nil, wording, session) }
  }

  private func empty(_ place: BoardPlaceRow, _ wording: Wording) -> UnitListEntry {
    let bed = BoardBed(place, isDiscreetUnit: false, ippAuthority: nil)
    let parts = [wording("beds.face.\(bed.face.key)"), bed.note, bed.staffed ? nil : wording("beds.unstaffed")]
    return UnitListEntry(
      bed: bed.id, stay: nil, protected: false, cells: [.bed: .value(bed.code, said: nil)],
      empty: parts.compactMap { $0 }.joined(separator: " · "))
  }

  private func entry(_ occupant: Occupant, in bed: Bed?, _ wording: Wording, _ session: Session) -> UnitListEntry {
    let stay = occupant.stay
    let outline = stay.outline
    let away = occupant.away ? wording("bed.away") : nil
    var cells: [UnitListColumn: UnitListCell] = [
      .bed: .value(bed?.code ?? occupant.bed ?? wording("unit.no-bed"), said: away),
      .number: UnitListCell(stay.number), .admitted: UnitListCell(outline.admittedAt.map(wording.time)),
      .medicalUnit: medical(outline, wording), .physician: UnitListCell(outline.attending),
      .isolation: UnitListCell(bed?.isolation.map { wording.word("isolation", $0) }),
      .seen: UnitListCell(bed?.seenAt.map(wording.time), said: bed?.seenAt.map { _ in wording("unit.round") }),
    ]
    guard let patient = occupant.patient, session.mayName(patient, in: row.code) else {
      cells[.identity] = occupant.patient == nil ? .notAsked : .withheld
      if occupant.patient != nil {
        for column in [UnitListColumn.number, .situation, .allergies] { cells[column] = .withheld }
      }
      return UnitListEntry(
        bed: bed.map { $0.id.afterSlash }, stay: nil, protected: occupant.patient != nil, cells: cells)
    }
    cells[.identity] = .value(PatientLine(patient, wording, ippAuthority: ippAuthority).plain, said: nil)
    cells[.situation] = situation(patient, wording)
    cells[.allergies] = allergies(stay.allergies, wording)
    return UnitListEntry(
      bed: bed.map { $0.id.afterSlash }, stay: stay.id.afterSlash, protected: patient.isDiscreet, cells: cells)
  }

  /// The lodging unit answers where no other does.
  private func medical(_ outline: StayOutline, _ wording: Wording) -> UnitListCell {
    guard let other = outline.place.medicalUnit, other != row.code else {
      return .value(wording("unit.same"), said: nil)
    }
    return .value(names.unit(other), said: nil)
  }

  private func allergies(_ allergies: [Allergy], _ wording: Wording) -> UnitListCell {
    let said = allergies.map { [$0.to, $0.reaction].compactMap(\.self).joined(separator: " : ") }
    let newest = allergies.compactMap(\.identified).max { $0.daysSince1970 < $1.daysSince1970 }
    let source = newest.map { wording("unit.feed-on", ["date": PartialDate($0).shown]) } ?? wording("unit.feed")
    return UnitListCell(said.joined(separator: ", "), said: source)
  }

  private func situation(_ patient: Patient, _ wording: Wording) -> UnitListCell {
    let said = patient.situations.map { situation in
      [wording.word("situation", situation.kind), situation.code, situation.note].compactMap { $0 }
        .filter { !$0.isEmpty }.joined(separator: " ")
    }
    if !said.isEmpty { return UnitListCell(said.joined(separator: ", ")) }
    let isMinor = patient.birthDate?.age(on: wording.today).map { $0.unit != .years || $0.value < 18 } ?? false
    return isMinor ? .value(wording("situation.minor"), said: nil) : .notAsked
  }
}
