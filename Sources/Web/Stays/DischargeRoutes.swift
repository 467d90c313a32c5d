import Hospital
import Hummingbird

/// The end of a stay. Death has its own form, on the patient's page.
enum DischargeRoutes: Routes {
  static let operations: [Operation] = [
    .get("/stays/{id}/discharge", "The form that ends a stay"),
    .post(
      "/stays/{id}/discharge", "Ends a stay; its bed is then to be cleaned",
      fields: [
        Field("exitMode", .choice(StayCodes.exitModes), required: true, "PMSI exit mode"),
        Field("destination", .choice(StayCodes.destinations)), .at,
      ]),
  ]

  private static let act = StayAct("discharge", .discharge) { _, make in
    [
      make.choice("exitMode", "exit-mode", StayCodes.exitModes, proposed: "8", required: true),
      make.choice("destination", "destination", StayCodes.destinations, empty: true),
      make.field("at", focus: true),
    ]
  } command: { stay, form, wording throws(Refusal) in
    Discharge(
      stay: stay, exitMode: form["exitMode"] ?? "", destination: form["destination"], at: try wording.hour(form))
  }

  static func add(to router: Router<PageContext>, _ app: WebApp) { act.add(to: router, app) }
}
