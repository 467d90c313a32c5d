import Crypto

/// SHA-256 of a whole line without its newline: the name of a commit.
public struct LineHash: Sendable, Hashable {
  // Four words rather than an array: a hash is copied and compared everywhere, and never allocates.
  private let words: (UInt64, UInt64, UInt64, UInt64)

  /// What the first commit of a chain says of its predecessor: 64 zeros.
  public static let none = LineHash(words: (0, 0, 0, 0))

  private init(words: (UInt64, UInt64, UInt64, UInt64)) {
    self.words = words
  }

  public init(of line: [UInt8]) {
    let digest = SHA256.hash(data: line)
    self = digest.withUnsafeBytes { LineHash(bigEndian: $0) }
  }

  /// nil for anything but 64 lower-case hex digits.
  public init?(hex: String) {
    guard let bytes = Hex.bytes(of: hex), bytes.count == 32 else { return nil }
    self = bytes.withUnsafeBytes { LineHash(bigEndian: $0) }
  }

  /// nil for anything but 32 bytes.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self = bytes.withUnsafeBytes { LineHash(bigEndian: $0) }
  }

  private init(bigEndian bytes: UnsafeRawBufferPointer) {
    func word(_ index: Int) -> UInt64 {
      UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
    }
    words = (word(0), word(1), word(2), word(3))
  }

  /// 32 bytes.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    for word in [words.0, words.1, words.2, words.3] { bytes.appendBigEndian(word) }
    return bytes
  }

  /// 64 lower-case hex digits.
  public var hex: String { Hex.text(of: bytes) }

  /// The first eight of them.
  public var hexPrefix: String { Hex.text(of: bytes.prefix(4)) }

  public static func == (left: LineHash, right: LineHash) -> Bool { left.words == right.words }

  public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

extension LineHash: Comparable, CustomStringConvertible {
  /// As bytes, which is also the order of the hex digits.
  public static func < (left: LineHash, right: LineHash) -> Bool { left.words < right.words }

  public var description: String { hex }
}

extension [UInt8] {
  mutating func appendBigEndian(_ value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }
}
