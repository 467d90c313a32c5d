import Hospital
import Hummingbird
import Ledger

/// One account: what it may do, what was said of it, another secret, its end.
enum AccountRoutes: Routes {
  static let operations: [Operation] = [
    .get("/staff/{id}", "One account", answer: .json(.account)),
    .post(
      "/staff/{id}/change", "Change an account: what is sent replaces what was",
      fields: [Field("name"), Field("function"), Field("roles", .list(.role)), Field("units", .list(.text()))],
      answer: .json(.account)),
    .post("/staff/{id}/close", "Close an account", fields: [Field("reason")], answer: .json(.account)),
    .post("/staff/{id}/secret", "Make a new PIN and badge, shown once", answer: .json(.newAccounts)),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/staff/:id") { request, context in
      try app.requireStaff(request, context)
      return try app.answer(try app.account(context), nil, request, context)
    }
    router.post("/staff/:id/change") { request, context in
      let form = try await app.form(request, context)
      try app.require(.staff, request, context)
      let account = try app.account(context)
      let command = ChangeAccount(
        account: account.id, name: form["name"], function: form["function"],
        roles: form.fields["roles"] == nil && form.json != nil ? nil : form.roles,
        units: form.json != nil && form.fields["units"] == nil ? nil : form.all("units"))
      return try await app.change(account, command, form, request, context)
    }
    router.post("/staff/:id/close") { request, context in
      let form = try await app.form(request, context)
      try app.require(.staff, request, context)
      let account = try app.account(context)
      return try await app.change(
        account, CloseAccount(account: account.id, reason: form["reason"]), form, request, context)
    }
    router.post("/staff/:id/secret") { request, context in
      _ = try await app.form(request, context)
      try app.require(.staff, request, context)
      let account = try app.account(context)
      guard !account.closed else { throw Problem(.conflict) }
      app.signIn.forget(account: account.id)
      return try await app.show([account], title: app.texts("staff.secret", context.language), request, context)
    }
  }
}

extension WebApp {
  /// The account of the address.
  fileprivate func account(_ context: PageContext) throws -> Account {
    let id = "account/\(try context.parameter("id"))"
    guard let account = try register.read({ try $0.account(id) }) else { throw Problem.notFound }
    return account
  }

  fileprivate func change(
    _ account: Account, _ command: any Command, _ form: Form, _ request: Request, _ context: PageContext
  ) async throws -> Response {
    let acted: Acted = try await act(form, context, command: command)
    switch acted {
    case .refused(let refusal, let message, let field):
      if wantsJSON(request) { return json(refused: refusal, message: message, field: field, context) }
      return try answer(account, message, request, context)
    case .done:
      // Rights are read at sign-in: whoever is in comes in again with the new ones.
      if account.id != context.session?.account { signIn.forget(account: account.id) }
      guard let changed = try register.read({ try $0.account(account.id) }) else { throw Problem.notFound }
      if wantsJSON(request) { return json(json(of: changed)) }
      return redirect("/staff/\(account.id.dropFirst(8))")
    }
  }

  fileprivate func answer(
    _ account: Account, _ problem: String?, _ request: Request, _ context: PageContext
  ) throws -> Response {
    if wantsJSON(request) { return json(json(of: account)) }
    let language = context.language
    let fields = try accountForm(context)
    let row = StaffRow(account, self, language)
    let mayChange = allows(.staff, context) && !account.closed
    let model = row.model.merging([
      "hidden": hidden(context), "mayChange": mayChange, "isOther": account.id != context.session?.account,
      "fields": [
        fields.name(account.name ?? ""), fields.function(account.function ?? ""), fields.roles(account.roles),
        fields.units(account.units),
      ],
      "history": try history(of: account.id, language), "mayAudit": allows(.audit, context),
    ]) { _, new in new }.adding("problem", problem)
    return html(
      Page(
        "account", title: row.name, model: model, status: problem == nil ? .ok : .unprocessableContent, nav: .staff,
        live: [account.id]), request, context)
  }

  /// What was said of it, newest first: when, what, by whom, where.
  private func history(of subject: String, _ language: Language) throws -> [[String: String]] {
    let now = environment.now()
    return try register.read { reading in
      try reading.history(of: subject).reversed().map { said in
        let fact = said.heard.fact
        return [
          "when": hours.dayAndTime(fact.at, now: now, language), "what": texts("kind.\(fact.kind)", language),
          "who": try name(ofAuthor: said.heard.author, reading, language),
          "station": shortStation(said.heard.station),
        ]
      }
    }
  }
}
