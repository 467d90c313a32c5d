import Hospital
import Ledger

/// What a search already says of somebody who was not found, so that nobody types it twice.
struct QueryTraits: Equatable {
  /// As typed.
  var birthDate: String?
  var birthName: String?
  var givenName: String?

  /// `12031961 MARTIN Louise`: a date first or last, then names as they come.
  init(_ query: String, today: CivilDate) {
    var words = query.split(separator: " ").map(String.init)
    let place = words.firstIndex { word in
      word.filter { $0.isASCII && $0.isNumber }.count >= 4 && (try? PartialDate.typed(word, today: today)) != nil
    }
    if let place { birthDate = words.remove(at: place) }
    // A number that is no date is no name either.
    words.removeAll { $0.contains { $0.isNumber } }
    if !words.isEmpty { birthName = words.removeFirst() }
    // A particle belongs to what follows it.
    while let name = birthName, !words.isEmpty, Self.particles.contains(lastWord(of: name).lowercased()) {
      birthName = "\(name) \(words.removeFirst())"
    }
    givenName = words.isEmpty ? nil : words.joined(separator: " ")
  }

  private static let particles: Set<String> = [
    "de", "du", "des", "la", "le", "van", "von", "el", "al", "ben", "di", "da",
  ]
}

private func lastWord(of text: String) -> String { text.split(separator: " ").last.map(String.init) ?? text }
