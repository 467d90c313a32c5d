extension Operation {
  /// What every file of routes contributes, one line each.
  static let all: [Operation] = [
    AccountRoutes.operations,
    AuditRoutes.operations,
    DischargeRoutes.operations,
    EnvelopeRoutes.operations,
    FirstUseRoutes.operations,
    GlassRoutes.operations,
    HomeRoutes.operations,
    LabelRoutes.operations,
    LeaveRoutes.operations,
    LiveRoutes.operations,
    ModeRoutes.operations,
    MovementRoutes.operations,
    NewAccountRoutes.operations,
    OpenAPIRoutes.operations,
    OwnAccountRoutes.operations,
    PatientRoutes.operations,
    SignInRoutes.operations,
    StaffRoutes.operations,
    StayRoutes.operations,
    TransferRoutes.operations,
    WelcomeRoutes.operations,
    WristbandRoutes.operations,
  ].flatMap(\.self)
}
