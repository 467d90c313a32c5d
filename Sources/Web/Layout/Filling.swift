import Hospital
import Hummingbird
import Ledger

/// What a form's fields are filled with: at first what is proposed; again, what was typed and what is wrong with it.
struct Filling: Sendable {
  /// nil the first time.
  var typed: Fields?
  /// What the address chose beforehand.
  var proposed = Fields()
  /// Sentences by field.
  var errors: [String: String] = [:]
  /// What is wrong with no field in particular.
  var problem: String?
  /// The session's token and the command's key.
  var hidden: String

  /// A fresh form.
  init(hidden: String) { self.hidden = hidden }

  /// The same form again, with what was typed.
  init(_ form: Form) {
    typed = form.fields
    hidden = form.hidden
  }

  /// The same form after a refusal.
  init(_ form: Form, message: String, field: String?) {
    typed = form.fields
    hidden = form.hidden
    if let field { errors[field] = message } else { problem = message }
  }

  /// With the errors of fields that this form calls otherwise beside those.
  func renaming(_ names: [String: String]) -> Filling {
    var filling = self
    filling.errors = Dictionary(
      errors.map { (names[$0.key] ?? $0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    return filling
  }

  /// All that is wrong, for a page that shows it above its form.
  var problems: [String] { problems() }

  /// - Parameter names: of fields that show it themselves.
  func problems(besides names: String...) -> [String] {
    [problem].compactMap(\.self) + errors.filter { !names.contains($0.key) }.map(\.value).sorted()
  }

  /// Of the page that shows it.
  var status: HTTPResponse.Status { problem == nil && errors.isEmpty ? .ok : .unprocessableContent }

  func value(_ name: String, proposed: String?) -> String {
    typed.map { $0[name] ?? "" } ?? self.proposed[name] ?? proposed ?? ""
  }
}

/// Makes the fields of one form: labels are the sentences `field.<name>`, help `field.<name>.help`.
struct FieldMaker {
  let wording: Wording
  let filling: Filling

  func field(
    _ name: String, _ kind: FormField.Kind = .text, proposed: String? = nil, required: Bool = false, wide: Bool = false,
    focus: Bool = false
  ) -> FormField {
    let help = "field.\(name).help"
    var field = FormField(
      name, wording("field.\(name)"), kind, value: filling.value(name, proposed: proposed),
      help: wording.texts.has(help) ? wording(help) : nil, required: required, wide: wide)
    if case .checks = kind { field.values = Set(filling.typed?.all(name) ?? []) }
    field.error = filling.errors[name]
    // After a refusal the cursor waits where something is wrong.
    field.hasFocus = filling.errors.isEmpty ? focus : filling.errors[name] != nil
    return field
  }

  /// A choice among coded values, whose words are `<prefix>.<code>`.
  func choice(
    _ name: String, _ prefix: String, _ codes: [String], proposed: String? = nil, empty: Bool = false,
    emptyText: String = "field.choose", required: Bool = false, radios: Bool = false
  ) -> FormField {
    var choices = codes.map { FormField.Choice($0, wording.word(prefix, $0)) }
    if empty { choices.insert(FormField.Choice("", wording(emptyText)), at: 0) }
    return field(name, radios ? .radios(choices) : .select(choices), proposed: proposed, required: required)
  }
}
