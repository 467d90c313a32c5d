/// Douglas Crockford's base 32 (crockford.com/base32.html): no I, L, O or U, read in either case with I and L as 1 and
/// O as 0, and a check symbol of modulo 37.
enum Base32 {
  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
  private static let checkAlphabet = alphabet + Array("*~$=U")
  private static let modulus = 37

  /// 5 bits a value, the last filled with zeros.
  static func values(_ bytes: [UInt8]) -> [UInt8] {
    var values: [UInt8] = []
    var bits = 0
    var count = 0
    for byte in bytes {
      bits = (bits << 8 | Int(byte)) & 0xFFFF
      count += 8
      while count >= 5 {
        count -= 5
        values.append(UInt8(bits >> count & 31))
      }
    }
    if count > 0 { values.append(UInt8(bits << (5 - count) & 31)) }
    return values
  }

  /// nil where the bits left over are not zeros.
  static func bytes(_ values: [UInt8]) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits = 0
    var count = 0
    for value in values {
      bits = (bits << 5 | Int(value)) & 0xFFFF
      count += 5
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(bits >> count & 255))
      }
    }
    return count < 5 && bits & (1 << count - 1) == 0 ? bytes : nil
  }

  static func text(_ values: [UInt8]) -> String { String(values.map { alphabet[Int($0)] }) }

  /// nil for a character that stands for no value.
  static func values(typed text: some StringProtocol) -> [UInt8]? {
    var values: [UInt8] = []
    for character in text {
      guard let value = alphabet.firstIndex(of: plain(character)) else { return nil }
      values.append(UInt8(value))
    }
    return values
  }

  static func checkSymbol(_ values: [UInt8]) -> Character { checkAlphabet[remainder(values)] }

  /// Not one of the signs that stand for a remainder of 32 and more.
  static func isDigit(_ symbol: Character) -> Bool { alphabet.contains(symbol) }

  static func isCheck(_ typed: Character, of values: [UInt8]) -> Bool {
    checkSymbol(values) == plain(typed)
  }

  private static func remainder(_ values: [UInt8]) -> Int {
    values.reduce(0) { ($0 * 32 + Int($1)) % modulus }
  }

  private static func plain(_ character: Character) -> Character {
    switch character {
    case "o", "O": "0"
    case "i", "I", "l", "L": "1"
    default: character.isASCII ? Character(character.uppercased()) : character
    }
  }
}
