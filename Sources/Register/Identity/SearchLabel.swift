import Hospital

/// What somebody typed of the label of a patient nobody can name, which screens, labels and wristbands write
/// `INCONNU URG1-003`: all of it, the word alone, or the rest alone, with noughts and gaps or without.
struct SearchLabel: Equatable {
  /// Stands for the surname in the index, beside the label as a given name.
  static let surname = "INCONNU"
  private static let words = [Array(surname.utf8), Array("UNKNOWN".utf8)]

  /// All that was typed after the word, in one.
  private(set) var letters: String
  /// What comes before the serial, and the serial as labels write it; only where a gap or a hyphen parts them.
  private var station = ""
  private var serial: String?

  /// Nil for what can be no label.
  init?(_ text: String) {
    var words = NameWords(text).words
    let count = words.count
    words.removeAll(where: SearchLabel.isWord)
    letters = words.joined()
    let hasDigit = letters.utf8.contains { (0x30...0x39).contains($0) }
    // Names have no digits, and dates and numbers of the hospital begin with none of a label's letters.
    guard words.count < count || hasDigit && words[0].first?.isLetter == true else { return nil }
    guard words.count <= SearchLabel.wordsMax else { return nil }
    if let last = words.last, let number = Int(last) {
      station = words.dropLast().joined()
      let digits = String(number)
      serial = String(repeating: "0", count: max(0, 3 - digits.utf8.count)) + digits
    }
  }

  private static let wordsMax = 5

  /// The word itself, with a slip or as a woman's.
  static func isWord(_ word: String) -> Bool {
    words.contains { EditDistance.between(Array(word.utf8), $0, max: 1) != nil }
  }

  /// All labels asked for begin so.
  var beginning: String { serial == nil ? letters : station }

  enum Answer {
    case exact, beginning
  }

  /// Whether this label of the index, in one word, is meant.
  func answers(_ label: String) -> Answer? {
    if letters.isEmpty { return .beginning }
    if let serial {
      if station.isEmpty ? label.hasSuffix(serial) : label == station + serial { return .exact }
    }
    if label == letters { return .exact }
    return label.hasPrefix(letters) ? .beginning : nil
  }
}
