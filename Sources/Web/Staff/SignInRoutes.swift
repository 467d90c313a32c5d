import Hospital
import Hummingbird
import Ledger
import Register

/// In, out, and what comes first.
enum SignInRoutes: Routes {
  static let operations: [Operation] = [
    .post(
      "/sign-in", "Sign in; the token goes into `Authorization: Bearer`",
      fields: [
        Field("login", .text(), "Or what a badge says"), Field("pin", .text(), "PIN or password"), Field("badge"),
      ],
      answer: .json(
        .object([
          Field("token"), Field("csrf"), Field("until", .instant), Field("account", .account),
          Field("needsName", .flag),
        ])), access: .anyone),
    .post("/sign-out", "End this session", answer: .json(.object([Field("signedOut", .flag)]))),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/sign-in") { request, context in
      app.answer(SignInPage(next: (request.query["next"] ?? "/").asLocalAddress), request, context)
    }
    router.post("/sign-in") { request, context in
      let form = try await app.openForm(request, context)
      return try await app.answerSignIn(form, request, context)
    }
    router.post("/sign-out") { request, context in
      _ = try await app.form(request, context)
      if let token = context.sessionToken { app.sessions.close(token) }
      if app.wantsJSON(request) { return app.json(["signedOut": true]) }
      var response = app.redirect("/sign-in")
      response.headers[.setCookie] = app.endedSessionCookie
      return response
    }
  }
}

extension WebApp {
  func answerSignIn(_ form: Form, _ request: Request, _ context: PageContext) async throws -> Response {
    var page = SignInPage(
      next: (form["next"] ?? "/").asLocalAddress, action: form["action"]?.asLocalAddress,
      typed: form["typed"].flatMap { Fields(urlencoded: $0.utf8) }, login: form["login"] ?? "")
    let secret = form.fields["pin"].flatMap { $0.isEmpty ? nil : $0 }
    let badge = form["badge"] ?? form["login"].flatMap { NewSecret.isBadge($0) ? $0 : nil }
    let answer: SignIn.Answer
    if let badge {
      page.login = ""
      answer = try await signIn.enter(badge: badge, secret: secret, address: context.address)
    } else if let login = form["login"], let secret {
      answer = try await signIn.enter(login: login, secret: secret, address: context.address)
    } else {
      answer = .refused("sign-in.incomplete")
    }
    switch answer {
    case .welcome(let token, let session, let credential):
      if context.sessionToken != token, let old = context.sessionToken { sessions.close(old) }
      return welcome(token, session, credential, page, request, context)
    case .needsPin(let name):
      page.badge = badge
      page.badgeName = name.isEmpty ? texts("sign-in.envelope", context.language) : name
    case .refused(let key):
      page.problem = texts(key, context.language)
      page.status = key == "sign-in.incomplete" ? .unprocessableContent : .unauthorized
      if badge != nil, secret != nil { page.badge = badge }
    case .wait(let seconds):
      page.problem = texts("sign-in.wait", context.language, ["seconds": String(seconds)])
      page.status = .tooManyRequests
      page.retryAfterSeconds = seconds
    }
    return self.answer(page, request, context)
  }

  private func welcome(
    _ token: String, _ session: Session, _ credential: Credential, _ page: SignInPage, _ request: Request,
    _ context: PageContext
  ) -> Response {
    var response: Response
    if wantsJSON(request) {
      response = json([
        "token": .string(token), "csrf": .string(session.csrf), "until": .string(session.until.text),
        "account": json(of: session.who), "needsName": .bool(session.who.awaitsClaim),
      ])
    } else {
      response = goOn(page, session, isWelcomed: credential.isWelcomed, request, context)
    }
    response.headers[.setCookie] = sessionCookie(token)
    return response
  }

  /// To the page that was wanted; before it, to what has to come first.
  func goOn(
    _ page: SignInPage, _ session: Session, isWelcomed: Bool, _ request: Request, _ context: PageContext
  ) -> Response {
    if session.who.awaitsClaim { return redirect("/first-use?next=\(pathSafe(page.next))") }
    if let action = page.action, let typed = page.typed { return resume(action, typed, session, request, context) }
    return redirect(isWelcomed ? page.next : "/welcome?next=\(pathSafe(page.next))")
  }

  /// Nothing secret; what a program may show of an account.
  func json(of account: Account) -> JSON {
    var object = JSONObject([(key: "id", value: .string(account.id))])
    for (key, value) in [("login", account.login), ("name", account.name), ("function", account.function)] {
      object[key] = value.map { .string($0) } ?? .null
    }
    object["roles"] = .array(account.roles.map { .string($0.rawValue) })
    object["units"] = .array(account.units.map { .string($0) })
    object["emergency"] = .bool(account.emergency)
    object["validUntil"] = account.validUntil.map { .string($0.text) } ?? .null
    object["closed"] = .bool(account.closed)
    return .object(object)
  }
}
