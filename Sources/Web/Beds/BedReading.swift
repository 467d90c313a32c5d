import Hospital
import Ledger
import Register

/// One place as its page shows it, read in one state of the register.
struct BedReading {
  var bed: Bed
  var lying: [Lying]
  var unit: CareUnit?
  var ippAuthority: String?
  var names: Names
  var history: [HistoryEntry]

  /// nil where there never was such a place.
  init?(_ id: String, _ reading: Reading, _ wording: Wording) throws {
    guard let bed = try reading.bed(id) else { return nil }
    self.bed = bed
    let structure = try reading.structure
    unit = bed.unit.flatMap { structure?.unit($0) }
    ippAuthority = structure?.ippAuthority
    let now = wording.now
    lying = try reading.occupants(ofBed: id, at: now).compactMap { id in
      guard let stay = try reading.stay(id) else { return nil }
      let patient = try stay.patient.flatMap { try reading.patient(try reading.survivor(of: $0)) }
        .map { try reading.whole($0) }
      let away = stay.awaySince(at: now, try reading.transfers(ofStay: id))
      return Lying(stay: stay, patient: patient, since: away ?? stay.presence(at: now)?.from, away: away != nil)
    }
    let said = try reading.history(of: id).map(\.heard)
    var accounts: [String: String] = [:]
    for author in Set(said.map(\.author)) {
      let account = try reading.account(author)
      accounts[author] = account?.name ?? account?.login
    }
    let names = Names(structure: structure, accounts: accounts, system: wording("word.system"))
    history = said.reversed().map { HistoryEntry($0, wording, names) }
    self.names = names
  }

  var uuid: String { bed.id.afterSlash }

  /// `4 Est, chambre 412`.
  func place(_ wording: Wording) -> String {
    let unit = bed.unit.map(names.unit)
    let room = bed.room.map { wording("bed.room", ["room": $0]) }
    return [unit, room].compactMap { $0 }.joined(separator: ", ")
  }

  var face: BedFace { BoardBed(bed, lying, in: names.structure, ippAuthority: ippAuthority, hours: nil).face }

  /// The one that the page spoke of, if they still lie there.
  func lying(_ stay: String) -> Lying? { lying.first { $0.stay.id == "stay/\(stay)" } }
}

extension WebApp {
  /// - Throws: `Problem` 404 where there is no such place.
  func bed(_ context: PageContext) throws -> BedReading {
    let id = try context.parameter("id").lowercased()
    let wording = wording(context)
    guard id.isUUID, let found = try register.read({ try BedReading("bed/\(id)", $0, wording) }) else {
      throw Problem.notFound
    }
    return found
  }
}
