/// What comparing two records found, trait by trait: a level each, whose weights `LinkModel` holds.
struct LinkComparison: Sendable, Hashable {
  enum Trait: Int, CaseIterable {
    case name, given, swap, date, sex, birthPlace, place, address, phone
  }

  /// Names: one and the same · written or sounding nearly so · part of it in common · another.
  static let same: UInt8 = 0
  static let close: UInt8 = 1
  static let partly: UInt8 = 2
  static let other: UInt8 = 3
  static let missing: UInt8 = 255

  static let levels: [Int] = [4, 4, 2, 5, 2, 2, 16, 12, 3]

  /// By trait.
  private(set) var levels: SIMD16<UInt8> = SIMD16(repeating: missing)

  subscript(trait: Trait) -> UInt8 {
    get { levels[trait.rawValue] }
    set { levels[trait.rawValue] = newValue }
  }
}

extension LinkFile {
  func compare(_ a: Int, _ b: Int) -> LinkComparison {
    let left = entries[a]
    let right = entries[b]
    var found = LinkComparison()
    compareNames(left, right, &found)
    found[.date] = compareDates(left.date, right.date)
    if left.sex != 0, right.sex != 0 { found[.sex] = left.sex == right.sex ? 0 : 1 }
    found[.birthPlace] = compareBirthPlaces(left, right)
    found[.place] = comparePlaces(left, right)
    found[.address] = compareAddresses(left, right)
    found[.phone] = comparePhones(left, right)
    return found
  }

  // MARK: Names

  private func compareNames(_ left: Entry, _ right: Entry, _ found: inout LinkComparison) {
    let straight = (surnames(left, right), givens(left, right))
    found[.name] = straight.0
    found[.given] = straight.1
    found[.swap] = 0
    guard doubt(straight) > 2 else { return }
    // Name and given name in each other's place.
    let crossed = (cross(left, right), cross(right, left))
    if doubt(crossed) + 2 < doubt(straight) {
      found[.name] = crossed.0
      found[.given] = crossed.1
      found[.swap] = 1
    }
  }

  private func doubt(_ levels: (UInt8, UInt8)) -> Int {
    [levels.0, levels.1].reduce(0) { $0 + ($1 == LinkComparison.missing ? 2 : min(3, Int($1))) }
  }

  private func cross(_ left: Entry, _ right: Entry) -> UInt8 {
    guard left.birthName >= 0, right.given >= 0 else { return LinkComparison.missing }
    return Self.level(names.values[Int(left.birthName)], givenNames.values[Int(right.given)])
  }

  /// The birth name, or the name that one file knows her by and the other as her birth name.
  private func surnames(_ left: Entry, _ right: Entry) -> UInt8 {
    let straight = level(left.birthName, right.birthName, names)
    if straight == LinkComparison.same { return straight }
    var best = straight
    for (one, another) in [
      (left.birthName, right.usedName), (left.usedName, right.birthName), (left.usedName, right.usedName),
    ] {
      let level = level(one, another, names)
      if level <= LinkComparison.close { best = min(best, LinkComparison.close + level) }
    }
    return best
  }

  private func givens(_ left: Entry, _ right: Entry) -> UInt8 {
    let straight = level(left.given, right.given, givenNames)
    if straight <= LinkComparison.close || left.otherGiven.isEmpty && right.otherGiven.isEmpty { return straight }
    for other in right.otherGiven where level(left.given, other, givenNames) == 0 { return LinkComparison.partly }
    for other in left.otherGiven where level(other, right.given, givenNames) == 0 { return LinkComparison.partly }
    return straight
  }

  private func level(_ left: Int32, _ right: Int32, _ table: LinkTable<LinkText>) -> UInt8 {
    if left < 0 || right < 0 { return LinkComparison.missing }
    return left == right ? LinkComparison.same : Self.level(table.values[Int(left)], table.values[Int(right)])
  }

  static func level(_ left: LinkText, _ right: LinkText) -> UInt8 {
    if left.joined == right.joined { return LinkComparison.same }
    let shorter = min(left.joined.count, right.joined.count)
    let max = shorter >= 8 ? 2 : 1
    if shorter >= 3, left.letters.mayBeWithin(max, of: right.letters),
      EditDistance.between(left.joined, right.joined, max: max) != nil
    {
      return LinkComparison.close
    }
    if left.sound == right.sound, left.sound.count >= 2 { return LinkComparison.close }
    if sharePart(left, right) || isCutShort(left.joined, right.joined) { return LinkComparison.partly }
    return mayResemble(left, right) && JaroWinkler.similarity(left.joined, right.joined) >= resemblance
      ? LinkComparison.partly : LinkComparison.other
  }

  private static let resemblance = 0.86

  /// Jaro's similarity is at most what the letters in common allow; Winkler adds a tenth of what it lacks for each of
  /// up to four first letters in common.
  private static func mayResemble(_ left: LinkText, _ right: LinkText) -> Bool {
    let (one, other) = (Double(left.joined.count), Double(right.joined.count))
    let (mine, theirs) = (right.letters.matches(left.joined), left.letters.matches(right.joined))
    let jaro = (Double(mine) / one + Double(theirs) / other + 1) / 3
    let first = zip(left.joined, right.joined).prefix(4).prefix { $0 == $1 }.count
    return jaro + Double(first) * 0.1 * (1 - jaro) >= resemblance
  }

  private static func sharePart(_ left: LinkText, _ right: LinkText) -> Bool {
    if left.parts.isEmpty && right.parts.isEmpty { return false }
    let leftParts = left.parts.isEmpty ? [left.joined] : left.parts
    let rightParts = right.parts.isEmpty ? [right.joined] : right.parts
    return leftParts.contains { part in part.count >= 3 && rightParts.contains(part) }
  }

  /// An initial, or the beginning of a longer name.
  private static func isCutShort(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    let (short, long) = left.count < right.count ? (left, right) : (right, left)
    return (short.count == 1 || short.count >= 3) && long.starts(with: short)
  }

  // MARK: Birth

  /// The same day · one slip of the finger, or day and month swapped · two of year, month and day · another · one of
  /// them not wholly known, and no contradiction.
  private func compareDates(_ left: Int32, _ right: Int32) -> UInt8 {
    if left < 0 || right < 0 { return LinkComparison.missing }
    let (one, another) = (dates.values[Int(left)], dates.values[Int(right)])
    if one.isSubstitute || another.isSubstitute {
      return abs(one.year - another.year) <= 1 ? LinkComparison.missing : 4
    }
    if one == another { return LinkComparison.same }
    if EditDistance.between(one.digits, another.digits, max: 1) != nil { return LinkComparison.close }
    let sameYear = one.year == another.year
    if sameYear, one.month == another.day, one.day == another.month { return LinkComparison.close }
    let equal = [sameYear, one.month == another.month, one.day == another.day].filter { $0 }.count
    return equal >= 2 ? LinkComparison.partly : LinkComparison.other
  }

  private func compareBirthPlaces(_ left: Entry, _ right: Entry) -> UInt8 {
    if left.birthPlace < 0 || right.birthPlace < 0 { return LinkComparison.missing }
    return left.birthPlace == right.birthPlace ? 0 : 1
  }

  // MARK: Home

  /// Postcode (same, near, other, missing), then city: together, since one follows from the other.
  private func comparePlaces(_ left: Entry, _ right: Entry) -> UInt8 {
    let postcode = near(left.postcode, right.postcode, postcodes)
    let city = near(left.city, right.city, cities)
    return postcode == 3 && city == 3 ? LinkComparison.missing : postcode * 4 + city
  }

  private func near(_ left: Int32, _ right: Int32, _ table: LinkTable<LinkText>) -> UInt8 {
    if left < 0 || right < 0 { return 3 }
    if left == right { return 0 }
    let (one, another) = (table.values[Int(left)], table.values[Int(right)])
    let max = Swift.max(1, Swift.min(one.joined.count, another.joined.count) / 5)
    return isWithin(max, one, another) ? 1 : 2
  }

  /// House number (same, missing, other), then lines (all or two alike, one alike, none, missing).
  private func compareAddresses(_ left: Entry, _ right: Entry) -> UInt8 {
    let hasNumbers = left.number >= 0 && right.number >= 0
    let number: UInt8 = !hasNumbers ? 1 : left.number == right.number ? 0 : 2
    guard !left.lines.isEmpty, !right.lines.isEmpty else {
      return hasNumbers ? number * 4 + 3 : LinkComparison.missing
    }
    var alike = 0
    for line in left.lines where right.lines.contains(where: { isAlike(line, $0) }) { alike += 1 }
    let all = alike >= 2 || alike == 1 && max(left.lines.count, right.lines.count) == 1
    return number * 4 + (all ? 0 : alike == 1 ? 1 : 2)
  }

  private func isAlike(_ left: Int32, _ right: Int32) -> Bool {
    if left == right { return true }
    let (one, another) = (lines.values[Int(left)], lines.values[Int(right)])
    return isWithin(max(1, max(one.joined.count, another.joined.count) / 5), one, another)
  }

  private func isWithin(_ edits: Int, _ left: LinkText, _ right: LinkText) -> Bool {
    left.letters.mayBeWithin(edits, of: right.letters)
      && EditDistance.between(left.joined, right.joined, max: edits) != nil
  }

  private func comparePhones(_ left: Entry, _ right: Entry) -> UInt8 {
    if left.phones.isEmpty || right.phones.isEmpty { return LinkComparison.missing }
    var best: UInt8 = 2
    for one in left.phones {
      for another in right.phones {
        if one == another { return 0 }
        let (mine, theirs) = (phones.values[Int(one)].key, phones.values[Int(another)].key)
        if EditDistance.between(mine, theirs, max: 1) != nil { best = 1 }
      }
    }
    return best
  }
}
