import Hospital
import Hummingbird
import Ledger
import Register

/// A page that is one form.
struct SectionedForm: Sendable {
  var title: String
  /// HTML above the form: whose it is, repeated before anything is done.
  var above = ""
  /// HTML inside the form, before its sections.
  var before = ""
  /// Where it is sent.
  var action: String
  /// Name under which a browser keeps what was typed.
  var draft: String
  var sections: [FormSection]
  var button: String
  /// Other buttons that send the same form.
  var others: [Other] = []
  /// Where "cancel" leads.
  var back: String
  /// Sentence of what is wrong with no field in particular, not escaped.
  var problem: String?

  struct Other: Sendable {
    var name: String
    var value: String
    var text: String
    /// The letter that presses it.
    var key: String?
    var hasFocus = false
  }

  func page(_ filling: Filling, nav: Nav?, live: Set<String> = [], status: HTTPResponse.Status = .ok) -> Page {
    var html = ""
    html.reserveCapacity(8000)
    let known = Set(sections.flatMap(\.fields).map(\.name))
    for section in sections { section.write(into: &html) }
    // A refusal about a field that this form lacks must be seen too.
    let stray = filling.errors.filter { !known.contains($0.key) }.map(\.value).sorted()
    let problems = [problem, filling.problem].compactMap { $0 } + stray
    let model: [String: any Sendable] = [
      "title": title, "above": above, "action": action, "draft": draft, "hidden": filling.hidden,
      "sections": before + html,
      "button": button, "back": back, "problems": problems,
      "others": others.map { other in
        [
          "name": other.name, "value": other.value, "text": other.text, "key": other.key ?? "",
          "hasKey": other.key != nil, "focus": other.hasFocus,
        ] as [String: any Sendable]
      },
    ]
    return Page(
      "sectioned-form", title: title, model: model, status: status == .ok ? filling.status : status,
      nav: nav,
      live: live)
  }
}

extension WebApp {
  /// Decides what a form asks for, and answers: where to go next, or the form again with what was typed.
  /// - Parameters:
  ///   - command: made of the form; a refusal here is shown like one of the decision.
  ///   - next: the address after success.
  ///   - again: the page with the refusal on it.
  func answer(
    _ form: Form, _ request: Request, _ context: PageContext, command: () throws -> any Command,
    next: (Receipt) throws -> String, again: (Filling) throws -> Page
  ) async throws -> Response {
    let acted: Acted
    do {
      acted = try await act(form, context, command: try command())
    } catch let refusal as Refusal {
      acted = .refused(refusal, message: sentence(refusal, context.language), field: refusal.field)
    }
    switch acted {
    case .done(let receipt):
      if wantsJSON(request) { return json(receipt, context) }
      return redirect(try next(receipt))
    case .refused(let refusal, let message, let field):
      if wantsJSON(request) { return json(refused: refusal, message: message, field: field, context) }
      return html(try again(Filling(form, message: message, field: field)), request, context)
    }
  }

  func wording(_ context: PageContext) -> Wording {
    Wording(texts: texts, language: context.language, hours: hours, now: environment.now())
  }
}
