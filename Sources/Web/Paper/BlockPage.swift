import Hospital
import Ledger
import Register

/// Every sheet of a block, and one form that says of some of them who has them, or that nothing will come of them.
struct BlockPage {
  let block: SheetBlock
  private let numbers: [String: String]
  private let names: Names
  private let wording: Wording
  private let mayAct: Bool

  /// - Throws: `Problem` 404.
  init(_ app: WebApp, _ context: PageContext) throws {
    let id = "sheets/\(try context.uuid())"
    let wording = app.wording(context)
    let found = try app.register.read { reading -> (SheetBlock, [String: String], Names)? in
      guard let block = try reading.sheetBlock(id), block.count > 0 else { return nil }
      let stays = block.sheets.flatMap(\.entries).map(\.stay)
      let numbers = try stays.map { ($0, try reading.stay($0)?.number ?? "–") }
      return (
        block, Dictionary(numbers, uniquingKeysWith: { first, _ in first }),
        Names(structure: try reading.structure, system: wording("word.system"))
      )
    }
    guard let found else { throw Problem.notFound }
    (block, numbers, names) = found
    self.wording = wording
    mayAct = app.allows(.admit, context)
  }

  func page(_ filling: Filling) -> Page {
    let problems = filling.problems
    let sheets = block.sheets
    let chosen = filling.value("act", proposed: "issued")
    let model: [String: any Sendable] = [
      "name": block.name, "problems": problems, "hidden": filling.hidden, "mayAct": mayAct,
      "form": block.form.map { wording("paper.form.\($0.rawValue)") } ?? "",
      "station": names.station(block.reserved?.station ?? ""),
      "since": block.reserved.map { wording.when($0.at) } ?? "", "action": "/paper/blocks/\(block.id.afterSlash)",
      "first": filling.value("first", proposed: sheets.first { $0.status == .blank }.map { String($0.serial) }),
      "last": filling.value("last", proposed: nil), "note": filling.value("note", proposed: nil),
      "acts": SheetAct.allCases.map { act -> [String: any Sendable] in
        [
          "value": act.rawValue, "text": wording("paper.act.\(act.rawValue)"), "chosen": act.rawValue == chosen,
        ]
      },
      "sheets": sheets.map(line),
    ].adding("formsHref", mayAct && block.isToPrint ? "/paper/blocks/\(block.id.afterSlash)/forms" : nil)
    return Page(
      "paper-block", title: "\(wording("paper.block")) \(block.name)", model: model,
      status: filling.status, nav: .admissions)
  }

  private func line(_ sheet: Sheet) -> [String: any Sendable] {
    [
      "number": sheet.number, "href": PaperRoutes.address(sheet.number), "means": sheet.status.means,
      "status": wording("paper.status.\(sheet.status.rawValue)"), "ipp": sheet.ipp ?? "–",
      "stayNumber": sheet.stayNumber ?? "–", "to": sheet.to ?? "", "isTwice": sheet.isTwice,
      "stays": sheet.entries.map { ["href": "/stays/\($0.stay.afterSlash)", "number": numbers[$0.stay] ?? "–"] },
    ]
  }

  var json: JSON {
    [
      "id": .string(block.id.afterSlash), "name": .string(block.name), "form": (block.form?.rawValue).json,
      "sheets": .array(block.sheets.map(\.json)),
    ]
  }
}

extension SheetBlock {
  /// A person reserved it, to be printed from its page; the others come with a pack.
  var isToPrint: Bool { isBlank && reserved.map { $0.author != "system" } ?? false }
}
