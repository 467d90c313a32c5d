/// The character sets that French senders use (HL7 table 0211 and PAM France), by small tables of our own: what a
/// message's bytes mean must not depend on the machine's libraries.
public enum Charset: String, Sendable, CaseIterable {
  case ascii = "ASCII"
  case latin1 = "8859/1"
  case latin9 = "8859/15"
  case windows1252 = "WINDOWS-1252"
  case utf8 = "UNICODE UTF-8"

  /// What MSH-18 names; nil for what is not known here.
  init?(said: String) {
    let letters = said.uppercased().utf8.filter { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
    switch String(decoding: letters, as: UTF8.self) {
    case "ASCII", "USASCII", "ISOIR6": self = .ascii
    case "88591", "ISO88591", "LATIN1", "ISOIR100": self = .latin1
    case "885915", "ISO885915", "LATIN9", "ISOIR203": self = .latin9
    case "UNICODEUTF8", "UTF8", "ISOIR192", "UNICODE": self = .utf8
    case "WINDOWS1252", "CP1252", "ANSI": self = .windows1252
    default: return nil
    }
  }

  /// These bytes as UTF-8. What the set has no character for becomes U+FFFD.
  func utf8(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.underestimatedCount + 16)
    if self == .utf8 { return Array(String(decoding: Array(bytes), as: UTF8.self).utf8) }
    for byte in bytes {
      if byte < 0x80 { out.append(byte) } else { Charset.append(scalar(byte), to: &out) }
    }
    return out
  }

  /// The character of a byte above 0x7F.
  private func scalar(_ byte: UInt8) -> UInt16 {
    switch self {
    case .utf8, .ascii: 0xFFFD
    // 8859/15 with bytes that it leaves to control codes is Windows' work as well.
    case .latin1, .latin9, .windows1252:
      if byte < 0xA0 {
        Charset.windowsScalars[Int(byte) - 0x80]
      } else {
        self == .latin9 ? Charset.latin9Scalars[byte] ?? UInt16(byte) : UInt16(byte)
      }
    }
  }

  /// Where ISO 8859-15 differs from 8859-1: € Š š Ž ž Œ œ Ÿ.
  static let latin9Scalars: [UInt8: UInt16] = [
    0xA4: 0x20AC, 0xA6: 0x0160, 0xA8: 0x0161, 0xB4: 0x017D, 0xB8: 0x017E, 0xBC: 0x0152, 0xBD: 0x0153, 0xBE: 0x0178,
  ]

  /// Windows-1252 from 0x80 to 0x9F.
  static let windowsScalars: [UInt16] = [
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD,
    0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
    0x0153, 0xFFFD, 0x017E, 0x0178,
  ]

  private static func append(_ scalar: UInt16, to out: inout [UInt8]) {
    if scalar < 0x800 {
      out.append(0xC0 | UInt8(scalar >> 6))
    } else {
      out.append(0xE0 | UInt8(scalar >> 12))
      out.append(0x80 | UInt8(scalar >> 6 & 0x3F))
    }
    out.append(0x80 | UInt8(scalar & 0x3F))
  }
}
