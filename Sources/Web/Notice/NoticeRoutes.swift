import Hospital
import Hummingbird
import Ledger
import Register

/// What is told outside: drafted by one person from what was declared, approved by another, then published.
enum NoticeRoutes: Routes {
  private static let version: [Field] = [
    Field("id", .uuid), Field("number", .integer(min: 1)), Field("version"), Field("hash"),
    Field("status", .choice(Notice.Status.allCases.map(\.rawValue))), Field("current", .flag), Field("content", .any),
  ]

  private static let confirmed = Field(
    "named", .flag, "It names somebody who is here, and may: refused once without it")

  static let operations: [Operation] = [
    .get(
      "/notice", "Every version of the notice, and the form of a new one",
      answer: .json(.object([Field("versions", .list(.object(version)))]))),
    .post(
      "/notice", "Drafts a version from the lines of care as they are declared now",
      fields: [
        Field("advice", .choice(NoticeContent.Advice.allCases.map(\.rawValue)), required: true),
        Field("nextUpdateAt", required: true, "When people will hear more, as people type it or as an instant"),
        Field("places", "Where to go instead, one a line: name; address; telephone"),
        Field("messageFr", .text(max: 500)), Field("messageEn", .text(max: 500), "Both messages or neither"), confirmed,
      ] + NoticeContent.Phone.allCases.map { Field($0.rawValue, "A telephone number") }),
    .get("/notice/{id}", "One version, in both languages, with its sheets", answer: .json(.object(version))),
    .post(
      "/notice/{id}", "Approves a draft, which somebody else must have written, or withdraws it",
      fields: [
        Field("way", .choice(AnswerNotice.Way.allCases.map(\.rawValue)), required: true),
        Field("hash", required: true, "Of the version as it was shown"), Field("reason"), confirmed,
      ]),
    .get(
      "/notice/{id}/{sheet}", "A sheet of that version for paper: the poster, the SAMU's, the report for the ARS"),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/notice") { request, context in
      try app.requireSession(request, context)
      if app.wantsJSON(request) {
        let notices = try app.register.read { try $0.notices() }
        return app.json(["versions": .array(notices.map { json($0, current: notices.current) })])
      }
      return app.html(try list(Filling(hidden: app.hidden(context)), app, context), request, context)
    }
    router.post("/notice") { request, context in
      let form = try await app.form(request, context)
      let wording = app.wording(context)
      return try await app.answer(form, request, context) {
        let words = try words(form, wording)
        return DraftNotice(
          words, named: try wordsThatName(NoticeNames(words), app, wording), isConfirmed: form.isSet("named"))
      } next: { receipt in
        receipt.subject("notice").map { "/notice/\($0.afterSlash)" } ?? "/notice"
      } again: { filling in
        try list(filling, app, context)
      }
    }
    router.get("/notice/:id") { request, context in
      try app.requireSession(request, context)
      let (notice, isCurrent) = try found(app, context)
      if app.wantsJSON(request) { return app.json(json(notice, current: isCurrent ? notice : nil)) }
      let filling = Filling(hidden: app.hidden(context))
      return app.html(try page(notice, isCurrent, filling, app, context), request, context)
    }
    router.post("/notice/:id") { request, context in
      let form = try await app.form(request, context)
      let (notice, isCurrent) = try found(app, context)
      return try await app.answer(form, request, context) {
        guard let way = form["way"].flatMap(AnswerNotice.Way.init) else { throw Problem.notFound }
        let names = way == .approve ? notice.content.map(NoticeNames.init) : nil
        return AnswerNotice(
          notice.id, hash: form["hash"] ?? "", way, reason: form["reason"],
          named: try names.map { try wordsThatName($0, app, app.wording(context)) } ?? [],
          isConfirmed: form.isSet("named"))
      } next: { _ in
        NoticePage.address(notice)
      } again: { filling in
        try page(notice, isCurrent, filling, app, context)
      }
    }
    router.get("/notice/:id/:sheet") { request, context in
      try app.requireSession(request, context)
      let (notice, _) = try found(app, context)
      guard let sheet = context.parameters.get("sheet").flatMap(NoticeSheet.init),
        let outward = OutwardModel(notice, app.texts, context.language)
      else { throw Problem.notFound }
      let wording = app.wording(context)
      let model = sheet.model(outward, back: NoticePage.address(notice), wording)
      return app.html(
        Page("notice-sheet", title: wording("notice.sheet.\(sheet.rawValue).title"), model: model, nav: .care),
        request, context)
    }
  }

  private static func words(_ form: Form, _ wording: Wording) throws(Refusal) -> NoticeWords {
    guard let advice = form["advice"].flatMap(NoticeContent.Advice.init) else {
      throw Refusal("notice-advice-missing", field: "advice")
    }
    guard let next = try wording.hourToCome(form, "nextUpdateAt") else {
      throw Refusal("care-review-missing", field: "nextUpdateAt")
    }
    var phones: [NoticeContent.Phone: String] = [:]
    for phone in NoticeContent.Phone.allCases { phones[phone] = form[phone.rawValue] }
    return try NoticeWords(
      advice: advice, places: form["places"], phones: phones, french: form["messageFr"], english: form["messageEn"],
      nextUpdateAt: next)
  }

  /// Words that name one of those who are here, or were within two days.
  private static func wordsThatName(_ names: NoticeNames, _ app: WebApp, _ wording: Wording) throws -> [String] {
    names.found(of: try app.register.read { try $0.patientsHere(at: wording.now) })
  }

  private static func found(_ app: WebApp, _ context: PageContext) throws -> (Notice, isCurrent: Bool) {
    let id = "notice/\(try context.uuid())"
    let notices = try app.register.read { try $0.notices() }
    guard let notice = notices.first(where: { $0.id.sameBytes(as: id) }) else { throw Problem.notFound }
    return (notice, notices.current?.id == notice.id)
  }

  private static func list(_ filling: Filling, _ app: WebApp, _ context: PageContext) throws -> Page {
    let wording = app.wording(context)
    let mayDraft = app.allows(.tellOutside, context)
    let (model, live) = try app.register.read { reading in
      let notices = try reading.notices()
      let page = try NoticePage(reading, notices, wording)
      return (page.list(notices, filling, mayDraft: mayDraft), Set(notices.map(\.id) + page.care.map(\.id)))
    }
    return Page(
      "notice", title: wording("notice.title"), model: model, status: filling.status,
      nav: .care, live: live.union([Situation.name]))
  }

  private static func page(
    _ notice: Notice, _ isCurrent: Bool, _ filling: Filling, _ app: WebApp, _ context: PageContext
  ) throws -> Page {
    let wording = app.wording(context)
    let mayTell = app.allows(.tellOutside, context)
    let model = try app.register.read {
      try NoticePage($0, [notice], wording).whole(
        notice, isCurrent: isCurrent, filling, account: context.session?.account, mayTell: mayTell)
    }
    return Page(
      "notice-version", title: "\(wording("notice.version")) \(notice.version ?? "")", model: model,
      status: filling.status, nav: .care, live: [notice.id, Situation.name])
  }

  private static func json(_ notice: Notice, current: Notice?) -> JSON {
    [
      "id": .string(notice.id.afterSlash), "number": .integer(notice.number),
      "version": notice.version.map { .string($0) } ?? .null, "hash": notice.hash.map { .string($0) } ?? .null,
      "status": .string(notice.status.rawValue), "current": .bool(notice.id == current?.id),
      "content": notice.content?.json ?? .null,
    ]
  }
}
