import Ledger

/// Secrets that this station makes up, and which of those people make up will do.
package enum NewSecret {
  /// Letters that lie in the same place on French and English keyboards, and that nobody mistakes for another.
  private static let consonants = Array("bcdfghjklnprstvx")
  private static let vowels = Array("eiou")

  /// Four words of two syllables, 48 random bits: `bido-kefi-rute-dopu`.
  package static func password(_ randomBytes: (Int) -> [UInt8]) -> String {
    var text = ""
    for (index, byte) in randomBytes(8).enumerated() {
      if index > 0, index.isMultiple(of: 2) { text += "-" }
      text.append(consonants[Int(byte >> 4)])
      text.append(vowels[Int(byte & 3)])
    }
    return text
  }

  /// Six digits.
  package static func pin(_ randomBytes: (Int) -> [UInt8]) -> String { digits(6, randomBytes) }

  /// What a badge's QR code says: digits alone, which any scanner types rightly on any keyboard, and more of them than
  /// any number of a patient has.
  package static func badge(_ randomBytes: (Int) -> [UInt8]) -> String { badgePrefix + digits(36, randomBytes) }

  package static func isBadge(_ text: String) -> Bool {
    text.utf8.count == 40 && text.hasPrefix(badgePrefix) && text.utf8.allSatisfy { (48...57).contains($0) }
  }

  private static let badgePrefix = "9911"

  private static func digits(_ count: Int, _ randomBytes: (Int) -> [UInt8]) -> String {
    var text = ""
    while text.utf8.count < count {
      // 250 and above would make low digits likelier.
      for byte in randomBytes(count) where byte < 250 && text.utf8.count < count { text += String(byte % 10) }
    }
    return text
  }

  /// Six characters or more, no run and no single one repeated, and not the account's own name.
  package static func isGood(_ secret: String, login: String?) -> Bool {
    let scalars = Array(secret.unicodeScalars.map { Int($0.value) })
    guard scalars.count >= 6, secret.utf8.count <= 256, secret.lowercased() != login?.lowercased() else { return false }
    let steps = Set(zip(scalars, scalars.dropFirst()).map { $1 - $0 })
    return !(steps.count == 1 && abs(steps.first ?? 9) <= 1)
  }
}
