import Hospital
import Hummingbird
import Ledger
import Register

/// Somebody nobody can name, on one page: several in a minute. Or a woman who gives birth under secrecy, of whom
/// nothing is asked.
enum UnknownRoutes: Routes {
  private static let fields: [Field] = [
    Field("sex", .choice(["M", "F", "I"])), Field("estimatedAge", .integer(min: 0, max: 130)), Field("marks"),
    Field("belongings"), Field("secret", .flag, "Accouchement sous le secret"),
  ]

  static let operations: [Operation] = [
    .get("/admissions/unknown", "The form of an unknown patient"),
    .post(
      "/admissions/unknown", "Admits somebody nobody can name, under a label that no other station gives",
      fields: fields + StayFields.fields),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/admissions/unknown") { request, context in
      let session = try app.require(.createIdentity, request, context)
      var filling = Filling(hidden: app.hidden(context))
      filling.proposed = request.query
      return app.html(try page(filling, session, app, context), request, context)
    }
    router.post("/admissions/unknown") { request, context in
      let form = try await app.form(request, context)
      let session = try app.requireSession(request, context)
      let wording = app.wording(context)
      if form.onlyShows { return app.html(try page(Filling(form), session, app, context), request, context) }
      return try await app.answer(form, request, context) {
        try AdmissionRequest(form, wording, app.emergencySettings, sheet: try app.sheet(form)).command(
          after: try identity(form), isBare: true)
      } next: { receipt in
        if form.isSet("protected") || form.isSet("secret"), let patient = receipt.subject("patient") {
          app.goOnWith(patient, context)
        }
        return AdmissionsRoutes.printing(receipt)
      } again: { filling in
        try page(filling.renaming(StayFields.names), session, app, context)
      }
    }
  }

  private static func identity(_ form: Form) throws(Refusal) -> RegisterUnknown {
    RegisterUnknown(
      estimatedAge: try form.years("estimatedAge"), sex: form["sex"].flatMap(Sex.init), marks: form["marks"],
      belongings: form["belongings"],
      secret: form.isSet("secret"))
  }

  private static func page(_ filling: Filling, _ session: Session, _ app: WebApp, _ context: PageContext) throws -> Page
  {
    let wording = app.wording(context)
    return try app.register.read { reading in
      let names = Names(structure: try reading.structure, system: wording("word.system"))
      let make = FieldMaker(wording: wording, filling: filling)
      let identity = FormSection(
        wording("unknown.section"),
        [
          make.choice("sex", "sex", ["M", "F", "I"], radios: true), make.field("estimatedAge", .number, focus: true),
          make.field("marks"), make.field("belongings"), make.field("secret", .check),
        ])
      var stay = StayFields(wording: wording, make: make, names: names, session: session)
      stay.takesFocus = false
      var form = SectionedForm(
        title: wording("unknown.title"), action: "/admissions/unknown", draft: "unknown",
        sections: [identity, try stay.section(reading), stay.arrival(app.emergencySettings)],
        button: wording("admit.button"), back: "/admissions")
      form.carry(try CarriedSheet(filling, reading), wording)
      return form.page(filling, nav: .admissions)
    }
  }
}
