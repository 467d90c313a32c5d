import Hospital
import Hummingbird
import Ledger
import Register

/// A sheet for each unit, printed, walked with and typed in, or a pack's list on which people wrote; what is missing is counted.
enum RoundRoutes: Routes {
  private static let counted = [
    Field("bed", .list(.uuid), required: true, "Every bed of the sheet"),
    Field("differs", .list(.uuid), "Those that were not as written; all others were seen"),
    Field("by", "Who walked"), .at,
  ]

  static let operations: [Operation] = [
    .get(
      "/rounds", "Recounts: which sheets are back, and which are missing",
      answer: .json(.object([Field("rounds", .list(.object(RoundPage.fields)), required: true)]))),
    .post(
      "/rounds", "Starts a recount of every unit that has beds, or of some; or counts a pack's lists",
      fields: [
        Field("units", .list(.text())),
        Field("list", "The number on a pack's list that came back: all of that pack are counted, no recount begins"),
      ]),
    .get("/rounds/{id}/print", "The sheets, one for each unit", query: [Field("unit", "Its code; all where absent")]),
    .get("/rounds/sheet", "The sheet of a number", query: [Field("number", required: true)]),
    .get("/rounds/{id}/units/{code}", "What a unit's sheet says, to be typed in"),
    .post("/rounds/{id}/units/{code}", "A unit's sheet is back", fields: counted),
    .post("/rounds/{id}/end", "Ends a recount, with the sheets that are missing"),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/rounds") { request, context in
      try app.require(.bedState, request, context)
      if app.wantsJSON(request) {
        return app.json(["rounds": .array(try app.register.read { try $0.rounds() }.map(RoundPage.json))])
      }
      return app.html(try RoundPage(app, context).page(Filling(hidden: app.hidden(context))), request, context)
    }
    router.post("/rounds") { request, context in
      let form = try await app.form(request, context)
      try app.require(form["list"] == nil ? .bedState : .admit, request, context)
      return try await app.answer(form, request, context) {
        if let number = form["list"] { return try app.lists(of: number) }
        let chosen = form.all("units")
        return StartRound(units: try chosen.isEmpty ? app.unitsWithBeds() : chosen)
      } next: { _ in
        guard let list = form["list"] else { return "/rounds" }
        // The list in hand is what the next page is about, for whoever may type it in.
        return app.allows(.bedState, context) ? "/paper/find".asking(Fields([("number", list)])) : "/paper"
      } again: { filling in
        try RoundPage(app, context).page(filling)
      }
    }
    router.get("/rounds/sheet") { request, context in
      try app.require(.bedState, request, context)
      let found = try app.register.read { try $0.paper(request.query["number"] ?? "") }
      if let address = PaperRoutes.address(of: found, mayEnter: false) { return app.redirect(address) }
      var filling = Filling(hidden: app.hidden(context))
      filling.problem = app.wording(context)("round.no-sheet")
      return app.html(try RoundPage(app, context).page(filling), request, context)
    }
    router.get("/rounds/:id/print") { request, context in
      let session = try app.require(.read, request, context)
      let round = try app.round(context)
      let units = request.query["unit"].map { [$0] } ?? round.units
      return app.html(try RoundSheets(round, units, app, session, context).page, request, context)
    }
    router.get("/rounds/:id/units/:code") { request, context in
      let page = try RoundUnitPage(app, request, context)
      return app.html(page.page(Filling(hidden: app.hidden(context))), request, context)
    }
    router.post("/rounds/:id/units/:code") { request, context in
      let form = try await app.form(request, context)
      let page = try RoundUnitPage(app, request, context)
      let wording = app.wording(context)
      return try await app.answer(form, request, context) {
        CountUnit(
          round: page.round, unit: page.code, beds: form.all("bed").map { "bed/\($0)" },
          differs: form.all("differs").map { "bed/\($0)" }, by: form["by"], at: try wording.hour(form))
      } next: { _ in
        form.all("differs").isEmpty ? "/rounds" : address(page.round, page.code)
      } again: { filling in
        page.page(filling)
      }
    }
    router.post("/rounds/:id/end") { request, context in
      let form = try await app.form(request, context)
      try app.require(.bedState, request, context)
      let round = try app.round(context)
      return try await app.answer(form, request, context) {
        EndRound(round: round)
      } next: { _ in
        "/rounds"
      } again: { filling in
        try RoundPage(app, context).page(filling)
      }
    }
  }

  static func address(_ round: Round, _ unit: String) -> String {
    "/rounds/\(round.id.afterSlash)/units/\(pathSafe(unit))"
  }
}

extension WebApp {
  /// - Throws: `Problem` 404.
  func round(_ context: PageContext) throws -> Round {
    let id = "round/\(try context.uuid())"
    guard let round = try register.read({ try $0.round(id) }) else { throw Problem.notFound }
    return round
  }

  /// All lists of the pack that this one is of.
  /// - Throws: `Refusal` `list-unknown`.
  fileprivate func lists(of number: String) throws -> StartRound {
    let (pack, unit): (String, String)
    switch try register.read({ try $0.paper(number) }) {
    case .list(let one, let code): (pack, unit) = (one, code)
    case .round(let round, let code) where round.pack != nil: (pack, unit) = (round.pack ?? "", code)
    default: throw Refusal("list-unknown", field: "list")
    }
    let now = environment.now()
    let codes = try register.read { [SheetNumber.emergency] + (try $0.board(at: now).units.map(\.code)) }
    return StartRound(units: codes.contains(unit) ? codes : codes + [unit], pack: pack)
  }

  fileprivate func unitsWithBeds() throws -> [String] {
    let now = environment.now()
    return try register.read { try $0.figures(at: now) }.filter { $0.beds > 0 }.map(\.code)
  }
}
