import Hospital
import Hummingbird
import Ledger
import Register

/// À trancher: everything that was said differently twice, both sides shown, nothing erased; one after the other, each
/// decided by one key.
enum ConflictRoutes: Routes {
  /// How many old decisions the list shows.
  private static let decisionsMax = 50

  static let operations: [Operation] = [
    .get(
      "/conflicts", "What was said differently twice, both sides kept, and what was decided of it",
      answer: .json(
        .object([
          Field("conflicts", .list(.object(ConflictDocument.fields))),
          Field("decided", .list(.object(ConflictDocument.decisionFields))),
          Field("care", .list(.text()), "Lines of care that stations declared differently: `/care` settles them"),
        ]))),
    .get(
      "/conflicts/{id}", "One conflict: its sides, and what was decided of it",
      answer: .json(
        .object(
          ConflictDocument.fields + [
            Field("settled", .flag), Field("version", "To be sent back with a decision"),
            Field("sides", .list(.object(ConflictDocument.sideFields))),
            Field("decisions", .list(.object(ConflictDocument.decisionFields))),
          ]))),
    .post(
      "/conflicts/{id}", "Decides a conflict; nothing is erased, and it can be decided again",
      fields: [
        Field("version", .uuid, required: true, "Of the conflict as it was shown; another one is refused"),
        Field("side", .integer(min: 1), "Which of its sides holds; absent leaves all as it is"),
        Field("note", .text(max: 500), "Why; needed where no side is chosen"),
      ]),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/conflicts") { request, context in
      try app.require(.read, request, context)
      let wording = app.wording(context)
      let (conflicts, decisions, care) = try app.register.read {
        (
          try $0.conflicts(), try $0.decisions(limit: decisionsMax),
          try $0.careLines().filter(\.isContradicted).map(\.key)
        )
      }
      if app.wantsJSON(request) {
        return app.json([
          "conflicts": .array(conflicts.map { .object(ConflictDocument.json($0)) }),
          "decided": .array(decisions.compactMap(ConflictDocument.json)),
          "care": .array(care.map { .string($0) }),
        ])
      }
      var model = try app.register.read { reading in
        try ConflictPage(reading, wording).list(conflicts, decided: decisions)
      }
      model["warnings"] = app.warned(request, wording)
      if !care.isEmpty {
        model["care"] = care.map { CarePage.name($0, wording) }.joined(separator: ", ")
        model["none"] = false
      }
      return app.html(
        Page("conflicts", title: wording("nav.conflicts"), model: model, nav: .conflicts, live: [Situation.name]),
        request, context)
    }
    router.get("/conflicts/:id") { request, context in
      try app.require(.read, request, context)
      let conflict = try conflict(app, context)
      if app.wantsJSON(request) { return app.json(ConflictDocument.whole(conflict)) }
      let filling = Filling(hidden: app.hidden(context))
      return app.html(try page(conflict, filling, app, request, context), request, context)
    }
    router.post("/conflicts/:id") { request, context in
      let form = try await app.form(request, context)
      try app.require(.settle, request, context)
      let conflict = try conflict(app, context)
      return try await app.answer(form, request, context) {
        try refuseOther(form, conflict, app)
        return DecideConflict(conflict, side: try side(form), note: form["note"])
      } next: { receipt in
        let next = try next(after: conflict, app)
        return whereTo(receipt, next: receipt.telling(next.map(address) ?? "/conflicts"))
      } again: { filling in
        try page(conflict, filling, app, request, context)
      }
    }
  }

  /// Whoever decides must have seen what is decided. What was kept under this key before is answered as it was.
  private static func refuseOther(_ form: Form, _ conflict: Conflict, _ app: WebApp) throws {
    if form["version"] == conflict.version { return }
    if try app.register.read({ try $0.hasKept(command: form.command) }) { return }
    throw Refusal("conflict-changed")
  }

  /// From 1, as shown; nil where none was chosen.
  private static func side(_ form: Form) throws(Refusal) -> Int? {
    guard let text = form["side"] else { return nil }
    guard let number = Int(text), number > 0 else { throw Refusal("conflict-side-unknown", field: "side") }
    return number - 1
  }

  /// Whoever was left without a bed is given one first.
  private static func whereTo(_ receipt: Receipt, next: String) -> String {
    let bedless = receipt.facts.first {
      $0.kind == "stay.transferred" && $0.data["movement"]?["bed"]?.string == nil
    }
    guard let bedless else { return next }
    return "/stays/\(bedless.subject.afterSlash)/transfer?next=\(pathSafe(next))"
  }

  static func address(_ conflict: Conflict) -> String { "/conflicts/\(conflict.id.afterSlash)" }

  /// The one that comes after this in the queue; the first after the last.
  private static func next(after conflict: Conflict, _ app: WebApp) throws -> Conflict? {
    let open = try app.register.read { try $0.conflicts() }
    let place = open.firstIndex { $0.id == conflict.id } ?? -1
    return (open[(place + 1)...] + open).first { $0.id != conflict.id }
  }

  private static func conflict(_ app: WebApp, _ context: PageContext) throws -> Conflict {
    let id = "conflict/\(try context.uuid())"
    guard let conflict = try app.register.read({ try $0.conflict(id) }) else { throw Problem.notFound }
    return conflict
  }

  private static func page(
    _ conflict: Conflict, _ filling: Filling, _ app: WebApp, _ request: Request, _ context: PageContext
  ) throws -> Page {
    let wording = app.wording(context)
    let next = try next(after: conflict, app)
    var model = try app.register.read { try ConflictPage($0, wording).whole(conflict) }
    model["hidden"] = filling.hidden
    model["note"] = filling.value("note", proposed: nil)
    model["noteError"] = filling.errors["note"]
    model["warnings"] = app.warned(request, wording)
    let problems = filling.problems(besides: "note")
    model["problems"] = problems
    model["may"] = app.allows(.settle, context)
    model["next"] = next.map(address)
    return Page(
      "conflict", title: wording("conflict.\(conflict.kind.rawValue)"), model: model,
      status: filling.status, nav: .conflicts,
      live: Set(conflict.subjects + [conflict.id, Situation.name]))
  }
}
