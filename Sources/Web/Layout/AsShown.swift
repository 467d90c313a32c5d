import Hospital

/// What a form showed goes back with it: what somebody else said meanwhile is not undone by a form that was open.
enum AsShown {
  /// Before the names of the hidden fields that say it.
  static let prefix = "was."
}

extension FormSection {
  /// Hidden fields with what these showed. A value that a link proposed was never kept, and is said as it stands.
  mutating func remember(_ fields: [FormField], _ filling: Filling) {
    for field in fields where filling.proposed[field.name] == nil {
      let was = AsShown.prefix + field.name
      let shown = filling.typed?.all(was) ?? field.kept
      for value in shown.isEmpty ? [""] : shown {
        below += "<input type=\"hidden\" name=\"\(escaped(was))\" value=\"\(escaped(value))\">"
      }
    }
  }
}

extension FormField {
  /// As the register has it.
  fileprivate var kept: [String] {
    if case .checks = kind { return values.sorted() }
    return [known ?? value]
  }
}

extension Form {
  /// Whoever sent it left this field as the page showed it. Of a form without a page, nothing was shown.
  func isAsShown(_ name: String) -> Bool {
    fields[AsShown.prefix + name] != nil && Set(all(name)) == Set(all(AsShown.prefix + name))
  }

  /// What it says of a field: nil where it is absent or as it was shown; an empty text erases.
  func said(_ name: String) -> String? {
    fields[name] == nil || isAsShown(name) ? nil : self[name] ?? ""
  }

  /// The same of a list. Boxes of which none is ticked send nothing.
  func saidList(_ name: String) -> [String]? {
    let isSent = fields[name] != nil || fields[AsShown.prefix + name] != nil || json?[name]?.array != nil
    return isSent && !isAsShown(name) ? all(name) : nil
  }

  /// One of a field's coded values; nil where it is absent.
  /// - Throws: `choice-unknown`.
  func choice<Choice: RawRepresentable<String>>(_ name: String, _ type: Choice.Type) throws(Refusal) -> Choice? {
    try choices(name, type).first
  }

  /// Those that are sent, in their order.
  /// - Throws: `choice-unknown`.
  func choices<Choice: RawRepresentable<String>>(_ name: String, _ type: Choice.Type) throws(Refusal) -> [Choice] {
    var chosen: [Choice] = []
    for typed in all(name) {
      guard let choice = Choice(rawValue: typed) else { throw Refusal("choice-unknown", field: name) }
      chosen.append(choice)
    }
    return chosen
  }
}
