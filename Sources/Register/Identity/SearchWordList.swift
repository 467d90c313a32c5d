import Hospital

/// Distinct words, held so that what was typed can be compared with each: about two megabytes for 600,000 patients.
struct SearchWordList {
  private var bytes: [UInt8] = []
  /// Where each word ends in `bytes`.
  private var ends: [UInt32] = []
  private var letters: [UInt32] = []
  private var sounds: [UInt32] = []

  struct Near: Hashable {
    var word: String
    /// 0 one slip and the same sound, 1 one slip, 2 the same sound.
    var cost: Int
  }

  mutating func append(_ word: String, sound: UInt32) {
    letters.append(Self.letters(word.utf8))
    bytes += word.utf8
    ends.append(UInt32(bytes.count))
    sounds.append(sound)
  }

  /// Words one slip of the finger away from `word`, or sounding the same, without itself.
  func near(_ word: String) -> [Near] {
    let query = Array(word.utf8)
    let (queryLetters, querySound) = (Self.letters(word.utf8), Self.sound(word))
    var found: [Near] = []
    for place in letters.indices {
      // One edit changes at most two of the letters that a word has.
      let mayBeNear = (letters[place] ^ queryLetters).nonzeroBitCount <= 2
      let hasSameSound = sounds[place] == querySound
      guard mayBeNear || hasSameSound else { continue }
      let start = place == 0 ? 0 : Int(ends[place - 1])
      let end = Int(ends[place])
      guard hasSameSound || abs(end - start - query.count) <= 1 else { continue }
      let word = Array(bytes[start..<end])
      let distance = mayBeNear ? EditDistance.between(word, query, max: 1) : nil
      if distance == 0 || distance == nil && !hasSameSound { continue }
      let cost = distance == nil ? 2 : hasSameSound ? 0 : 1
      found.append(Near(word: String(decoding: word, as: UTF8.self), cost: cost))
    }
    return found
  }

  /// Which letters a word has: one bit each; digits and other scripts share the rest.
  private static func letters(_ word: String.UTF8View) -> UInt32 {
    word.reduce(0) { letters, byte in
      let isLatin = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
      return letters | 1 << UInt32(isLatin ? byte - UInt8(ascii: "A") : 26 + byte % 6)
    }
  }

  /// FNV-1a of the phonetic code.
  static func sound(_ word: String) -> UInt32 {
    FrenchPhonetics.code(word).utf8.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
  }
}
