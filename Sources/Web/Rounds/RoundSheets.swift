import Hospital
import Hummingbird
import Ledger
import Register

/// Paper to walk with: each place of a unit and who should be in it, a box to tick, room for what differs.
struct RoundSheets {
  private let round: Round
  private let units: [BoardUnitRow]
  private let names: Names
  private let ippAuthority: String?
  private let wording: Wording
  private let session: Session
  private let station: String

  init(_ round: Round, _ codes: [String], _ app: WebApp, _ session: Session, _ context: PageContext) throws {
    let wording = app.wording(context)
    (self.round, self.wording, self.session) = (round, wording, session)
    station = app.shortStation(app.register.station)
    (units, names, ippAuthority) = try app.register.read { reading in
      let all = try reading.board(at: wording.now).units
      let structure = try reading.structure
      return (
        codes.compactMap { code in all.first { $0.code == code } },
        Names(structure: structure, system: wording("word.system")), structure?.ippAuthority
      )
    }
  }

  var page: Page {
    let now = wording.hours.time(wording.now)
    let printed = "\(wording.hours.date(wording.now)) \(now)"
    let model: [String: any Sendable] = [
      "state": wording("unit.state", ["time": now]),
      "printed": wording("unit.printed", ["time": printed, "station": station]), "sheets": units.map(sheet),
    ]
    return Page("round-sheets", title: wording("round.title"), model: model, nav: .beds)
  }

  private func sheet(_ row: BoardUnitRow) -> [String: any Sendable] {
    let number = round.sheet(row.code)
    let code = (try? Barcode(.code128, number))?.svg() ?? ""
    let placed = row.places.map { place in line(place.bed.code ?? "?", place.bed, place.occupants, in: row.code) }
    let unplaced = row.unplaced.map { line(wording("unit.no-bed"), nil, [$0], in: row.code) }
    return ["unit": names.unit(row.code), "number": number, "barcode": code, "lines": placed + unplaced]
  }

  private func line(
    _ code: String, _ bed: Bed?, _ occupants: [Occupant], in unit: String
  ) -> [String: any Sendable] {
    let who = session.naming(occupants, in: unit, wording, ippAuthority: ippAuthority)
    let empty = bed.map { wording("beds.face.\($0.condition.rawValue)") } ?? ""
    return ["bed": code, "who": who.isEmpty ? empty : who.joined(separator: " + "), "taken": !who.isEmpty]
  }
}
