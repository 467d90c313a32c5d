import Feeds
import Hospital
import Hummingbird
import Interop
import Ledger
import Register

/// A message that the main system refused: what was answered, what it says, and its fields to edit for the sending.
enum HandbackMessageRoutes: Routes {
  private static let control = Field("control", required: true)

  static let operations: [Operation] = [
    .get(
      "/handback/messages/{id}", "A refused message, its refusal beside it",
      query: [Field("id", .uuid), control],
      answer: .json(
        .object([
          Field("control"), Field("answer"), Field("place", .maybe(.text())), Field("reason", .maybe(.text())),
          Field("patient", .maybe(.text())), Field("segments", .list(.text())),
          Field("changed", .list(.text())),
        ]))),
    .post(
      "/handback/messages/{id}", "Edits fields for this sending alone, and has it sent again",
      query: [Field("id", .uuid)],
      fields: [
        control, Field("PV1-3", "Any field by its name: `PV1-3`, or `NK1-2.2` of the second NK1"),
        Field("place", "Another field, by the same name"), Field("value", "What it is to say"),
        Field("reason", .text(max: 500), "Needed, unless it goes as the file is"),
        Field("asFile", .flag),
      ]),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/handback/messages/:id") { request, context in
      let found = try app.outgoing(request.query["control"], request, context)
      if app.wantsJSON(request) { return app.json(found.json) }
      return app.html(app.page(found, nil, context), request, context)
    }
    router.post("/handback/messages/:id") { request, context in
      let form = try await app.form(request, context)
      let found = try app.outgoing(form["control"], request, context)
      let asFile = form.isSet("asFile")
      let command = EditHandback(
        found.handback, control: found.refusal.control, edits: asFile ? found.remade : found.edits(form),
        reason: form["reason"], isOfFile: asFile)
      switch try await app.act(form, context, command: command) {
      case .refused(let refusal, let message, let field):
        if app.wantsJSON(request) { return app.json(refused: refusal, message: message, field: field, context) }
        return app.html(app.page(found, (message, form), context), request, context)
      case .done(let receipt):
        return app.wantsJSON(request) ? app.json(receipt, context) : app.redirect("/handback")
      }
    }
  }
}

extension WebApp {
  /// For whoever sends and may open files: patients are in it.
  fileprivate func outgoing(
    _ control: String?, _ request: Request, _ context: PageContext
  ) throws -> RefusedOutgoing {
    try require(.declareMode, request, context)
    let id = "exchange/\(try context.uuid())"
    guard
      let found = try RefusedOutgoing(id, control: control ?? "", register, handbackBook, at: environment.now())
    else { throw Problem.notFound }
    let people = try register.read { reading in try found.message.patients.compactMap { try reading.patient($0) } }
    for person in people { try openFile(person, page: "message", request, context) }
    return found
  }

  fileprivate func page(
    _ found: RefusedOutgoing, _ refused: (message: String, form: Form)?, _ context: PageContext
  ) -> Page {
    let wording = wording(context)
    let asked = found.place
    let form = refused?.form
    var segments = found.segments
    // A field that says nothing is the one to fill, where the refusal names it.
    if let asked,
      let place = segments.firstIndex(where: { ($0.name, $0.occurrence) == (asked.segment, asked.occurrence) }),
      !segments[place].fields.contains(where: { $0.number == asked.field })
    {
      segments[place].fields.append((asked.field, ""))
      segments[place].fields.sort { $0.number < $1.number }
    }
    let rows = segments.flatMap { segment in
      segment.fields.map { field -> [String: any Sendable] in
        let edit = HandbackEdit(
          segment: segment.name, occurrence: segment.occurrence, field: field.number, from: field.text, to: field.text)
        let name = edit.formName
        return [
          "name": name, "place": edit.place, "text": field.text, "value": form?.fields[name] ?? field.text,
          "open": edit.isOpen,
          "asked": asked.map { $0 == (segment.name, segment.occurrence, field.number) } ?? false,
        ]
      }
    }
    let model: [String: any Sendable] = [
      "hidden": hidden(context), "action": "/handback/messages/\(found.handback.id.afterSlash)",
      "control": found.refusal.control, "what": wording.word("handback.trigger", found.refusal.trigger),
      "trigger": found.refusal.trigger, "answer": found.refusal.answer ?? "–", "err": found.refusal.place ?? "–",
      "isShown": segments.contains { ($0.name, $0.occurrence) == (asked?.segment ?? "", asked?.occurrence ?? 0) },
      "why": found.refusal.isUnanswered ? wording("handback.unanswered") : found.refusal.reason ?? "–", "rows": rows,
      "remade": found.remade.map { ["place": $0.place, "from": $0.from, "to": $0.to] },
      "isRemade": !found.remade.isEmpty,
      "place": form?.typed("place") ?? "", "value": form?.typed("value") ?? "", "reason": form?.typed("reason") ?? "",
    ]
    .adding("patient", found.message.patients.first?.afterSlash).adding("problem", refused?.message)
    return Page(
      "handback-message", title: wording("handback.message"), model: model,
      status: refused == nil ? .ok : .unprocessableContent, nav: .handback)
  }
}

extension HandbackEdit {
  /// `PV1-3`, `NK1-2.2` of the second.
  fileprivate var formName: String { "\(segment)-\(field)" + (occurrence > 1 ? ".\(occurrence)" : "") }
}

extension RefusedOutgoing {
  fileprivate var json: JSON {
    [
      "control": .string(refusal.control), "answer": .string(refusal.answer ?? "none"), "place": refusal.place.json,
      "reason": refusal.reason.json, "patient": (message.patients.first).json,
      "segments": .array(message.segments.map { .string($0) }),
      "changed": .array(remade.map { .string($0.place) }),
    ]
  }

  /// What the form says otherwise than the message; a field named by hand among them.
  fileprivate func edits(_ form: Form) -> [HandbackEdit] {
    var pairs = form.fields.pairs.map { ($0.name, $0.value) }
    if let place = form["place"] { pairs.append((place, form.typed("value"))) }
    return pairs.compactMap { name, value in
      guard let match = name.wholeMatch(of: /([A-Z][A-Z0-9]{2})-([1-9][0-9]{0,2})(?:\.([1-9][0-9]{0,2}))?/),
        let field = Int(match.output.2)
      else { return nil }
      let (segment, occurrence) = (String(match.output.1), match.output.3.flatMap { Int($0) } ?? 1)
      guard let from = message.field(segment, occurrence, field), !from.sameBytes(as: value) else { return nil }
      return HandbackEdit(segment: segment, occurrence: occurrence, field: field, from: from, to: value)
    }
  }
}
