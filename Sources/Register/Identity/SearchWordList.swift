import Hospital

/// Distinct words, held so that what was typed can be compared with those near to it: some ten megabytes for a million.
///
/// One slip of the finger, even two letters exchanged, leaves a word's first third or its last as it was: only words
/// that share one of these, or the sound, are compared.
struct SearchWordList {
  private var bytes: [UInt8] = []
  /// Where each word ends in `bytes`.
  private var ends: [UInt32] = []
  private var letters: [LetterSet] = []
  /// The newest word of each block, and for each word the one before it in each of its blocks.
  private var newest: [UInt64: UInt32] = [:]
  private var earlier: [Links] = []

  private struct Links {
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
    let place = UInt32(letters.count)
    let third = utf8.count / 3
    func link(_ block: UInt64) -> UInt32 { newest.updateValue(place, forKey: block) ?? Self.none }
    earlier.append(
      Links(
        first: link(Self.block(.first, utf8.prefix(third))), last: link(Self.block(.last, utf8.suffix(third))),
        sound: link(Self.block(sound))))
    letters.append(LetterSet(utf8))
    bytes += utf8
    ends.append(UInt32(bytes.count))
  }

  /// Words one slip of the finger away from `word`, or sounding the same, without itself. One may come twice.
  func near(_ word: String) -> [Near] {
    let query = Array(word.utf8)
    let querySound = Self.sound(word)
    let queryLetters = LetterSet(query)
    var found: [Near] = []
    func visit(_ block: UInt64, sounds: Bool, _ link: (Links) -> UInt32) {
      var next = newest[block] ?? Self.none
      while next != Self.none {
        let place = Int(next)
        next = link(earlier[place])
        let start = place == 0 ? 0 : Int(ends[place - 1])
        let end = Int(ends[place])
        let mayBeNear = abs(end - start - query.count) <= 1 && letters[place].mayBeWithin(1, of: queryLetters)
        guard mayBeNear || sounds else { continue }
        let other = Array(bytes[start..<end])
        let distance = mayBeNear ? EditDistance.between(other, query, max: 1) : nil
        if distance == 0 || distance == nil && !sounds { continue }
        found.append(
          Near(word: String(decoding: other, as: UTF8.self), cost: distance == nil ? 2 : sounds ? 0 : 1))
      }
    }
    visit(Self.block(querySound), sounds: true) { $0.sound }
    for third in Set([query.count - 1, query.count, query.count + 1].map { $0 / 3 }) {
      visit(Self.block(.first, query.prefix(third)), sounds: false) { $0.first }
      visit(Self.block(.last, query.suffix(third)), sounds: false) { $0.last }
    }
    // The same sound and one slip: once, as the better of the two.
    let sounding = Set(found.lazy.filter { $0.cost == 0 }.map(\.word))
    return found.filter { $0.cost != 1 || !sounding.contains($0.word) }
  }

  // MARK: Blocks

  private enum Third: UInt64 { case first, last }

  /// FNV-1a; two blocks that fall together cost a comparison.
  private static func block(_ third: Third, _ letters: ArraySlice<UInt8>) -> UInt64 {
    let start = 0xCBF2_9CE4_8422_2325 ^ (third.rawValue << 8 | UInt64(letters.count))
    return letters.reduce(start) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }

  private static func block(_ sound: UInt32) -> UInt64 { UInt64(sound) }

  /// FNV-1a of the phonetic code.
  static func sound(_ word: String) -> UInt32 {
    FrenchPhonetics.code(word).utf8.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
  }
}
