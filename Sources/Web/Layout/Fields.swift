import Hummingbird

/// Names and values as forms and addresses send them (application/x-www-form-urlencoded), in their order.
package struct Fields: Sendable {
  package var pairs: [(name: String, value: String)]

  package init(_ pairs: [(name: String, value: String)] = []) { self.pairs = pairs }

  /// nil where it is no UTF-8 or a percent sign leads nowhere.
  package init?(urlencoded bytes: some Collection<UInt8>) {
    pairs = []
    for part in bytes.split(separator: UInt8(ascii: "&")) {
      let equals = part.firstIndex(of: UInt8(ascii: "="))
      let name = part[..<(equals ?? part.endIndex)]
      let value = equals.map { part[part.index(after: $0)...] } ?? part[part.endIndex...]
      guard let name = Fields.decoded(name, plusIsSpace: true), let value = Fields.decoded(value, plusIsSpace: true)
      else { return nil }
      pairs.append((name, value))
    }
  }

  /// The first value of that name.
  package subscript(_ name: String) -> String? { pairs.first { $0.name == name }?.value }

  package func all(_ name: String) -> [String] { pairs.lazy.filter { $0.name == name }.map(\.value) }

  /// The same fields as a query or a body.
  package var urlencoded: String {
    pairs.map { "\(pathSafe($0.name))=\(pathSafe($0.value))" }.joined(separator: "&")
  }

  static func decoded(_ text: String, plusIsSpace: Bool) -> String? { decoded(text.utf8, plusIsSpace: plusIsSpace) }

  /// nil for a percent sign without two hex digits, and for what is no UTF-8.
  static func decoded(_ text: some Collection<UInt8>, plusIsSpace: Bool) -> String? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var index = text.startIndex
    while index < text.endIndex {
      let byte = text[index]
      text.formIndex(after: &index)
      if byte == UInt8(ascii: "+"), plusIsSpace {
        bytes.append(UInt8(ascii: " "))
      } else if byte == UInt8(ascii: "%") {
        guard index < text.endIndex, let high = hex(text[index]) else { return nil }
        text.formIndex(after: &index)
        guard index < text.endIndex, let low = hex(text[index]) else { return nil }
        text.formIndex(after: &index)
        bytes.append(high << 4 | low)
      } else {
        bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func hex(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

extension Request {
  /// The query of the address. What cannot be read counts as not asked.
  var query: Fields { uri.query.flatMap { Fields(urlencoded: $0.utf8) } ?? Fields() }
}

extension String {
  /// The address with these fields in its query.
  func asking(_ fields: Fields) -> String {
    fields.pairs.isEmpty ? self : "\(self)\(contains("?") ? "&" : "?")\(fields.urlencoded)"
  }
}
