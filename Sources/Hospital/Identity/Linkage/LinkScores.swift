/// Candidate pairs with their probabilities, and what follows from several of them together.
struct LinkScores {
  let file: LinkFile
  let model: LinkModel
  let pairs: [UInt64]
  let found: [LinkComparison]
  let isOneFile: Bool

  struct Link {
    var first: Int
    var second: Int
    var probability: Double
    var reasons: [MatchReason]
  }

  func linked(threshold: Double) -> [Link] {
    var links: [Link] = []
    for (pair, comparison) in zip(pairs, found) {
      let (first, second) = (Int(pair >> 32), Int(pair & 0xFFFF_FFFF))
      let probability = self.probability(comparison, first, second)
      if probability >= threshold, file.mayBeOne(first, second) {
        links.append(
          Link(first: first, second: second, probability: probability, reasons: comparison.reasons))
      }
    }
    return links.sorted { ($1.probability, $0.first, $0.second) < ($0.probability, $1.first, $1.second) }
  }

  func probability(_ found: LinkComparison, _ first: Int, _ second: Int) -> Double {
    let (left, right) = (file.entries[first], file.entries[second])
    if found[.swap] == 1 {
      // In the order that is the likelier one for these words.
      let (one, other) = (rarity(left), rarity(right))
      let (name, given) = one.name * one.given >= other.name * other.given ? one : other
      return model.probability(found, name: found[.name] == 0 ? name : nil, given: found[.given] == 0 ? given : nil)
    }
    let (name, given) = rarity(left)
    return model.probability(
      found, name: left.birthName >= 0 && left.birthName == right.birthName ? name : nil,
      given: left.given >= 0 && left.given == right.given ? given : nil)
  }

  private func rarity(_ entry: LinkFile.Entry) -> (name: Double, given: Double) {
    (
      entry.birthName < 0 ? 1 : share(file.names.counts[Int(entry.birthName)]),
      entry.given < 0 ? 1 : share(file.givenNames.counts[Int(entry.given)])
    )
  }

  /// Of all people, of whom a small file shows too few: the two that are compared would make any name a common one.
  private func share(_ count: Int) -> Double { Double(count) / Double(max(file.entries.count, Self.peopleMin)) }

  private static let peopleMin = 400
}

extension LinkFile {
  /// No unknown patient is anybody's twin; mother and child, and children of one birth, are known to be two.
  func mayBeOne(_ first: Int, _ second: Int) -> Bool {
    let (left, right) = (entries[first], entries[second])
    if left.isUnknown || right.isUnknown { return false }
    if left.mother >= 0, left.mother == right.own { return false }
    if right.mother >= 0, right.mother == left.own { return false }
    if left.mother >= 0, left.mother == right.mother { return !areOfOneBirth(left, right) }
    return true
  }

  private func areOfOneBirth(_ left: Entry, _ right: Entry) -> Bool {
    guard left.date >= 0, right.date >= 0 else { return true }
    let (one, another) = (dates.values[Int(left.date)], dates.values[Int(right.date)])
    // Midnight, or the turn of a month, may lie between two births.
    return abs(one.dayNumber - another.dayNumber) <= 3
  }
}

extension LinkDate {
  /// Days, near enough to tell a few days from a few months.
  var dayNumber: Int { year * 372 + month * 31 + day }
}

extension LinkComparison {
  var reasons: [MatchReason] {
    var reasons: [MatchReason] = []
    if self[.swap] == 1 { reasons.append(.swappedNames) }
    append(.name, [.sameName, .closeName, .closeName, .otherName], to: &reasons)
    append(.given, [.sameGivenName, .closeGivenName, .closeGivenName, .otherGivenName], to: &reasons)
    append(.date, [.sameBirthDate, .closeBirthDate, .closeBirthDate, .otherBirthDate, .otherBirthDate], to: &reasons)
    if self[.sex] == 1 { reasons.append(.otherSex) }
    if self[.birthPlace] == 0 { reasons.append(.sameBirthPlace) }
    if [0, 1, 4].contains(self[.address]) { reasons.append(.sameAddress) }
    if self[.place] == 0 { reasons.append(.sameCity) }
    if self[.phone] == 0 { reasons.append(.samePhone) }
    return reasons
  }

  private func append(_ trait: Trait, _ byLevel: [MatchReason], to reasons: inout [MatchReason]) {
    if self[trait] != Self.missing { reasons.append(byLevel[Int(self[trait])]) }
  }
}
