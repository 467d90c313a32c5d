import Hospital
import Hummingbird
import Ledger
import Register

/// A provisional identity and the file of its IPP: one person proposes with two traits, another confirms with both
/// files before them. Until then nothing is linked.
enum LinkRoutes: Routes {
  static let operations: [Operation] = [
    .get(
      "/links", "Links that wait for a second person",
      answer: .json(
        .object([
          Field(
            "links",
            .list(
              .object([
                Field("id", .uuid), Field("absorbed"), Field("into"), Field("traits", .list(.text())),
                Field("by"), Field("at", .maybe(.instant)),
              ])))
        ]))),
    .get("/patients/{id}/link", "Two files side by side, to be linked", query: [Field("with", .uuid, required: true)]),
    .post(
      "/patients/{id}/link", "Proposes that this file is of the same person as another; nothing is linked yet",
      fields: [
        Field("with", .uuid, required: true, "The file that lives on"),
        Field("checked", .list(.choice(ProposeLink.traits)), "Two strict traits at least"), Field("reason"),
      ]),
    .get("/links/{id}", "A proposal and both files, for the second person"),
    .post(
      "/links/{id}", "Confirms a proposal, by another account than proposed it, or withdraws it",
      fields: [
        Field("way", .choice(AnswerLink.Way.allCases.map(\.rawValue)), required: true),
        Field("seen", .uuid, "Version of the proposal as it was shown; another one is refused"),
      ]),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/links") { request, context in
      try app.require(.merge, request, context)
      return try list(app, request, context)
    }
    router.get("/patients/:id/link") { request, context in
      let file = try PatientFile.open(app, request, context, for: .merge)
      return app.html(
        try proposing(
          file, request.query["with"] ?? "", Filling(hidden: app.hidden(context)), app, request, context),
        request, context)
    }
    router.post("/patients/:id/link") { request, context in
      let form = try await app.form(request, context)
      let file = try PatientFile.open(app, request, context, for: .merge)
      let other = try self.other(form["with"] ?? "", app, request, context)
      return try await app.answer(form, request, context) {
        ProposeLink(absorbed: file.subject, into: other.id, checked: form.all("checked"), note: form["reason"])
      } next: { _ in
        "/links"
      } again: { filling in
        try proposing(file, other.id, filling, app, request, context)
      }
    }
    router.get("/links/:id") { request, context in
      let proposal = try open(app, request, context)
      return app.html(
        try page(proposal, Filling(hidden: app.hidden(context)), app, request, context), request, context)
    }
    router.post("/links/:id") { request, context in
      let form = try await app.form(request, context)
      let proposal = try open(app, request, context)
      guard let way = form["way"].flatMap(AnswerLink.Way.init) else { throw Problem.notFound }
      return try await app.answer(form, request, context) {
        if let seen = form["seen"], seen != proposal.version,
          try !app.register.read({ try $0.hasKept(command: form.command) })
        {
          throw Refusal("conflict-changed")
        }
        return AnswerLink(proposal, way)
      } next: { receipt in
        receipt.telling(way == .confirm ? "/patients/\(proposal.into.afterSlash)" : "/links")
      } again: { filling in
        try page(proposal, filling, app, request, context)
      }
    }
  }

  /// Whoever may not open both files neither sees nor answers it.
  private static func open(_ app: WebApp, _ request: Request, _ context: PageContext) throws -> LinkProposal {
    try app.require(.merge, request, context)
    let id = "link/\(try context.uuid())"
    guard let proposal = try app.register.read({ try $0.linkProposal(id) }) else { throw Problem.notFound }
    for id in [proposal.absorbed, proposal.into] { _ = try other(id, app, request, context) }
    return proposal
  }

  @discardableResult
  private static func other(
    _ id: String, _ app: WebApp, _ request: Request, _ context: PageContext
  ) throws -> Patient {
    let id = "patient/\(id.afterSlash.lowercased())"
    guard let patient = try app.register.read({ try $0.patient(id) }) else { throw Problem.notFound }
    try app.openFile(patient, page: "patient", request, context)
    return patient
  }

  private static func list(_ app: WebApp, _ request: Request, _ context: PageContext) throws -> Response {
    let proposals = try app.register.read { try $0.linkProposals() }
    if app.wantsJSON(request) {
      return app.json([
        "links": .array(
          proposals.map {
            [
              "id": .string($0.id.afterSlash), "absorbed": .string($0.absorbed), "into": .string($0.into),
              "traits": .array($0.traits.map { .string($0) }), "by": .string($0.by), "at": ($0.at?.text).json,
            ]
          })
      ])
    }
    let wording = app.wording(context)
    let rows = try app.register.read { reading in
      try proposals.map { proposal -> [String: any Sendable] in
        let names = try reading.names(of: [proposal.by], wording)
        let who = try [proposal.absorbed, proposal.into].map { id -> String in
          guard let patient = try reading.patient(id), !patient.isRestricted else {
            return escaped(wording("glass.title"))
          }
          return PatientLine(patient, wording, ippAuthority: names.structure?.ippAuthority).html(wording)
        }
        return [
          "who": who, "href": "/links/\(proposal.id.afterSlash)", "traits": traits(proposal, wording),
          "by": names.account(proposal.by), "when": proposal.at.map(wording.when) ?? "",
        ]
      }
    }
    let model: [String: any Sendable] = [
      "rows": rows, "any": !rows.isEmpty, "warnings": app.warned(request, wording),
    ]
    return app.html(
      Page("links", title: wording("link.title"), model: model, nav: .handback, live: [Situation.name]), request,
      context)
  }

  private static func traits(_ proposal: LinkProposal, _ wording: Wording) -> String {
    proposal.traits.map { wording.word("merge.trait", $0) }.joined(separator: ", ")
  }

  private static func proposing(
    _ file: PatientFile, _ id: String, _ filling: Filling, _ app: WebApp, _ request: Request, _ context: PageContext
  ) throws -> Page {
    let wording = file.wording
    let patient = try other(id, app, request, context)
    let make = FieldMaker(wording: wording, filling: filling)
    let choices = ProposeLink.traits.map { FormField.Choice($0, wording.word("merge.trait", $0)) }
    var section = FormSection(
      wording("link.section"), [make.field("checked", .checks(choices), wide: true), make.field("reason", wide: true)])
    section.below = "<input type=\"hidden\" name=\"with\" value=\"\(patient.id.afterSlash)\">"
    let compared = ComparedPatients(left: file.patient, right: patient, names: file.names, wording: wording)
    return SectionedForm(
      title: wording("link.propose"), above: compared.html, action: "\(file.address)/link",
      draft: "link-\(file.uuid)-\(patient.id.afterSlash)", sections: [section], button: wording("link.propose"),
      back: file.address
    ).page(filling, nav: .handback, live: [file.patient.id, patient.id])
  }

  private static func page(
    _ proposal: LinkProposal, _ filling: Filling, _ app: WebApp, _ request: Request, _ context: PageContext
  ) throws -> Page {
    let wording = app.wording(context)
    let (left, right, names) = try app.register.read { reading in
      (
        try reading.patient(proposal.absorbed), try reading.patient(proposal.into),
        try reading.names(of: [proposal.by], wording)
      )
    }
    guard let left, let right else { throw Problem.notFound }
    let problems = filling.problems
    let isOpen = proposal.status == .open
    let model: [String: any Sendable] = [
      "compared": ComparedPatients(left: left, right: right, names: names, wording: wording).html,
      "traits": traits(proposal, wording), "by": names.account(proposal.by),
      "when": proposal.at.map(wording.when) ?? "", "open": isOpen, "seen": proposal.version,
      "hidden": filling.hidden,
      "action": "/links/\(proposal.id.afterSlash)", "problems": problems,
      "status": wording("link.status.\(proposal.status.rawValue)"),
      "own": isOpen && context.session?.account == proposal.by,
    ].adding("note", proposal.note)
    return Page(
      "link", title: wording("link.title"), model: model, status: filling.status,
      nav: .handback, live: [proposal.id, left.id, right.id])
  }
}
