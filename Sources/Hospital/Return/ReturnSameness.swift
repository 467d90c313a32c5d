import Ledger

extension ReturnField {
  /// Whether two words say the same: accents, case, hyphens and apostrophes are no difference (RNIV), nor is what one
  /// of the two does not say: a bed, a part of a date, an hour, a second telephone.
  public func isSame(_ one: String, _ other: String) -> Bool {
    if one.utf8.elementsEqual(other.utf8) { return true }
    switch self {
    case .birthName, .birthGivenName, .usedName: return LatinLetters.fold(one) == LatinLetters.fold(other)
    case .birthDate: return one.hasPrefix("\(other)-") || other.hasPrefix("\(one)-")
    case .place:
      return zip(one.split(separator: " "), other.split(separator: " ")).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    case .sex, .birthPlace, .identityStatus, .stayStatus, .protected: return false
    case .ins: return Self.isSameINS(one, other)
    case .addresses: return Self.isSameAddress(one, other)
    case .phones: return Self.isSamePhones(one, other)
    case .death:
      if one == Self.no || other == Self.no { return false }
      return one == Self.yes || other == Self.yes || Self.isSameHour(one, other)
    // PV1-2 has one letter for both.
    case .stayClass: return Self.lodged.contains(one) && Self.lodged.contains(other)
    case .admittedAt, .dischargedAt: return Self.isSameHour(one, other)
    case .attending: return Practising(one).isSame(as: Practising(other))
    }
  }

  /// Of two words that say the same, which says more.
  func detail(of text: String) -> Int {
    switch self {
    case .death, .admittedAt, .dischargedAt: text == Self.yes ? 0 : text.contains("/") ? 1 : 2
    default: text.utf8.count
    }
  }

  private static let lodged = [StayClass.inpatient.rawValue, StayClass.daycase.rawValue]

  /// The key of two digits follows from the thirteen characters before it.
  private static func isSameINS(_ one: String, _ other: String) -> Bool {
    func matricule(_ text: String) -> [UInt8] { LatinLetters.fold(text).filter { $0 != LatinLetters.gap } }
    let (left, right) = (matricule(one), matricule(other))
    if left.count == 13 || right.count == 13 { return left.prefix(13) == right.prefix(13) }
    return left == right
  }

  /// To the minute; a day holds every hour of it.
  private static func isSameHour(_ one: String, _ other: String) -> Bool {
    guard let left = minutes(one), let right = minutes(other) else { return false }
    return left.overlaps(right)
  }

  private static func minutes(_ text: String) -> Range<Int64>? {
    let ends = text.split(separator: "/").map { Instant(String($0)) }
    func minute(_ instant: Instant) -> Int64 { Int64((Double(instant.milliseconds) / 60_000).rounded(.down)) }
    guard let first = ends.first ?? nil, let last = ends.last ?? nil else { return nil }
    return minute(first)..<max(minute(last), minute(first) + 1)
  }

  // MARK: Addresses and telephones

  private static func isSameAddress(_ one: String, _ other: String) -> Bool {
    func parts(_ text: String) -> [Substring] { text.split(separator: separator, omittingEmptySubsequences: false) }
    let (left, right) = (parts(one), parts(other))
    let isOneLine = [left, right].contains { $0.dropFirst().allSatisfy(\.isEmpty) }
    if isOneLine, words(left.joined(separator: " ")) == words(right.joined(separator: " ")) { return true }
    return zip(left, right).enumerated().allSatisfy { part, sides in
      if sides.0.isEmpty || sides.1.isEmpty || sides.0.utf8.elementsEqual(sides.1.utf8) { return true }
      return words(String(sides.0), ofCity: part == 2) == words(String(sides.1), ofCity: part == 2)
    }
  }

  /// As an envelope may have it: words of a street in full; of a city without its district and CEDEX.
  private static func words(_ part: String, ofCity: Bool = false) -> [String] {
    let words = LatinLetters.fold(part).split(separator: LatinLetters.gap).map {
      String(decoding: $0, as: UTF8.self)
    }
    let kept = ofCity ? words.filter { $0 != "CEDEX" && $0.utf8.allSatisfy { !(48...57).contains($0) } } : words
    return kept.map { shortened[$0] ?? $0 }
  }

  private static let shortened = [
    "ALL": "ALLEE", "AV": "AVENUE", "AVE": "AVENUE", "BD": "BOULEVARD", "BLD": "BOULEVARD", "BVD": "BOULEVARD",
    "CHE": "CHEMIN", "CHEM": "CHEMIN", "IMP": "IMPASSE", "LOT": "LOTISSEMENT", "PL": "PLACE", "R": "RUE",
    "RES": "RESIDENCE", "RTE": "ROUTE", "SQ": "SQUARE", "ST": "SAINT", "STE": "SAINTE",
  ]

  /// Where one side says all that the other does.
  private static func isSamePhones(_ one: String, _ other: String) -> Bool {
    let (left, right) = (subscribers(one), subscribers(other))
    return left.isSubset(of: right) || right.isSubset(of: left)
  }

  /// Digits without the 0 or +33 before them: `+33 (0)6 12`, `0033 6 12` and `06 12` are one.
  private static func subscribers(_ text: String) -> Set<[UInt8]> {
    var numbers: Set<[UInt8]> = []
    for phone in text.split(separator: separator) {
      var digits = phone.utf8.filter { (48...57).contains($0) }[...]
      if phone.utf8.contains(UInt8(ascii: "+")) || digits.starts(with: "00".utf8) || digits.count == 11 {
        let abroad = digits.drop { $0 == UInt8(ascii: "0") }
        if abroad.starts(with: "33".utf8) { digits = abroad.dropFirst(2) }
      }
      digits = digits.drop { $0 == UInt8(ascii: "0") }
      if !digits.isEmpty { numbers.insert(Array(digits)) }
    }
    return numbers
  }
}

/// A physician as one of the sides names them.
struct Practising {
  /// 11 digits.
  private var rpps: String?
  /// In order, without titles.
  private var names: [String] = []
  /// Numbers of a system of its own.
  private var codes: [String] = []

  private static let titles: Set<String> = ["DR", "DOCTEUR", "PR", "PROFESSEUR", "M", "MME", "MLLE", "RPPS"]

  init(_ text: String) {
    for word in LatinLetters.fold(text).split(separator: LatinLetters.gap) {
      let said = String(decoding: word, as: UTF8.self)
      let digits = word.count { (48...57).contains($0) }
      if digits == 11, word.count == 11 {
        rpps = said
      } else if digits > 0 {
        codes.append(said)
      } else if !Self.titles.contains(said) {
        names.append(said)
      }
    }
  }

  /// By their RPPS where both have it, else by name in whatever order: a given name that one does not say, or of which
  /// it says the initial alone, is no difference. A number says nothing against a name.
  func isSame(as other: Practising) -> Bool {
    if let rpps, let number = other.rpps { return rpps == number }
    if names.isEmpty, other.names.isEmpty { return codes == other.codes || codes.isEmpty || other.codes.isEmpty }
    let (few, many) = names.count <= other.names.count ? (names, other.names) : (other.names, names)
    var left = many
    return few.allSatisfy { name in
      guard let place = left.firstIndex(of: name) ?? left.firstIndex(where: { Self.isInitial($0, name) }) else {
        return false
      }
      left.remove(at: place)
      return true
    }
  }

  private static func isInitial(_ one: String, _ other: String) -> Bool {
    (one.utf8.count == 1 || other.utf8.count == 1) && one.utf8.first == other.utf8.first
  }
}
