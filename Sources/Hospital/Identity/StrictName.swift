/// A name as the RNIV has it typed: capitals without accents, hyphens and apostrophes kept.
enum StrictName {
  static let charactersMax = 100
  /// What the RNIV has recorded of whoever bears no given name.
  static let noGivenName = "SANSPRENOM"

  /// nil for what is no name in Latin letters: digits, other scripts, marks of direction.
  static func normal(_ text: String) -> String? {
    if text.utf8.count <= charactersMax, text.utf8.allSatisfy({ (65...90).contains($0) }) { return text }
    var name = ""
    for character in text {
      switch character {
      case "-", "\u{2010}", "\u{2011}", "\u{2013}": name.append("-")
      case "'", "\u{2019}", "\u{02BC}", "`", "\u{00B4}": name.append("'")
      case _ where character.isWhitespace:
        if let last = name.last, last != " " { name.append(" ") }
      default:
        let letters = LatinLetters.fold(String(character))
        guard !letters.isEmpty, letters.allSatisfy({ (65...90).contains($0) }) else { return nil }
        name += String(decoding: letters, as: UTF8.self)
      }
      // Ten thousand letters are no name: stop reading.
      guard name.utf8.count <= charactersMax + 1 else { return nil }
    }
    if name.last == " " { name.removeLast() }
    return name.count <= charactersMax ? name : nil
  }

  /// A given name that is normal already; none at all in one form, however it was typed.
  static func given(_ name: String) -> String {
    isNoGivenName(name) ? noGivenName : name
  }

  /// Says nothing of who somebody is: two of them agree on nothing.
  static func isNoGivenName(_ name: String) -> Bool {
    name.utf8.count < 15 && normal(name)?.filter(\.isLetter) == noGivenName
  }
}

/// Other words that people type: without what a screen or a printer would obey.
enum FreeText {
  static let charactersMax = 500

  /// Trimmed; control characters and marks of direction dropped.
  /// - Throws: `text-too-long`.
  static func tidied(_ text: String?, field: String) throws(Refusal) -> String? {
    guard let text else { return nil }
    guard text.utf8.count <= charactersMax * 4 else { throw Refusal("text-too-long", field: field) }
    var kept = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: kept.append(" ")
      case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: continue
      default: kept.append(scalar)
      }
    }
    let words = String(kept).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard words.count <= charactersMax else { throw Refusal("text-too-long", field: field) }
    return words.isEmpty ? nil : words
  }
}
