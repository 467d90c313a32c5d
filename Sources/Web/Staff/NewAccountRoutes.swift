import Hospital
import Hummingbird
import Ledger
import Register

/// Opening an account: any, by whoever keeps them; or a temp's, in twenty seconds, by a cadre.
enum NewAccountRoutes: Routes {
  static let operations: [Operation] = [
    .get("/staff/new", "The form of a new account", answer: .json(.any)),
    .post(
      "/staff/new", "Open an account; its PIN is shown once",
      fields: [
        Field("name", required: true), Field("function"), Field("roles", .list(.role), required: true),
        Field("units", .list(.text()), "Codes of units; none for all"), Field("login"),
      ], answer: .json(.newAccounts)),
    .get("/staff/temporary", "The form of a temp's account", answer: .json(.any)),
    .post(
      "/staff/temporary", "Open a temp's account for twelve hours; its PIN is shown once",
      fields: [
        Field("name", required: true), Field("roles", .list(.role), required: true), Field("units", .list(.text())),
        Field("function"),
      ], answer: .json(.newAccounts)),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/staff/new") { request, context in
      try app.require(.staff, request, context)
      return app.answer(try app.newAccountPage(context), request, context)
    }
    router.post("/staff/new") { request, context in
      let form = try await app.form(request, context)
      try app.require(.staff, request, context)
      let name = form["name"] ?? ""
      let command = OpenAccount(
        account: "account/\(app.environment.newID())", login: try app.login(form, name), name: name,
        function: form["function"], roles: form.roles, units: form.all("units"))
      return try await app.openAccount(command, form, try app.newAccountPage(context), request, context)
    }
    router.get("/staff/temporary") { request, context in
      try app.requireStaff(request, context)
      return app.answer(try app.temporaryPage(context), request, context)
    }
    router.post("/staff/temporary") { request, context in
      let form = try await app.form(request, context)
      try app.requireStaff(request, context)
      let name = form["name"] ?? ""
      let roles = form.roles
      let function = form["function"] ?? roles.first.map { app.texts("role.\($0.rawValue)", context.language) }
      let command = OpenTemporaryAccount(
        account: "account/\(app.environment.newID())", login: try app.login(form, name), name: name,
        function: function ?? "", roles: roles, units: form.all("units"))
      return try await app.openAccount(command, form, try app.temporaryPage(context), request, context)
    }
  }
}

extension WebApp {
  func newAccountPage(_ context: PageContext) throws -> FormPage {
    let fields: AccountForm = try accountForm(context)
    return FormPage(
      title: texts("staff.new", context.language), action: "/staff/new",
      fields: [fields.name(), fields.function(), fields.roles([]), fields.units([]), fields.login()],
      button: texts("staff.open", context.language), back: "/staff", draft: "account-new", nav: .staff)
  }

  func temporaryPage(_ context: PageContext) throws -> FormPage {
    let fields = try accountForm(context)
    return FormPage(
      title: texts("staff.temporary", context.language), intro: texts("staff.temporary.intro", context.language),
      action: "/staff/temporary",
      fields: [fields.name(), fields.role(.nurse), fields.unit(context.session?.units.first), fields.function()],
      button: texts("staff.open", context.language), back: "/staff", draft: "account-temporary", nav: .staff)
  }

  fileprivate func login(_ form: Form, _ name: String) throws -> String {
    try form["login"].map(Credential.key) ?? freeLogin(for: name)
  }

  /// Opens it, then keeps its secret and shows that once.
  fileprivate func openAccount(
    _ command: any Command, _ form: Form, _ page: FormPage, _ request: Request, _ context: PageContext
  ) async throws -> Response {
    if let login = form["login"], try !register.credentials(ofLogin: login).isEmpty {
      return answer(page, refused: Refusal("login-taken", field: "login"), form, request, context)
    }
    switch try await act(form, context, command: command) {
    case .refused(let refusal, _, _):
      return answer(page, refused: refusal, form, request, context)
    case .done(let receipt):
      guard let id = receipt.subject("account"), let account = try register.read({ try $0.account(id) }) else {
        throw Problem(.internalServerError)
      }
      // Sent twice: the secret was shown once, and is not known any more.
      if receipt.isRepeated { return redirect("/staff/\(id.dropFirst(8))") }
      return try await show([account], title: texts("staff.opened", context.language), request, context)
    }
  }

  /// Makes a secret for each, keeps what verifies it, and shows it for the only time.
  func show(
    _ accounts: [Account], title: String, _ request: Request, _ context: PageContext
  ) async throws -> Response {
    var cards: [AccountCard] = []
    var credentials: [Credential] = []
    for (account, issued) in zip(accounts, try await issueSecrets(accounts)) {
      credentials.append(issued.credential)
      let help = texts(account.awaitsClaim ? "staff.card.sealed" : "staff.card.help", context.language)
      let heading = account.name ?? texts("staff.sealed", context.language)
      cards.append(try card(account, issued, title: heading, help: help, context.language))
    }
    try register.keep(credentials)
    if wantsJSON(request) {
      let made = zip(accounts, cards).map { account, card -> JSON in
        ["account": json(of: account), "login": .string(card.login), "secret": .string(card.secret)]
      }
      return json(["accounts": .array(made)], status: .created)
    }
    let model: [String: any Sendable] = ["title": title, "cards": cards.map(\.model), "back": "/staff"]
    return html(Page("account-cards", title: title, model: model, nav: .staff), request, context)
  }
}
