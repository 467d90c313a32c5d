import Hospital
import Ledger
import Register

/// One sheet: its numbers, who had it, what it became; and what can be said of it.
struct SheetPage {
  let sheet: Sheet
  private let stays: [Stay]
  private let names: Names
  private let wording: Wording
  private let mayAct: Bool

  /// - Throws: `Problem` 404.
  init(_ app: WebApp, _ context: PageContext) throws {
    let number = try context.parameter("number")
    let wording = app.wording(context)
    let found = try app.register.read { reading -> (Sheet, [Stay], Names)? in
      guard let sheet = try reading.sheet(number) else { return nil }
      let said = sheet.entries.map(\.said) + [sheet.issued, sheet.returned, sheet.voided?.said].compactMap(\.self)
      return (
        sheet, try sheet.entries.compactMap { try reading.stay($0.stay) },
        try reading.names(of: said.map(\.author), wording)
      )
    }
    guard let found else { throw Problem.notFound }
    (sheet, stays, names) = found
    self.wording = wording
    mayAct = app.allows(.admit, context)
  }

  func page(_ filling: Filling) -> Page {
    let problems = filling.problems
    let isOpen = sheet.status != .entered
    let model: [String: any Sendable] = [
      "number": sheet.number, "problems": problems, "hidden": filling.hidden, "mayAct": mayAct,
      "form": wording("paper.form.\(sheet.form.rawValue)"), "status": wording("paper.status.\(sheet.status.rawValue)"),
      "means": sheet.status.means, "ipp": sheet.ipp ?? wording("paper.no-number"),
      "stayNumber": sheet.stayNumber ?? wording("paper.no-number"), "said": said, "entries": entries,
      "isTwice": sheet.isTwice, "isOpen": isOpen, "enterHref": PaperRoutes.entering(sheet),
      "blockHref": "/paper/blocks/\(sheet.block.afterSlash)", "serial": String(sheet.serial),
      "mayReturn": isOpen && sheet.status != .returned, "self": PaperRoutes.address(sheet.number),
      "copyHref": "/admissions".asking(
        Fields(sheet.form.stayClass.map { [(name: "stayClass", value: $0.rawValue)] } ?? [])),
      "typed": filling.value("stayNumber", proposed: nil),
    ]
    return Page(
      "paper-sheet", title: "\(wording("paper.sheet")) \(sheet.number)", model: model,
      status: filling.status, nav: .admissions)
  }

  /// What was said of it, in words.
  private var said: [[String: any Sendable]] {
    func line(_ key: String, _ said: Attribution?, _ more: String?) -> [String: any Sendable]? {
      said.map { said in
        let words = [more, names.account(said.author), names.station(said.station)].compactMap(\.self)
        return [
          "label": wording("paper.said.\(key)"), "when": wording.when(said.at), "who": words.joined(separator: " · "),
        ]
      }
    }
    let void = sheet.voided.map { voided in
      [wording("paper.act.\(voided.why.rawValue)"), voided.note].compactMap(\.self).joined(separator: ": ")
    }
    return [
      line("issued", sheet.issued, sheet.to), line("returned", sheet.returned, nil),
      line("void", sheet.voided?.said, void),
    ].compactMap(\.self)
  }

  private var entries: [[String: any Sendable]] {
    sheet.entries.map { entry in
      let stay = stays.first { $0.id == entry.stay }
      let said = [
        "time": wording.time(entry.said.at), "who": names.account(entry.said.author),
        "station": names.station(entry.said.station),
      ]
      return [
        "href": "/stays/\(entry.stay.afterSlash)", "number": stay?.number ?? "–", "at": wording.when(entry.at),
        "said": wording("paper.entered-by", said), "isCancelled": entry.isCancelled,
        "mayPart": mayAct && sheet.isApart(from: stay), "stay": entry.stay.afterSlash,
      ]
    }
  }

  var json: JSON { sheet.json }
}

extension Sheet {
  var json: JSON {
    [
      "number": .string(number), "form": .string(form.rawValue), "status": .string(status.rawValue), "ipp": ipp.json,
      "stayNumber": stayNumber.json, "to": to.json, "voided": (voided?.why.rawValue).json,
      "entries": .array(
        entries.map { entry in
          [
            "stay": .string(entry.stay.afterSlash), "at": .string(entry.at.text),
            "enteredAt": .string(entry.said.at.text), "station": .string(entry.said.station),
            "isCancelled": .bool(entry.isCancelled),
          ]
        }),
    ]
  }
}

extension Sheet.Status {
  /// Of a tag; plain where there is nothing to say.
  var means: String {
    switch self {
    case .missing: "alert"
    case .returned: "waiting"
    case .entered: "fine"
    case .blank, .void: ""
    }
  }
}
