import Hospital
import Hummingbird
import Ledger
import Register

/// Asking for a bed: of a stay, with its needs; or from outside, by a name.
enum NewBedRequestRoutes: Routes {
  private static let fields = [
    Field("unit", "Code of the unit wanted"), Field("specialty", "Kind of unit, where no unit is wanted by name"),
    Field("isolation", .choice(Isolation.allCases.map(\.rawValue))), Field("single", .flag),
    Field("monitoring", .flag), Field("sharing", .choice(BedNeeds.Sharing.allCases.map(\.rawValue))),
    Field("wanted", "When, as people type it; now where it is absent"), Field("note"),
    Field("from", .choice(BedRequestOrigin.allCases.map(\.rawValue))),
  ]

  static let operations: [Operation] = [
    .get("/stays/{id}/bed-request", "The form that asks for a bed"),
    .post("/stays/{id}/bed-request", "Asks for a bed for whoever is here", fields: fields),
    .get("/bed-requests/new", "The form that asks for a bed for whoever is to come"),
    .post(
      "/bed-requests/new", "Asks for a bed for whoever is to come", fields: [Field("name", required: true)] + fields),
  ]

  private static let ofStay: StayAct = {
    var act = StayAct("bed-request", .requestBed) { file, make, _ in
      let isEmergency = file.outline.stayClass == .emergency
      return [needs(file.names, make, from: isEmergency ? .emergency : .ward)]
    } command: { stay, form, wording throws(Refusal) in
      try command(form, wording, stay: stay)
    }
    act.next = { _, receipt in receipt.subject("request").map { "/bed-requests?request=\($0.afterSlash)" } }
    return act
  }()

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    ofStay.add(to: router, app)
    router.get("/bed-requests/new") { request, context in
      try app.require(.requestBed, request, context)
      return app.html(try page(Filling(hidden: app.hidden(context)), app, context), request, context)
    }
    router.post("/bed-requests/new") { request, context in
      let form = try await app.form(request, context)
      try app.require(.requestBed, request, context)
      let wording = app.wording(context)
      return try await app.answer(form, request, context) {
        try command(form, wording, stay: nil)
      } next: { receipt in
        receipt.subject("request").map { "/bed-requests?request=\($0.afterSlash)" } ?? "/bed-requests"
      } again: { filling in
        try page(filling, app, context)
      }
    }
  }

  private static func command(_ form: Form, _ wording: Wording, stay: String?) throws(Refusal) -> RequestBed {
    RequestBed(
      stay: stay, name: form["name"],
      from: form["from"].flatMap(BedRequestOrigin.init(rawValue:)) ?? (stay == nil ? .outside : .ward),
      needs: BedNeeds(
        unit: form["unit"], specialty: form["specialty"], isolation: form["isolation"], single: form.isSet("single"),
        monitoring: form.isSet("monitoring"), sharing: form["sharing"].flatMap(BedNeeds.Sharing.init(rawValue:))),
      note: form["note"], wantedAt: try wording.hourToCome(form, "wanted"))
  }

  private static func page(_ filling: Filling, _ app: WebApp, _ context: PageContext) throws -> Page {
    let wording = app.wording(context)
    let make = FieldMaker(wording: wording, filling: filling)
    let names = Names(structure: try app.register.read { try $0.structure }, system: wording("word.system"))
    var section = needs(names, make, from: .outside)
    section.fields.insert(make.field("name", required: true, wide: true, focus: true), at: 0)
    return SectionedForm(
      title: wording("bed-request.title"), action: "/bed-requests/new", draft: "bed-request",
      sections: [section], button: wording("bed-request.button"), back: "/bed-requests"
    ).page(filling, nav: .beds)
  }

  private static func needs(_ names: Names, _ make: FieldMaker, from: BedRequestOrigin) -> FormSection {
    let wording = make.wording
    let specialties = Set(names.structure?.units.map(\.specialty) ?? []).sorted()
    var isolation = make.choice("isolation", "isolation", Isolation.allCases.map(\.rawValue), empty: true)
    isolation.label = wording("beds.isolation")
    // Elsewhere a note is of whoever comes along.
    var note = make.field("note", wide: true)
    (note.label, note.help) = (wording("bed-request.note"), nil)
    return FormSection(
      wording("bed-request.section"),
      [
        make.field("unit", .select(names.unitChoices(wording, empty: true)), focus: from != .outside),
        make.choice("specialty", "specialty", specialties, empty: true), isolation,
        make.choice(
          "sharing", "bed-request.sharing", BedNeeds.Sharing.allCases.map(\.rawValue), empty: true,
          emptyText: "bed-request.sharing.any"),
        make.field("single", .check), make.field("monitoring", .check), make.field("wanted"),
        make.choice(
          "from", "bed-request.from", BedRequestOrigin.allCases.map(\.rawValue), proposed: from.rawValue, radios: true),
        note,
      ])
  }
}
