import Hummingbird

/// The routes of one page or of a few that belong together.
protocol Routes {
  static func add(to router: Router<PageContext>, _ app: WebApp)
}

/// Every file of routes, one line each.
private func addAll(to router: Router<PageContext>, _ app: WebApp) {
  AssetRoutes.add(to: router, app)
  ChoiceRoutes.add(to: router, app)
  LiveRoutes.add(to: router, app)
  OpenAPIRoutes.add(to: router, app)
}

extension WebApp {
  /// The whole site: what every request passes, then every page.
  public func router() -> Router<PageContext> {
    let router = Router(context: PageContext.self, options: [.autoGenerateHeadEndpoints])
    router.add(middleware: EveryRequest(app: self))
    addAll(to: router, self)
    return router
  }
}
