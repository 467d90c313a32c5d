/// The number on a sheet of paper, made without a network: eight hex digits of what it belongs to, then what tells it
/// from its neighbours. `7F3A09C1-4EST` is a unit's sheet of a recount or of a pack, `0B7A1F2E-007` the seventh of a block.
public enum SheetNumber {
  /// In the place of a unit's code, on a pack's sheet of the whole emergency department. No unit has it, however written.
  public static let emergency = "URGENCES"
  /// So on a pack's sheets that are to be read alone: nothing that is written on them comes back, and nobody counts them.
  public static let (procedures, phones) = ("GUIDE", "TEL")

  /// What no unit may be called.
  static func isTaken(_ code: String) -> Bool {
    [emergency, procedures, phones].contains { $0.sameBytes(as: code.uppercased()) }
  }

  /// A pack's sheet that is to be read alone.
  public static func isToRead(_ number: String) -> Bool {
    own(number).map { own in [procedures, phones].contains { $0.sameBytes(as: own) } } ?? false
  }

  /// - Parameter subject: `sheets/<uuid>`, `round/<uuid>`, or eight digits of a pack. Of a UUID of version 7 the end is
  ///   random; its beginning is the minute, and the same for two blocks that were made together.
  public static func text(_ subject: String, _ own: String) -> String { "\(subject.suffix(8).uppercased())-\(own)" }

  /// What tells it from its neighbours; nil where it is no number of a sheet.
  public static func own(_ number: String) -> String? {
    guard number.count > 9, number.prefix(8).allSatisfy(\.isHexDigit), number.dropFirst(8).first == "-" else {
      return nil
    }
    return String(number.dropFirst(9))
  }

  /// As `text` writes it, of what was typed or scanned: small letters, spaces and what a scanner set to another
  /// keyboard makes of it are read.
  public static func read(_ typed: String) -> String {
    let letters = typed.filter { !$0.isWhitespace }
    // On a French keyboard the digit row without Shift, and the keys whose letters lie elsewhere. A unit's code may
    // hold those letters too: they tell nothing of the keyboard.
    let isFrench = letters.contains { frenchRow[$0] != nil && !"-qQ".contains($0) }
    return (isFrench ? String(letters.map { frenchRow[$0] ?? $0 }) : letters).uppercased()
      .replacing("–", with: "-")
  }

  private static let frenchRow: [Character: Character] = [
    "à": "0", "&": "1", "é": "2", "\"": "3", "'": "4", "(": "5", "-": "6", "è": "7", "_": "8", "ç": "9", ")": "-",
    "q": "a", "Q": "A",
  ]
}
