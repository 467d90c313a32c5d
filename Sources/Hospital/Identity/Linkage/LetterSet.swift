/// Which letters a word has, one bit each; digits and other scripts share the rest. Two words whose letters differ too
/// much need not be compared.
public struct LetterSet: Sendable, Equatable {
  @usableFromInline var bits: UInt32 = 0

  /// Inlinable: words are read here by the thousand.
  @inlinable public init(_ word: some Sequence<UInt8>) {
    for byte in word { bits |= Self.bit(byte) }
  }

  @inlinable static func bit(_ byte: UInt8) -> UInt32 {
    let isLatin = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
    return 1 << UInt32(isLatin ? byte - UInt8(ascii: "A") : 26 + byte % 6)
  }

  /// One edit takes away at most one letter and brings at most one.
  public func mayBeWithin(_ edits: Int, of other: LetterSet) -> Bool {
    (bits ^ other.bits).nonzeroBitCount <= 2 * edits
  }

  /// Of both words together.
  public func union(_ other: LetterSet) -> LetterSet {
    var both = self
    both.bits |= other.bits
    return both
  }

  /// How many of these letters the other word lacks.
  public func lacking(in other: LetterSet) -> Int { (bits & ~other.bits).nonzeroBitCount }

  /// How many of these letters occur here: no fewer than a word made of this set matches.
  func matches(_ word: [UInt8]) -> Int { word.reduce(0) { $0 + (bits & Self.bit($1) == 0 ? 0 : 1) } }
}
