import Feeds
import Hospital
import Hummingbird
import Register

/// The road of a file: what was registered here as a table, for a main system that reads one.
enum HandbackFileRoutes: Routes {
  private static let shape = [
    Field("separator", .choice([",", ";"])), Field("mark", .choice(["yes", "no"]), "Begins with the mark of UTF-8"),
  ]

  static let operations: [Operation] = [
    .get(
      "/handback.csv", "What goes back as a table (RFC 4180), to look at: nothing is noted", query: shape,
      answer: .media("text/csv")),
    .post(
      "/handback/csv", "The same, and notes that it goes back by this road: no other one tells it", fields: shape,
      answer: .media("text/csv")),
    .post("/handback/csv/reopen", "The file was not loaded: what no feed has confirmed is to be told again"),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/handback.csv") { request, context in
      try app.require(.declareMode, request, context)
      return app.answer(try app.file(), request.query)
    }
    router.post("/handback/csv") { request, context in
      let form = try await app.form(request, context)
      try app.require(.declareMode, request, context)
      let file = try app.file()
      for (place, note) in file.notes.enumerated() {
        let acted = try await app.act(note, key: place == 0 ? form.command : app.environment.newID(), context)
        // Somebody noted it meanwhile.
        if case .refused(let refusal, _, _) = acted, refusal.code != "reentry-done" { throw refusal }
      }
      try await HandbackLinking.linkAlike(file.subjects, app.register, app.environment)
      return app.answer(file, form.fields)
    }
    router.post("/handback/csv/reopen") { request, context in
      let form = try await app.form(request, context)
      try app.require(.declareMode, request, context)
      let items = try app.register.read { reading in
        try ReentryQueue(reading, at: app.environment.now(), isBrief: true).told
          .filter { told in told.confirmedAt == nil && told.state.entered.allSatisfy { $0.road == .csv } }.map(\.item)
      }
      guard case .done(let receipt) = try await app.act(form, context, command: ReopenReentry(items: items)) else {
        throw Problem(.conflict)
      }
      return app.wantsJSON(request) ? app.json(receipt, context) : app.redirect("/handback")
    }
  }
}

extension WebApp {
  fileprivate func file() throws -> ReentryFile {
    let hours = hours
    return try register.read { try ReentryFile($0, at: environment.now(), hour: { hours.iso($0) }) }
  }

  fileprivate func answer(_ file: ReentryFile, _ asked: Fields) -> Response {
    let text = file.text(separator: asked["separator"] == ";" ? ";" : ",", isMarked: asked["mark"] != "no")
    return spreadsheet(text, "reprise.csv")
  }
}
