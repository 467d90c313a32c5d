import Ledger

/// One cell of a unit's list. None is ever blank: an empty cell on paper reads as "none", and kills.
public enum UnitListCell: Sendable, Equatable {
  /// What is known; who said it and when, as written on the list.
  case value(String, said: String?)
  /// Somebody asked and there is none.
  case none(said: String)
  /// Nobody asked: the list says so and leaves room to write.
  case notAsked
  /// Hidden from this version of the list.
  case withheld

  /// The value, or "nobody asked" where it is missing or empty.
  public init(_ value: String?, said: String? = nil) {
    if let value, !value.allSatisfy(\.isWhitespace) { self = .value(value, said: said) } else { self = .notAsked }
  }

  /// As HTML, inside its `<td>`.
  /// - Parameter text: the sentence of a key.
  public func html(_ text: (String) -> String) -> String {
    switch self {
    case .value(let value, let said):
      escaped(value) + (said.map { #" <span class="said">\#(escaped($0))</span>"# } ?? "")
    case .none(let said):
      #"\#(escaped(text("unit.none"))) <span class="said">\#(escaped(said))</span>"#
    case .notAsked:
      #"<span class="not-asked">\#(escaped(text("unit.not-asked")))</span>"#
    case .withheld:
      #"<span class="withheld">\#(escaped(text("unit.withheld")))</span>"#
    }
  }

  /// As JSON says it: the value if there is one, and which of the four cases it is.
  public var plain: (value: String?, state: String) {
    switch self {
    case .value(let value, _): (value, "value")
    case .none: (nil, "none")
    case .notAsked: (nil, "not-asked")
    case .withheld: (nil, "withheld")
    }
  }
}

extension UnitListCell {
  var json: JSON {
    let plain = plain
    return ["value": plain.value.json, "state": .string(plain.state)]
  }
}
