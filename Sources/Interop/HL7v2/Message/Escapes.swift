/// HL7 v2.5 chapter 2.7: escape sequences stand for the delimiters, and `\Xhh…\` for bytes.
extension HL7Field {
  /// This stretch as text: escapes read, control characters made blanks, blanks around it dropped; nil if nothing is left.
  var decoded: String? {
    var (start, end) = (start, end)
    let bytes = text.bytes
    while start < end, bytes[start] == 0x20 { start += 1 }
    while end > start, bytes[end - 1] == 0x20 { end -= 1 }
    guard start < end else { return nil }
    let escape = text.delimiters.escape
    var isPlain = true
    for index in start..<end where bytes[index] == escape || bytes[index] < 0x20 || bytes[index] == 0x7F {
      isPlain = false
      break
    }
    if isPlain { return String(decoding: bytes[start..<end], as: UTF8.self) }
    let read = HL7Field(text: text, start: start, end: end).unescaped()
    return read.isEmpty ? nil : read
  }

  private func unescaped() -> String {
    let bytes = text.bytes
    let escape = text.delimiters.escape
    var out: [UInt8] = []
    out.reserveCapacity(end - start)
    var index = start
    while index < end {
      let byte = bytes[index]
      if byte == escape, escape != 0, let close = bytes[(index + 1)..<end].firstIndex(of: escape),
        let read = replacement(bytes[(index + 1)..<close])
      {
        out.append(contentsOf: read)
        index = close + 1
      } else {
        out.append(byte)
        index += 1
      }
    }
    for index in out.indices where out[index] < 0x20 && out[index] != 0x0A || out[index] == 0x7F { out[index] = 0x20 }
    return String(decoding: HL7Field.trimmed(out), as: UTF8.self)
  }

  /// What stands for the sequence between two escape characters; nil keeps it as it is written.
  private func replacement(_ sequence: ArraySlice<UInt8>) -> [UInt8]? {
    let delimiters = text.delimiters
    guard let kind = sequence.first else { return nil }
    if sequence.count == 1 {
      switch kind {
      case UInt8(ascii: "F"): return [delimiters.field]
      case UInt8(ascii: "S"): return [delimiters.component]
      case UInt8(ascii: "T"): return [delimiters.subcomponent == 0 ? UInt8(ascii: "&") : delimiters.subcomponent]
      case UInt8(ascii: "R"): return [delimiters.repetition == 0 ? UInt8(ascii: "~") : delimiters.repetition]
      case UInt8(ascii: "E"): return [delimiters.escape]
      case UInt8(ascii: "H"), UInt8(ascii: "N"): return []
      default: return nil
      }
    }
    if kind == UInt8(ascii: "X") { return HL7Field.hex(sequence.dropFirst()).map(text.reading.charset.utf8) }
    if sequence.elementsEqual(".br".utf8) { return [0x0A] }
    return nil
  }

  private static func hex(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
    guard !digits.isEmpty, digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    var high: UInt8?
    for digit in digits {
      let value: UInt8
      switch digit {
      case 0x30...0x39: value = digit - 0x30
      case 0x41...0x46: value = digit - 0x41 + 10
      case 0x61...0x66: value = digit - 0x61 + 10
      default: return nil
      }
      if let first = high {
        bytes.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return bytes
  }

  private static func trimmed(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    guard let first = bytes.firstIndex(where: { $0 > 0x20 }), let last = bytes.lastIndex(where: { $0 > 0x20 }) else {
      return []
    }
    return bytes[first...last]
  }

  /// Without control characters, which no screen and no column wants.
  static func visible(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return text }
    return String(decoding: text.utf8.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self)
  }

  /// This stretch's value, written again for other delimiters.
  func escaped(for delimiters: Delimiters) -> String {
    isErased ? "\"\"" : delimiters.escaping(decoded ?? "")
  }
}

extension Delimiters {
  /// `text` as a value between these delimiters. A line break becomes `\.br\`.
  func escaping(_ text: String) -> String {
    var out: [UInt8] = []
    func add(_ letter: String) {
      out.append(escape)
      out.append(contentsOf: letter.utf8)
      out.append(escape)
    }
    for byte in text.utf8 {
      switch byte {
      case field: add("F")
      case component: add("S")
      case repetition: add("R")
      case escape: add("E")
      case subcomponent: add("T")
      case 0x0A, 0x0D: add(".br")
      case 0x00..<0x20, 0x7F: out.append(0x20)
      default: out.append(byte)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
