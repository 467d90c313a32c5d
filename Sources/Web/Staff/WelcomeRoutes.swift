import Hospital
import Hummingbird
import Ledger

/// What somebody does here, in three gestures: the page of the first sign-in, and the card on the lid.
enum WelcomeRoutes: Routes {
  static let operations: [Operation] = [
    .get(
      "/welcome", "The three gestures of each of one's roles",
      answer: .json(.list(.object([Field("role"), Field("gestures", .list(.text()))]))))
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/welcome") { request, context in
      let session = try app.requireSession(request, context)
      let cards = session.roles.map { role in
        WelcomeCard(role, app.texts, context.language)
      }
      if app.wantsJSON(request) { return app.json(.array(cards.map(\.json))) }
      let model: [String: any Sendable] = [
        "name": session.name, "cards": cards.map(\.model), "hidden": app.hidden(context),
        "next": (request.query["next"] ?? "/").asLocalAddress,
      ]
      return app.html(
        Page("welcome", title: app.texts("welcome.title", context.language), model: model), request, context)
    }
    router.post("/welcome") { request, context in
      let form = try await app.form(request, context)
      try app.register.markWelcomed(account: try context.account)
      return app.redirect((form["next"] ?? "/").asLocalAddress)
    }
  }
}

/// Three gestures of one role.
struct WelcomeCard {
  let role: String
  let gestures: [String]

  init(_ role: Role, _ texts: Texts, _ language: Language) {
    self.role = texts("role.\(role.rawValue)", language)
    gestures = (1...3).map { texts("welcome.\(role.rawValue).\($0)", language) }
  }

  var model: [String: any Sendable] { ["role": role, "gestures": gestures] }
  var json: JSON { ["role": .string(role), "gestures": .array(gestures.map { .string($0) })] }
}
