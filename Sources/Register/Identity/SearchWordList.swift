import Hospital

/// Distinct words, held so that what was typed can be compared with those near to it: some hundred bytes a word.
///
/// One slip of the finger leaves a word's first half or its last as it was, unless it exchanges the two letters in the
/// middle: only words that share a half, or the sound, are compared.
struct SearchWordList {
  private var bytes: [UInt8] = []
  private var words: [Word] = []
  /// The newest word of each block.
  private var newest: [UInt64: UInt32] = [:]

  /// Together, so that a look at a word is a look at one place of memory.
  private struct Word {
    /// Where it lies in `bytes`.
    var start: UInt32
    var length: UInt32
    var letters: LetterSet
    /// The word before it in each of its blocks.
    var first: UInt32
    var last: UInt32
    var sound: UInt32
  }

  private static let none = UInt32.max

  struct Near: Hashable {
    var word: String
    /// 0 one slip and the same sound, 1 one slip, 2 the same sound.
    var cost: Int
  }

  mutating func append(_ word: String, sound: UInt32) {
    let utf8 = Array(word.utf8)
    let place = UInt32(words.count)
    let half = utf8.count / 2
    func link(_ block: UInt64) -> UInt32 { newest.updateValue(place, forKey: block) ?? Self.none }
    words.append(
      Word(
        start: UInt32(bytes.count), length: UInt32(utf8.count), letters: LetterSet(utf8),
        first: link(Self.block(.first, utf8.prefix(half))), last: link(Self.block(.last, utf8.suffix(half))),
        sound: link(Self.block(sound))))
    bytes += utf8
  }

  /// Words one slip of the finger away from `word`, or sounding the same, without itself. One may come twice.
  func near(_ word: String) -> [Near] {
    let query = Array(word.utf8)
    let querySound = Self.sound(word)
    let queryLetters = LetterSet(query)
    var found: [Near] = []
    func visit(_ block: UInt64, sounds: Bool, _ link: (Word) -> UInt32) {
      var next = newest[block] ?? Self.none
      while next != Self.none {
        let known = words[Int(next)]
        next = link(known)
        let mayBeNear = abs(Int(known.length) - query.count) <= 1 && known.letters.mayBeWithin(1, of: queryLetters)
        guard mayBeNear || sounds else { continue }
        let other = Array(bytes[Int(known.start)..<Int(known.start + known.length)])
        let distance = mayBeNear ? EditDistance.between(other, query, max: 1) : nil
        if distance == 0 || distance == nil && !sounds { continue }
        found.append(
          Near(word: String(decoding: other, as: UTF8.self), cost: distance == nil ? 2 : sounds ? 0 : 1))
      }
    }
    visit(Self.block(querySound), sounds: true) { $0.sound }
    for half in Set([query.count - 1, query.count, query.count + 1].map { $0 / 2 }) {
      visit(Self.block(.first, query.prefix(half)), sounds: false) { $0.first }
      visit(Self.block(.last, query.suffix(half)), sounds: false) { $0.last }
    }
    if query.count >= 2, query.count.isMultiple(of: 2) {
      let half = query.count / 2
      visit(Self.block(.first, query[..<(half - 1)] + [query[half]]), sounds: false) { $0.first }
    }
    // The same sound and one slip: once, as the better of the two.
    let sounding = Set(found.lazy.filter { $0.cost == 0 }.map(\.word))
    return found.filter { $0.cost != 1 || !sounding.contains($0.word) }
  }

  // MARK: Blocks

  private enum Half: UInt64 { case first, last }

  /// FNV-1a; two blocks that fall together cost a comparison.
  private static func block(_ half: Half, _ letters: ArraySlice<UInt8>) -> UInt64 {
    let start = 0xCBF2_9CE4_8422_2325 ^ (half.rawValue << 8 | UInt64(letters.count))
    return letters.reduce(start) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }

  private static func block(_ sound: UInt32) -> UInt64 { UInt64(sound) }

  /// FNV-1a of the phonetic code.
  static func sound(_ word: String) -> UInt32 {
    FrenchPhonetics.code(word).utf8.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
  }
}
