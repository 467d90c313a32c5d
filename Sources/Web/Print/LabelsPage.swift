import Ledger

/// Labels as they will lie on the sheet, and the ways to print them.
struct LabelsPage {
  let sheet: PaperFile
  let asked: Fields
  let hidden: String
  let settings: PrintSettings
  var done: String?
  var problem: String?

  init(_ sheet: PaperFile, _ asked: Fields, hidden: String, _ settings: PrintSettings) {
    self.sheet = sheet
    self.asked = asked
    self.hidden = hidden
    self.settings = settings
  }

  var page: Page {
    let wording = sheet.wording
    let paper = settings.sheet(asked["sheet"])
    let (start, count) = (asked.count("start", 1), asked.count("count", LabelRoutes.usualCount))
    let offset = (x: asked.millimetres("dx"), y: asked.millimetres("dy"))
    var problem = problem
    var pages = ""
    do {
      pages = try sheet.drawing(settings.label).pages(on: paper, start: start, count: count, offset: offset).joined()
    } catch {
      problem = problem ?? wording("labels.unprintable")
    }
    let stay = sheet.stay?.id.afterSlash
    let base = "\(sheet.file.address)/labels"
    let model: [String: any Sendable] = [
      "identity": sheet.file.identity.html(wording, link: sheet.file.address), "problem": problem ?? "",
      "hasProblem": problem != nil, "done": done ?? "", "isDone": done != nil,
      "sheets": settings.sheets.map { option($0.name, $0.name, $0.name == paper.name) },
      "stays": sheet.file.stays.map { one in
        option(one.id.afterSlash, StayLine(one, sheet.file.names, wording).option, one.id == sheet.stay?.id)
      },
      "hasStays": sheet.file.stays.count > 1, "start": String(start), "count": String(count), "copies": "1",
      "dx": short(offset.x), "dy": short(offset.y), "hidden": hidden,
      "stay": stay ?? "", "zplHref": "\(base)/zpl\(stay.map { "?stay=\($0)" } ?? "")",
      "wristbandHref": "\(sheet.file.address)/wristband", "pages": pages, "print": asked["print"] != nil,
      "printers": settings.printers.map { ["name": $0.name] }, "hasPrinters": !settings.printers.isEmpty,
    ]
    return Page("labels", title: wording("labels.title"), model: model, nav: .admissions)
  }
}

/// One option of a choice.
func option(_ value: String, _ text: String, _ isSelected: Bool) -> [String: any Sendable] {
  ["value": value, "text": text, "selected": isSelected]
}
