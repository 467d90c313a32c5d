import Hospital
import Hummingbird
import Ledger
import Register

/// Each act on a place: a page that repeats name, birth date and bed, and what becomes of it.
enum BedActRoutes: Routes {
  static let operations: [Operation] = BedAct.allCases.flatMap { act -> [Operation] in
    let path = "/beds/{id}/\(act.rawValue)"
    let id = Field("id", .uuid)
    let stay = Field("stay", .uuid, "Whom the page that led here spoke of")
    return [
      .get(path, "The form of \(act.rawValue)", query: act.concernsPatient ? [id, stay] : [id]),
      .post(path, "Does \(act.rawValue) with this place, or with who lies there", query: [id], fields: act.fields),
    ]
  }

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    for act in BedAct.allCases {
      router.get("/beds/:id/\(act.rawValue)") { request, context -> Response in
        try app.require(.read, request, context)
        let reading = try app.bed(context)
        let filling = Filling(hidden: app.hidden(context))
        let page = BedActPage(act, reading, app, context, filling, query: request.query)
        return try page.answer(request, stay: request.query["stay"])
      }
      router.post("/beds/:id/\(act.rawValue)") { request, context -> Response in
        let form = try await app.form(request, context)
        try app.require(.read, request, context)
        return try await perform(act, form, request, context, app)
      }
    }
  }

  private static func perform(
    _ act: BedAct, _ form: Form, _ request: Request, _ context: PageContext, _ app: WebApp
  ) async throws -> Response {
    let reading = try app.bed(context)
    if act.concernsPatient {
      try app.openLying(form["stay"].flatMap(reading.lying)?.patient, in: reading.bed.unit, request, context)
    }
    do {
      let at = try TypedTime(app.hours, now: app.environment.now()).read(form["at"])
      var command = try act.command(reading.bed.id, stay: "stay/\(form["stay"] ?? "")", at: at, form)
      if act.concernsPatient {
        guard let stay = form["stay"] else { throw Refusal("bed-which-patient", field: "stay") }
        command = StillThere(bed: reading.bed.id, stay: "stay/\(stay)", command)
      }
      switch try await app.act(form, context, command: command) {
      case .done(let receipt):
        if app.wantsJSON(request) { return app.json(receipt, context) }
        return app.redirect(next(act, reading, form, receipt))
      case .refused(let refusal, _, _): throw refusal
      }
    } catch let refusal as Refusal {
      let message = app.sentence(refusal, context.language)
      // What the command calls the bed is the target that the form asks for.
      let field = refusal.field.map { $0 == "bed" && act == .move ? "target" : $0 }
      if app.wantsJSON(request) { return app.json(refused: refusal, message: message, field: field, context) }
      let isShown = act.fields.contains { $0.name == field && $0.name != "stay" }
      let filling = Filling(form, message: message, field: isShown ? field : nil)
      return try BedActPage(act, reading, app, context, filling, query: form.fields)
        .answer(request, stay: form["stay"], status: .unprocessableContent)
    }
  }

  private static func next(_ act: BedAct, _ reading: BedReading, _ form: Form, _ receipt: Receipt) -> String {
    if let next = form["next"] { return next.asLocalAddress }
    let bed: String =
      switch act {
      case .remove: ""
      case .move: "/\(form["target"] ?? "")"
      default: "/\(reading.uuid)"
      }
    return act == .remove ? "/beds\(bed)" : receipt.telling("/beds\(bed)")
  }
}
