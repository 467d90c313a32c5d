import Hospital
import Hummingbird
import Ledger

/// A place in five seconds: kind and unit are chosen already, so that Enter is enough.
enum NewBedRoutes: Routes {
  static let kinds: [BedKind] = [.stretcher, .corridor, .chair, .extra, .cot, .bay, .bed]

  static let operations: [Operation] = [
    .get("/beds/new", "The form for a new place", query: [Field("unit", .text(max: 32))]),
    .post(
      "/beds/new", "Makes a place: stretcher, corridor, chair, extra bed, cot",
      fields: [
        Field("kind", .choice(kinds.map(\.rawValue)), required: true),
        Field("unit", .text(max: 32), required: true, "Code of the unit"), Field("room", .text(max: 32)),
        Field("code", .text(max: 16), "Found where it is absent"), Field("staffed", .flag),
      ]),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/beds/new") { request, context -> Response in
      try app.require(.makePlace, request, context)
      var filling = Filling(hidden: app.hidden(context))
      filling.proposed = request.query
      return try app.newBed(filling, request, context)
    }
    router.post("/beds/new") { request, context -> Response in
      let form = try await app.form(request, context)
      // A checkbox that is not ticked is not sent; a program says nothing and means staffed.
      let staffed = form.json == nil ? form.isSet("staffed") : form.json?["staffed"]?.bool ?? true
      let command = MakePlace(
        unit: form["unit"], room: form["room"], code: form["code"],
        kind: form["kind"].flatMap(BedKind.init(rawValue:)) ?? .stretcher, staffed: staffed)
      switch try await app.act(form, context, command: command) {
      case .done(let receipt):
        if app.wantsJSON(request) { return app.json(receipt, context) }
        return app.redirect(receipt.subject("bed").map { "/beds/\($0.afterSlash)" } ?? "/beds")
      case .refused(let refusal, let message, let field):
        if app.wantsJSON(request) { return app.json(refused: refusal, message: message, field: field, context) }
        return try app.newBed(Filling(form, message: message, field: field), request, context)
      }
    }
  }
}

extension WebApp {
  fileprivate func newBed(_ filling: Filling, _ request: Request, _ context: PageContext) throws -> Response {
    let wording = wording(context)
    let structure = try register.read { try $0.structure }
    let own = context.session?.units ?? []
    let units = (structure?.sites ?? []).flatMap { site in
      site.units.map { FormField.Choice($0.code, $0.name, group: site.name) }
    }
    let maker = FieldMaker(wording: wording, filling: filling)
    let kinds = NewBedRoutes.kinds.map { FormField.Choice($0.rawValue, wording("bed.kind.\($0.rawValue)")) }
    var staffed = maker.field("staffed", .check, proposed: "yes")
    // A form sent without its tick meant it.
    if filling.typed != nil { staffed.value = filling.typed?["staffed"] ?? "" }
    var fields = [
      maker.field("kind", .radios(kinds), proposed: "stretcher", required: true, focus: true),
      maker.field("unit", .select(units), proposed: own.first ?? units.first?.value, required: true),
      maker.field("room"), maker.field("code"), staffed,
    ]
    var html = ""
    for index in fields.indices {
      // Elsewhere fields of the same names mean something else.
      fields[index].label = wording("bed.new.\(fields[index].name)")
      fields[index].help = nil
      fields[index].write(into: &html)
    }
    let model: [String: any Sendable] = ["hidden": filling.hidden, "fields": html].adding("problem", filling.problem)
    let status: HTTPResponse.Status = filling.typed == nil ? .ok : .unprocessableContent
    return self.html(
      Page("bed-new", title: texts("bed.new.title", context.language), model: model, status: status, nav: .beds),
      request, context)
  }
}
