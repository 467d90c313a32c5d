import Hospital

/// A birth date as somebody typed it, which may be wrong by a digit.
struct SearchDate: Equatable {
  /// What it says, if a calendar has it: `yyyymmdd` with 0 for what was not typed. Two for a year of two digits.
  var said: [Int] = []
  /// The digits as typed, day, month, year or year, month, day; with and without noughts that were left out. Empty when
  /// it was no whole date.
  var typed: [[UInt8]] = []

  /// How near a patient's date is.
  enum Nearness: Int, Comparable {
    case none, sameYear, compatible, close, same

    static func < (left: Nearness, right: Nearness) -> Bool { left.rawValue < right.rawValue }
  }

  func nearness(of date: Int) -> Nearness {
    guard date != 0 else { return .none }
    if said.contains(date) { return date % 100 == 0 ? .compatible : .same }
    for one in said where SearchDate.agree(one, date) { return .compatible }
    if !typed.isEmpty, date % 100 != 0 {
      let (year, month, day) = (date / 10000, date / 100 % 100, date % 100)
      if isOneSlip(SearchDate.digits(day, month, year)) || isOneSlip(SearchDate.digits(year, month, day)) {
        return .close
      }
      if said.contains(year * 10000 + day * 100 + month) { return .close }
    }
    return said.contains { $0 / 10000 == date / 10000 } ? .sameYear : .none
  }

  private func isOneSlip(_ digits: [UInt8]) -> Bool {
    typed.contains { EditDistance.between($0, digits, max: 1) != nil }
  }

  /// Neither contradicts the other: one of them does not know the day, or the month.
  private static func agree(_ one: Int, _ other: Int) -> Bool {
    guard one / 10000 == other / 10000 else { return false }
    let (mine, theirs) = (one / 100 % 100, other / 100 % 100)
    if mine == 0 || theirs == 0 { return true }
    return mine == theirs && (one % 100 == 0 || other % 100 == 0)
  }

  // MARK: What to look up

  /// Dates of the index that agree with what was said. A year or a month alone is looked up as a range.
  var lookups: [ClosedRange<Int>] {
    said.flatMap { date -> [ClosedRange<Int>] in
      let year = date / 10000 * 10000
      let month = date / 100 * 100
      if date == year { return [year...year + 1231] }
      if date == month { return [month...month + 31, year...year] }
      return [date...date, month...month, year...year]
    }
  }

  /// Days one slip of the finger away, day and month swapped among them.
  func neighbours(thisYear: Int) -> [Int] {
    var found: Set<Int> = []
    for date in said where date % 100 != 0 { add(date / 10000, date % 100, date / 100 % 100, &found, thisYear) }
    for digits in typed.flatMap(SearchDate.variants) where digits.count == 8 {
      guard let number = SearchDate.number(digits) else { continue }
      add(number % 10000, number / 10000 % 100, number / 1_000_000, &found, thisYear)
      add(number / 10000, number / 100 % 100, number % 100, &found, thisYear)
    }
    return found.subtracting(said).sorted()
  }

  private func add(_ year: Int, _ month: Int, _ day: Int, _ found: inout Set<Int>, _ thisYear: Int) {
    guard (SearchQuery.yearMin...thisYear).contains(year), PartialDate(checkedYear: year, month: month, day: day) != nil
    else { return }
    found.insert(year * 10000 + month * 100 + day)
  }

  private static func variants(_ typed: [UInt8]) -> [[UInt8]] {
    guard (7...9).contains(typed.count) else { return [] }
    var variants: [[UInt8]] = []
    let figures = UInt8(ascii: "0")...UInt8(ascii: "9")
    for place in typed.indices {
      if typed.count == 9 { variants.append(Array(typed[..<place] + typed[(place + 1)...])) }
      guard typed.count == 8 else { continue }
      for figure in figures where figure != typed[place] {
        variants.append(Array(typed[..<place]) + [figure] + typed[(place + 1)...])
      }
      if place + 1 < typed.count, typed[place] != typed[place + 1] {
        var swapped = typed
        swapped.swapAt(place, place + 1)
        variants.append(swapped)
      }
    }
    if typed.count == 7 {
      for place in 0...typed.count {
        for figure in figures { variants.append(Array(typed[..<place]) + [figure] + typed[place...]) }
      }
    }
    return variants
  }

  private static func number(_ digits: [UInt8]) -> Int? { Int(String(decoding: digits, as: UTF8.self)) }

  /// Eight digits.
  static func digits(_ parts: Int...) -> [UInt8] {
    parts.flatMap { part -> [UInt8] in
      let width = part > 99 ? 4 : 2
      let text = Array(String(part).utf8)
      return Array(repeating: UInt8(ascii: "0"), count: max(0, width - text.count)) + text
    }
  }
}
