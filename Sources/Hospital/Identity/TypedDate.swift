import Ledger

extension PartialDate {
  /// Nobody older is admitted, and no feed dates a birth before: an earlier year is a slip.
  static let earliestYear = 1850

  /// A date of birth as people type it: `12031961`, `120361`, `12/3/61`, `12 03 1961`, `03/1961`, `1961`, `1961-03-12`,
  /// and the digit row of a French keyboard without Shift (`&é"'(-è_çà`). A day or a month of 0 is unknown. A year of two
  /// digits is the latest that is not to come.
  /// - Throws: `date-unreadable`, `date-impossible` or `date-future`.
  public static func typed(_ text: String, today: CivilDate, field: String = "birthDate") throws(Refusal) -> PartialDate
  {
    let groups = try groups(of: text, field: field)
    let candidates = groups.count == 1 ? solid(groups[0], today) : separated(groups, today)
    guard !candidates.isEmpty else { throw Refusal("date-unreadable", field: field) }
    let possible = candidates.compactMap { $0 }.filter { $0.year >= earliestYear }
    guard let date = possible.first(where: { !$0.isAfter(today) }) ?? possible.first else {
      throw Refusal("date-impossible", field: field)
    }
    guard !date.isAfter(today) else { throw Refusal("date-future", field: field) }
    return date
  }

  /// Whether even its earliest day is to come.
  func isAfter(_ today: CivilDate) -> Bool {
    guard let earliest else { return false }
    return earliest.daysSince1970 > today.daysSince1970
  }

  // MARK: Reading what was typed

  /// The digit row of a French keyboard without Shift.
  static let frenchRow: [Character: Character] = [
    "à": "0", "&": "1", "é": "2", "\"": "3", "'": "4", "(": "5", "-": "6", "è": "7", "_": "8", "ç": "9",
  ]

  /// Runs of digits. Where no digit was typed, the unshifted row is read as one: a `-` between digits stays a separator.
  private static func groups(of text: String, field: String) throws(Refusal) -> [[Int]] {
    guard text.utf8.count <= 64 else { throw Refusal("date-unreadable", field: field) }
    let hasDigits = text.contains { $0.isASCII && $0.isNumber }
    var groups: [[Int]] = [[]]
    for character in text {
      let character = hasDigits ? character : frenchRow[character] ?? character
      if character.isASCII, let digit = character.wholeNumberValue {
        groups[groups.count - 1].append(digit)
      } else if "/-. :;,!\u{A0}\u{202F}".contains(character) {
        groups.append([])
      } else {
        throw Refusal("date-unreadable", field: field)
      }
    }
    groups.removeAll(where: \.isEmpty)
    guard !groups.isEmpty else { throw Refusal("date-unreadable", field: field) }
    return groups
  }

  private static func value(_ digits: some Sequence<Int>) -> Int { digits.reduce(0) { $0 * 10 + $1 } }

  /// nil inside is a reading that no calendar has; empty means no such way to write a date.
  private static func solid(_ digits: [Int], _ today: CivilDate) -> [PartialDate?] {
    switch digits.count {
    case 4: return [checked(value(digits), 0, 0)]
    case 6:
      let years = fullYears(value(digits[4...]), today)
      return years.map { checked($0, value(digits[2..<4]), value(digits[0..<2])) }
        + [checked(value(digits[2...]), value(digits[0..<2]), 0)]
    case 8:
      return [
        checked(value(digits[4...]), value(digits[2..<4]), value(digits[0..<2])),
        checked(value(digits[0..<4]), value(digits[4..<6]), value(digits[6...])),
      ]
    default: return []
    }
  }

  private static func separated(_ groups: [[Int]], _ today: CivilDate) -> [PartialDate?] {
    guard groups.count <= 3 else { return [] }
    let isYearFirst = groups[0].count > 2
    let year = groups[isYearFirst ? 0 : groups.count - 1]
    // `12/03` alone may be a day or a month of some year.
    guard year.count == 4 || (year.count == 2 && groups.count == 3) else { return [] }
    let rest = isYearFirst ? Array(groups.dropFirst()) : groups.dropLast().reversed()
    guard rest.allSatisfy({ $0.count <= 2 }) else { return [] }
    let years = year.count == 2 ? fullYears(value(year), today) : [value(year)]
    return years.map { checked($0, value(rest[0]), rest.count > 1 ? value(rest[1]) : 0) }
  }

  /// The latest first.
  private static func fullYears(_ twoDigits: Int, _ today: CivilDate) -> [Int] {
    let year = today.year / 100 * 100 + twoDigits
    return year <= today.year ? [year, year - 100] : [year - 100]
  }

  /// 0 is an unknown month or day.
  private static func checked(_ year: Int, _ month: Int, _ day: Int) -> PartialDate? {
    if month == 0 { return day == 0 ? PartialDate(checkedYear: year) : nil }
    return PartialDate(checkedYear: year, month: month, day: day == 0 ? nil : day)
  }
}
