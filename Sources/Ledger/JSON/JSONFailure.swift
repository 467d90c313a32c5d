/// Why bytes are not JSON as format 1 reads it, and where.
///
/// Every reader must refuse the same bytes, or two stations would hold different hospitals: hence a closed
/// list of reasons, each of them a rule of the format or of RFC 8259.
public struct JSONFailure: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Reason: String, Sendable, CaseIterable {
    case invalidUTF8 = "invalid UTF-8"
    case duplicateKey = "a key twice in one object"
    case notAnInteger = "a number that is not an integer"
    case integerOutOfRange = "an integer beyond ±2^53"
    case loneSurrogate = "a lone surrogate"
    case tooDeep = "more than 16 levels"
    case trailingBytes = "bytes after the value"
    case incomplete = "it ends too early"
    case unexpectedByte = "a byte that JSON does not allow here"
    case badEscape = "an escape that JSON does not have"
    case controlCharacter = "a raw control character in a string"
  }

  public var reason: Reason
  /// Bytes before the one that gave it away.
  public var offset: Int

  public init(_ reason: Reason, offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  public var description: String { "\(reason.rawValue) (byte \(offset))" }
}
