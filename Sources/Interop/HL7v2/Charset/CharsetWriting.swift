extension Charset {
  /// `text` in this set. A character that it lacks is transliterated (œ becomes oe), else a question mark;
  /// `lost` counts both.
  func encode(_ text: String) -> (bytes: [UInt8], lost: Int) {
    // Every set has ASCII, which is all of most answers.
    if self == .utf8 || text.utf8.allSatisfy({ $0 < 0x80 }) { return (Array(text.utf8), 0) }
    var bytes: [UInt8] = []
    var lost = 0
    for character in text {
      // Composed, where it came as a letter and an accent.
      let composed = Charset.composed(character)
      if let byte = byte(composed) {
        bytes.append(byte)
      } else if let plain = Charset.plain[composed] {
        bytes.append(contentsOf: plain.utf8)
        lost += 1
      } else if let letter = character.unicodeScalars.first, letter.isASCII {
        bytes.append(UInt8(letter.value))
        lost += 1
      } else {
        bytes.append(UInt8(ascii: "?"))
        lost += 1
      }
    }
    return (bytes, lost)
  }

  private func byte(_ scalar: Unicode.Scalar) -> UInt8? {
    if scalar.isASCII { return UInt8(scalar.value) }
    guard self != .ascii, let value = UInt16(exactly: scalar.value), value != 0xFFFD else { return nil }
    switch self {
    case .latin9:
      if let known = Charset.latin9Scalars.first(where: { $0.value == value }) { return known.key }
      guard (0xA0...0xFF).contains(value), Charset.latin9Scalars[UInt8(value)] == nil else { return nil }
    case .windows1252:
      if let index = Charset.windowsScalars.firstIndex(of: value) { return UInt8(0x80 + index) }
      guard (0xA0...0xFF).contains(value) else { return nil }
    default: guard (0xA0...0xFF).contains(value) else { return nil }
    }
    return UInt8(value)
  }

  /// U+0000 for a character of several scalars that has no composed form here.
  private static func composed(_ character: Character) -> Unicode.Scalar {
    let scalars = character.unicodeScalars
    guard let first = scalars.first, scalars.count > 1 else { return scalars.first ?? "\0" }
    guard scalars.count == 2, let mark = scalars.last, let row = compositions[mark] else { return "\u{FFFD}" }
    return row[first] ?? "\u{FFFD}"
  }

  private static let compositions: [Unicode.Scalar: [Unicode.Scalar: Unicode.Scalar]] = [
    "\u{300}": ["a": "à", "e": "è", "u": "ù", "A": "À", "E": "È", "U": "Ù"],
    "\u{301}": ["e": "é", "E": "É", "a": "á", "i": "í", "o": "ó", "u": "ú"],
    "\u{302}": ["a": "â", "e": "ê", "i": "î", "o": "ô", "u": "û", "A": "Â", "E": "Ê", "I": "Î", "O": "Ô", "U": "Û"],
    "\u{303}": ["n": "ñ", "N": "Ñ", "a": "ã", "o": "õ"],
    "\u{308}": ["e": "ë", "i": "ï", "u": "ü", "o": "ö", "E": "Ë", "I": "Ï", "U": "Ü", "O": "Ö", "y": "ÿ", "Y": "Ÿ"],
    "\u{327}": ["c": "ç", "C": "Ç"],
  ]

  private static let plain: [Unicode.Scalar: String] = [
    "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "€": "EUR", "Ÿ": "Y", "ÿ": "y", "Š": "S", "š": "s", "Ž": "Z", "ž": "z",
    "’": "'", "‘": "'", "“": "\"", "”": "\"", "–": "-", "—": "-", "…": "...", "\u{A0}": " ", "\u{202F}": " ",
    "à": "a", "â": "a", "ä": "a", "ç": "c", "é": "e", "è": "e", "ê": "e", "ë": "e", "î": "i", "ï": "i", "ô": "o",
    "ö": "o", "ù": "u", "û": "u", "ü": "u", "À": "A", "Â": "A", "Ä": "A", "Ç": "C", "É": "E", "È": "E", "Ê": "E",
    "Ë": "E", "Î": "I", "Ï": "I", "Ô": "O", "Ö": "O", "Ù": "U", "Û": "U", "Ü": "U", "ñ": "n", "Ñ": "N",
  ]
}
