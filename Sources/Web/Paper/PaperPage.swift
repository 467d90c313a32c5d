import Hospital
import Ledger
import Register

/// How much paper is out, one field for a number, what is missing, and the blocks.
struct PaperPage {
  /// Lines of a list; the rest is on the pages of the blocks.
  private static let linesMax = 60

  private let blocks: [SheetBlock]
  private let sheets: [Sheet]
  private let done: DoneSheet?
  private let counted: String?
  /// Packs whose lists are counted.
  private let packs: [Round]
  /// A list of another pack.
  private let list: String?
  /// The sheet to type in where nothing is typed: a field that held it would mix it with what is scanned.
  private let next: String?
  private let warnings: [String]
  private let names: Names
  private let wording: Wording
  private let mayAct: Bool

  init(_ app: WebApp, _ context: PageContext, _ query: Fields, warnings: [String] = []) throws {
    let wording = app.wording(context)
    (self.wording, self.warnings) = (wording, warnings)
    mayAct = app.allows(.admit, context)
    counted = query["counted"]
    let mayTriage = app.allows(.triage, context)
    let (blocks, done, packs, names) = try app.register.read { reading in
      let blocks = try reading.sheetBlocks()
      let entered = try query["done"].flatMap { try reading.sheet($0) }
      return (
        blocks, try entered.flatMap { try DoneSheet($0, reading, mayTriage: mayTriage) },
        try reading.rounds().filter { $0.isOpen && $0.pack != nil },
        Names(structure: try reading.structure, system: wording("word.system"))
      )
    }
    (self.blocks, self.done, self.packs, self.names) = (blocks, done, packs, names)
    list = query["list"]
    sheets = blocks.flatMap(\.sheets)
    next = Self.next(after: done?.sheet, blocks, sheets)
  }

  /// The one to type in now: what comes after the last one, else whatever is back, the oldest first.
  private static func next(after sheet: Sheet?, _ blocks: [SheetBlock], _ sheets: [Sheet]) -> String? {
    let behind = blocks.first { $0.id == sheet?.block }?.sheets.filter { $0.serial > sheet?.serial ?? 0 } ?? []
    let following = behind.first { $0.status != .entered && $0.status != .void }
    if let following, following.status != .blank { return following.number }
    let back = blocks.reversed().lazy.flatMap(\.sheets).first { $0.status == .returned }
    return (back ?? following)?.number
  }

  func page(_ filling: Filling) -> Page {
    let counts = SheetCounts(sheets)
    let problems = filling.problems
    let missing = sheets.filter { $0.status == .missing }
    let waiting = sheets.filter { $0.status == .returned }
    let twice = sheets.filter(\.isTwice)
    let needsTriage = done?.triage(wording) != nil
    let model: [String: any Sendable] = [
      "problems": problems, "warnings": warnings, "hidden": filling.hidden, "mayAct": mayAct,
      "any": !blocks.isEmpty, "focus": !needsTriage && list == nil, "figures": figures(counts),
      "counts": counted != nil || filling.typed != nil,
      "missing": missing.prefix(Self.linesMax).map(line), "anyMissing": !missing.isEmpty,
      "waiting": waiting.prefix(Self.linesMax).map(line), "anyWaiting": !waiting.isEmpty,
      "twice": twice.map(line), "anyTwice": !twice.isEmpty, "blocks": blocks.map(block),
      "packs": packs.map(pack),
    ].adding("counted", counted.map { wording("paper.counted", ["sheet": $0]) }).adding("done", done?.model(wording))
      .adding("next", next).adding("list", list)
    return Page(
      "paper", title: wording("paper.title"), model: model, status: filling.status,
      nav: .admissions)
  }

  private func figures(_ counts: SheetCounts) -> [[String: any Sendable]] {
    func figure(_ key: String, _ value: Int, _ address: String, _ means: String? = nil) -> [String: any Sendable] {
      let model: [String: any Sendable] = [
        "value": grouped(value), "label": wording("paper.figure.\(key)"), "address": address,
      ]
      return model.adding("means", value > 0 ? means : nil)
    }
    return [
      figure("reserved", counts.reserved, "#blocks"), figure("issued", counts.issued, "#blocks"),
      figure("returned", counts.returned, "#blocks"), figure("entered", counts[.entered], "#blocks", "fine"),
      figure("void", counts[.void], "#blocks"), figure("missing", counts[.missing], "#missing", "alert"),
    ]
  }

  private func line(_ sheet: Sheet) -> [String: any Sendable] {
    [
      "number": sheet.number, "form": wording("paper.form.\(sheet.form.rawValue)"),
      "href": PaperRoutes.address(sheet.number), "enterHref": PaperRoutes.entering(sheet),
      "action": "/paper/blocks/\(sheet.block.afterSlash)", "serial": String(sheet.serial),
      "to": sheet.to ?? (sheet.status == .missing ? wording("paper.inferred") : ""),
      "since": sheet.issued.map { wording.when($0.at) } ?? "",
    ]
  }

  private func pack(_ round: Round) -> [String: any Sendable] {
    func lists(_ units: [String]) -> [[String: any Sendable]] {
      units.map { ["name": names.sheet($0, wording), "href": RoundRoutes.address(round, $0)] }
    }
    let (missing, waiting) = (round.missing, round.waiting)
    let counts = [
      "issued": round.units.count, "returned": round.units.count - missing.count, "entered": round.counts.count,
      "missing": missing.count,
    ]
    return [
      "title": wording("round.of-pack", ["pack": round.pack ?? ""]),
      "since": round.started.map { wording.when($0.at) } ?? "",
      "counts": wording("paper.list.counts", counts.mapValues { grouped($0) }),
      "means": missing.isEmpty ? waiting.isEmpty ? "fine" : "waiting" : "alert", "missing": lists(missing),
      "anyMissing": !missing.isEmpty, "waiting": lists(waiting), "anyWaiting": !waiting.isEmpty,
    ]
  }

  private func block(_ block: SheetBlock) -> [String: any Sendable] {
    let counts = SheetCounts(block.sheets)
    return [
      "name": block.name, "href": "/paper/blocks/\(block.id.afterSlash)",
      "form": block.form.map { wording("paper.form.\($0.rawValue)") } ?? "",
      "station": names.station(block.reserved?.station ?? ""),
      "since": block.reserved.map { wording.time($0.at) } ?? "",
      "counts": [
        counts.reserved, counts.issued, counts.returned, counts[.entered], counts[.void], counts[.missing],
      ].map { grouped($0) },
    ]
  }

  var json: JSON {
    [
      "counts": Self.json(SheetCounts(sheets)), "next": next.json,
      "missing": .array(sheets.filter { $0.status == .missing }.map { .string($0.number) }),
      "returned": .array(sheets.filter { $0.status == .returned }.map { .string($0.number) }),
      "packs": .array(packs.map(RoundPage.json)),
      "blocks": .array(
        blocks.map { block in
          [
            "id": .string(block.id.afterSlash), "name": .string(block.name), "form": (block.form?.rawValue).json,
            "station": (block.reserved?.station).json, "reservedAt": (block.reserved?.at.text).json,
            "counts": Self.json(SheetCounts(block.sheets)),
          ]
        }),
    ]
  }

  private static func json(_ counts: SheetCounts) -> JSON {
    [
      "reserved": .integer(counts.reserved), "issued": .integer(counts.issued), "returned": .integer(counts.returned),
      "entered": .integer(counts[.entered]), "void": .integer(counts[.void]), "missing": .integer(counts[.missing]),
    ]
  }
}

/// The sheet that was just typed in, and what is still to do of it.
private struct DoneSheet {
  let sheet: Sheet
  private let entry: Sheet.Entry
  private let stay: Stay
  private let asksTriage: Bool

  init?(_ sheet: Sheet, _ reading: Reading, mayTriage: Bool) throws {
    guard let entry = sheet.entries.last(where: { !$0.isCancelled }), let stay = try reading.stay(entry.stay) else {
      return nil
    }
    (self.sheet, self.entry, self.stay) = (sheet, entry, stay)
    let isOpen = sheet.form == .arrival && stay.status == .admitted && mayTriage
    asksTriage = try isOpen && reading.emergencyVisit(ofStay: stay.id)?.triage == nil
  }

  /// Where the triage that is on the same sheet is typed in, at its hour; nil once it is, or where
  /// somebody else must.
  func triage(_ wording: Wording) -> String? {
    guard asksTriage else { return nil }
    let next = "/paper".asking(Fields([(name: "done", value: sheet.number)]))
    // A form shows minutes: the one that has begun would be before the arrival.
    return "/emergency/\(stay.id.afterSlash)/triage".asking(
      Fields([(name: "next", value: next), (name: "at", value: wording.hours.full(entry.at.adding(seconds: 59)))]))
  }

  func model(_ wording: Wording) -> [String: any Sendable] {
    let uuid = stay.id.afterSlash
    let model: [String: any Sendable] = [
      "sentence": wording("paper.done", ["sheet": sheet.number, "number": stay.number ?? "–"]),
      "stayHref": "/stays/\(uuid)", "labelsHref": "/patients/\((stay.patient ?? "").afterSlash)/labels?stay=\(uuid)",
    ]
    return model.adding("triageHref", triage(wording))
  }
}
