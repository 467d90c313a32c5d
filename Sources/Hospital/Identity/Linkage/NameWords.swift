/// A name as it is compared and searched: its words, folded, without what is written in many ways.
public struct NameWords: Sendable, Hashable {
  /// All words in the order written, particles included; `ST` and `STE` are written out.
  public var words: [String]

  /// Longer names are cut: nobody's name has more, and a hostile one must not cost more.
  static let wordsMax = 12
  static let wordBytesMax = 40

  public init(_ text: String) {
    words =
      LatinLetters.fold(text)
      .split(separator: LatinLetters.gap, maxSplits: Self.wordsMax)
      .prefix(Self.wordsMax)
      .map { Self.spelledOut(String(decoding: $0.prefix(Self.wordBytesMax), as: UTF8.self)) }
  }

  /// Words folded before.
  public init(folded words: [String]) { self.words = words }

  public var isEmpty: Bool { words.isEmpty }

  /// Words that are no particle; all of them if there is nothing else (`Le`, a Vietnamese name).
  public var core: [String] {
    let kept = words.filter { !Self.particles.contains($0) }
    return kept.isEmpty ? words : kept
  }

  /// Everything in one word: `LE GOFF`, `LEGOFF` and `Le-Goff` are the same.
  public var joined: String { words.count == 1 ? words[0] : words.joined() }

  /// Every word by which somebody may look for this name: the whole, each part, and each part with its particles.
  public var findable: [String] {
    guard words.count > 1 else { return words }
    var all = [joined]
    var particles = ""
    for word in words {
      if Self.particles.contains(word) {
        particles += word
        continue
      }
      all.append(word)
      if !particles.isEmpty { all.append(particles + word) }
      particles = ""
    }
    var seen: Set<String> = []
    return all.filter { seen.insert($0).inserted }
  }

  public static let particles: Set<String> = [
    "D", "DA", "DAS", "DE", "DEL", "DELLA", "DEN", "DER", "DES", "DI", "DO", "DOS", "DU", "EL", "L", "LA", "LE", "LES",
    "LOS", "TEN", "TER", "VAN", "VON", "Y", "ZU",
  ]

  private static func spelledOut(_ word: String) -> String {
    switch word {
    case "ST": "SAINT"
    case "STE": "SAINTE"
    default: word
    }
  }
}
