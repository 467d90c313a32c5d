extension JSONReader {
  /// The string whose opening quote has just been taken.
  mutating func string() throws(JSONFailure) -> String {
    let start = at
    while at < end {
      let byte = base[at]
      if byte == UInt8(ascii: "\"") {
        let text = String(decoding: UnsafeBufferPointer(start: base + start, count: at - start), as: UTF8.self)
        at += 1
        return text
      }
      if byte == UInt8(ascii: "\\") { return try stringWithEscapes(from: start) }
      if byte < 0x20 { throw failure(.controlCharacter) }
      at += 1
    }
    throw failure(.incomplete)
  }

  private mutating func stringWithEscapes(from start: Int) throws(JSONFailure) -> String {
    var text = [UInt8](UnsafeBufferPointer(start: base + start, count: at - start))
    while at < end {
      let byte = base[at]
      switch byte {
      case UInt8(ascii: "\""):
        at += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        at += 1
        try appendEscape(to: &text)
      case 0..<0x20:
        throw failure(.controlCharacter)
      default:
        text.append(byte)
        at += 1
      }
    }
    throw failure(.incomplete)
  }

  /// The escape whose backslash has just been taken.
  private mutating func appendEscape(to text: inout [UInt8]) throws(JSONFailure) {
    guard at < end else { throw failure(.incomplete) }
    let letter = base[at]
    at += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text.append(contentsOf: Array(String(Character(try scalar())).utf8))
    default: throw JSONFailure(.badEscape, offset: at - 1)
    }
  }

  /// The scalar of `\uXXXX`, or of the two halves of a surrogate pair.
  private mutating func scalar() throws(JSONFailure) -> Unicode.Scalar {
    let start = at
    let first = try fourHexDigits()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard (0xD800..<0xDC00).contains(first), at + 1 < end,
      base[at] == UInt8(ascii: "\\"), base[at + 1] == UInt8(ascii: "u")
    else { throw JSONFailure(.loneSurrogate, offset: start) }
    at += 2
    let second = try fourHexDigits()
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    else { throw JSONFailure(.loneSurrogate, offset: start) }
    return scalar
  }

  private mutating func fourHexDigits() throws(JSONFailure) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard at < end else { throw failure(.incomplete) }
      guard let digit = hexDigit(base[at]) else { throw failure(.badEscape) }
      value = value << 4 | UInt32(digit)
      at += 1
    }
    return value
  }

  /// JSON takes both cases, unlike the ledger's own hex.
  private func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: Hex.value(byte)
    }
  }
}
