import Hospital
import Hummingbird
import Ledger

/// Who is in charge: the main system, Permanence, or the way back.
enum ModeRoutes: Routes {
  static let operations: [Operation] = [
    .get("/mode", "The mode that holds on this station", answer: .json(.mode)),
    .post(
      "/mode", "Declare the hospital's mode",
      fields: [
        Field("mode", .choice(Mode.allCases.map(\.rawValue)), required: true), Field("reason", required: true),
      ], answer: .json(.mode)),
    .get("/mode/local", "The second press of local degraded mode", answer: .json(.any)),
    .post("/mode/local", "Degraded mode on this station alone", fields: [Field("reason")], answer: .json(.mode)),
    .post(
      "/mode/local/end", "This station follows the hospital again", fields: [Field("reason")], answer: .json(.mode)),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/mode") { request, context in
      try app.requireSession(request, context)
      return try app.answerMode(nil, request, context)
    }
    router.post("/mode") { request, context in
      let form = try await app.form(request, context)
      guard let mode = form["mode"].flatMap(Mode.init) else {
        return try app.answerMode((Refusal("mode-missing", field: "mode"), form), request, context)
      }
      let command = DeclareMode(mode: mode, isLocal: false, reason: form["reason"] ?? "")
      return try await app.declare(command, form, request, context)
    }
    router.get("/mode/local") { request, context in
      try app.requireSession(request, context)
      return app.answer(app.localPage(context), request, context)
    }
    router.post("/mode/local") { request, context in
      let form = try await app.form(request, context)
      let reason = form["reason"] ?? app.texts("mode.local.reason", context.language)
      let command = DeclareMode(mode: .degraded, isLocal: true, reason: reason)
      return try await app.declare(command, form, request, context)
    }
    router.post("/mode/local/end") { request, context in
      let form = try await app.form(request, context)
      return try await app.declare(EndLocalMode(reason: form["reason"]), form, request, context)
    }
  }
}

extension WebApp {
  fileprivate func declare(
    _ command: any Command, _ form: Form, _ request: Request, _ context: PageContext
  ) async throws -> Response {
    switch try await act(form, context, command: command) {
    case .refused(let refusal, _, _):
      return try answerMode((refusal, form), request, context)
    case .done:
      situation.changed()
      if wantsJSON(request) { return json(json(of: situation.now())) }
      return redirect(form["next"]?.asLocalAddress ?? "/mode")
    }
  }

  /// The second press: the first is the link on the banner.
  fileprivate func localPage(_ context: PageContext) -> FormPage {
    let language = context.language
    return FormPage(
      title: texts("mode.local.title", language), intro: texts("mode.local.intro", language), action: "/mode/local",
      fields: [], button: texts("mode.local.button", language), back: "/", nav: .mode)
  }

  fileprivate func json(of situation: Situation) -> JSON {
    [
      "mode": .string(situation.mode.mode.rawValue), "scope": .string(situation.mode.scope),
      "since": situation.mode.since.map { .string($0.text) } ?? .null,
      "by": situation.mode.by.map { .string($0) } ?? .null,
      "reason": situation.mode.reason.map { .string($0) } ?? .null, "station": .string(situation.station),
    ]
  }

  fileprivate func answerMode(
    _ refused: (refusal: Refusal, form: Form)?, _ request: Request, _ context: PageContext
  ) throws -> Response {
    let situation = situation.now()
    if wantsJSON(request) {
      guard let refusal = refused?.refusal else { return json(json(of: situation)) }
      let message = sentence(refusal, context.language)
      return json(refused: refusal, message: message, field: refusal.field, context)
    }
    let language = context.language
    let subjects = ["mode/hospital", "mode/\(situation.station)"]
    let isLocal = situation.mode.scope == "station"
    let model: [String: any Sendable] = [
      "mode": texts("banner.mode.\(situation.mode.mode.rawValue).\(situation.mode.scope)", language),
      "means": situation.mode.mode == .degraded ? "alert" : "fine", "form": declareForm(refused, context),
      "mayDeclare": allows(.declareMode, context), "isLocal": isLocal && allows(.declareLocalMode, context),
      "mayLocal": situation.mode.mode != .degraded && allows(.declareLocalMode, context), "hidden": hidden(context),
      "history": try modeHistory(subjects, language),
    ].adding("reason", situation.mode.reason).adding("by", situation.modeBy)
      .adding("since", situation.mode.since.map(wording(context).when))
      .adding("unequal", try unequal(situation.mode.mode, language))
      .adding("problem", refused.flatMap { $0.refusal.field == nil ? sentence($0.refusal, language) : nil })
    return html(
      Page(
        "mode", title: texts("nav.mode", language), model: model,
        status: refused == nil ? .ok : .unprocessableContent, nav: .mode, live: Set(subjects)), request, context)
  }

  /// Standby is refused to nobody, but whoever declares it knows that the two do not have the same people in the same
  /// beds, or that something is still to be decided.
  private func unequal(_ mode: Mode, _ language: Language) throws -> String? {
    let now = environment.now()
    guard mode == .handback, let comparison = try register.read({ try $0.returnComparison(at: now) }),
      !comparison.census.isEqual || !comparison.open.isEmpty
    else { return nil }
    return texts(
      comparison.census.isUnknown ? "return.before-standby.unknown" : "return.before-standby", language,
      ["open": grouped(comparison.open.count), "beds": grouped(comparison.census.lines.count)])
  }

  private func declareForm(_ refused: (refusal: Refusal, form: Form)?, _ context: PageContext) -> FormPage {
    let language = context.language
    let page = FormPage(
      title: texts("mode.declare", language), action: "/mode",
      fields: [
        PageField(
          name: "mode", label: texts("mode.which", language),
          input: .radios(Mode.allCases.map { PageField.Choice($0.rawValue, texts("mode.\($0.rawValue)", language)) })),
        PageField(name: "reason", label: texts("mode.reason", language), help: texts("mode.reason.help", language)),
      ], button: texts("mode.declare.button", language), hidden: hidden(context))
    guard let refused else { return page }
    return page.filled(with: refused.form).refused(sentence(refused.refusal, language), field: refused.refusal.field)
  }

  /// The hospital's and this station's, newest first.
  private func modeHistory(_ subjects: [String], _ language: Language) throws -> [[String: String]] {
    let now = environment.now()
    return try register.read { reading in
      try subjects.flatMap { try reading.history(of: $0) }.sorted { $0.heard.time > $1.heard.time }.map { said in
        let fact = said.heard.fact
        let mode = fact.data["mode"]?.string
        return [
          "when": hours.dayAndTime(fact.at, now: now, language),
          "what": mode.map { texts("mode.\($0)", language) } ?? texts("mode.ended", language),
          "scope": texts(fact.subject == "mode/hospital" ? "mode.hospital" : "mode.station", language),
          "who": try name(ofAuthor: said.heard.author, reading, language),
          "reason": fact.data["reason"]?.string ?? "–", "station": shortStation(said.heard.station),
        ]
      }
    }
  }
}

extension Schema {
  fileprivate static let mode: Schema = .object([
    Field("mode", .choice(Mode.allCases.map(\.rawValue))), Field("scope", .choice(["hospital", "station"])),
    Field("since", .maybe(.instant)), Field("by", .maybe(.text())), Field("reason", .maybe(.text())), Field("station"),
  ])
}
