import Hospital

/// Distinct words, held so that what was typed can be compared with each: about two megabytes for 600,000 patients.
struct SearchWordList {
  private var bytes: [UInt8] = []
  /// Where each word ends in `bytes`.
  private var ends: [UInt32] = []
  private var letters: [LetterSet] = []
  private var sounds: [UInt32] = []

  struct Near: Hashable {
    var word: String
    /// 0 one slip and the same sound, 1 one slip, 2 the same sound.
    var cost: Int
  }

  mutating func append(_ word: String, sound: UInt32) {
    letters.append(LetterSet(word.utf8))
    bytes += word.utf8
    ends.append(UInt32(bytes.count))
    sounds.append(sound)
  }

  /// Words one slip of the finger away from `word`, or sounding the same, without itself.
  func near(_ word: String) -> [Near] {
    let query = Array(word.utf8)
    let (queryLetters, querySound) = (LetterSet(word.utf8), Self.sound(word))
    var found: [Near] = []
    for place in letters.indices {
      let mayBeNear = letters[place].mayBeWithin(1, of: queryLetters)
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

  /// FNV-1a of the phonetic code.
  static func sound(_ word: String) -> UInt32 {
    FrenchPhonetics.code(word).utf8.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
  }
}
