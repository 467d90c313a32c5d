import Hospital
import Ledger
import Register

extension BoardUnit {
  /// Every unit of the hospital that has a place or a person in it, in the structure's order.
  static func read(_ register: Register, at instant: Instant) throws -> [BoardUnit] {
    try register.read { reading in
      let structure = try reading.structure
      let (ippAuthority, hours) = (structure?.ippAuthority, Hours(of: structure))
      return try reading.board(at: instant).units.lazy
        .filter { !$0.places.isEmpty || !$0.unplaced.isEmpty }
        .map { BoardUnit($0, in: structure, ippAuthority: ippAuthority, hours: hours) }
    }
  }

  init(_ row: BoardUnitRow, in structure: Structure?, ippAuthority: String?, hours: Hours?) {
    self.init(
      code: row.code, name: row.unit?.name ?? row.code,
      beds: row.places.map {
        BoardBed($0, in: structure, ippAuthority: ippAuthority, hours: hours)
      },
      unplaced: row.unplaced.count)
  }
}

extension BoardBed {
  init(_ place: BoardPlaceRow, in structure: Structure?, ippAuthority: String?, hours: Hours?) {
    self.init(
      place.bed, place.occupants.map { Lying($0) },
      in: structure, ippAuthority: ippAuthority, hours: hours)
  }

  /// - Parameter hours: nil where nobody reads when they are expected to leave.
  init(_ bed: Bed, _ lying: [Lying], in structure: Structure?, ippAuthority: String?, hours: Hours?) {
    // A mother and her newborn are one company: the mother is the face.
    let companies = lying.filter { one in
      !lying.contains { other in one.stay.motherStay.map { $0 == other.stay.id } ?? false }
    }
    let clashes = lying.count > 1 && !Occupancy.clashing(lying.map(\.stay), doubled: bed.doubled).isEmpty
    let shown = clashes || bed.doubled ? companies : Array(companies.prefix(1))
    let isSecret = lying.contains { $0.patient?.secret ?? false }
    // One board is made for all who look: whom it may name to some only, it names to none.
    let named = shown.filter { !($0.patient?.isRestricted ?? false) }
    let alone = companies.count == 1 && named.count == 1 ? companies[0] : nil
    self.init(
      id: bed.id.afterSlash, code: bed.code ?? "?",
      face: BedFace(
        condition: bed.condition, doubled: bed.doubled, sexes: shown.map { $0.patient?.sex }, discreet: isSecret),
      stay: alone.map { $0.stay.id.afterSlash },
      occupant: named.map { BoardBed.line($0, ippAuthority) }.joined(separator: " + "),
      note: BoardBed.note(bed), leaves: hours.flatMap { BoardBed.leaves(lying, $0) }, isolation: bed.isolation,
      staffed: bed.staffed, extra: bed.extra,
      discreet: lying.contains {
        Disclosure.isWithheld($0.patient, mother: $0.mother, at: $0.stay.place, in: structure)
      })
  }

  /// The last of those who lie there.
  private static func leaves(_ lying: [Lying], _ hours: Hours) -> String? {
    let expected = lying.map(\.stay.expectedDischargeAt)
    guard !expected.isEmpty, !expected.contains(nil), let last = expected.compactMap(\.self).max() else { return nil }
    return "\(hours.date(last).prefix(5)) \(hours.time(last))"
  }

  /// Why it is closed, for whom it is kept; a subject's id says nothing to anybody.
  private static func note(_ bed: Bed) -> String? {
    let whom = bed.reservedFor.flatMap { $0.contains("/") ? nil : $0 }
    let parts = [whom, bed.reason].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: " · ")
  }

  /// The identity line without what differs from one language to the other: a thousand are made for each change.
  private static func line(_ occupant: Lying, _ ippAuthority: String?) -> String {
    guard let patient = occupant.patient else { return occupant.stay.number ?? "?" }
    var line = (patient.birthName ?? patient.unknown?.label ?? patient.usedName ?? "?").uppercased()
    if let used = patient.usedName, used.uppercased() != line { line += " (\(used.uppercased()))" }
    if let given = patient.birthGivenName { line += " \(given)" }
    if let rank = patient.birthRank { line += " J\(rank)" }
    line += " · \((patient.sex ?? .unknown).rawValue) · \(patient.birthDate?.shown ?? "?")"
    if let ipp = patient.ipp(of: ippAuthority) { line += " · IPP \(ipp)" }
    return line
  }
}

/// Somebody in a place.
struct Lying {
  var stay: Stay
  var patient: Patient?
  /// Of a newborn.
  var mother: Patient?
  var since: Instant?
  /// Elsewhere, as the bed's own page says: the bed is kept.
  var away = false
}

extension Lying {
  init(_ occupant: Occupant) {
    self.init(
      stay: occupant.stay, patient: occupant.patient, mother: occupant.mother, since: occupant.since)
  }
}
