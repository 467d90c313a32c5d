import Foundation
import Hospital

/// Where somebody was born, as people type it: a commune or a country by name, or its code of the INSEE (99 and the
/// country's code abroad, 99999 for unknown).
enum BirthPlace {
  /// `Melun (77288)`: what a form shows and reads back.
  static func text(_ traits: Traits) -> String? {
    guard let code = traits.birthPlace else { return traits.birthPlaceName }
    return traits.birthPlaceName.map { "\($0) (\(code))" } ?? code
  }

  static let suggestions = known.map { "\($0.name) (\($0.code))" }

  /// - Throws: `birth-place-name` where a name alone leads to no code.
  static func read(_ typed: String?) throws(Refusal) -> (code: String?, name: String?) {
    guard let typed else { return (nil, nil) }
    let words = typed.split { $0 == " " || $0 == "(" || $0 == ")" || $0 == "," }
    let code = words.last(where: isCode) ?? words.first(where: isCode)
    let name = words.filter { $0 != code }.joined(separator: " ")
    if let code { return (code.uppercased(), name.isEmpty ? byCode[code.uppercased()] : name) }
    let folded = folded(name)
    if unknownWords.contains(folded) { return (Traits.unknownPlace, nil) }
    guard let place = byName[folded] else { throw Refusal("birth-place-name", field: "birthPlace") }
    return (place.code, place.name)
  }

  private static func isCode(_ word: Substring) -> Bool {
    let utf8 = Array(word.utf8)
    guard utf8.count == 5 else { return false }
    let isCorsican = utf8[0] == UInt8(ascii: "2") && [65, 66, 97, 98].contains(utf8[1])
    return utf8.dropFirst(isCorsican ? 2 : 0).allSatisfy { (48...57).contains($0) }
  }

  private static let unknownWords: Set<String> = ["inconnu", "inconnue", "unknown", "nsp", "?"]

  /// Accents, hyphens, apostrophes and capitals never matter.
  private static func folded(_ text: String) -> String {
    text.lowercased().decomposedStringWithCanonicalMapping.unicodeScalars
      .filter { $0.properties.isAlphabetic || $0 == "?" }
      .reduce(into: "") { $0.unicodeScalars.append($1) }
      .replacing("œ", with: "oe")
  }

  private static let known: [(code: String, name: String)] = birthPlaceTable.split(separator: "\n").map { line in
    (String(line.prefix(5)), String(line.dropFirst(6)))
  }
  private static let byCode = Dictionary(known.map { ($0.code, $0.name) }, uniquingKeysWith: { first, _ in first })
  private static let byName = Dictionary(known.map { (folded($0.name), $0) }, uniquingKeysWith: { first, _ in first })
}
