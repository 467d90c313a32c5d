extension Position {
  /// A key whose byte order (memcmp, SQLite's BLOB order) is exactly the order of positions.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(96 + sender.utf8.count + control.utf8.count)
    bytes.appendOrdered(instant.milliseconds)
    bytes.appendOrdered(sender.utf8)
    bytes.appendOrdered(Control(control))
    bytes.appendOrdered(time.instant.milliseconds)
    bytes.appendBigEndian(time.counter)
    bytes.appendOrdered(station.utf8)
    bytes.appendBigEndian(UInt64(sequence))
    bytes.append(contentsOf: hash.bytes)
    bytes.appendBigEndian(UInt32(place))
    return bytes
  }
}

extension [UInt8] {
  /// The sign bit turned over: negative numbers come first.
  fileprivate mutating func appendOrdered(_ value: Int64) {
    appendBigEndian(UInt64(bitPattern: value) ^ 1 << 63)
  }

  /// Ended by two zeros, each zero within written as 0 and 255: no text is the beginning of another's key.
  fileprivate mutating func appendOrdered(_ text: some Sequence<UInt8>) {
    for byte in text {
      append(byte)
      if byte == 0 { append(255) }
    }
    append(0)
    append(0)
  }

  /// Numbers before texts; among numbers, the shorter first.
  fileprivate mutating func appendOrdered(_ control: Control) {
    switch control {
    case .number(let digits):
      append(1)
      appendBigEndian(UInt32(digits.count))
      append(contentsOf: digits)
    case .text(let text):
      append(2)
      appendOrdered(text)
    }
  }
}
