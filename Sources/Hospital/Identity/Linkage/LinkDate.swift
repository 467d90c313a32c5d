/// A birth date as two files may have written it, digit by digit: `year month day`, eight digits, 0 where unknown.
struct LinkDate: Sendable, Equatable {
  var digits: [UInt8]

  var year: Int { value(0..<4) }
  var month: Int { value(4..<6) }
  var day: Int { value(6..<8) }

  /// 1 January and 31 December stand for days that nobody knew, as do partly unknown dates: no agreement between two
  /// people (RNIV).
  var isSubstitute: Bool { month == 0 || day == 0 || month == 1 && day == 1 || month == 12 && day == 31 }

  static func text(_ date: PartialDate) -> String {
    padded(date.year, 4) + padded(date.month ?? 0, 2) + padded(date.day ?? 0, 2)
  }

  init?(_ text: String) {
    // A time of day may follow: 1961-03-12T00:00:00, 19610312000000.
    let groups = text.utf8.split { $0 < UInt8(ascii: "0") || $0 > UInt8(ascii: "9") }.prefix(3).map(Array.init)
    let digits: [UInt8]
    switch groups.count {
    case 1 where groups[0].count == 8 || groups[0].count == 12 || groups[0].count == 14: digits = Array(groups[0][..<8])
    case 1 where groups[0].count == 6: digits = groups[0] + [UInt8(ascii: "0"), UInt8(ascii: "0")]
    case 1 where groups[0].count == 4: digits = groups[0] + Array("0000".utf8)
    case 2 where groups[0].count == 4 && groups[1].count <= 2:
      digits = groups[0] + Self.two(groups[1]) + Array("00".utf8)
    case 3 where groups[0].count == 4 && groups[1].count <= 2 && groups[2].count >= 1:
      digits = groups[0] + Self.two(groups[1]) + Self.two(Array(groups[2].prefix(2)))
    case 3 where groups[2].count >= 4 && groups[0].count <= 2 && groups[1].count <= 2:
      digits = Array(groups[2][..<4]) + Self.two(groups[1]) + Self.two(groups[0])
    default: return nil
    }
    self.digits = digits
  }

  private func value(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } }

  private static func two(_ digits: [UInt8]) -> [UInt8] { digits.count == 1 ? [UInt8(ascii: "0")] + digits : digits }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }
}
