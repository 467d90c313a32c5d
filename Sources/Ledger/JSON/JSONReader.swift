/// The strict reader of format 1, from bytes to a tree in one pass.
///
/// Foundation's decoder takes a key twice and `1e2` as an integer; this one refuses both, and is several
/// times faster, because every fold of the ledger begins here.
struct JSONReader {
  static let levelsMax = 16
  static let integerMax = 1 << 53

  let base: UnsafePointer<UInt8>
  let end: Int
  var at = 0

  /// The one value in `bytes`, with nothing but white space around it.
  static func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONFailure) -> JSON {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { throw JSONFailure(.incomplete, offset: 0) }
    // All at once, so that strings are then decoded without a repair to fear.
    do { _ = try UTF8Span(validating: bytes.span) } catch {
      throw JSONFailure(.invalidUTF8, offset: error.byteOffsets.lowerBound)
    }
    var reader = JSONReader(base: base, end: bytes.count)
    let value = try reader.value(level: 1)
    reader.skipSpace()
    guard reader.at == reader.end else { throw reader.failure(.trailingBytes) }
    return value
  }

  func failure(_ reason: JSONFailure.Reason) -> JSONFailure {
    JSONFailure(reason, offset: at)
  }

  @inline(__always)
  mutating func skipSpace() {
    while at < end {
      switch base[at] {
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): at += 1
      default: return
      }
    }
  }

  /// The next byte that is not white space, without taking it.
  @inline(__always)
  mutating func peek() throws(JSONFailure) -> UInt8 {
    skipSpace()
    guard at < end else { throw failure(.incomplete) }
    return base[at]
  }

  mutating func value(level: Int) throws(JSONFailure) -> JSON {
    switch try peek() {
    case UInt8(ascii: "\""):
      at += 1
      return .string(try string())
    case UInt8(ascii: "{"):
      return .object(try object(level: level))
    case UInt8(ascii: "["):
      return .array(try array(level: level))
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      return .integer(try integer())
    case UInt8(ascii: "t"):
      try word("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try word("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try word("null")
      return .null
    default:
      throw failure(.unexpectedByte)
    }
  }

  private mutating func word(_ word: StaticString) throws(JSONFailure) {
    let count = word.utf8CodeUnitCount
    for index in 0..<count {
      guard at < end else { throw failure(.incomplete) }
      guard base[at] == word.utf8Start[index] else { throw failure(.unexpectedByte) }
      at += 1
    }
  }

  private mutating func array(level: Int) throws(JSONFailure) -> [JSON] {
    guard level <= Self.levelsMax else { throw failure(.tooDeep) }
    at += 1
    var elements: [JSON] = []
    if try peek() == UInt8(ascii: "]") {
      at += 1
      return elements
    }
    elements.reserveCapacity(2)
    while true {
      elements.append(try value(level: level + 1))
      switch try peek() {
      case UInt8(ascii: ","): at += 1
      case UInt8(ascii: "]"):
        at += 1
        return elements
      default: throw failure(.unexpectedByte)
      }
    }
  }

  /// An integer of at most 2^53 either way; a point or an exponent makes it no integer, whatever its value.
  private mutating func integer() throws(JSONFailure) -> Int {
    let negative = base[at] == UInt8(ascii: "-")
    if negative { at += 1 }
    guard at < end else { throw failure(.incomplete) }
    let first = base[at]
    guard first >= UInt8(ascii: "0"), first <= UInt8(ascii: "9") else { throw failure(.unexpectedByte) }
    var magnitude = 0
    let start = at
    while at < end, base[at] >= UInt8(ascii: "0"), base[at] <= UInt8(ascii: "9") {
      // Past the limit the value no longer matters, only that it does not overflow.
      if magnitude <= Self.integerMax { magnitude = magnitude * 10 + Int(base[at] - UInt8(ascii: "0")) }
      at += 1
    }
    if first == UInt8(ascii: "0"), at - start > 1 { throw failure(.unexpectedByte) }
    if at < end, base[at] == UInt8(ascii: ".") || base[at] | 0x20 == UInt8(ascii: "e") {
      throw failure(.notAnInteger)
    }
    guard magnitude <= Self.integerMax else { throw failure(.integerOutOfRange) }
    return negative ? -magnitude : magnitude
  }
}
