/// A word of a name as somebody heard it.
struct EnquiredWord: Sendable {
  let text: String
  let code: String

  init(_ text: String) {
    self.text = text
    code = FrenchPhonetics.code(text)
  }

  /// Written so, pronounced so, or with one slip in a long word.
  func isHeard(as name: EnquiredWord) -> Bool {
    if text.sameBytes(as: name.text) || code.sameBytes(as: name.code) { return true }
    return min(text.utf8.count, name.text.utf8.count) >= Self.slipBytesMin
      && EditDistance.between(text, name.text, max: 1) != nil
  }

  private static let slipBytesMin = 5
}

/// The names of one person, as they may be heard.
struct EnquiredNames {
  private let surnames: [EnquiredWord]
  private let given: [EnquiredWord]

  init(_ patient: Patient) {
    func words(_ names: String?...) -> [EnquiredWord] {
      names.compactMap(\.self).flatMap { NameWords($0).findable }.map(EnquiredWord.init)
    }
    surnames = words(patient.birthName, patient.usedName)
    given = words(patient.birthGivenName, patient.birthGivenNames, patient.usedGivenName)
  }

  func isSurname(_ word: EnquiredWord) -> Bool { surnames.contains { word.isHeard(as: $0) } }

  func answers(to word: EnquiredWord) -> Bool { isSurname(word) || given.contains { word.isHeard(as: $0) } }

  /// Letter for letter.
  func writes(_ word: EnquiredWord) -> Bool { (surnames + given).contains { $0.text.sameBytes(as: word.text) } }
}
