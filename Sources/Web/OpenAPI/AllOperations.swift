extension Operation {
  /// What every file of routes contributes, one line each.
  static let all: [Operation] = [
    AccountRoutes.operations,
    AuditRoutes.operations,
    EnvelopeRoutes.operations,
    FirstUseRoutes.operations,
    GlassRoutes.operations,
    HomeRoutes.operations,
    LiveRoutes.operations,
    ModeRoutes.operations,
    NewAccountRoutes.operations,
    OpenAPIRoutes.operations,
    OwnAccountRoutes.operations,
    SignInRoutes.operations,
    StaffRoutes.operations,
    WelcomeRoutes.operations,
  ].flatMap(\.self)
}
