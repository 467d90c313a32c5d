import Hospital
import Hummingbird
import Ledger
import Register

/// Admitting somebody who is known: the stay's form, one page, `Ctrl+Enter`.
enum KnownRoutes: Routes {
  static let operations: [Operation] = [
    .get(
      "/admissions/stay", "The form that admits a known patient",
      query: [Field("patient", .uuid, required: true), Field("preadmission", .uuid), Field("unit")]),
    .post(
      "/admissions/stay", "Admits a known patient",
      fields: [Field("patient", .uuid, required: true), Field("preadmission", .uuid)] + StayFields.fields),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/admissions/stay") { request, context in
      let session = try app.require(.admit, request, context)
      var filling = Filling(hidden: app.hidden(context))
      filling.proposed = request.query
      return app.html(
        try page(request.query["patient"], request.query["preadmission"], filling, session, app, request, context),
        request,
        context)
    }
    router.post("/admissions/stay") { request, context in
      let form = try await app.form(request, context)
      let session = try app.requireSession(request, context)
      let again = { try page(form["patient"], form["preadmission"], $0, session, app, request, context) }
      if form.onlyShows { return app.html(try again(Filling(form)), request, context) }
      let wording = app.wording(context)
      // Whoever may not open the file does nothing to it either.
      if let id = form.subject("patient"), let patient = try app.register.read({ try $0.patient(id) }) {
        try app.openFile(patient, page: "admission", request, context)
      }
      return try await app.answer(form, request, context) {
        guard let patient = form.subject("patient") else { throw Refusal("patient-unknown", field: "patient") }
        return try AdmissionRequest(form, wording, app.emergencySettings, sheet: try app.sheet(form)).command(
          for: patient)
      } next: { receipt in
        if form.isSet("protected"), let patient = form.subject("patient") { app.goOnWith(patient, context) }
        return AdmissionsRoutes.printing(receipt)
      } again: { filling in
        try again(filling.renaming(StayFields.names))
      }
    }
  }

  static func page(
    _ patient: String?, _ preadmission: String?, _ filling: Filling, _ session: Session, _ app: WebApp,
    _ request: Request, _ context: PageContext
  ) throws -> Page {
    let wording = app.wording(context)
    let id = "patient/\((patient ?? "").afterSlash.lowercased())"
    return try app.register.read { reading in
      guard let file = try PatientFile(id, reading, wording) else { throw Problem.notFound }
      try app.openFile(file.patient, page: "admission", request, context)
      let asked = preadmission.map { "stay/\($0.afterSlash.lowercased())" }
      let expected =
        file.stays.first { $0.id == asked } ?? file.stays.first { $0.isExpected(around: wording.now) }
      let make = FieldMaker(wording: wording, filling: filling)
      let fields = StayFields(
        wording: wording, make: make, names: file.names, session: session,
        own: [id] + (expected.map { [$0.id] } ?? []), expected: expected)
      var section = try fields.section(reading)
      section.below +=
        "<input type=\"hidden\" name=\"patient\" value=\"\(file.uuid)\">"
        + (expected.map { "<input type=\"hidden\" name=\"preadmission\" value=\"\($0.id.afterSlash)\">" } ?? "")
      var form = SectionedForm(
        title: wording("admit.title"), above: file.repeated + notes(file, expected, wording),
        action: "/admissions/stay", draft: "admit-\(file.uuid)",
        sections: [section, fields.arrival(app.emergencySettings)], button: wording("admit.button"),
        back: "/admissions")
      if file.patient.mergedInto != nil { form.problem = wording("refusal.patient-merged") }
      form.carry(try CarriedSheet(filling, reading), wording)
      return form.page(filling, nav: .admissions, live: [id])
    }
  }

  /// What whoever admits must see first: already here, expected, deceased.
  private static func notes(_ file: PatientFile, _ expected: Stay?, _ wording: Wording) -> String {
    var out = ""
    func note(_ means: String, _ tag: String, _ text: String, _ href: String?) {
      out +=
        "<p class=\"sheet note\"><span class=\"tag\" data-means=\"\(means)\">\(escaped(tag))</span> \(escaped(text))"
      if let href { out += " <a href=\"\(href)\">\(escaped(wording("act.stay")))</a>" }
      out += "</p>"
    }
    if let present = file.present {
      note(
        "waiting", wording("stay-status.admitted"), StayLine(present, file.names, wording).option,
        "/stays/\(present.id.afterSlash)")
    }
    if let expected, let at = expected.outline.expectedAt {
      note(
        "fine", wording("stay-status.preadmitted"),
        wording("admit.expected", ["number": expected.number ?? "–", "time": wording.time(at)]), nil)
    }
    return out
  }
}
