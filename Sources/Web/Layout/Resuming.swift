import Hospital
import Hummingbird

/// A form that was sent before was sent again with something else in it: an old page, gone back to.
struct FormUsed: Error {}

extension WebApp {
  /// What was typed before something else was asked, ready to be sent with one press, once somebody has looked at it.
  /// - Parameter reason: key of the sentence above it.
  func resume(
    _ action: String, _ typed: Fields, _ session: Session, _ request: Request, _ context: PageContext,
    reason: String = "resume.help"
  ) -> Response {
    var context = context
    context.session = session
    let shown = typed.withoutSecrets.pairs
    let model: [String: any Sendable] = [
      "action": action, "reason": texts(reason, context.language), "csrf": session.csrf,
      "command": typed["command"] ?? environment.newID(),
      "fields": shown.map { ["name": $0.name, "value": $0.value] },
      // What a page remembers of what it showed was not typed.
      "typed": shown.filter { !$0.value.trimmed.isEmpty && !$0.name.hasPrefix(AsShown.prefix) }.map { field in
        let key = "field.\(field.name)"
        return ["label": texts.has(key) ? texts(key, context.language) : field.name, "value": field.value]
      },
    ]
    return html(Page("resume", title: texts("resume.title", context.language), model: model), request, context)
  }

  /// Nothing was written, and nothing typed is lost: it waits on a fresh form.
  func answer(_ used: FormUsed, _ request: Request, _ context: PageContext) -> Response {
    guard !wantsJSON(request), let session = context.session, let typed = context.sent.fields?.withoutSecrets else {
      return answer(Problem(.unprocessableContent, "refusal.command-used"), request, context)
    }
    return resume(request.uri.string, typed, session, request, context, reason: "refusal.command-used")
  }
}
