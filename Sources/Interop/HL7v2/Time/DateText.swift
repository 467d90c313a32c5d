import Ledger

/// A day as facts write it, from HL7's digits: `1961-03-12`, `1961-03`, `1961`. Zeros stand for what is not known.
enum DateText {
  /// nil where not even a year is there; `isExact` is false where a part was dropped because no calendar has it.
  static func read(_ digits: String) -> (text: String, isExact: Bool)? {
    let bytes = Array(digits.utf8)
    guard bytes.count >= 4, bytes.prefix(8).allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    func number(_ range: Range<Int>) -> Int {
      range.upperBound <= bytes.count ? bytes[range].reduce(0) { $0 * 10 + Int($1 - 0x30) } : 0
    }
    let (year, month, day) = (number(0..<4), number(4..<6), number(6..<8))
    guard year > 0 else { return nil }
    func part(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    let isWhole = [4, 6, 8].contains(bytes.count) || bytes.count > 8
    guard month > 0 else { return (part(0..<4), isWhole && day == 0) }
    guard month <= 12 else { return (part(0..<4), false) }
    guard day > 0 else { return (part(0..<4) + "-" + part(4..<6), isWhole) }
    guard CivilDate(year: year, month: month, day: day) != nil else { return (part(0..<4) + "-" + part(4..<6), false) }
    return (part(0..<4) + "-" + part(4..<6) + "-" + part(6..<8), isWhole)
  }
}
