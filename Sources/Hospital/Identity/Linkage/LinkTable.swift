/// A value that several spellings may share.
protocol LinkValue: Sendable {
  /// Equal for what compares as the same.
  var key: [UInt8] { get }
}

/// Each distinct value of a column once, with how often it comes, so that a file of many records is folded and sounded
/// once per name, not once per record.
struct LinkTable<Value: LinkValue>: Sendable {
  private(set) var values: [Value] = []
  private(set) var counts: [Int] = []
  private var texts: [String: Int32] = [:]
  private var keys: [[UInt8]: Int32] = [:]

  /// The place of a text's value, made with `make` when it is new; -1 if there is none.
  mutating func place(_ text: String?, _ make: (String) -> Value?) -> Int32 {
    guard let text, !text.isEmpty else { return -1 }
    let place = texts[text] ?? newPlace(text, make)
    if place >= 0 { counts[Int(place)] += 1 }
    return place
  }

  private mutating func newPlace(_ text: String, _ make: (String) -> Value?) -> Int32 {
    guard let value = make(text) else {
      texts[text] = -1
      return -1
    }
    let place = keys[value.key] ?? Int32(values.count)
    if place == values.count {
      values.append(value)
      counts.append(0)
      keys[value.key] = place
    }
    texts[text] = place
    return place
  }
}

extension LinkDate: LinkValue {
  var key: [UInt8] { digits }
}

/// Digits alone.
struct LinkNumber: LinkValue {
  var key: [UInt8]

  init(_ key: [UInt8]) { self.key = key }
}

/// A name or a line, ready to be compared.
struct LinkText: LinkValue {
  var key: [UInt8] { joined }
  /// All words in one.
  let joined: [UInt8]
  let letters: LetterSet
  /// Words that are no particles, where there are several.
  let parts: [[UInt8]]
  let sound: [UInt8]

  init?(name: String) {
    let words = NameWords(name)
    guard !words.isEmpty else { return nil }
    joined = Array(words.joined.utf8)
    letters = LetterSet(joined)
    let core = words.core
    parts = core.count > 1 ? core.map { Array($0.utf8) } : []
    sound = Array(FrenchPhonetics.code(core.joined()).utf8)
  }

  /// Letters without digits: the house number is compared on its own.
  init?(line: String) {
    joined = NameWords(line).words.filter { !LinkText.isNumber($0) }.flatMap { Array($0.utf8) }
    guard !joined.isEmpty else { return nil }
    letters = LetterSet(joined)
    parts = []
    sound = []
  }

  init?(code: String) {
    joined = LatinLetters.fold(code).filter { $0 != LatinLetters.gap }
    guard !joined.isEmpty else { return nil }
    letters = LetterSet(joined)
    parts = []
    sound = []
  }

  static func isNumber(_ word: String) -> Bool {
    word.utf8.first.map { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } ?? false
  }
}
