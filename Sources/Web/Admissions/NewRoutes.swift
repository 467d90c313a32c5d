import Hospital
import Hummingbird
import Ledger
import Register

/// Somebody whom no search found: identity and stay on one page. Likely twins are shown before anything is created.
enum NewRoutes: Routes {
  static let operations: [Operation] = [
    .get(
      "/admissions/new", "The form of a new identity and its stay",
      query: [Field("q", .text(max: 200), "What was searched for: fills in the form")]),
    .post(
      "/admissions/new",
      "Creates an identity and admits it; 409 with the likely twins unless `anyway` or `same` says which it is",
      fields: TraitFields.fields + StayFields.fields.map { Field($0.name, $0.schema, $0.about) } + [
        Field("anyway", .flag, "They are somebody else: create"),
        Field("only", .choice(["identity"]), "Create the identity and admit nobody"),
      ]),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/admissions/new") { request, context in
      let session = try app.require(.createIdentity, request, context)
      var filling = Filling(hidden: app.hidden(context))
      filling.proposed = request.query
      let asked = QueryTraits(request.query["q"] ?? "", today: app.wording(context).today)
      return app.html(try page(filling, asked, [], session, app, context), request, context)
    }
    router.post("/admissions/new") { request, context in
      let form = try await app.form(request, context)
      let session = try app.require(.createIdentity, request, context)
      let wording = app.wording(context)
      func again(_ filling: Filling, _ twins: [Twin] = []) throws -> Page {
        try page(filling, QueryTraits("", today: wording.today), twins, session, app, context)
      }
      // "It is this one": the stay that was typed goes on with that file.
      if let same = form["same"] {
        return app.html(
          try KnownRoutes.page(same, nil, Filling(form), session, app, request, context), request, context)
      }
      if form.onlyShows { return app.html(try again(Filling(form)), request, context) }
      let traits = Result { () throws(Refusal) in try form.traits(today: wording.today) }
      if !form.isSet("anyway"), let traits = try? traits.get() {
        let twins = try app.register.read { reading -> [Twin] in
          let twins = try reading.twins(of: Patient(unsaved: traits), limit: 5, now: wording.now)
          // The same form again, after a lost answer, is no twin of itself.
          if !twins.isEmpty, try reading.hasKept(command: form.command) { return [] }
          return twins
        }
        if !twins.isEmpty {
          if app.wantsJSON(request) { return app.json(twinsDocument(twins, wording), status: .conflict) }
          var page = try again(Filling(form), twins)
          page.status = .conflict
          return app.html(page, request, context)
        }
      }
      return try await app.answer(form, request, context) {
        let identity = try identity(form, try traits.get())
        if form["only"] == "identity" { return identity }
        return try AdmissionRequest(form, wording, app.emergencySettings, sheet: try app.sheet(form)).command(
          after: identity)
      } next: { receipt in
        if form.isSet("protected"), let patient = receipt.subject("patient") { app.goOnWith(patient, context) }
        return AdmissionsRoutes.printing(receipt)
      } again: { filling in
        try again(filling.renaming(StayFields.names))
      }
    }
  }

  private static func identity(_ form: Form, _ traits: Traits) throws(Refusal) -> RegisterPatient {
    RegisterPatient(
      traits: traits, document: form["document"].map { IdentityDocument(kind: $0) },
      protected: form.isSet("protected"), situations: [form.situation].compactMap { $0 })
  }

  private static func page(
    _ filling: Filling, _ asked: QueryTraits, _ twins: [Twin], _ session: Session, _ app: WebApp,
    _ context: PageContext
  ) throws -> Page {
    let wording = app.wording(context)
    return try app.register.read { reading in
      let names = Names(structure: try reading.structure, system: wording("word.system"))
      let make = FieldMaker(wording: wording, filling: filling)
      var traits = Traits()
      traits.birthName = asked.birthName?.uppercased()
      traits.birthGivenName = asked.givenName
      var identity = TraitFields(make: make, traits: traits, typedBirthDate: asked.birthDate)
      if asked.birthName != nil { identity.focus = asked.givenName == nil ? "birthGivenName" : "sex" }
      if !twins.isEmpty { identity.focus = "" }
      var stay = StayFields(wording: wording, make: make, names: names, session: session)
      stay.takesFocus = false
      var form = SectionedForm(
        title: wording("new.title"), action: "/admissions/new", draft: "new",
        sections: [
          identity.strict, try stay.section(reading), stay.arrival(app.emergencySettings), identity.complementary,
        ],
        button: wording("admit.button"), back: "/admissions")
      form.others = [.init(name: "only", value: "identity", text: wording("new.only"), key: nil)]
      if !twins.isEmpty {
        form.before = TwinList(twins, names, wording).html
        form.others.insert(
          .init(name: "anyway", value: "yes", text: wording("new.anyway"), key: "C", hasFocus: true), at: 0)
      }
      form.carry(try CarriedSheet(filling, reading), wording)
      return form.page(filling, nav: .admissions)
    }
  }

  private static func twinsDocument(_ twins: [Twin], _ wording: Wording) -> JSON {
    let found = twins.map { twin -> JSON in
      [
        "id": .string(twin.patient.id), "probability": .integer(Int(twin.probability * 100)),
        "reasons": .array(twin.reasons.map { .string($0.rawValue) }),
      ]
    }
    return [
      "type": "about:blank", "title": .string(wording("twins.title")), "status": 409,
      "detail": .string(wording("twins.help")), "code": "likely-twins", "field": .null, "twins": .array(found),
    ]
  }
}

extension Patient {
  /// Somebody who is not registered yet, for finding who is like them.
  init(unsaved traits: Traits) {
    self.init(id: "patient/new")
    birthName = traits.birthName
    birthGivenName = traits.birthGivenName
    birthGivenNames = traits.birthGivenNames
    birthDate = traits.birthDate
    sex = traits.sex
    birthPlace = traits.birthPlace
    usedName = traits.usedName
    usedGivenName = traits.usedGivenName
    addresses = traits.addresses
    phones = traits.phones
  }
}
