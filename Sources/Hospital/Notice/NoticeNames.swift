/// Whether what is written for outside names somebody who is here: their surname and their given name, as whole words
/// of one text, in any order. One of both alone is a word like another (PETIT, ROSE).
public struct NoticeNames: Sendable {
  /// Folded, of each text.
  private let texts: [Set<String>]

  public init(_ words: NoticeWords) { self.init(words.message, words.places) }
  public init(_ content: NoticeContent) { self.init(content.message, content.places) }

  private init(_ message: (french: String, english: String)?, _ places: [NoticeContent.Place]) {
    let all = [message?.french, message?.english].compactMap(\.self) + places.map { "\($0.name) \($0.address ?? "")" }
    texts = all.map { text in
      let words = LatinLetters.fold(text).split(separator: LatinLetters.gap)
      return Set(words.flatMap { NameWords(String(decoding: $0, as: UTF8.self)).words })
    }
  }

  /// The words that name one of these, folded and sorted: never whose they are.
  public func found(of patients: [Patient]) -> [String] {
    var found: Set<String> = []
    for text in texts where text.count > 1 {
      for patient in patients {
        let given = [patient.birthGivenName, patient.usedGivenName].compactMap { Self.words($0, in: text) }
        for surname in [patient.birthName, patient.usedName].compactMap({ Self.words($0, in: text) }) {
          for given in given where !given.isSubset(of: surname) { found.formUnion(surname.union(given)) }
        }
      }
    }
    return found.sorted { $0.precedesInBytes($1) }
  }

  /// Those of a name, particles aside, where all of them are in the text.
  private static func words(_ name: String?, in text: Set<String>) -> Set<String>? {
    guard let name else { return nil }
    let words = Set(NameWords(name).core)
    return !words.isEmpty && words.isSubset(of: text) ? words : nil
  }
}
