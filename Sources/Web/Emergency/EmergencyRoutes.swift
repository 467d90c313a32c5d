import Hospital
import Hummingbird
import Ledger
import Register

/// Urgences: who is announced, who waits, who lies where, live. On a wall without names, which needs no sign-in.
enum EmergencyRoutes: Routes {
  static let operations: [Operation] = [
    .get(
      "/emergency", "Who is in emergency, by urgency, and who is announced",
      query: [
        Field("mur", .text(max: 0), "The version for a wall: no name, nothing to press; it alone needs no sign-in")
      ],
      answer: .json(
        .object([
          Field("at", .instant, required: true),
          Field("announced", .list(.object(EmergencyDocument.announcedFields)), required: true),
          Field("present", .list(.object(EmergencyDocument.rowFields)), required: true),
        ]))),
    .get(
      "/emergency/events", "Changes of the board as they happen: `unit` (HTML), `counts`, `reload`", answer: .events),
    .get("/emergency/{id}", "One visit: triage, what is awaited, orientation, history", answer: .json(.any)),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/emergency") { request, context -> Response in
      let version = try version(request, context, app)
      let page = try app.emergency.page(for: .init(version, context.language.rawValue))
      if app.wantsJSON(request) {
        return app.json(EmergencyDocument.json(page.units, version, at: app.environment.now()))
      }
      return app.html(board(page, version, app, context), request, context)
    }
    router.get("/emergency/events") { request, context -> Response in
      let version = try version(request, context, app)
      let audience = LiveEmergency.Audience(version, context.language.rawValue)
      var isWelcome: @Sendable () -> Bool = { true }
      if version == .staff {
        guard let token = context.sessionToken else { throw Problem(.unauthorized) }
        isWelcome = app.sessions.isWelcome(token)
      }
      guard let frames = app.emergency.listen(audience, after: request.lastEventID, while: isWelcome) else {
        throw Problem.notFound
      }
      return Response.events(frames)
    }
    router.get("/emergency/:id") { request, context -> Response in
      let file = try EmergencyFile.open(app, request, context, for: .read)
      let page = try app.register.read { try EmergencyPage(file, $0, app.warned(request, file.wording)) }
      if app.wantsJSON(request) { return app.json(EmergencyDocument.json(file)) }
      return app.html(page.page { app.allows($0, context) }, request, context)
    }
  }

  private static func version(_ request: Request, _ context: PageContext, _ app: WebApp) throws -> BoardVersion {
    if request.query["mur"] != nil { return .wall }
    try app.requireSession(request, context)
    return app.allows(.read, context) ? .staff : .wall
  }

  private static func board(
    _ page: LiveEmergency.Page, _ version: BoardVersion, _ app: WebApp, _ context: PageContext
  ) -> Page {
    let language = context.language
    let isWall = version == .wall
    let title = app.texts(isWall ? "emergency.wall.title" : "emergency.title", language)
    let words = EmergencyWords(app.texts, language, app.emergencySettings)
    let model: [String: any Sendable] = [
      "title": title, "counts": EmergencySheet.counts(of: page.units, words), "wall": isWall,
      "parts": page.html.joined(), "events": isWall ? "/emergency/events?mur" : "/emergency/events",
      "after": page.lastEventID, "hidden": isWall ? "" : app.hidden(context), "mayAdmit": app.allows(.admit, context),
      "maySendRPU": app.allows(.sendRPU, context),
    ]
    return Page(
      "emergency-board", title: title, model: model, nav: .emergency, look: isWall ? "wall" : nil)
  }
}
