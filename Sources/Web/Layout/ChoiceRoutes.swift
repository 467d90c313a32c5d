import Hummingbird

/// Language and looks: choices that change nothing but what one browser shows.
enum ChoiceRoutes: Routes {
  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/language") { request, context in
      choose("language", request.query["set"].flatMap(Language.init)?.rawValue, request, app)
    }
    router.get("/theme") { request, context in
      choose("theme", request.query["set"].flatMap(Theme.init)?.rawValue, request, app)
    }
  }

  private static func choose(_ name: String, _ value: String?, _ request: Request, _ app: WebApp) -> Response {
    var response = app.redirect((request.query["next"] ?? "/").asLocalAddress)
    if let value { response.headers[.setCookie] = app.choiceCookie(name, value) }
    return response
  }
}
