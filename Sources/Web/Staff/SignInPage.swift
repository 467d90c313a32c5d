import Hummingbird
import Ledger

/// Who are you: by account and PIN, or by badge and, the first time of a shift, PIN.
struct SignInPage {
  var next = "/"
  /// What somebody typed before they had to sign in: where it was sent, and its fields.
  var action: String?
  var typed: Fields?
  var login = ""
  /// Content of a badge just read, and whose it is.
  var badge: String?
  var badgeName: String?
  var problem: String?
  var status: HTTPResponse.Status = .ok
  var retryAfterSeconds: Int?
}

extension WebApp {
  func answer(_ page: SignInPage, _ request: Request, _ context: PageContext) -> Response {
    var response = response(page, request, context)
    if let seconds = page.retryAfterSeconds { response.headers[.retryAfter] = String(seconds) }
    return response
  }

  private func response(_ page: SignInPage, _ request: Request, _ context: PageContext) -> Response {
    if wantsJSON(request) {
      let key = "problem.\(page.status == .ok ? 401 : page.status.code)"
      let sentence = page.problem ?? texts(texts.has(key) ? key : "problem.401", context.language)
      let document: JSON = [
        "type": "about:blank", "title": .string(texts("sign-in.title", context.language)),
        "status": .integer(page.status == .ok ? 401 : Int(page.status.code)), "detail": .string(sentence),
      ]
      return answer(document.bytes, "application/problem+json", page.status == .ok ? .unauthorized : page.status)
    }
    let model: [String: any Sendable] = [
      "hospital": situation.now().hospital, "next": page.next, "kept": page.action != nil,
      "action": page.action ?? "", "typed": page.typed?.urlencoded ?? "", "login": page.login,
    ].adding("problem", page.problem).adding("badge", page.badge).adding("badgeName", page.badgeName)
    return html(
      Page("sign-in", title: texts("sign-in.title", context.language), model: model, status: page.status), request,
      context)
  }

  /// A page asked for is asked for again after sign-in, under its own address; what was typed comes along.
  func answer(_ needed: SignInNeeded, _ request: Request, _ context: PageContext) -> Response {
    if !wantsJSON(request), needed.action == nil {
      return redirect("/sign-in?next=\(pathSafe(needed.next))")
    }
    let page = SignInPage(
      next: needed.next, action: needed.action, typed: needed.typed?.waiting, status: .unauthorized)
    return answer(page, request, context)
  }
}

extension [String: any Sendable] {
  /// Absent is what mustache reads as no.
  func adding(_ key: String, _ value: (any Sendable)?) -> [String: any Sendable] {
    guard let value else { return self }
    var model = self
    model[key] = value
    return model
  }
}
