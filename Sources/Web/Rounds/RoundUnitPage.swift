import Hospital
import Hummingbird
import Ledger
import Register

/// A sheet that came back: its beds with a box each, and once it is in, the way to put right what differs.
struct RoundUnitPage {
  let round: Round
  let code: String
  private let places: [BoardPlaceRow]
  private let names: Names
  private let ippAuthority: String?
  private let wording: Wording
  private let session: Session

  /// - Throws: `Problem` 404 for a unit that is not of this round; 403.
  init(_ app: WebApp, _ request: Request, _ context: PageContext) throws {
    round = try app.round(context)
    let code = try context.parameter("code")
    let isEmergency = code.sameBytes(as: SheetNumber.emergency)
    session = try app.require(.bedState, request, context, unit: isEmergency ? nil : code)
    let wording = app.wording(context)
    let round = round
    guard round.units.contains(code),
      let found = try app.register.read({ reading in
        // The emergency department's own list has people and no beds: who is on it is on the board.
        let places = isEmergency ? [] : try reading.unit(code, at: wording.now)?.places
        return try places.map { places in
          (places, try reading.names(of: round.counts[code].map { [$0.said.author] } ?? [], wording))
        }
      })
    else { throw Problem.notFound }
    (places, names) = found
    (self.code, self.wording) = (code, wording)
    ippAuthority = names.structure?.ippAuthority
  }

  func page(_ filling: Filling) -> Page {
    let make = FieldMaker(wording: wording, filling: filling)
    var by = make.field("by")
    by.label = wording("round.by")
    var html = ""
    for field in [by, make.field("at")] { field.write(into: &html) }
    let count = round.counts[code]
    let problems = filling.problems(besides: "at")
    let differing = places.filter { place in
      guard let count, count.differs.contains(place.bed.id) else { return false }
      return place.bed.seenAt.map { $0 < count.said.at } ?? true
    }
    let chosen = Set(filling.typed?.all("differs") ?? count?.differs.map(\.afterSlash) ?? [])
    let model: [String: any Sendable] = [
      "name": names.sheet(code, wording), "sheet": round.sheet(code), "problems": problems, "hidden": filling.hidden,
      "fields": html, "open": round.isOpen, "action": RoundRoutes.address(round, code),
      "any": !places.isEmpty, "isOfPack": round.pack != nil, "mayGoOn": !round.isOpen && round.pack != nil,
      "lines": places.enumerated().map { index, place in line(index, place, chosen) },
      "differing": differing.map {
        ["bed": $0.bed.code ?? "?", "who": who($0), "href": "/beds/\($0.bed.id.afterSlash)"]
      },
      "anyDiffering": !differing.isEmpty,
      "href": code.sameBytes(as: SheetNumber.emergency) ? "/emergency" : "/units/\(pathSafe(code))",
    ].adding(
      "counted",
      count.map {
        wording(
          "round.counted", ["time": wording.time($0.at), "who": $0.by ?? names.account($0.said.author)])
      })
    return Page(
      "round-unit", title: "\(names.sheet(code, wording)) · \(wording("round.title"))", model: model,
      status: filling.status, nav: .beds)
  }

  private func line(_ index: Int, _ place: BoardPlaceRow, _ chosen: Set<String>) -> [String: any Sendable] {
    let id = place.bed.id.afterSlash
    let seen = place.bed.seenAt.map { at in
      let who = names.seenBy(place.bed)
      return [wording.time(at), who].compactMap(\.self).joined(separator: ", ")
    }
    let model: [String: any Sendable] = [
      "id": id, "bed": place.bed.code ?? "?", "who": who(place), "chosen": chosen.contains(id), "focus": index == 0,
    ]
    return model.adding("seen", seen)
  }

  private func who(_ place: BoardPlaceRow) -> String {
    if place.occupants.isEmpty { return wording("beds.face.\(place.bed.condition.rawValue)") }
    return session.naming(place.occupants, in: code, wording, ippAuthority: ippAuthority).joined(separator: " + ")
  }
}
