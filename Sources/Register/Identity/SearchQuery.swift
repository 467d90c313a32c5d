import Hospital

/// What somebody typed into the search field, in any order: `12031961 MARTIN LO`, `martin louise 12/3/61`, `0612…`.
struct SearchQuery: Equatable {
  /// Folded words of names, particles joined to what follows.
  var words: [String] = []
  /// The same words with particles on their own.
  var parts: [String] = []
  /// All letters that were typed as names, in one: finds them again where a gap was left out or put in.
  var letters: String = ""
  var date: SearchDate?
  /// What may be an IPP, an INS or an NDA, as typed, without gaps.
  var numbers: [String] = []
  /// What may be the label of a patient nobody can name.
  var label: SearchLabel?

  static let yearMin = 1850
  private static let bytesMax = 200
  private static let wordsMax = 6

  /// - Parameter thisYear: Birth dates to come are none.
  init(_ text: String, thisYear: Int) {
    let text = String(decoding: text.utf8.prefix(Self.bytesMax), as: UTF8.self)
    let tokens = text.split { $0.isWhitespace || $0 == "," || $0 == ";" }.map { Token(String($0)) }
    takeNumbers(tokens)
    takeDate(tokens, thisYear)
    takeWords(tokens)
    label = SearchLabel(text)
  }

  /// What would find a patient with these traits.
  init(name: NameWords, given: NameWords, date: PartialDate?) {
    parts = Array((name.words + given.words).prefix(Self.wordsMax))
    words = [name, given].filter { !$0.isEmpty }.map(\.joined)
    letters = parts.joined()
    guard let date else { return }
    let (month, day) = (date.month ?? 0, date.day ?? 0)
    self.date = SearchDate(
      said: [date.year * 10000 + month * 100 + day],
      typed: day == 0 ? [] : [SearchDate.digits(day, month, date.year)])
  }

  // MARK: Tokens

  private struct Token {
    var text: String
    /// Digits with whatever parts them; the unshifted digit row of a French keyboard is read as one.
    var figures: String?

    init(_ text: String) {
      self.text = text
      let digits = text.filter { $0.isASCII && $0.isNumber }.count
      let letters = text.filter(\.isLetter).count
      if digits > 0, letters == 0 || digits >= 4 && letters == 1 {
        figures = text
      } else if digits == 0, text.count >= 4, text.allSatisfy({ Token.frenchRow[$0] != nil || $0 == "/" }) {
        figures = String(text.map { Token.frenchRow[$0] ?? $0 })
      }
    }

    private static let frenchRow: [Character: Character] = [
      "à": "0", "&": "1", "é": "2", "\"": "3", "'": "4", "(": "5", "-": "6", "è": "7", "_": "8", "ç": "9",
    ]
  }

  private static func digits(_ text: String) -> String { text.filter { $0.isASCII && $0.isNumber } }

  private mutating func takeNumbers(_ tokens: [Token]) {
    for token in tokens where Self.digits(token.text).count >= 3 {
      numbers.append(token.text)
      let bare = token.text.filter { $0.isLetter || $0.isNumber }
      if bare != token.text { numbers.append(bare) }
    }
    // An INS as cards write it, in groups, with its key or without.
    let all = tokens.compactMap(\.figures).map(Self.digits).joined()
    if all.count == 13 || all.count == 15, !numbers.contains(all) { numbers.append(all) }
  }

  // MARK: The date

  private mutating func takeDate(_ tokens: [Token], _ thisYear: Int) {
    var groups: [String] = []
    for figures in tokens.compactMap(\.figures) where Self.digits(figures).count <= 9 {
      let parts = figures.split { !$0.isLetter && !$0.isNumber }.map(String.init)
      let isOpen = groups.reduce(0) { $0 + $1.count } + parts.reduce(0) { $0 + $1.count } <= 9
      if groups.isEmpty || isOpen && groups.count < 3 { groups += parts }
    }
    date = Self.date(groups, thisYear)
  }

  private static func date(_ groups: [String], _ thisYear: Int) -> SearchDate? {
    let values = groups.map { Int($0) ?? -1 }
    let joined = groups.joined()
    switch groups.count {
    case 3 where groups[0].count >= 3 && groups[2].count <= 2:
      return date(year: groups[0], values[1], values[2], isYearFirst: true, groups, thisYear)
    case 3: return date(year: groups[2], values[1], values[0], isYearFirst: false, groups, thisYear)
    case 2 where groups[1].count == 4 && groups[0].count <= 2:
      return checked([(values[1], values[0], 0)], typed: "", thisYear)
    case 2 where groups[0].count == 4 && groups[1].count <= 2:
      return checked([(values[0], values[1], 0)], typed: "", thisYear)
    case 1 where joined.count == 4: return checked([(values[0], 0, 0)], typed: "", thisYear)
    case 1 where joined.count == 6: return short(values[0], thisYear)
    default: break
    }
    guard (7...9).contains(joined.count) else { return nil }
    let number = joined.count == 8 ? Int(joined) ?? 0 : 0
    let french = (number % 10000, number / 10000 % 100, number / 1_000_000)
    let iso = (number / 10000, number / 100 % 100, number % 100)
    return checked(number == 0 ? [] : [french, iso], typed: joined, thisYear) ?? SearchDate(typed: [Array(joined.utf8)])
  }

  private static func date(
    year: String, _ month: Int, _ day: Int, isYearFirst: Bool, _ groups: [String], _ thisYear: Int
  ) -> SearchDate? {
    let years = year.count == 2 ? centuries(Int(year) ?? -1, thisYear) : [Int(year) ?? -1]
    let parts = groups.map { $0.count == 1 ? "0" + $0 : $0 }
    let typed = year.count == 2 ? "" : parts.joined()
    let readings = years.map { ($0, month, day) }
    if var found = checked(readings, typed: typed, thisYear) {
      if typed.isEmpty, let first = found.said.first {
        found.typed = [SearchDate.digits(first % 100, first / 100 % 100, first / 10000)]
      } else if groups.joined() != typed {
        // 2/03/1961 may be 12/03/1961 with a digit left out.
        found.typed.append(Array(groups.joined().utf8))
      }
      return found
    }
    let bare = [typed, groups.joined()].filter { (7...9).contains($0.utf8.count) }
    return bare.isEmpty ? nil : SearchDate(typed: bare.map { Array($0.utf8) })
  }

  /// Six digits: day, month and year of two digits, or month and year.
  private static func short(_ number: Int, _ thisYear: Int) -> SearchDate? {
    let (day, month) = (number / 10000, number / 100 % 100)
    let days = centuries(number % 100, thisYear).map { ($0, month, day) }
    return checked(days, typed: "", thisYear) ?? checked([(number % 10000, number / 10000, 0)], typed: "", thisYear)
  }

  private static func centuries(_ year: Int, _ thisYear: Int) -> [Int] {
    let latest = thisYear / 100 * 100 + year
    return latest > thisYear ? [latest - 100] : [latest, latest - 100]
  }

  private static func checked(_ readings: [(Int, Int, Int)], typed: String, _ thisYear: Int) -> SearchDate? {
    var said: [Int] = []
    for (year, month, day) in readings where (yearMin...thisYear).contains(year) {
      let isThere = PartialDate(checkedYear: year, month: month == 0 ? nil : month, day: day == 0 ? nil : day) != nil
      let number = year * 10000 + month * 100 + day
      if isThere, !said.contains(number) { said.append(number) }
    }
    return said.isEmpty ? nil : SearchDate(said: said, typed: typed.isEmpty ? [] : [Array(typed.utf8)])
  }

  // MARK: Names

  private mutating func takeWords(_ tokens: [Token]) {
    var folded = tokens.filter { $0.figures == nil }.flatMap { NameWords($0.text).words }.prefix(Self.wordsMax)
    // Labels say INCONNU URG1-003: what follows the word is what a patient is found by.
    if folded.count > 1 {
      folded.removeAll(where: SearchLabel.isWord)
    } else if folded.first.map(SearchLabel.isWord) == true {
      folded = [SearchLabel.surname]
    }
    letters = folded.joined()
    parts = Array(folded)
    var particles = ""
    for word in folded {
      if NameWords.particles.contains(word), folded.count > 1 {
        particles += word
      } else {
        words.append(particles + word)
        particles = ""
      }
    }
    if !particles.isEmpty { words.append(particles) }
  }
}
