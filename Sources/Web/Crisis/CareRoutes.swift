import Hospital
import Hummingbird
import Ledger
import Register

/// What the hospital can give tonight, line by line: seen by everybody, declared by the crisis room.
enum CareRoutes: Routes {
  static let operations: [Operation] = [
    .get(
      "/care", "Which lines of care are open, limited or closed; one that is not listed is open",
      query: [Field("line", .choice(keys), "Ticked beforehand in the form")],
      answer: .json(.object([Field("lines", .list(.object(CareDocument.fields)))]))),
    .post(
      "/care", "Declares several lines in one commit",
      fields: [
        Field("line", .list(.choice(keys)), required: true),
        Field("state", .choice(CareState.allCases.map(\.rawValue)), required: true),
        Field("reason", .choice(CareReason.allCases.map(\.rawValue)), "Needed unless it is open"),
        Field(
          "reviewAt", "When it will be looked at again, as people type it or as an instant; needed unless it is open"),
        Field("note", .text(max: 500), "For the hospital's own people"),
      ]),
  ]

  static let keys = CareKey.allCases.map(\.rawValue)

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/care") { request, context in
      try app.requireSession(request, context)
      let lines = try app.register.read { try $0.careLines() }
      if app.wantsJSON(request) {
        let now = app.environment.now()
        return app.json(["lines": .array(lines.map { CareDocument.json($0, at: now) })])
      }
      var filling = Filling(hidden: app.hidden(context))
      filling.proposed = request.query
      return app.html(try CarePage.page(lines, filling, app, request, context), request, context)
    }
    router.post("/care") { request, context in
      let form = try await app.form(request, context)
      let wording = app.wording(context)
      return try await app.answer(form, request, context) {
        try command(form, wording)
      } next: { _ in
        "/care"
      } again: { filling in
        try CarePage.page(try app.register.read { try $0.careLines() }, filling, app, request, context)
      }
    }
  }

  private static func command(_ form: Form, _ wording: Wording) throws(Refusal) -> DeclareCare {
    var lines: [CareKey] = []
    for name in form.all("line") {
      guard let key = CareKey(rawValue: name) else { throw Refusal("care-line-missing", field: "line") }
      if !lines.contains(key) { lines.append(key) }
    }
    guard !lines.isEmpty else { throw Refusal("care-line-missing", field: "line") }
    guard let state = form["state"].flatMap(CareState.init) else { throw Refusal("care-state-missing", field: "state") }
    let reviewAt = try wording.hourToCome(form, "reviewAt")
    let reason = form["reason"].flatMap(CareReason.init)
    return DeclareCare(lines.map { .init($0, state, reason: reason, note: form["note"], reviewAt: reviewAt) })
  }
}

/// A line of care for programs.
enum CareDocument {
  static let fields = [
    Field("line"), Field("state", .choice(CareState.allCases.map(\.rawValue))), Field("reason", .maybe(.text())),
    Field("note", .maybe(.text())), Field("since", .instant), Field("reviewAt", .maybe(.instant)),
    Field("overdue", .flag), Field("contradicted", .flag, "Stations that did not know of each other say otherwise"),
    Field(
      "said",
      .list(
        .object([
          Field("state", .choice(CareState.allCases.map(\.rawValue))), Field("at", .instant), Field("by"),
          Field("station"),
        ]))),
  ]

  static func json(_ line: CareLine, at now: Instant) -> JSON {
    guard let holding = line.holding else { return .null }
    return [
      "line": .string(line.key), "state": .string(holding.state.rawValue),
      "reason": holding.reason.map { .string($0) } ?? .null, "note": holding.note.map { .string($0) } ?? .null,
      "since": .string(holding.since.text), "reviewAt": holding.reviewAt.map { .string($0.text) } ?? .null,
      "overdue": .bool(line.isOverdue(at: now)), "contradicted": .bool(line.isContradicted),
      "said": .array(
        line.declarations.map { said in
          [
            "state": .string(said.state.rawValue), "at": .string(said.at.text), "by": .string(said.by),
            "station": .string(said.station),
          ]
        }),
    ]
  }
}
