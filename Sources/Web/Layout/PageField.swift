import Mustache

/// One field of a form, as the template `field` draws it: label above, help and error beneath.
struct PageField: Sendable {
  enum Input: Sendable {
    case text, secret, area
    case select([Choice])
    /// One of a few, all in sight.
    case radios([Choice])
    /// Any of several.
    case checks([Choice])
  }

  struct Choice: Sendable, Equatable {
    var value: String
    var text: String

    init(_ value: String, _ text: String) {
      self.value = value
      self.text = text
    }
  }

  var name: String
  /// In the reader's language.
  var label: String
  var input = Input.text
  /// What is typed or chosen; several for checks.
  var values: [String] = []
  var help: String?
  var error: String?
  /// What a browser may fill in by itself.
  var autocomplete = "off"
  var hasFocus = false
}

extension PageField: MustacheParent {
  func child(named name: String) -> Any? {
    switch name {
    case "name": self.name
    case "label": label
    case "value": values.first ?? ""
    case "help": help
    case "error": error
    case "autocomplete": autocomplete
    case "focus": hasFocus
    case "isText": if case .text = input { true } else { false }
    case "isSecret": if case .secret = input { true } else { false }
    case "isArea": if case .area = input { true } else { false }
    case "isSelect": if case .select = input { true } else { false }
    case "isGroup": group != nil
    case "type": if case .radios = input { "radio" } else { "checkbox" }
    case "choices": choices
    default: nil
    }
  }

  private var group: [Choice]? {
    switch input {
    case .radios(let choices), .checks(let choices): choices
    case .text, .secret, .area, .select: nil
    }
  }

  private var choices: [[String: any Sendable]] {
    let all: [Choice] = if case .select(let choices) = input { choices } else { group ?? [] }
    return all.enumerated().map { index, choice in
      [
        "value": choice.value, "text": choice.text, "selected": values.contains(choice.value),
        "focus": hasFocus && index == 0,
      ]
    }
  }
}
