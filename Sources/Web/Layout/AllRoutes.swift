import Hummingbird

/// The routes of one page or of a few that belong together.
protocol Routes {
  static func add(to router: Router<PageContext>, _ app: WebApp)
}

/// Every file of routes, one line each.
private func addAll(to router: Router<PageContext>, _ app: WebApp) {
  AccountRoutes.add(to: router, app)
  AdmissionsRoutes.add(to: router, app)
  AllUnitsRoutes.add(to: router, app)
  AsideRoutes.add(to: router, app)
  AskedRoutes.add(to: router, app)
  AssetRoutes.add(to: router, app)
  AuditRoutes.add(to: router, app)
  AwaitedRoutes.add(to: router, app)
  BedActRoutes.add(to: router, app)
  BedBoardRoutes.add(to: router, app)
  BedRequestRoutes.add(to: router, app)
  BedRoutes.add(to: router, app)
  BirthRoutes.add(to: router, app)
  CareRoutes.add(to: router, app)
  CarrierRoutes.add(to: router, app)
  CensusRoutes.add(to: router, app)
  ChoiceRoutes.add(to: router, app)
  CodingRoutes.add(to: router, app)
  ConflictRoutes.add(to: router, app)
  CoverageRoutes.add(to: router, app)
  ToConfirmRoutes.add(to: router, app)
  DeathRoutes.add(to: router, app)
  DischargeRoutes.add(to: router, app)
  EditRoutes.add(to: router, app)
  EmergencyActRoutes.add(to: router, app)
  AnnouncementRoutes.add(to: router, app)
  OrientationRoutes.add(to: router, app)
  EmergencyRoutes.add(to: router, app)
  EnquiryRoutes.add(to: router, app)
  EnvelopeRoutes.add(to: router, app)
  ExchangeRoutes.add(to: router, app)
  SendAgainRoutes.add(to: router, app)
  ExpectedDischargeRoutes.add(to: router, app)
  ExpectedRoutes.add(to: router, app)
  FHIRRoutes.add(to: router, app)
  FHIRTokenRoutes.add(to: router, app)
  FirstUseRoutes.add(to: router, app)
  FlowRoutes.add(to: router, app)
  GlassRoutes.add(to: router, app)
  HandbackFileRoutes.add(to: router, app)
  HandbackMessageRoutes.add(to: router, app)
  HandbackRoutes.add(to: router, app)
  HomeRoutes.add(to: router, app)
  KnownRoutes.add(to: router, app)
  LabelRoutes.add(to: router, app)
  LeaveRoutes.add(to: router, app)
  LinkRoutes.add(to: router, app)
  LiveRoutes.add(to: router, app)
  MergeRoutes.add(to: router, app)
  ModeRoutes.add(to: router, app)
  ReturnRoutes.add(to: router, app)
  MovementRoutes.add(to: router, app)
  NewAccountRoutes.add(to: router, app)
  NewBedRequestRoutes.add(to: router, app)
  NewBedRoutes.add(to: router, app)
  NewRoutes.add(to: router, app)
  NoticeRoutes.add(to: router, app)
  OpenAPIRoutes.add(to: router, app)
  OwnAccountRoutes.add(to: router, app)
  PaperRoutes.add(to: router, app)
  PartRoutes.add(to: router, app)
  PartnerRoutes.add(to: router, app)
  PatientRoutes.add(to: router, app)
  PatientTransferRoutes.add(to: router, app)
  ReentryRoutes.add(to: router, app)
  SendRoutes.add(to: router, app)
  RoundRoutes.add(to: router, app)
  RPURoutes.add(to: router, app)
  SignInRoutes.add(to: router, app)
  SituationRoutes.add(to: router, app)
  StaffRoutes.add(to: router, app)
  StatusRoutes.add(to: router, app)
  StayRoutes.add(to: router, app)
  TransferRoutes.add(to: router, app)
  UnitRoutes.add(to: router, app)
  UnknownRoutes.add(to: router, app)
  VaultRoutes.add(to: router, app)
  WelcomeRoutes.add(to: router, app)
  WristbandRoutes.add(to: router, app)
}

extension WebApp {
  /// The whole site: what every request passes, then every page.
  public func router() -> Router<PageContext> {
    let router = Router(context: PageContext.self, options: [.autoGenerateHeadEndpoints])
    router.add(middleware: EveryRequest(app: self))
    addAll(to: router, self)
    refuseOtherMethods(router)
    return router
  }

  /// The router alone would say that the page does not exist.
  private func refuseOtherMethods(_ router: Router<PageContext>) {
    let all: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]
    for routes in Dictionary(grouping: router.routes, by: \.path.description).values {
      var known = routes.map(\.method)
      if known.contains(.get) { known.append(.head) }
      let allow = all.filter(known.contains).map(\.rawValue).joined(separator: ", ")
      for method in all where !known.contains(method) {
        router.on(routes[0].path, method: method) { _, _ -> Response in
          throw Problem(.methodNotAllowed, allow: allow)
        }
      }
    }
  }
}
