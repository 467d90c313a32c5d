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

  private static let act = StayAct("discharge", .discharge) { file, make, _ in
    let away = file.awaySince == nil ? [] : [make.wording("warning.discharge-away")]
    let cautions = (away + make.wording.cautions(file.person, file.names.structure)).map {
      "<p class=\"sheet\" role=\"status\"><span class=\"tag\" data-means=\"waiting\">!</span> \(escaped($0))</p>"
    }
    return [
      FormSection(
        make.wording("discharge.section"),
        [
          make.choice("exitMode", "exit-mode", StayCodes.exitModes(of: file.person), proposed: "8", required: true),
          make.choice("destination", "destination", StayCodes.destinations, empty: true),
          make.field("at", focus: true),
        ], below: cautions.joined())
    ]
  } command: { stay, form, wording throws(Refusal) in
    Discharge(
      stay: stay, exitMode: form["exitMode"] ?? "", destination: form["destination"], at: try wording.hour(form))
  }

  static func add(to router: Router<PageContext>, _ app: WebApp) { act.add(to: router, app) }
}

extension Wording {
  /// What to check before this patient goes home, said before anybody presses.
  func cautions(_ patient: Patient?, _ structure: Structure?) -> [String] {
    guard let patient else { return [] }
    return Discharge.cautions(patient, exitMode: "8", at: now, structure).map { self("warning.\($0.code)") }
  }
}
