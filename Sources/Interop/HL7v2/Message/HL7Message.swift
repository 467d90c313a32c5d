/// A message parted into segments and fields; everything below is parted when asked for.
struct HL7Message: Sendable {
  let text: MessageText
  let segments: [HL7Segment]

  /// Of bytes whose segments are joined by CR; nil where there is no MSH with usable delimiters.
  init?(_ raw: [UInt8]) {
    let header = raw.prefix { $0 != 0x0D }
    guard let delimiters = Delimiters(header: header) else { return nil }
    let reading = CharsetReading(raw, said: HL7Message.charsetSaid(header, delimiters))
    let bytes = reading.utf8 ?? raw
    var starts: [Int] = []
    starts.reserveCapacity(256)
    var outlines: [(first: Int, count: Int, end: Int)] = []
    var first = 0
    bytes.withUnsafeBufferPointer { bytes in
      starts.append(0)
      for index in bytes.indices {
        let byte = bytes[index]
        if byte == delimiters.field {
          starts.append(index + 1)
        } else if byte == 0x0D {
          outlines.append((first, starts.count - first, index))
          first = starts.count
          starts.append(index + 1)
        }
      }
      outlines.append((first, starts.count - first, bytes.count))
    }
    let text = MessageText(bytes: bytes, starts: starts, delimiters: delimiters, reading: reading)
    self.text = text
    segments = outlines.compactMap { HL7Segment(text, first: $0.first, count: $0.count, end: $0.end) }
  }

  /// The first of that name.
  func segment(_ name: SegmentName) -> HL7Segment? {
    segments.first { $0.name == name }
  }

  func segments(_ name: SegmentName) -> [HL7Segment] {
    segments.filter { $0.name == name }
  }

  /// Field of the first segment of that name, empty where there is none.
  func field(_ name: SegmentName, _ number: Int) -> HL7Field {
    segment(name)?.field(number) ?? HL7Field(text: text, start: 0, end: 0)
  }

  /// MSH-18, read before anything is decoded.
  private static func charsetSaid(_ header: ArraySlice<UInt8>, _ delimiters: Delimiters) -> String {
    var separators = 0
    var start: Int?
    for (index, byte) in zip(header.indices, header) where byte == delimiters.field {
      separators += 1
      if separators == 17 { start = index + 1 }
      if separators == 18, let start { return word(header[start..<index], delimiters) }
    }
    return start.map { word(header[$0...], delimiters) } ?? ""
  }

  private static func word(_ field: ArraySlice<UInt8>, _ delimiters: Delimiters) -> String {
    let first = field.prefix { $0 != delimiters.repetition && $0 != delimiters.component }
    return String(decoding: first.filter { $0 < 0x80 && $0 > 0x20 || $0 == 0x20 }, as: UTF8.self)
  }
}

/// The bytes of a message as UTF-8, shared by all that point into them.
final class MessageText: Sendable {
  let bytes: [UInt8]
  /// Where each part of each segment begins, in order.
  let starts: [Int]
  let delimiters: Delimiters
  let reading: CharsetReading

  init(bytes: [UInt8], starts: [Int], delimiters: Delimiters, reading: CharsetReading) {
    self.bytes = bytes
    self.starts = starts
    self.delimiters = delimiters
    self.reading = reading
  }
}

/// `PID`, `ZBE`.
struct SegmentName: Sendable, Hashable, ExpressibleByStringLiteral {
  private let code: UInt32

  init(stringLiteral name: StaticString) {
    precondition(name.utf8CodeUnitCount == 3)
    self.init(name.utf8Start[0], name.utf8Start[1], name.utf8Start[2])
  }

  init(_ first: UInt8, _ second: UInt8, _ third: UInt8) {
    code = UInt32(first) << 16 | UInt32(second) << 8 | UInt32(third)
  }

  var text: String {
    String(decoding: [UInt8(code >> 16 & 0xFF), UInt8(code >> 8 & 0xFF), UInt8(code & 0xFF)], as: UTF8.self)
  }

  /// `PV2-7`: short enough that no memory is asked for it.
  func field(_ number: Int) -> String {
    String(unsafeUninitializedCapacity: 7) { bytes in
      bytes[0] = UInt8(code >> 16 & 0xFF)
      bytes[1] = UInt8(code >> 8 & 0xFF)
      bytes[2] = UInt8(code & 0xFF)
      bytes[3] = UInt8(ascii: "-")
      guard number >= 10 else {
        bytes[4] = 0x30 + UInt8(number % 10)
        return 5
      }
      bytes[4] = 0x30 + UInt8(number / 10 % 10)
      bytes[5] = 0x30 + UInt8(number % 10)
      return 6
    }
  }
}

struct HL7Segment: Sendable {
  let name: SegmentName
  private let text: MessageText
  private let first: Int
  private let count: Int
  private let end: Int

  /// nil for a line that no segment's name begins.
  fileprivate init?(_ text: MessageText, first: Int, count: Int, end: Int) {
    let start = text.starts[first]
    let nameEnd = count > 1 ? text.starts[first + 1] - 1 : end
    func isNameByte(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) }
    guard nameEnd - start == 3, text.bytes[start..<nameEnd].allSatisfy(isNameByte) else { return nil }
    name = SegmentName(text.bytes[start], text.bytes[start + 1], text.bytes[start + 2])
    self.text = text
    self.first = first
    self.count = count
    self.end = end
  }

  /// The number of the last field.
  var last: Int { name == "MSH" ? count : count - 1 }

  /// Field by its HL7 number, from 1; empty beyond the last. MSH-1 is the separator itself, and is not read so.
  func field(_ number: Int) -> HL7Field {
    let part = name == "MSH" ? number - 1 : number
    guard part >= 1, part < count else { return HL7Field(text: text, start: end, end: end) }
    let stop = part + 1 < count ? text.starts[first + part + 1] - 1 : end
    return HL7Field(text: text, start: text.starts[first + part], end: stop)
  }
}
