extension HybridTime: CustomStringConvertible {
  /// `2022-08-21T01:00:00.000Z/0007`: an instant, a slash, four lower-case hex digits.
  public init?(_ text: String) {
    var text = text
    guard let time = text.withUTF8({ HybridTime(utf8: $0) }) else { return nil }
    self = time
  }

  init?(utf8: UnsafeBufferPointer<UInt8>) {
    guard utf8.count == 29, utf8[24] == UInt8(ascii: "/"),
      let instant = Instant(utf8: UnsafeBufferPointer(rebasing: utf8[..<24]))
    else { return nil }
    var counter: UInt16 = 0
    for index in 25..<29 {
      guard let digit = Hex.value(utf8[index]) else { return nil }
      counter = counter << 4 | UInt16(digit)
    }
    self.init(instant: instant, counter: counter)
  }

  public var text: String {
    let digits = Hex.text(of: [UInt8(counter >> 8), UInt8(counter & 255)])
    return "\(instant.text)/\(digits)"
  }

  public var description: String { text }
}
