import Hummingbird

/// What changed, for every open page: subjects and units, never what they say.
enum LiveRoutes: Routes {
  static let operations: [Operation] = [
    .get("/live", "What changed, as subjects and units", answer: .events)
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/live") { request, context -> Response in
      // A redirect to a page would be read as a stream: a program is told plainly.
      guard let token = context.sessionToken, context.session != nil else { throw Problem(.unauthorized) }
      let isWelcome = app.sessions.isWelcome(token)
      return Response.events(app.pages.listen(after: request.lastEventID, while: isWelcome))
    }
  }
}
