/// The one-time code that somebody reads out over a phone: 40 bits as eight characters of base 32, then their check
/// symbol, shown as `XXXX-XXXXX`.
public struct JoinCode: Sendable, Hashable {
  private static let bytesCount = 5
  private static let digitCount = 8

  /// Of 5 bits each.
  private let values: [UInt8]

  /// - Parameter random: a source of random bytes, asked again until the check symbol is a letter or a digit that
  ///   people read out, which it is for 32 codes of 37.
  public init(random: (Int) -> [UInt8]) {
    var values: [UInt8]
    repeat { values = Base32.values(random(Self.bytesCount)) } while !Base32.isDigit(Base32.checkSymbol(values))
    self.values = values
  }

  /// As typed: either case, O for 0, I and L for 1, spaces and hyphens anywhere; nil where the check symbol does not
  /// fit.
  public init?(typed text: String) {
    let typed = text.filter { $0 != "-" && !$0.isWhitespace }
    guard typed.count == Self.digitCount + 1, let check = typed.last,
      let values = Base32.values(typed: typed.dropLast()), Base32.isCheck(check, of: values)
    else { return nil }
    self.values = values
  }

  /// `XXXX-XXXXX`
  public var shown: String {
    "\(Base32.text(Array(values.prefix(4))))-\(Base32.text(Array(values.dropFirst(4))))\(Base32.checkSymbol(values))"
  }

  /// The eight characters without their check symbol: what keys are derived from.
  var characters: String { Base32.text(values) }
}
