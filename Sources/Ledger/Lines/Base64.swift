/// Base64 (RFC 4648) with one spelling for each sequence of bytes: anything else is refused, so that nobody
/// can rewrite a line without changing its hash and still have it accepted.
public enum Base64 {
  private static let urlAlphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
  private static let standardAlphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let urlValues = values(of: urlAlphabet)
  private static let standardValues = values(of: standardAlphabet)
  private static let padding = UInt8(ascii: "=")

  /// base64url without padding (section 5): signatures and keys.
  public static func url(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: encoded(bytes, urlAlphabet), as: UTF8.self)
  }

  /// base64 with padding (section 4): certificates.
  public static func standard(_ bytes: some Sequence<UInt8>) -> String {
    var text = encoded(bytes, standardAlphabet)
    while !text.count.isMultiple(of: 4) { text.append(padding) }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes, or nil for anything but the canonical spelling.
  public static func bytes(url text: some Collection<UInt8>) -> [UInt8]? {
    decoded(text, urlValues)
  }

  /// The bytes, or nil for anything but the canonical spelling, padding included.
  public static func bytes(standard text: some Collection<UInt8>) -> [UInt8]? {
    guard text.count.isMultiple(of: 4) else { return nil }
    let padded = Array(text)
    var count = padded.count
    while count > 0, padded.count - count < 2, padded[count - 1] == padding { count -= 1 }
    return decoded(padded[..<count], standardValues)
  }

  private static func values(of alphabet: [UInt8]) -> [UInt8] {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, letter) in alphabet.enumerated() { values[Int(letter)] = UInt8(value) }
    return values
  }

  private static func encoded(_ bytes: some Sequence<UInt8>, _ alphabet: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      count += 8
      while count >= 6 {
        count -= 6
        text.append(alphabet[Int(bits >> UInt32(count) & 63)])
      }
    }
    if count > 0 { text.append(alphabet[Int(bits << UInt32(6 - count) & 63)]) }
    return text
  }

  private static func decoded(_ text: some Collection<UInt8>, _ values: [UInt8]) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count * 3 / 4)
    var bits: UInt32 = 0
    var count = 0
    for letter in text {
      let value = values[Int(letter)]
      guard value < 64 else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    // Six bits left over cannot end a byte, and spare bits other than zero would be a second spelling.
    guard count < 6, bits & (1 << UInt32(count) - 1) == 0 else { return nil }
    return bytes
  }
}
