import Hospital
import Hummingbird

/// When somebody is expected to leave, for whoever looks for a bed.
enum ExpectedDischargeRoutes: Routes {
  static let operations: [Operation] = [
    .get("/stays/{id}/expected-discharge", "The form of an expected discharge"),
    .post(
      "/stays/{id}/expected-discharge", "Says when somebody is expected to leave; nothing takes it back",
      fields: [Field("expected", "An hour to come; absent where they are not expected to leave any more")]),
  ]

  private static let expected = StayAct("expected-discharge", .discharge) { file, make in
    let known = file.stay.expectedDischargeAt.map(make.wording.time)
    return [make.field("expected", proposed: known, focus: true)]
  } command: { stay, form, wording throws(Refusal) in
    ExpectDischarge(stay: stay, at: try wording.hourToCome(form, "expected"))
  }

  static func add(to router: Router<PageContext>, _ app: WebApp) { expected.add(to: router, app) }
}
