import Hospital
import Hummingbird
import Ledger
import Register

/// Two files of one person, linked by somebody who compared them, with a second person's check; and parted again.
enum MergeRoutes: Routes {
  static let operations: [Operation] = [
    .get(
      "/patients/{id}/merge", "Two files side by side",
      query: [Field("with", "UUID of the other patient"), Field("q", .text(max: 200), "Search for the other one")]),
    .post(
      "/patients/{id}/merge", "Says that two files are of one person; nothing is copied or erased",
      fields: [
        Field("with", .uuid, required: true), Field("keeps", .choice(["this", "other"]), "Which of the two lives on"),
        Field("reason"), Field("checkedTraits", .list(.choice(MergePatients.traits)), "What both people compared"),
        Field("second", "Account of the second person"), Field("secondPin", "Their PIN"),
      ]),
    .get("/patients/{id}/unmerge", "The form that parts two files"),
    .post("/patients/{id}/unmerge", "Says that two files are not of one person", fields: [Field("reason")]),
  ]

  private static let unmerge = PatientAct("unmerge", .merge) { _, make in
    [make.field("reason", wide: true, focus: true)]
  } command: { patient, form, _ in
    UnmergePatients(patient: patient, reason: form["reason"])
  }

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    unmerge.add(to: router, app)
    router.get("/patients/:id/merge") { request, context in
      let file = try PatientFile.open(app, request, context, for: .merge)
      guard let other = request.query["with"] else {
        return app.html(try choosing(file, request, app, context), request, context)
      }
      let filling = Filling(hidden: app.hidden(context))
      return app.html(try comparing(file, other, filling, app, request, context), request, context)
    }
    router.post("/patients/:id/merge") { request, context in
      let form = try await app.form(request, context)
      let one = "patient/\(try context.uuid())"
      let other = form.subject("patient", "with") ?? ""
      // Whoever may not open both files does nothing to either.
      _ = try PatientFile.open(app, request, context, for: .merge)
      if let patient = try app.register.read({ try $0.patient(other) }) {
        try app.openFile(patient, page: "patient", request, context)
      }
      let checkedBy = try await secondPerson(form, app, context)
      return try await app.answer(form, request, context) {
        let keepsThis = form["keeps"] != "other"
        return MergePatients(
          absorbed: keepsThis ? other : one, into: keepsThis ? one : other, reason: form["reason"],
          checkedBy: try checkedBy.get(), checkedTraits: form.all("checkedTraits"))
      } next: { receipt in
        let kept = receipt.facts.first?.data["into"]?.string ?? one
        return "/patients/\(kept.afterSlash)"
      } again: { filling in
        let file = try PatientFile.open(app, request, context, for: .merge)
        return try comparing(
          file, other, filling.renaming(["checkedBy": "second", "into": "keeps"]), app, request, context)
      }
    }
  }

  /// Whoever else looked, shown by their own PIN; nil where nobody is named.
  private static func secondPerson(
    _ form: Form, _ app: WebApp, _ context: PageContext
  ) async throws
    -> Result<String?, Refusal>
  {
    guard let login = form["second"] else { return .success(nil) }
    for credential in try app.register.credentials(ofLogin: login) {
      let answer = try await app.signIn.confirm(
        credential.account, secret: form["secondPin"] ?? "", address: context.address)
      if case .needsPin = answer { return .success(credential.account) }
    }
    return .failure(Refusal("second-person-wrong", field: "secondPin"))
  }

  private static func choosing(
    _ file: PatientFile, _ request: Request, _ app: WebApp, _ context: PageContext
  ) throws
    -> Page
  {
    let wording = file.wording
    let query = String((request.query["q"] ?? "").trimmed.prefix(200))
    let session = try app.requireSession(request, context)
    let (lines, twins) = try app.register.read { reading in
      (
        try Finding(reading, wording, session).lines(query),
        query.isEmpty ? try reading.twins(of: file.patient, limit: 5, now: wording.now) : []
      )
    }
    var others: [(patient: Patient, why: String)] = lines.map { ($0.patient, $0.details) }
    for twin in twins {
      others.append((twin.patient, twin.reasons.map { wording.word("reason", $0.rawValue) }.joined(separator: ", ")))
    }
    others.removeAll { $0.patient.id == file.patient.id }
    let authority = file.names.structure?.ippAuthority
    let choices = others.enumerated().map { index, other -> [String: String] in
      [
        "number": String(index + 1), "details": other.why,
        "href": "\(file.address)/merge?with=\(other.patient.id.afterSlash)",
        "identity": PatientLine(other.patient, wording, ippAuthority: authority).html(wording),
      ]
    }
    let model: [String: any Sendable] = [
      "above": file.repeated, "query": query, "action": "\(file.address)/merge", "choices": choices,
      "back": file.address,
    ]
    return Page("merge", title: wording("merge.title"), model: model, nav: .admissions)
  }

  private static func comparing(
    _ file: PatientFile, _ other: String, _ filling: Filling, _ app: WebApp, _ request: Request,
    _ context: PageContext
  ) throws -> Page {
    let wording = file.wording
    let id = "patient/\(other.afterSlash.lowercased())"
    guard let patient = try app.register.read({ try $0.patient(id) }) else { throw Problem.notFound }
    try app.openFile(patient, page: "patient", request, context)
    let make = FieldMaker(wording: wording, filling: filling)
    let keeps = [
      FormField.Choice("this", wording("merge.keeps.this")), FormField.Choice("other", wording("merge.keeps.other")),
    ]
    let traits = MergePatients.traits.map { FormField.Choice($0, wording.word("merge.trait", $0)) }
    var pin = make.field("secondPin", .secret)
    pin.value = ""
    var section = FormSection(
      wording("merge.section"),
      [
        make.field("keeps", .radios(keeps), proposed: "this"), make.field("checkedTraits", .checks(traits), wide: true),
        make.field("second"), pin, make.field("reason", wide: true),
      ])
    section.below = "<input type=\"hidden\" name=\"with\" value=\"\(patient.id.afterSlash)\">"
    let compared = ComparedPatients(left: file.patient, right: patient, names: file.names, wording: wording)
    return SectionedForm(
      title: wording("merge.title"), above: compared.html, action: "\(file.address)/merge",
      draft: "merge-\(file.uuid)-\(patient.id.afterSlash)",
      sections: [section], button: wording("merge.button"), back: file.address
    ).page(filling, nav: .admissions, live: [file.patient.id, patient.id])
  }
}
