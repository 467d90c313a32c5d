import Hospital
import Hummingbird
import Ledger
import Register

/// Paper: what is out, what is back, what is missing; and by a sheet's number, the form that it is typed into.
enum PaperRoutes: Routes {
  private static let number = Field(
    "number", "Of a sheet, as typed or scanned; a serial alone where one block has it open")
  private static let acts = SheetAct.allCases.map(\.rawValue)

  static let operations: [Operation] = [
    .get(
      "/paper", "Sheets by state: issued, back, typed in, void, missing",
      query: [
        Field("done", "The sheet that was just typed in"), Field("counted", "The sheet that was just counted in"),
        Field("list", "A list of a pack of which nobody counts any yet"),
      ],
      answer: .json(.any)),
    .post(
      "/paper", "Numbers blank sheets, each with an IPP and a stay number of this station's own",
      fields: [
        Field("form", .choice(SheetForm.allCases.map(\.rawValue)), required: true),
        Field("count", .integer(min: 1, max: SheetBlock.countMax), required: true),
      ]),
    .get(
      "/paper/find", "Where a number on paper leads: a form, a sheet, a recount",
      query: [number, Field("next", "What counts where no number is typed")]),
    .post("/paper/find", "The sheet is back, to be typed in later", fields: [number]),
    .get("/paper/sheets/{number}", "What became of one sheet", answer: .json(.any)),
    .post(
      "/paper/sheets/{number}", "Whoever is written on it was admitted without it; or it is not that stay's",
      fields: [
        Field("stayNumber", "Of their stay"), Field("notStay", .uuid, "Of a stay that it was matched with by mistake"),
      ]),
    .get("/paper/blocks/{id}", "Every sheet of a block", answer: .json(.any)),
    .get("/paper/blocks/{id}/forms", "A block that a person reserved as a file to print", answer: .media("text/html")),
    .post(
      "/paper/blocks/{id}", "Says of some sheets of a block what became of them",
      fields: [
        Field("act", .choice(acts), required: true), Field("first", required: true, "A serial"),
        Field("last", "A serial; the first alone where it is absent"),
        Field("note", "To whom they were issued; why they are void, which a lost one needs"),
      ]),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/paper") { request, context in
      try app.require(.read, request, context)
      let page = try PaperPage(app, context, request.query, warnings: app.warned(request, app.wording(context)))
      if app.wantsJSON(request) { return app.json(page.json) }
      return app.html(page.page(Filling(hidden: app.hidden(context))), request, context)
    }
    router.post("/paper") { request, context in
      let form = try await app.form(request, context)
      return try await app.answer(form, request, context) {
        guard let kind = form["form"].flatMap(SheetForm.init(rawValue:)) else {
          throw Refusal("sheets-form", field: "form")
        }
        return ReserveSheets(form: kind, count: form["count"].flatMap { Int($0) } ?? 0)
      } next: { receipt in
        receipt.subject("sheets").map { "/paper/blocks/\($0.afterSlash)" } ?? "/paper"
      } again: { filling in
        try PaperPage(app, context, Fields()).page(filling)
      }
    }
    router.get("/paper/find") { request, context in
      try app.require(.read, request, context)
      let typed =
        [request.query["number"], request.query["next"]].lazy.compactMap { $0?.trimmed }.first { !$0.isEmpty } ?? ""
      let found = try app.register.read { try $0.paper(typed) }
      let mayOpen = if case .round = found { app.allows(.bedState, context) } else { true }
      if mayOpen, let address = address(of: found, mayEnter: app.allows(.admit, context)) {
        return app.redirect(address)
      }
      let filling = notFound(found, typed, Filling(hidden: app.hidden(context)), app, context)
      return app.html(try PaperPage(app, context, Fields()).page(filling), request, context)
    }
    router.post("/paper/find") { request, context in
      let form = try await app.form(request, context)
      let typed = form["number"] ?? ""
      let found = try app.register.read { try $0.paper(typed) }
      let (command, number): (any Command, String)
      switch found {
      case .sheet(let sheet): (command, number) = (ReturnSheets(SheetRange(sheet)), sheet.number)
      case .round(let round, let unit) where round.isOpen:
        (command, number) = (ReturnUnitSheet(round: round, unit: unit), round.sheet(unit))
      default:
        if let address = address(of: found, mayEnter: false) { return app.redirect(address) }
        let filling = notFound(found, typed, Filling(form), app, context)
        return app.html(try PaperPage(app, context, Fields()).page(filling), request, context)
      }
      return try await app.answer(form, request, context) {
        command
      } next: { _ in
        "/paper".asking(Fields([("counted", number)]))
      } again: { filling in
        try PaperPage(app, context, Fields()).page(filling)
      }
    }
    addSheets(to: router, app)
    addBlocks(to: router, app)
  }

  private static func addSheets(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/paper/sheets/:number") { request, context in
      try app.require(.read, request, context)
      let page = try SheetPage(app, context)
      if app.wantsJSON(request) { return app.json(page.json) }
      return app.html(page.page(Filling(hidden: app.hidden(context))), request, context)
    }
    router.post("/paper/sheets/:number") { request, context in
      let form = try await app.form(request, context)
      let sheet = try SheetPage(app, context).sheet
      return try await app.answer(form, request, context) {
        if let other = form["notStay"] {
          return PartSheet(block: sheet.block, serial: sheet.serial, stay: "stay/\(other)")
        }
        return MatchSheet(block: sheet.block, serial: sheet.serial, stayNumber: form["stayNumber"] ?? "")
      } next: { receipt in
        afterEntry(receipt) ?? address(sheet.number)
      } again: { filling in
        try SheetPage(app, context).page(filling)
      }
    }
  }

  private static func addBlocks(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/paper/blocks/:id") { request, context in
      try app.require(.read, request, context)
      let page = try BlockPage(app, context)
      if app.wantsJSON(request) { return app.json(page.json) }
      return app.html(page.page(Filling(hidden: app.hidden(context))), request, context)
    }
    router.get("/paper/blocks/:id/forms") { request, context in
      try app.require(.admit, request, context)
      let block = try BlockPage(app, context).block
      // Others are in a pack, or on a desk: two stacks with the same numbers would make one of two people.
      guard block.isToPrint else { throw Problem.notFound }
      let pack = try Pack(
        app.register, id: "", emergency: app.emergencySettings, language: context.language, at: app.environment.now(),
        texts: app.texts, templates: app.templates)
      let forms = pack.forms(block)
      // Opened from the disk: no page of this station has a style of its own.
      var response = app.answer(Array(forms.html.utf8), "text/html; charset=utf-8", .ok)
      response.headers[.contentDisposition] = "attachment; filename=\"\(forms.name).html\""
      return response
    }
    router.post("/paper/blocks/:id") { request, context in
      let form = try await app.form(request, context)
      let block = "sheets/\(try context.uuid())"
      return try await app.answer(form, request, context) {
        guard let act = form["act"].flatMap(SheetAct.init(rawValue:)) else {
          throw Refusal("sheets-act", field: "act")
        }
        return act.command(try range(form, of: block), note: form["note"])
      } next: { _ in
        form["next"]?.asLocalAddress ?? "/paper/blocks/\(block.afterSlash)"
      } again: { filling in
        try BlockPage(app, context).page(filling)
      }
    }
  }

  /// Serials as people write them: `7`, `007`, or the whole number of the sheet.
  private static func range(_ form: Form, of block: String) throws(Refusal) -> SheetRange {
    func serial(_ name: String) throws(Refusal) -> Int? {
      guard let typed = form[name] else { return nil }
      let (number, own) = (SheetNumber.read(typed), SheetNumber.text(block, ""))
      // A sheet of another block is not this one's of the same serial.
      guard let serial = Int(number.hasPrefix(own) ? String(number.dropFirst(own.count)) : number) else {
        throw Refusal("sheet-unknown", field: name)
      }
      return serial
    }
    guard let first = try serial("first") else { throw Refusal("sheet-unknown", field: "first") }
    return SheetRange(block: block, first: first, last: try serial("last") ?? first)
  }

  /// nil where the number leads nowhere.
  static func address(of found: PaperFound, mayEnter: Bool) -> String? {
    switch found {
    case .sheet(let sheet):
      let isOpen = mayEnter && sheet.status != .entered && sheet.status != .void
      return isOpen ? entering(sheet) : address(sheet.number)
    case .round(let round, let unit): return RoundRoutes.address(round, unit)
    case .list(let pack, let unit): return "/paper".asking(Fields([("list", SheetNumber.text(pack, unit))]))
    case .several, .nothing: return nil
    }
  }

  /// Says why the number leads nowhere here.
  private static func notFound(
    _ found: PaperFound, _ typed: String, _ filling: Filling, _ app: WebApp, _ context: PageContext
  ) -> Filling {
    var filling = filling
    let key =
      switch found {
      case .several: "paper.several"
      case .round: "paper.theirs"
      case .nothing where SheetNumber.isToRead(SheetNumber.read(typed)): "paper.to-read"
      default: "paper.nothing"
      }
    filling.problem = app.wording(context)(key, ["number": String(typed.prefix(40))])
    return filling
  }

  /// Where a sheet is typed in: the search that every admission begins with.
  static func entering(_ sheet: Sheet) -> String {
    let kind = sheet.form.stayClass.map { [(name: "stayClass", value: $0.rawValue)] } ?? []
    return "/admissions".asking(Fields([(name: "sheet", value: sheet.number)] + kind))
  }

  static func address(_ number: String) -> String { "/paper/sheets/\(pathSafe(number))" }

  /// Where one goes on after a sheet was typed in; nil where the admission was none of a sheet.
  static func afterEntry(_ receipt: Receipt) -> String? {
    guard let fact = receipt.facts.first(where: { $0.kind == "sheets.entered" }),
      let serial = fact.data["serial"]?.integer
    else { return nil }
    return receipt.telling("/paper".asking(Fields([("done", Sheet.number(fact.subject, serial))])))
  }
}

/// What people say of sheets that they hold, or look for.
enum SheetAct: String, CaseIterable {
  case issued, returned, spoilt, unused, lost

  func command(_ range: SheetRange, note: String?) -> any Command {
    switch self {
    case .issued: IssueSheets(range, to: note ?? "")
    case .returned: ReturnSheets(range)
    case .spoilt: VoidSheets(range, why: .spoilt, note: note)
    case .unused: VoidSheets(range, why: .unused, note: note)
    case .lost: VoidSheets(range, why: .lost, note: note)
    }
  }
}
