/// The one-time code that somebody reads out over a phone: 40 bits as eight characters of Crockford's base 32, then its
/// check symbol (https://www.crockford.com/base32.html), shown as `XXXX-XXXXX`.
public struct JoinCode: Sendable, Hashable {
  private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
  private static let digitCount = 8
  /// Of the check symbol; those from 32 on are signs that nobody reads out.
  private static let modulus: UInt64 = 37

  private let value: UInt64

  /// - Parameter random: a source of random bytes, asked again until the check symbol is a letter or a digit, which
  ///   it is for 32 codes of 37.
  public init(random: (Int) -> [UInt8]) {
    var value: UInt64
    repeat {
      value = random(5).reduce(0) { $0 << 8 | UInt64($1) }
    } while value % Self.modulus >= 32
    self.value = value
  }

  /// As typed: either case, O for 0, I and L for 1, spaces and hyphens anywhere; nil where the check symbol does not
  /// fit.
  public init?(typed text: String) {
    var symbols: [UInt64] = []
    for character in text.uppercased() where character != "-" && !character.isWhitespace {
      guard let symbol = Self.symbol(character) else { return nil }
      symbols.append(symbol)
    }
    guard symbols.count == Self.digitCount + 1 else { return nil }
    let value = symbols.dropLast().reduce(0) { $0 << 5 | $1 }
    guard value % Self.modulus == symbols[Self.digitCount] else { return nil }
    self.value = value
  }

  /// `XXXX-XXXXX`
  public var shown: String {
    var text = characters
    text.append(Self.digits[Int(value % Self.modulus)])
    text.insert("-", at: text.index(text.startIndex, offsetBy: 4))
    return text
  }

  /// The eight characters without their check symbol: what keys are derived from.
  var characters: String {
    String((0..<Self.digitCount).reversed().map { Self.digits[Int(value >> (5 * UInt64($0)) & 31)] })
  }

  private static func symbol(_ character: Character) -> UInt64? {
    switch character {
    case "O": 0
    case "I", "L": 1
    default: digits.firstIndex(of: character).map(UInt64.init)
    }
  }
}
