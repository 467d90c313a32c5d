import Hospital

/// A name as somebody at the desk hears it: each of its words begins one of the patient's names, or sounds like it.
struct AwaitedName {
  let text: String
  private let words: [String]

  /// nil where nothing is asked.
  init?(_ text: String?) {
    guard let text, case let words = NameWords(text).words, !words.isEmpty else { return nil }
    (self.text, self.words) = (text, words)
  }

  func finds(_ patient: Patient?) -> Bool {
    guard let patient else { return false }
    let names = [
      patient.birthName, patient.usedName, patient.birthGivenName, patient.birthGivenNames, patient.usedGivenName,
    ].compactMap(\.self).flatMap { NameWords($0).findable }
    return words.allSatisfy { word in
      let sound = FrenchPhonetics.code(word)
      return names.contains { $0.hasPrefix(word) || FrenchPhonetics.code($0) == sound }
    }
  }
}
