import Hospital
import Hummingbird
import Ledger
import Register

/// The directory of partner hospitals, and what each said that it can take.
enum PartnerRoutes: Routes {
  private static let entry = [
    Field("finess", required: true, "9 characters"), Field("name", required: true), Field("phone"), Field("units"),
    Field("capability", .list(.choice(CareRoutes.keys)), "What it has on any day"),
    Field("kilometres", .integer(min: 0, max: 9999)), Field("minutes", .integer(min: 0, max: 9999)),
    Field(
      "destination", .choice(DeclarePartners.destinations),
      "PMSI destination of whoever goes there for good; \(Partner.usualDestination) unless said"),
    Field("fhir", "Base address of its FHIR server (https), where it publishes its beds"),
  ]

  static let operations: [Operation] = [
    .get("/partners/new", "The form of a partner hospital"),
    .post(
      "/partners/new", "Adds a partner hospital to the directory; one that is there is changed on its own page",
      fields: entry),
    .get("/partners/{id}", "A partner hospital, and what it said that it can take", answer: .json(.any)),
    .post(
      "/partners/{id}", "Changes a partner hospital; what is absent stays as it is, what is empty is erased",
      fields: entry.map { Field($0.name, $0.schema, $0.about) }),
    .post(
      "/partners/{id}/said", "What it said by telephone that it can take now",
      fields: [
        Field("line", .list(.choice(CareRoutes.keys)), required: true),
        Field("state", .choice(CareState.allCases.map(\.rawValue)), required: true),
        Field("places", .integer(min: 0, max: HearPartner.placesMax)), Field("spokenTo"), .at,
      ]),
    .post("/partners/{id}/withdraw", "Takes it off the directory"),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/partners/new") { request, context in
      try app.require(.partners, request, context)
      return app.html(try page(nil, Filling(hidden: app.hidden(context)), app, context), request, context)
    }
    router.post("/partners/new") { request, context in
      try await declare(nil, app, request, context)
    }
    router.get("/partners/:id") { request, context in
      try app.require(.read, request, context)
      let partner = try found(app, context)
      if app.wantsJSON(request) { return app.json(json(partner, app)) }
      return app.html(try page(partner, Filling(hidden: app.hidden(context)), app, context), request, context)
    }
    router.post("/partners/:id") { request, context in
      try await declare(try found(app, context), app, request, context)
    }
    router.post("/partners/:id/said") { request, context in
      let form = try await app.form(request, context)
      let partner = try found(app, context)
      let wording = app.wording(context)
      return try await app.answer(form, request, context) {
        try heard(partner, form, wording)
      } next: { _ in
        "/partners/\(partner.id.afterSlash)"
      } again: { filling in
        try page(partner, filling, app, context)
      }
    }
    router.post("/partners/:id/withdraw") { request, context in
      let form = try await app.form(request, context)
      let partner = try found(app, context)
      return try await app.answer(form, request, context) {
        WithdrawPartner(partner.id)
      } next: { _ in
        "/transfers"
      } again: { filling in
        try page(partner, filling, app, context)
      }
    }
  }

  private static func declare(
    _ partner: Partner?, _ app: WebApp, _ request: Request, _ context: PageContext
  ) async throws -> Response {
    let form = try await app.form(request, context)
    return try await app.answer(form, request, context) {
      TypedPartner(
        partner: partner?.id, form: form, capabilities: try form.choices("capability", CareKey.self),
        kilometres: try number(form, "kilometres", 0...9999), minutes: try number(form, "minutes", 0...9999))
    } next: { receipt in
      receipt.subject("partner").map { "/partners/\($0.afterSlash)" } ?? "/transfers"
    } again: { filling in
      try page(partner, filling, app, context)
    }
  }

  private static func heard(_ partner: Partner, _ form: Form, _ wording: Wording) throws(Refusal) -> HearPartner {
    guard let state = form["state"].flatMap(CareState.init) else { throw Refusal("care-state-missing", field: "state") }
    let places = try number(form, "places", 0...HearPartner.placesMax)
    return HearPartner(
      partner.id, try form.choices("line", CareKey.self).map { .init($0, state, places: places) },
      spokenTo: form["spokenTo"], at: try wording.hour(form))
  }

  private static func number(_ form: Form, _ name: String, _ range: ClosedRange<Int>) throws(Refusal) -> Int? {
    guard let text = form[name] else { return nil }
    guard let number = Int(text), range.contains(number) else { throw Refusal("partner-places", field: name) }
    return number
  }

  private static func found(_ app: WebApp, _ context: PageContext) throws -> Partner {
    let id = "partner/\(try context.uuid())"
    guard let partner = try app.register.read({ try $0.partner(id) }), !partner.name.isEmpty else {
      throw Problem.notFound
    }
    return partner
  }

  private static func json(_ partner: Partner, _ app: WebApp) -> JSON {
    guard var out = partner.stored.object, let reading = app.partners?.reading(of: partner.id) else {
      return partner.stored
    }
    out.append(
      "reading",
      [
        "at": .string(reading.at.text), "problem": (reading.problem?.rawValue).json, "lines": .integer(reading.lines),
      ])
    return .object(out)
  }

  /// What came of the last reading of its server, at this station.
  private static func read(_ partner: Partner, _ app: WebApp, _ wording: Wording) -> String? {
    guard partner.fhir != nil, let reading = app.partners?.reading(of: partner.id) else { return nil }
    let said = ["time": wording.time(reading.at), "lines": String(reading.lines)]
    guard let problem = reading.problem else { return wording("partner.read", said) }
    return wording("partner.unread", said) + wording("partner.problem.\(problem.rawValue)")
  }

  private static func page(
    _ partner: Partner?, _ filling: Filling, _ app: WebApp, _ context: PageContext
  ) throws -> Page {
    let wording = app.wording(context)
    let make = FieldMaker(wording: wording, filling: filling)
    func named(_ name: String, _ label: String, proposed: String? = nil, required: Bool = false) -> FormField {
      var field = make.field(name, proposed: proposed, required: required)
      field.label = wording(label)
      return field
    }
    func checks(_ name: String, _ label: String, _ values: [String]) -> FormField {
      let choices = CareKey.allCases.map { FormField.Choice($0.rawValue, CarePage.name($0.rawValue, wording)) }
      var field = make.field(name, .checks(choices), wide: true)
      field.label = wording(label)
      if filling.typed == nil { field.values = Set(values) }
      return field
    }
    var entry = ""
    let finess = partner == nil ? [named("finess", "partner.finess", required: true)] : []
    let fields = [
      named("name", "partner.name", proposed: partner?.name, required: true),
      named("phone", "partner.phone", proposed: partner?.phone),
      named("minutes", "partner.by-road", proposed: partner?.minutes.map(String.init)),
      named("kilometres", "partner.distance", proposed: partner?.kilometres.map(String.init)),
      named("units", "partner.units", proposed: partner?.units.joined(separator: ", ")),
      make.choice("destination", "destination", DeclarePartners.destinations, proposed: partner?.destination ?? "1"),
      named("fhir", "partner.fhir", proposed: partner?.fhir),
      checks("capability", "partner.capabilities", partner?.capabilities ?? []),
    ]
    var section = FormSection(wording("partner.entry"), finess + fields)
    if partner != nil { section.remember(fields, filling) }
    // Of a FINESS that is there already.
    if partner == nil, filling.errors["finess"] != nil, let typed = filling.typed?["finess"]?.trimmed,
      let known = try app.register.read({ try $0.partner(Partner.subject(finess: typed)) }), !known.isWithdrawn
    {
      section.below += "<p><a href=\"/partners/\(known.id.afterSlash)\">\(escaped(known.name))</a></p>"
    }
    section.write(into: &entry)
    var said = ""
    if partner != nil {
      FormSection(
        wording("partner.heard"),
        [
          checks("line", "care.which", []),
          make.choice("state", "care.state", CareState.allCases.map(\.rawValue), required: true, radios: true),
          named("places", "partner.free"), named("spokenTo", "transfer.spoken-to"), make.field("at"),
        ]
      ).write(into: &said)
    }
    let rows = (partner?.said ?? [:]).sorted { $0.key.precedesInBytes($1.key) }.map { key, capacity in
      [
        "name": CarePage.name(key, wording), "state": wording("care.state.\(capacity.state.rawValue)"),
        "means": CarePage.means(capacity.state), "mark": CarePage.mark(capacity.state),
        "places": capacity.places.map(String.init) ?? "–", "at": wording.when(capacity.at),
        "via": capacity.via == nil ? "" : " · FHIR",
        "old": partner?.capacity(key, at: wording.now) == nil,
      ] as [String: any Sendable]
    }
    let problems = [filling.problem].compactMap(\.self)
    let model: [String: any Sendable] = [
      "name": partner?.name ?? wording("partner.new"), "finess": partner?.finess ?? "", "problems": problems,
      "address": partner.map { "/partners/\($0.id.afterSlash)" } ?? "/partners/new", "known": partner != nil,
      "read": partner.flatMap { read($0, app, wording) } ?? "",
      "mayEdit": app.allows(.partners, context), "maySay": partner != nil && app.allows(.transferOut, context),
      "entry": entry, "saidForm": said, "rows": rows, "any": !rows.isEmpty, "hidden": filling.hidden,
      "hiddenSaid": app.hidden(context), "hiddenWithdraw": app.hidden(context),
    ]
    return Page(
      "partner", title: partner?.name ?? wording("partner.new"), model: model,
      status: filling.status, nav: .transfers, live: partner.map { [$0.id] } ?? [])
  }
}
