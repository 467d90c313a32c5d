import Hospital
import Hummingbird
import Ledger
import Register

/// Who is on the way to emergency; and, in one press, here.
enum AnnouncementRoutes: Routes {
  private static let sources = Announcement.Source.allCases.map(\.rawValue)

  private static let told = [
    Field("expectedAt", "When, as people type it"), Field("age", .integer(min: 0, max: 130)),
    Field("sex", .choice(["M", "F", "I"])), Field("reason"), Field("sector"),
  ]

  static let operations: [Operation] = [
    .get("/emergency/announcements/new", "The form that announces somebody"),
    .post(
      "/emergency/announcements/new", "Announces somebody who is on the way",
      fields: [Field("source", .choice(sources), required: true)] + told),
    .get("/emergency/announcements/{id}", "Somebody announced: admit them, correct it, or call it off"),
    .get("/emergency/announcements/{id}/correct", "The form that corrects what was told of somebody awaited"),
    .post(
      "/emergency/announcements/{id}/correct",
      "Corrects what was told of somebody awaited; what is absent stays as it is, what is empty is erased",
      fields: [Field("source", .choice(sources))] + told),
    .post(
      "/emergency/announcements/{id}/here",
      "They are here: an unknown identity, its visit, and the labels; who it is comes later"),
    .post("/emergency/announcements/{id}/withdraw", "They will not come", fields: [Field("reason")]),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/emergency/announcements/new") { request, context in
      try app.require(.admit, request, context)
      return app.html(form(nil, Filling(hidden: app.hidden(context)), app, context), request, context)
    }
    router.post("/emergency/announcements/new") { request, context in
      let typed = try await app.form(request, context)
      let wording = app.wording(context)
      return try await app.answer(typed, request, context) {
        try announce(typed, wording)
      } next: { _ in
        "/emergency"
      } again: { filling in
        form(nil, filling, app, context)
      }
    }
    router.get("/emergency/announcements/:id/correct") { request, context in
      try app.require(.admit, request, context)
      let one = try known(app, context)
      guard one.isAwaited else { throw Problem.notFound }
      return app.html(form(one, Filling(hidden: app.hidden(context)), app, context), request, context)
    }
    router.post("/emergency/announcements/:id/correct") { request, context in
      let typed = try await app.form(request, context)
      let one = try known(app, context)
      let wording = app.wording(context)
      return try await app.answer(typed, request, context) {
        let fields = (["source"] + told.map(\.name)).filter { typed.said($0) != nil }
        return CorrectAnnouncement(announcement: one.id, told: try announce(typed, wording), fields: Set(fields))
      } next: { _ in
        "/emergency"
      } again: { filling in
        form(one, filling, app, context)
      }
    }
    router.get("/emergency/announcements/:id") { request, context in
      try app.require(.read, request, context)
      return app.html(
        try page(try known(app, context), Filling(hidden: app.hidden(context)), app, context), request, context)
    }
    router.post("/emergency/announcements/:id/here") { request, context in
      let typed = try await app.form(request, context)
      let one = try known(app, context)
      return try await app.answer(typed, request, context) {
        try arrival(of: one, app)
      } next: { receipt in
        AdmissionsRoutes.printing(receipt)
      } again: { filling in
        try page(one, filling, app, context)
      }
    }
    router.post("/emergency/announcements/:id/withdraw") { request, context in
      let typed = try await app.form(request, context)
      let one = try known(app, context)
      return try await app.answer(typed, request, context) {
        WithdrawAnnouncement(announcement: one.id, reason: typed["reason"])
      } next: { _ in
        "/emergency"
      } again: { filling in
        try page(one, filling, app, context)
      }
    }
  }

  private static func announce(_ typed: Form, _ wording: Wording) throws(Refusal) -> Announce {
    Announce(
      source: try typed.choice("source", Announcement.Source.self) ?? .other,
      expectedAt: try wording.hourToCome(typed, "expectedAt"), age: try typed.years("age"),
      sex: try typed.choice("sex", Sex.self), reason: typed["reason"], sector: typed["sector"])
  }

  private static func known(_ app: WebApp, _ context: PageContext) throws -> Announcement {
    let id = "announcement/\(try context.uuid())"
    guard let one = try app.register.read({ try $0.announcement(id) }) else { throw Problem.notFound }
    return one
  }

  /// Whoever it is, they have a number, a label and a visit at once.
  private static func arrival(of one: Announcement, _ app: WebApp) throws -> any Command {
    let units = try app.register.read { try $0.structure?.units } ?? []
    let unit = units.first { $0.code == one.sector || $0.name == one.sector }
    let usual = unit ?? units.first { $0.specialty == "emergency" }
    let arrival = NoteArrival(
      stay: "", complaintText: one.reason, announcement: one.id, settings: app.emergencySettings)
    return InOneCommit(RegisterUnknown(estimatedAge: one.age, sex: one.sex)) { said throws(Refusal) in
      Admit(patient: said.subject("patient") ?? "", stayClass: .emergency, unit: usual?.code, reason: one.reason)
        .arriving(arrival)
    }
  }

  /// - Parameter one: who is awaited, of whom something is corrected; nil of somebody new.
  private static func form(
    _ one: Announcement?, _ filling: Filling, _ app: WebApp, _ context: PageContext
  ) -> Page {
    let wording = app.wording(context)
    let make = FieldMaker(wording: wording, filling: filling)
    let source = one.map { $0.source?.rawValue ?? "" } ?? "samu"
    let fields = [
      make.choice("source", "emergency.source", sources, proposed: source, required: true, radios: true),
      make.field("expectedAt", proposed: one?.expectedAt.map(wording.hours.full), focus: true),
      make.field("age", .number, proposed: one?.age.map(String.init)),
      make.choice("sex", "sex", ["M", "F", "I"], proposed: one?.sex?.rawValue, radios: true),
      make.field("reason", proposed: one?.reason), make.field("sector", proposed: one?.sector),
    ]
    var section = FormSection(wording("announce.section"), fields)
    if one != nil { section.remember(fields, filling) }
    let name = one == nil ? "announce.button" : "announce.correct"
    let address = one.map { "/emergency/announcements/\($0.id.afterSlash)" }
    return SectionedForm(
      title: wording(one == nil ? "announce.title" : name),
      action: address.map { "\($0)/correct" } ?? "/emergency/announcements/new",
      draft: one.map { "announce-\($0.id.afterSlash)" } ?? "announce", sections: [section], button: wording(name),
      back: address ?? "/emergency"
    ).page(filling, nav: .emergency)
  }

  private static func page(
    _ one: Announcement, _ filling: Filling, _ app: WebApp, _ context: PageContext
  ) throws -> Page {
    let wording = app.wording(context)
    let uuid = one.id.afterSlash
    var lines = [
      one.source.map { wording("emergency.source.\($0.rawValue)") },
      one.expectedAt.map { wording("announce.expected", ["time": wording.time($0)]) },
      one.sex.map { wording.word("sex", $0.rawValue) },
      one.age.map { wording.age(Age($0, .years, isApproximate: true)) }, one.reason, one.sector,
    ].compactMap { $0 }
    let twice = try app.register.read { try $0.conflict(ofAnnouncement: one.id) }
    for stay in twice?.sides.map(\.subject) ?? [one.stay].compactMap(\.self) {
      lines.append("<a href=\"/emergency/\(stay.afterSlash)\">\(escaped(wording("announce.here")))</a>")
    }
    if let twice {
      lines.append("<a href=\"\(ConflictRoutes.address(twice))\">\(escaped(wording("conflict.announced")))</a>")
    }
    let search = "/admissions".asking(Fields([("stayClass", "emergency"), ("announcement", uuid)]))
    let known = "<p><a class=\"button plain\" href=\"\(escaped(search))\" data-key=\"C\">"
    let above =
      "<section class=\"sheet\"><p>\(lines.map { $0.hasPrefix("<a") ? $0 : escaped($0) }.joined(separator: " · "))</p>"
      + (one.isAwaited
        ? "\(known)\(escaped(wording("announce.known"))) <kbd>C</kbd></a> "
          + "<a class=\"button plain\" href=\"/emergency/announcements/\(uuid)/correct\" data-key=\"M\">"
          + "\(escaped(wording("announce.correct"))) <kbd>M</kbd></a></p>"
          + "<form method=\"post\" action=\"/emergency/announcements/\(uuid)/here\">\(filling.hidden)<p>"
          + "<button data-key=\"A\">\(escaped(wording("announce.arrived"))) <kbd>A</kbd></button></p></form>" : "")
      + "</section>"
    let make = FieldMaker(wording: wording, filling: filling)
    return SectionedForm(
      title: wording("announce.one"), above: above, action: "/emergency/announcements/\(uuid)/withdraw",
      draft: "withdraw-\(uuid)",
      sections: [FormSection(wording("announce.withdraw"), [make.field("reason", proposed: "")])],
      button: wording("announce.withdraw"), back: "/emergency"
    ).page(filling, nav: .emergency, live: [one.id])
  }
}

extension Form {
  /// An age in years, `~40` too.
  func years(_ name: String) throws(Refusal) -> Int? {
    guard let typed = self[name] else { return nil }
    guard let read = Int(typed.filter { $0 != "~" && !$0.isWhitespace }) else {
      throw Refusal("age-impossible", field: name)
    }
    return read
  }
}
