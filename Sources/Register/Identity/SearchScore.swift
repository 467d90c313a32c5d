import Hospital

/// How well a patient's names answer to what was typed, from 0 to 1, and what agreed.
struct SearchScore {
  var value = 0.0
  var reasons: [MatchReason] = []

  /// Every word, in whatever order, against every name; and all letters at once, in case a gap is in the wrong place.
  init(_ query: SearchQuery, names: [[UInt8]]) {
    let fields = names.map { $0.split(separator: LatinLetter.space).map(Array.init) }
    guard !query.words.isEmpty else { return }
    var sum = 0.0
    var surname = Best()
    var given = Best()
    for word in query.words {
      let word = Array(word.utf8)
      var best = 0.0
      for (place, field) in fields.enumerated() where !field.isEmpty {
        let likeness = SearchScore.likeness(word, field)
        best = max(best, likeness)
        if place < 2 { surname.take(likeness) } else { given.take(likeness) }
      }
      sum += best
    }
    value = sum / Double(query.words.count)
    // Both halves of a name say more than one.
    if query.words.count > 1, min(surname.likeness, given.likeness) < SearchScore.sounding { value *= 0.9 }
    let whole = SearchScore.wholeLikeness(Array(query.letters.utf8), fields)
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

  /// Of one typed word to one name, which may have several words.
  static func likeness(_ word: [UInt8], _ field: [[UInt8]]) -> Double {
    var best = 0.0
    for part in field { best = max(best, likeness(word, part)) }
    if field.count > 1, best < 1 {
      best = max(best, likeness(word, Array(field.joined())))
      // LEGOFF for LE GOFF, BENALI for BEN ALI within a longer name.
      for place in field.indices.dropLast() { best = max(best, likeness(word, field[place] + field[place + 1])) }
    }
    return best
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
  private static func wholeLikeness(_ letters: [UInt8], _ fields: [[[UInt8]]]) -> Double {
    guard letters.count >= 5, fields.count >= 4 else { return 0 }
    var best = 0.0
    for surname in fields[..<2] where !surname.isEmpty {
      for given in fields[2...3] where !given.isEmpty {
        let one = Array((surname + given).joined())
        let other = Array((given + surname).joined())
        for whole in [one, other] {
          if whole == letters { return 1 }
          if EditDistance.between(whole, letters, max: 1) != nil { best = max(best, beginning) }
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
