import Ledger

/// A field as facts keep it: as HL7 writes it, between the standard delimiters (2.5, chapter 2.7).
struct HL7FieldText {
  private let kept: String

  /// nil where a fact has no such field.
  init?(_ json: JSON?) {
    guard let kept = json?.string else { return nil }
    self.kept = kept
  }

  /// All of it.
  var text: String { Self.unescaped(kept) }

  /// A component, from 1; nil where nothing is said there.
  subscript(number: Int) -> String? {
    let components = kept.unicodeScalars.split(separator: "^", omittingEmptySubsequences: false)
    guard number <= components.count, !components[number - 1].isEmpty else { return nil }
    return Self.unescaped(String(components[number - 1]))
  }

  /// Of a coded one (CE): its words, else its code.
  var words: String? { self[2] ?? self[1] }

  /// Delimiters in place of what stands for them; any other escape sequence stays as it is written.
  private static func unescaped(_ kept: String) -> String {
    let parts = kept.unicodeScalars.split(separator: "\\", omittingEmptySubsequences: false).map { String($0) }
    var text = parts[0]
    var place = 1
    while place < parts.count {
      if place + 1 < parts.count, let delimiter = delimiters[parts[place]] {
        text += delimiter + parts[place + 1]
        place += 2
      } else {
        text += "\\" + parts[place]
        place += 1
      }
    }
    return text
  }

  private static let delimiters = ["F": "|", "S": "^", "T": "&", "R": "~", "E": "\\"]
}
