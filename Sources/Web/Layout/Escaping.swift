import Mustache

/// Text as HTML and XML read it, in elements and in quoted attributes. Control characters, which XML forbids, vanish.
func escaped(_ text: String) -> String {
  guard text.utf8.contains(where: mayNeedEscaping) else { return text }
  var out = ""
  out.reserveCapacity(text.utf8.count + 8)
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": out += "&amp;"
    case "<": out += "&lt;"
    case ">": out += "&gt;"
    case "\"": out += "&quot;"
    case "'": out += "&#39;"
    case _ where scalar.value < 0x20 || scalar.value == 0x7F: out += " "
    // Marks that turn the direction of what follows could make a name read as another one.
    case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": continue
    default: out.unicodeScalars.append(scalar)
    }
  }
  return out
}

/// 0xE2 begins the marks of direction.
private func mayNeedEscaping(_ byte: UInt8) -> Bool {
  switch byte {
  case ..<0x20, 0x22, 0x26, 0x27, 0x3C, 0x3E, 0x7F, 0xE2: true
  default: false
  }
}

/// What the templates write between double braces is escaped as everything else here is.
struct EscapedContent: MustacheContentType {
  static let name = "ESCAPED"

  func escapeText(_ text: String) -> String { escaped(text) }
}
