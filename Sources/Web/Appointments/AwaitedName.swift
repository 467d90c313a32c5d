import Hospital

/// A name as somebody at the desk hears it: each of its words begins one of the patient's names, or sounds like it.
struct AwaitedName {
  let text: String
  /// Each as it may be written.
  private let words: [[String]]

  /// nil where nothing is asked.
  init?(_ text: String?) {
    guard let text, case let words = NameWords(text).words, !words.isEmpty else { return nil }
    (self.text, self.words) = (text, words.map { [$0, Self.withoutUmlauts($0)] })
  }

  /// `MUELLER` is how MÜLLER is written where there are no such letters, and MULLER how it is kept here.
  private static func withoutUmlauts(_ word: String) -> String { word.replacing(/([AOU])E/) { $0.output.1 } }

  func finds(_ patient: Patient?) -> Bool {
    guard let patient else { return false }
    let names = [
      patient.birthName, patient.usedName, patient.birthGivenName, patient.birthGivenNames, patient.usedGivenName,
    ].compactMap(\.self).flatMap { NameWords($0).findable }
    return words.allSatisfy { spellings in
      let sounds = spellings.map(FrenchPhonetics.code)
      return names.contains { name in
        spellings.contains(where: name.hasPrefix) || sounds.contains(FrenchPhonetics.code(name))
      }
    }
  }
}
