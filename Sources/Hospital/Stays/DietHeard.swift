import Ledger

extension Stay {
  /// PV1-38.1 of whoever was asked, and has no diet.
  public static let noDiet = "AUCUN"

  /// The diet as a feed says it (PV1-38): its words, else its code; empty where that says that there is none.
  public var dietHeard: String? {
    let code = other["PV1-38"]?.string?.split(separator: "^", omittingEmptySubsequences: false).map(String.init)
    guard let code, !(code.first?.sameBytes(as: Self.noDiet) ?? false) else { return code.map { _ in "" } }
    return [code.dropFirst().first, code.first].compactMap(\.self).first { !$0.isEmpty }?.hl7Unescaped
  }
}

extension String {
  /// Its delimiters in place of what stands for them: facts keep a field as HL7 writes it (2.5, chapter 2.7).
  var hl7Unescaped: String {
    let parts = unicodeScalars.split(separator: "\\", omittingEmptySubsequences: false).map { String($0) }
    var text = parts[0]
    var place = 1
    while place < parts.count {
      if place + 1 < parts.count, let delimiter = Self.hl7Delimiters[parts[place]] {
        text += delimiter + parts[place + 1]
        place += 2
      } else {
        text += "\\" + parts[place]
        place += 1
      }
    }
    return text
  }

  private static let hl7Delimiters = ["F": "|", "S": "^", "T": "&", "R": "~", "E": "\\"]
}
