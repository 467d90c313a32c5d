import Hospital
import Hummingbird
import Ledger

/// How patients went through emergency, hour by hour, for the crisis room and afterwards. It names nobody: whoever is
/// signed in may look.
enum FlowRoutes: Routes {
  private static let span = [
    Field("span", .choice(FlowSpan.Usual.allCases.map(\.rawValue)), "The last day when nothing is asked"),
    Field("from", "As people type hours, or an instant"), Field("to", "Likewise; now when absent"),
  ]

  static let operations: [Operation] = [
    .get(
      "/emergency/flow", "Arrivals, waits, lengths of stay, orientations and transfers by the hour", query: span,
      answer: .json(.object(FlowFigures.fields))),
    .get(
      "/emergency/flow.csv", "One table of the same, separated by semicolons; minutes",
      query: [Field("table", .choice(FlowFigures.Part.allCases.map(\.rawValue)), required: true)] + span,
      answer: .media("text/csv")),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/emergency/flow") { request, context -> Response in
      try app.requireSession(request, context)
      let wording = app.wording(context)
      if app.wantsJSON(request) { return app.json(try figures(request, app, wording).json) }
      do {
        return app.html(FlowPage(figures: try figures(request, app, wording)).page, request, context)
      } catch let problem as Problem where problem.status == .badRequest {
        // The last day is shown, with what was typed and what is wrong with it.
        let day = try FlowFigures(FlowSpan(.day, wording.hours, now: wording.now), app, wording)
        let sentence = problem.sentence(app.texts, context.language)
        return app.html(FlowPage(figures: day, problem: sentence, typed: request.query).page, request, context)
      }
    }
    router.get("/emergency/flow.csv") { request, context -> Response in
      try app.requireSession(request, context)
      guard let part = request.query["table"].flatMap(FlowFigures.Part.init(rawValue:)) else { throw Problem.notFound }
      let csv = try figures(request, app, app.wording(context)).csv(part)
      return app.spreadsheet(csv, "flow-\(part.rawValue).csv")
    }
  }

  private static func figures(_ request: Request, _ app: WebApp, _ wording: Wording) throws -> FlowFigures {
    let span: FlowSpan
    do throws(Refusal) { span = try FlowSpan(request.query, wording.hours, now: wording.now) } catch {
      throw Problem(.badRequest, "refusal.\(error.code)", error.arguments)
    }
    return try FlowFigures(span, app, wording)
  }
}
