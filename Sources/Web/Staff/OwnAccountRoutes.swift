import Hospital
import Hummingbird
import Ledger
import Register

/// One's own account: another secret, a new badge.
enum OwnAccountRoutes: Routes {
  static let operations: [Operation] = [
    .get(
      "/account", "Whoever is signed in, and the token that forms of this session send",
      answer: .json(.object([Field("account", .account), Field("csrf")]))),
    .post(
      "/account", "Change one's own PIN or password",
      fields: [Field("pin", required: true), Field("new", required: true), Field("again", required: true)],
      answer: .json(.object([Field("changed", .flag)]))),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/account") { request, context in
      let session = try app.requireSession(request, context)
      if app.wantsJSON(request) {
        return app.json(["account": app.json(of: session.who), "csrf": .string(session.csrf)])
      }
      return app.answer(page(app, session, context), request, context)
    }
    router.post("/account") { request, context in
      let form = try await app.form(request, context)
      let session = try app.requireSession(request, context)
      let page = page(app, session, context)
      if let refusal = try await app.changeSecret(form, session, context) {
        return app.answer(page, refused: refusal, form, request, context)
      }
      if app.wantsJSON(request) { return app.json(["changed": true]) }
      var done = page
      done.done = app.texts("account.changed", context.language)
      return app.answer(done, request, context)
    }
  }

  private static func page(_ app: WebApp, _ session: Session, _ context: PageContext) -> FormPage {
    let language = context.language
    let roles = session.roles.map { app.texts("role.\($0.rawValue)", language) }.joined(separator: ", ")
    return FormPage(
      title: app.texts("account.title", language), subtitle: "\(session.name) · \(roles)", action: "/account",
      fields: [
        PageField(
          name: "pin", label: app.texts("account.current", language), input: .secret,
          autocomplete: "current-password", hasFocus: true),
        PageField(
          name: "new", label: app.texts("account.new", language), input: .secret,
          help: app.texts("account.new.help", language), autocomplete: "new-password"),
        PageField(
          name: "again", label: app.texts("account.again", language), input: .secret, autocomplete: "new-password"),
      ], button: app.texts("account.button", language), back: "/")
  }
}

extension WebApp {
  /// nil once the new secret is kept.
  fileprivate func changeSecret(_ form: Form, _ session: Session, _ context: PageContext) async throws -> Refusal? {
    let new = form.typed("new")
    guard NewSecret.isGood(new, login: session.who.login) else { return Refusal("secret-weak", field: "new") }
    guard new == form.typed("again") else { return Refusal("secret-differs", field: "again") }
    switch try await signIn.confirm(session.account, secret: form.typed("pin"), address: context.address) {
    case .needsPin: break
    case .wait(let seconds): return Refusal("secret-wait", field: "pin", ["seconds": String(seconds)])
    case .refused, .welcome: return Refusal("secret-wrong", field: "pin")
    }
    guard var credential = try register.credential(ofAccount: session.account) else {
      return Refusal("secret-wrong", field: "pin")
    }
    credential.verifier = try await signIn.verifier(of: new)
    try register.keep(credential)
    return nil
  }
}
