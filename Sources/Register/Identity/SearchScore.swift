import Hospital

/// A word with its letters, which say cheaply that it resembles another in nothing.
struct SearchWord {
  /// A part of what it was read from.
  let slice: ArraySlice<UInt8>
  let letters: LetterSet

  init(_ slice: ArraySlice<UInt8>) {
    self.slice = slice
    letters = LetterSet(slice)
  }

  init(_ text: String) { self.init(Array(text.utf8)[...]) }

  var bytes: [UInt8] { Array(slice) }
  var count: Int { slice.count }
}

/// What was typed, ready to be compared with many names.
struct SearchAsked {
  let words: [SearchWord]
  /// All of them in one.
  let whole: SearchWord

  init(_ query: SearchQuery) {
    words = query.words.map { SearchWord($0) }
    whole = SearchWord(query.letters)
  }
}

/// Names of a patient as `SearchEntry.names` has them: birth name, used name, first given name, used given name, others.
struct SearchNames {
  /// Each name's words, one name after the other.
  private var words: [SearchWord] = []
  private var ends: [Int] = []

  init(_ names: some Collection<UInt8>) {
    let bytes = Array(names)
    words.reserveCapacity(6)
    ends.reserveCapacity(6)
    var start = 0
    for place in 0...bytes.count {
      let byte = place < bytes.count ? bytes[place] : LatinLetter.slash
      guard byte == LatinLetter.slash || byte == LatinLetter.space else { continue }
      if place > start { words.append(SearchWord(bytes[start..<place])) }
      if byte == LatinLetter.slash { ends.append(words.count) }
      start = place + 1
    }
  }

  init(surname: String, given: String) { self.init("\(surname)//\(given)/".utf8) }

  var count: Int { ends.count }

  subscript(field: Int) -> ArraySlice<SearchWord> { words[(field == 0 ? 0 : ends[field - 1])..<ends[field]] }
}

/// How well a patient's names answer to what was typed, from 0 to 1, and what agreed.
struct SearchScore {
  var value = 0.0
  var reasons: [MatchReason] = []

  /// Every word, in whatever order, against every name; and all letters at once, in case a gap is in the wrong place.
  init(_ asked: SearchAsked, names: SearchNames) {
    guard !asked.words.isEmpty else { return }
    var sum = 0.0
    var surname = Best()
    var given = Best()
    for word in asked.words {
      var best = 0.0
      for place in 0..<names.count where !names[place].isEmpty {
        let likeness = SearchScore.likeness(word, names[place])
        best = max(best, likeness)
        if place < 2 { surname.take(likeness) } else { given.take(likeness) }
      }
      sum += best
    }
    value = sum / Double(asked.words.count)
    // Both halves of a name say more than one.
    if asked.words.count > 1, min(surname.likeness, given.likeness) < SearchScore.sounding { value *= 0.9 }
    let whole = SearchScore.wholeLikeness(asked.whole, names)
    if whole > value {
      value = whole
      reasons = whole == 1 ? [.sameName, .sameGivenName] : [.closeName]
      return
    }
    reasons = [surname.reason(.sameName, .closeName), given.reason(.sameGivenName, .closeGivenName)].compactMap(\.self)
  }

  private struct Best {
    var likeness = 0.0

    mutating func take(_ other: Double) { likeness = max(likeness, other) }

    func reason(_ same: MatchReason, _ close: MatchReason) -> MatchReason? {
      if likeness == 1 { return same }
      if likeness >= SearchScore.beginning { return .beginningOfName }
      return likeness >= SearchScore.resembling ? close : nil
    }
  }

  static let beginning = 0.9
  static let oneSlip = 0.85
  static let sounding = 0.75
  static let resembling = 0.6

  /// False only where the value is 0: said of a patient's names as they lie in the store, most of which resemble nothing
  /// of what was typed, before they are taken apart.
  static func mayBeMore(_ asked: SearchAsked, names: UnsafeBufferPointer<UInt8>) -> Bool {
    var all = LetterSet(EmptyCollection())
    var start = 0
    for place in 0...names.count {
      let byte = place < names.count ? names[place] : LatinLetter.slash
      guard byte == LatinLetter.slash || byte == LatinLetter.space else { continue }
      // Words of one name may have to be read together.
      if byte == LatinLetter.space { return true }
      let letters = LetterSet(UnsafeBufferPointer(rebasing: names[start..<place]))
      for word in asked.words where place > start && mayResemble(word, letters, place - start) { return true }
      all = all.union(letters)
      start = place + 1
    }
    return asked.whole.letters.lacking(in: all) <= 1
  }

  /// Of one typed word to one name, which may have several words.
  private static func likeness(_ word: SearchWord, _ field: ArraySlice<SearchWord>) -> Double {
    var best = 0.0
    for part in field where mayResemble(word, part.letters, part.count) {
      best = max(best, likeness(word.bytes, part.bytes))
    }
    if field.count > 1, best < 1 {
      best = max(best, likeness(word, joining: field))
      // LEGOFF for LE GOFF, BENALI for BEN ALI within a longer name.
      for place in field.indices.dropLast() { best = max(best, likeness(word, joining: field[place...place + 1])) }
    }
    return best
  }

  private static func likeness(_ word: SearchWord, joining parts: ArraySlice<SearchWord>) -> Double {
    let letters = parts.reduce(LetterSet("".utf8)) { $0.union($1.letters) }
    guard mayResemble(word, letters, parts.reduce(0) { $0 + $1.count }) else { return 0 }
    return likeness(word.bytes, parts.flatMap(\.slice))
  }

  /// False only where `likeness` is 0: a beginning or one slip lacks at most one letter, and Jaro-Winkler's 0.9 needs
  /// Jaro's 0.83, which a quarter of letters missing on both sides does not reach.
  private static func mayResemble(_ word: SearchWord, _ letters: LetterSet, _ count: Int) -> Bool {
    let lacking = word.letters.lacking(in: letters)
    if lacking <= 1 || lacking * 4 <= word.count { return true }
    let lackingThere = letters.lacking(in: word.letters)
    return lackingThere <= 1 || lackingThere * 4 <= count || word.count == 1
  }

  private static func likeness(_ word: [UInt8], _ name: [UInt8]) -> Double {
    if word == name { return 1 }
    if word.count >= 2 || name.count == 1, name.starts(with: word) { return beginning }
    if word.count < 3 { return word.count == 1 && name.first == word.first ? resembling : 0 }
    if EditDistance.between(word, name, max: 1) != nil { return oneSlip }
    // The beginning of a longer word, with a slip in it.
    if name.count > word.count, word.count >= 4,
      EditDistance.between(word, Array(name[..<word.count]), max: 1) != nil
    {
      return sounding
    }
    guard word.first == name.first || abs(word.count - name.count) <= 3 else { return 0 }
    return JaroWinkler.similarity(word, name) >= 0.9 ? resembling : 0
  }

  /// Birth or used name and given name written in one, in either order.
  private static func wholeLikeness(_ whole: SearchWord, _ names: SearchNames) -> Double {
    guard whole.count >= 5, names.count >= 4 else { return 0 }
    var best = 0.0
    for surname in [names[0], names[1]] where !surname.isEmpty {
      for given in [names[2], names[3]] where !given.isEmpty {
        let parts = surname + given
        let letters = parts.reduce(LetterSet("".utf8)) { $0.union($1.letters) }
        guard abs(parts.reduce(0) { $0 + $1.count } - whole.count) <= 1, letters.mayBeWithin(1, of: whole.letters)
        else { continue }
        for written in [parts.flatMap(\.slice), (given + surname).flatMap(\.slice)] {
          if written == whole.bytes { return 1 }
          if EditDistance.between(written, whole.bytes, max: 1) != nil { best = max(best, beginning) }
        }
      }
    }
    return best
  }
}

enum LatinLetter {
  static let space = UInt8(ascii: " ")
  static let slash = UInt8(ascii: "/")
}
