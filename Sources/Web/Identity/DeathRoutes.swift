import Hospital
import Hummingbird

/// A death that a physician found, and its withdrawal.
enum DeathRoutes: Routes {
  static let operations: [Operation] = [
    .get("/patients/{id}/death", "The form of a death"),
    .post(
      "/patients/{id}/death", "Records a death: the stay ends, and the bed says that a body is present",
      fields: [
        .at, Field("physician", required: true), Field("obstacle", .flag, "Obstacle médico-légal"),
        Field("familyToldBy"),
        Field(
          "wristband", required: true, "As read from the wristband: the IPP, another number, or an unknown's label"),
      ]),
    .get("/patients/{id}/death-withdrawn", "The form that withdraws a death"),
    .post("/patients/{id}/death-withdrawn", "Withdraws a death said of the wrong person"),
  ]

  private static let death = PatientAct("death", .discharge) { _, make in
    [
      make.field("at"), make.field("physician", required: true, focus: true), make.field("obstacle", .check),
      make.field("familyToldBy"), make.field("wristband", required: true),
    ]
  } command: { patient, form, wording throws(Refusal) in
    RecordDeath(
      patient: patient, wristband: form["wristband"] ?? "", at: try wording.hour(form),
      physician: form["physician"] ?? "", obstacle: form.isSet("obstacle"), familyToldBy: form["familyToldBy"])
  }

  private static let withdrawn = PatientAct("death-withdrawn", .discharge) { _, _ in
    []
  } command: { patient, _, _ in
    WithdrawDeath(patient: patient)
  }

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    death.add(to: router, app)
    withdrawn.add(to: router, app)
  }
}
