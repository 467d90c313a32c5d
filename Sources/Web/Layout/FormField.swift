/// One field of a form as a page shows it: label above, help beside, and beneath it what is wrong and the way out.
package struct FormField: Sendable {
  package enum Kind: Sendable {
    case text
    /// Digits above all: phones show their number pad.
    case number
    case area
    case select([Choice])
    case radios([Choice])
    /// Any of several; `values` are those chosen.
    case checks([Choice])
    case check
    /// A PIN: never shown again.
    case secret
  }

  package struct Choice: Sendable, Equatable {
    package var value: String
    package var text: String
    /// Options of one group stand together.
    package var group: String?
    /// The letter or digit that chooses it while nobody types; of radios alone.
    package var key: String?

    package init(_ value: String, _ text: String, group: String? = nil, key: String? = nil) {
      self.value = value
      self.text = text
      self.group = group
      self.key = key
    }
  }

  package var name: String
  package var label: String
  package var kind: Kind
  package var value: String
  package var values: Set<String> = []
  /// What the register has, where the field proposes something else.
  package var known: String?
  package var help: String?
  package var error: String?
  package var isRequired: Bool
  package var hasFocus = false
  /// Takes the whole width of its section.
  package var isWide = false
  /// Digits that a French keyboard types without Shift are read as digits.
  package var isDigits = false
  /// `list` of suggestions: id and values.
  package var suggestions: [String] = []
  /// Sends the form again for what depends on this value.
  package var refreshes: String?

  package init(
    _ name: String, _ label: String, _ kind: Kind = .text, value: String = "", help: String? = nil,
    required: Bool = false, wide: Bool = false
  ) {
    self.name = name
    self.label = label
    self.kind = kind
    self.value = value
    self.help = help
    isRequired = required
    isWide = wide
  }

  package func write(into out: inout String) {
    out += "<div class=\"field"
    if isWide { out += " wide" }
    if case .check = kind { out += " check" }
    out += "\""
    if error != nil { out += " data-error" }
    out += ">"
    switch kind {
    case .check:
      out += "<label><input type=\"checkbox\" id=\"\(escaped(name))\" name=\"\(escaped(name))\" value=\"yes\""
      if !value.isEmpty { out += " checked" }
      writeAttributes(into: &out)
      out += "> \(escaped(label))</label>"
    case .radios(let choices): writeGroup("radio", choices, into: &out)
    case .checks(let choices): writeGroup("checkbox", choices, into: &out)
    default:
      out += "<label for=\"\(escaped(name))\">\(escaped(label))"
      if isRequired { out += " <span aria-hidden=\"true\">*</span>" }
      out += "</label>"
      writeControl(into: &out)
    }
    if let help { out += "<p class=\"help\" id=\"\(escaped(name))-help\">\(escaped(help))</p>" }
    if let error { out += "<p class=\"error\" id=\"\(escaped(name))-error\">\(escaped(error))</p>" }
    out += "</div>"
  }

  private func writeControl(into out: inout String) {
    let start = " id=\"\(escaped(name))\" name=\"\(escaped(name))\""
    switch kind {
    case .select(let choices):
      out += "<select\(start)"
      writeAttributes(into: &out)
      out += ">"
      writeOptions(choices, into: &out)
      out += "</select>"
    case .area:
      out += "<textarea rows=\"2\"\(start)"
      writeAttributes(into: &out)
      // Each line by itself: what is escaped has no line ends.
      let lines = value.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { escaped(String($0)) }
      out += ">\(lines.joined(separator: "\n"))</textarea>"
    case .secret:
      out += "<input type=\"password\" autocomplete=\"off\"\(start)"
      writeAttributes(into: &out)
      out += ">"
    default:
      out += "<input\(start) value=\"\(escaped(value))\" autocomplete=\"off\" spellcheck=\"false\""
      if case .number = kind { out += " inputmode=\"decimal\"" }
      if isDigits { out += " data-digits" }
      if !suggestions.isEmpty { out += " list=\"\(escaped(name))-list\"" }
      writeAttributes(into: &out)
      out += ">"
      guard !suggestions.isEmpty else { return }
      out += "<datalist id=\"\(escaped(name))-list\">"
      for suggestion in suggestions { out += "<option value=\"\(escaped(suggestion))\"></option>" }
      out += "</datalist>"
    }
  }

  private func writeOptions(_ choices: [Choice], into out: inout String) {
    var group: String?
    for choice in choices {
      if choice.group != group {
        if group != nil { out += "</optgroup>" }
        if let next = choice.group { out += "<optgroup label=\"\(escaped(next))\">" }
        group = choice.group
      }
      let selected = choice.value == value ? " selected" : ""
      out += "<option value=\"\(escaped(choice.value))\"\(selected)>\(escaped(choice.text))</option>"
    }
    if group != nil { out += "</optgroup>" }
  }

  /// A group of its own, named by the field's label.
  private func writeGroup(_ type: String, _ choices: [Choice], into out: inout String) {
    out += "<fieldset class=\"choices-line\"><legend>\(escaped(label))"
    if isRequired { out += " <span aria-hidden=\"true\">*</span>" }
    out += "</legend>"
    for (index, choice) in choices.enumerated() {
      out += "<label><input type=\"\(type)\" name=\"\(escaped(name))\" value=\"\(escaped(choice.value))\""
      if choice.value == value || values.contains(choice.value) { out += " checked" }
      if let key = choice.key { out += " data-key=\"\(escaped(key))\"" }
      if index == 0 {
        out += " id=\"\(escaped(name))\""
        writeAttributes(into: &out)
      }
      out += "> \(escaped(choice.text))</label> "
    }
    out += "</fieldset>"
  }

  private func writeAttributes(into out: inout String) {
    // Not `required`: a browser's own bubble would keep the server from saying all that is wrong at once.
    if isRequired { out += " aria-required=\"true\"" }
    if hasFocus { out += " autofocus" }
    if let refreshes { out += " data-refresh=\"\(escaped(refreshes))\"" }
    let described = [help.map { _ in "\(name)-help" }, error.map { _ in "\(name)-error" }].compactMap { $0 }
    if !described.isEmpty { out += " aria-describedby=\"\(escaped(described.joined(separator: " ")))\"" }
    if error != nil { out += " aria-invalid=\"true\"" }
  }
}

/// Fields that belong together, under one heading.
package struct FormSection: Sendable {
  package var legend: String
  package var fields: [FormField]
  /// HTML after the fields: proposals, notes.
  package var below = ""
  /// Opens on demand: what is rarely needed stays out of the way.
  package var isFolded = false

  package init(_ legend: String, _ fields: [FormField], below: String = "", folded: Bool = false) {
    self.legend = legend
    self.fields = fields
    self.below = below
    isFolded = folded
  }

  package func write(into out: inout String) {
    let isOpen = fields.contains { $0.error != nil || !$0.value.isEmpty }
    if isFolded {
      out += "<details class=\"form-section\"\(isOpen ? " open" : "")><summary>\(escaped(legend))</summary>"
    } else {
      out += "<fieldset class=\"form-section\"><legend>\(escaped(legend))</legend>"
    }
    out += "<div class=\"form-grid\">"
    for field in fields { field.write(into: &out) }
    out += "</div>\(below)"
    out += isFolded ? "</details>" : "</fieldset>"
  }
}
