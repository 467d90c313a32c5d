import Hospital
import Hummingbird
import Ledger
import Mustache

/// A page that is one form: its fields from top to bottom, one button. Everything as the reader sees it.
struct FormPage: Sendable {
  var title: String
  var subtitle: String?
  var intro: String?
  /// Address that takes the form.
  var action: String
  var fields: [PageField]
  var button: String
  var back: String?
  /// Name under which scripts keep what is typed; nil keeps nothing.
  var draft: String?
  var nav: Nav?
  var problem: String?
  /// What was just done.
  var done: String?
  var hidden = ""
  var status: HTTPResponse.Status = .ok

  /// The same form with what was typed in it.
  func filled(with form: Form) -> FormPage {
    var page = self
    page.hidden = form.hidden
    for index in fields.indices {
      if case .secret = fields[index].input { continue }
      page.fields[index].values = form.fields.all(fields[index].name)
    }
    return page
  }

  /// The same form, and why it was refused: beside its field, or above all where none is concerned.
  func refused(_ message: String, field: String?) -> FormPage {
    var page = self
    page.status = .unprocessableContent
    if let index = fields.firstIndex(where: { $0.name == field }) {
      page.fields[index].error = message
      for other in page.fields.indices { page.fields[other].hasFocus = other == index }
    } else {
      page.problem = message
    }
    return page
  }
}

extension FormPage: MustacheParent {
  func child(named name: String) -> Any? {
    switch name {
    case "title": title
    case "subtitle": subtitle
    case "intro": intro
    case "action": action
    case "fields": fields
    case "button": button
    case "buttonFocus": !fields.contains(where: \.hasFocus)
    case "back": back
    case "draft": draft
    case "problem": problem
    case "done": done
    case "hidden": hidden
    default: nil
    }
  }
}

extension WebApp {
  func answer(_ page: FormPage, _ request: Request, _ context: PageContext) -> Response {
    if wantsJSON(request) {
      let fields: [JSON] = page.fields.map { field in
        ["name": .string(field.name), "label": .string(field.label), "error": field.error.map { .string($0) } ?? .null]
      }
      return json(["title": .string(page.title), "action": .string(page.action), "fields": .array(fields)])
    }
    var shown = page
    if shown.hidden.isEmpty { shown.hidden = hidden(context) }
    return html(
      Page("form", title: page.title, model: shown, status: page.status, nav: page.nav), request, context)
  }

  /// The form again with what was typed and why not; for programs, the refusal alone.
  func answer(
    _ page: FormPage, refused refusal: Refusal, _ form: Form, _ request: Request, _ context: PageContext
  ) -> Response {
    let message = sentence(refusal, context.language)
    if wantsJSON(request) { return json(refused: refusal, message: message, field: refusal.field, context) }
    let again = page.filled(with: form).refused(message, field: refusal.field)
    return answer(again, request, context)
  }
}
