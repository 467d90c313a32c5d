import Hospital
import Ledger
import Register

/// A unit's list out of the register: one line for each place and each person there, every cell with what is known.
struct UnitListReading {
  var row: BoardUnitRow
  var names: Names
  var ippAuthority: String?
  /// By patient.
  private var allergies: [String: KnownAllergies] = [:]
  /// With all that was answered of each, by stay.
  private var stays: [String: Stay] = [:]
  /// Stays of whoever is told of to nobody outside the unit.
  private var withheld: Set<String> = []
  /// Since when, by stay.
  private var away: [String: Instant] = [:]

  /// nil for a code that neither the structure nor anybody there names.
  init?(_ code: String, _ reading: Reading, _ wording: Wording) throws {
    guard let row = try reading.unit(code, at: wording.now) else { return nil }
    try self.init(row, reading, wording)
  }

  init(_ row: BoardUnitRow, _ reading: Reading, _ wording: Wording) throws {
    self.row = row
    let structure = try reading.structure
    ippAuthority = structure?.ippAuthority
    var authors = row.places.flatMap { [$0.bed.isolationSaid?.author, $0.bed.seenSaid?.author].compactMap(\.self) }
    for (occupant, underway) in zip(row.occupants, try reading.underway(row.occupants.map(\.stay.id))) {
      let (stay, patient) = (try reading.whole(occupant.stay), occupant.patient)
      stays[stay.id] = stay
      authors += stay.askedBy
      if Disclosure.isWithheld(patient, mother: occupant.mother, at: stay.place, underway: underway, in: structure) {
        withheld.insert(stay.id)
      }
      away[stay.id] = stay.awaySince(at: wording.now, underway.transfers.map(\.transfer))
      guard let patient else { continue }
      let known = try reading.allergies(ofPatient: patient.id)
      allergies[patient.id] = known
      authors += patient.askedBy + known.answers.map(\.said.author)
    }
    names = try reading.names(of: authors, wording)
  }

  var name: String { row.unit?.name ?? row.code }

  var figures: BoardUnit { BoardUnit(row, in: names.structure, ippAuthority: nil, hours: nil) }

  /// They are told of to nobody outside the unit.
  func isWithheld(_ occupant: Occupant) -> Bool { withheld.contains(occupant.stay.id) }

  /// Since when they are elsewhere, with the bed kept.
  func awaySince(_ occupant: Occupant) -> Instant? { away[occupant.stay.id] }

  func entries(_ wording: Wording, _ session: Session) -> [UnitListEntry] {
    let placed = row.places.flatMap { place -> [UnitListEntry] in
      if place.occupants.isEmpty { return [empty(place, wording)] }
      return place.occupants.map { entry($0, in: place.bed, wording, session) }
    }
    return placed + row.unplaced.map { entry($0, in: nil, wording, session) }
  }

  private func empty(_ place: BoardPlaceRow, _ wording: Wording) -> UnitListEntry {
    let bed = BoardBed(place, in: names.structure, ippAuthority: nil, hours: nil)
    let parts = [wording("beds.face.\(bed.face.key)"), bed.note, bed.staffed ? nil : wording("beds.unstaffed")]
    return UnitListEntry(
      bed: bed.id, stay: nil, protected: false, cells: [.bed: .value(bed.code, said: nil)],
      empty: parts.compactMap { $0 }.joined(separator: " · "))
  }

  private func entry(_ occupant: Occupant, in bed: Bed?, _ wording: Wording, _ session: Session) -> UnitListEntry {
    let stay = stays[occupant.stay.id] ?? occupant.stay
    let outline = stay.outline
    let away = awaySince(occupant).map { _ in wording("bed.away") }
    let asked = AskedCells(names, wording)
    var cells: [UnitListColumn: UnitListCell] = [
      .bed: .value(bed?.code ?? occupant.bed ?? wording("unit.no-bed"), said: away),
      .number: UnitListCell(stay.number), .admitted: UnitListCell(outline.admittedAt.map(wording.time)),
      .medicalUnit: medical(outline, wording), .physician: UnitListCell(outline.attending),
      .isolation: asked.isolation(bed, stay), .diet: asked.diet(stay),
      .seen: UnitListCell(bed?.seenAt.map(wording.time), said: bed.flatMap(names.seenBy)),
    ]
    guard let patient = occupant.patient, session.mayName(patient, in: row.code) else {
      cells[.identity] = occupant.patient == nil ? .notAsked : .withheld
      if occupant.patient != nil {
        for column in [UnitListColumn.number, .situation, .allergies, .diet] { cells[column] = .withheld }
      }
      return UnitListEntry(
        bed: bed.map { $0.id.afterSlash }, stay: nil, protected: occupant.patient != nil, cells: cells)
    }
    cells[.identity] = .value(PatientLine(patient, wording, ippAuthority: ippAuthority).plain, said: nil)
    cells[.situation] = asked.situation(patient)
    cells[.allergies] = asked.allergies(allergies[patient.id] ?? KnownAllergies(heard: stay.allergies, answers: []))
    return UnitListEntry(
      bed: bed.map { $0.id.afterSlash }, stay: stay.id.afterSlash,
      protected: isWithheld(occupant), cells: cells)
  }

  /// The lodging unit answers where no other does.
  private func medical(_ outline: StayOutline, _ wording: Wording) -> UnitListCell {
    guard let other = outline.place.medicalUnit, other != row.code else {
      return .value(wording("unit.same"), said: nil)
    }
    return .value(names.unit(other), said: nil)
  }
}
