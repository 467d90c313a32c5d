/// Folds what people write to the letters names are compared by: upper case, no accents, œ as OE, everything that is
/// neither letter nor digit as a gap between words. Other scripts keep their letters, in upper case.
enum LatinLetters {
  /// From U+00C0 to U+017F, `.` where a letter has no single base letter.
  private static let latin1AndA = Array(
    ("AAAAAA.CEEEEIIIIDNOOOOO.OUUUUY..AAAAAA.CEEEEIIIIDNOOOOO.OUUUUY.Y"
      + "AAAAAACCCCCCCCDDDDEEEEEEEEEEGGGGGGGGHHHHIIIIIIIIII..JJKKKLLLLLL..LL"
      + "NNNNNNNNNOOOOOO..RRRRRRSSSSSSSSTTTTTTUUUUUUUUUUUUWWYYYZZZZZZS").utf8)

  /// From U+1E00 to U+1EFF: Vietnamese, among others.
  private static let additional = Array(
    ("AABBBBBBCCDDDDDDDDDDEEEEEEEEEEFFGGHHHHHHHHHHIIIIKKKKKKLLLLLLLLMMMMMMNNNNNNNNOOOOOOOOPPPPRRRRRRRR"
      + "SSSSSSSSSSTTTTTTTTUUUUUUUUUUVVVVWWWWWWWWWWXXXXYYZZZZZZHTWY.S...."
      + "AAAAAAAAAAAAAAAAAAAAAAAAEEEEEEEEEEEEEEEEIIIIOOOOOOOOOOOOOOOOOOOOOOOOUUUUUUUUUUUUUUYYYYYYYY......").utf8)

  static let gap = UInt8(ascii: " ")

  /// Words separated by single gaps, without a gap at either end.
  static func fold(_ text: String) -> [UInt8] {
    var folded: [UInt8] = []
    folded.reserveCapacity(text.utf8.count)
    if text.utf8.allSatisfy({ $0 < 0x80 }) {
      for byte in text.utf8 { append(Unicode.Scalar(byte), to: &folded) }
    } else {
      for scalar in text.unicodeScalars { append(scalar, to: &folded) }
    }
    if folded.last == gap { folded.removeLast() }
    return folded
  }

  @inline(__always)
  private static func append(_ scalar: Unicode.Scalar, to folded: inout [UInt8]) {
    switch scalar.value {
    case 0x30...0x39, 0x41...0x5A: folded.append(UInt8(scalar.value))
    case 0x61...0x7A: folded.append(UInt8(scalar.value - 0x20))
    case 0x00...0x7F: appendGap(to: &folded)
    case 0xC6, 0xE6: folded += "AE".utf8
    case 0x152, 0x153: folded += "OE".utf8
    case 0xDF, 0x1E9E: folded += "SS".utf8
    case 0xDE, 0xFE: folded += "TH".utf8
    case 0x132, 0x133: folded += "IJ".utf8
    case 0x13F, 0x140: folded.append(UInt8(ascii: "L"))
    // U+0192, and the horned letters of Vietnamese.
    case 0x192: folded.append(UInt8(ascii: "F"))
    case 0x1A0, 0x1A1: folded.append(UInt8(ascii: "O"))
    case 0x1AF, 0x1B0: folded.append(UInt8(ascii: "U"))
    case 0xC0...0x17F: appendBase(latin1AndA[Int(scalar.value - 0xC0)], to: &folded)
    case 0x1E00...0x1EFF: appendBase(additional[Int(scalar.value - 0x1E00)], to: &folded)
    default: appendOther(scalar, to: &folded)
    }
  }

  private static func appendBase(_ base: UInt8, to folded: inout [UInt8]) {
    if base == UInt8(ascii: ".") { appendGap(to: &folded) } else { folded.append(base) }
  }

  private static func appendOther(_ scalar: Unicode.Scalar, to folded: inout [UInt8]) {
    switch scalar.properties.generalCategory {
    // Combining accents, and marks of direction or of no width: they part no words.
    case .nonspacingMark, .enclosingMark, .format, .control: break
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .spacingMark,
      .decimalNumber:
      folded += scalar.properties.uppercaseMapping.utf8
    default: appendGap(to: &folded)
    }
  }

  private static func appendGap(to folded: inout [UInt8]) {
    if let last = folded.last, last != gap { folded.append(gap) }
  }
}
