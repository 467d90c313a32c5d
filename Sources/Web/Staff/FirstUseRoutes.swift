import Hospital
import Hummingbird
import Ledger

/// The first use of a sealed envelope: who are you?
enum FirstUseRoutes: Routes {
  static let address = "/first-use"

  static let operations: [Operation] = [
    .post(
      "/first-use", "Say who opened a sealed envelope",
      fields: [
        Field("surname", required: true), Field("givenName", required: true), Field("function", required: true),
      ], answer: .json(.account))
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/first-use") { request, context in
      let session = try app.requireSession(request, context)
      guard session.who.awaitsClaim else { return app.redirect("/") }
      return app.answer(page(app, context, next: request.query["next"] ?? "/"), request, context)
    }
    router.post("/first-use") { request, context in
      let form = try await app.form(request, context)
      let next = (request.query["next"] ?? "/").asLocalAddress
      let command = ClaimEnvelope(
        surname: form["surname"] ?? "", givenName: form["givenName"] ?? "", function: form["function"] ?? "")
      switch try await app.act(form, context, command: command) {
      case .refused(let refusal, _, _):
        return app.answer(page(app, context, next: next), refused: refusal, form, request, context)
      case .done:
        let id = try context.account
        guard let token = context.sessionToken, let account = try app.register.read({ try $0.account(id) }) else {
          return app.redirect("/sign-in")
        }
        app.sessions.replace(token, who: account)
        if app.wantsJSON(request) { return app.json(app.json(of: account)) }
        return app.redirect("/welcome?next=\(pathSafe(next))")
      }
    }
  }

  private static func page(_ app: WebApp, _ context: PageContext, next: String) -> FormPage {
    let language = context.language
    return FormPage(
      title: app.texts("first-use.title", language), intro: app.texts("first-use.intro", language),
      action: "\(address)?next=\(pathSafe(next.asLocalAddress))",
      fields: [
        PageField(
          name: "surname", label: app.texts("first-use.surname", language), autocomplete: "family-name",
          hasFocus: true),
        PageField(
          name: "givenName", label: app.texts("first-use.given-name", language), autocomplete: "given-name"),
        PageField(
          name: "function", label: app.texts("first-use.function", language), autocomplete: "organization-title"),
      ], button: app.texts("first-use.button", language))
  }
}
