import Hospital
import Ledger

/// What a search asks: parameters that narrow it, and how its answer is cut. One that is not understood is refused:
/// left out, it would answer with more than was asked for.
public struct FHIRSearch: Sendable {
  public static let countUsual = 50
  public static let countMax = 500
  /// Beyond which nobody asks in earnest.
  private static let parametersMax = 20
  private static let valuesMax = 100
  private static let placeMax = 1 << 48

  public struct Parameter: Sendable {
    public let name: String
    /// `exact` of `family:exact`; `identifier` of `participant:identifier` and of `participant.identifier`.
    public let modifier: String?
    /// Any of them will do.
    public let values: [String]
  }

  public enum Fault: Error, Equatable {
    /// The parameter's name.
    case unknown(String)
    case value(String)
    /// No index knows it: beside one of these parameters it is looked for among few.
    case unbounded(String, among: [String])
    /// The parameters by which this type can be sorted.
    case unsorted(String, among: [String])
    /// More than are put in order at once.
    case tooManyToSort(Int)
    /// More refer to this page than are told with it.
    case tooManyToInclude(Int)
  }

  public private(set) var parameters: [Parameter] = []
  /// `Encounter:patient` and the like.
  public private(set) var includes: [String] = []
  /// `Encounter:subject` and the like.
  public private(set) var revincludes: [String] = []
  public private(set) var count = countUsual
  /// nil where the whole of each resource is asked for.
  public private(set) var subset: FHIRSubset?
  /// nil where they come in the order in which they were first heard of.
  public private(set) var sorting: FHIRSorting?
  /// Only how many there are.
  public private(set) var countsAlone = false
  /// `_lastUpdated` is asked by an export since an hour: also of those who may be told of again since then.
  public var isSince = false
  /// Where the page before ended.
  public var after = 0
  /// The same of a sorted search.
  public private(set) var afterPlace: FHIRSorting.Place?

  /// - Parameters:
  ///   - type: whose orders there are; nil where there is none.
  ///   - known: the names of parameters that this type has.
  ///   - includes: the values of `_include` that it has.
  ///   - revincludes: those of `_revinclude`.
  public init(
    _ pairs: [(name: String, value: String)], type: String? = nil, known: Set<String>, includes: Set<String>,
    revincludes: Set<String> = []
  ) throws(Fault) {
    var places: [String] = []
    for (name, value) in pairs where !value.isEmpty {
      switch name {
      case "_count":
        guard let asked = Int(value), asked >= 0 else { throw .value(name) }
        count = min(asked, FHIRSearch.countMax)
        if asked == 0 { countsAlone = true }
      case "_summary" where value == "count": countsAlone = true
      case "_summary", "_elements":
        let asked = try FHIRSubset(name, value)
        guard subset == nil || asked == nil else { throw .value(name) }
        subset = asked ?? subset
      case "_sort":
        guard let type else { throw .unknown(name) }
        guard sorting == nil else { throw .value(name) }
        sorting = try FHIRSorting(value, type: type)
      case "_after": places.append(value)
      case "_include":
        guard includes.contains(value) else { throw .value(name) }
        self.includes.append(value)
      case "_revinclude":
        guard revincludes.contains(value) else { throw .value(name) }
        self.revincludes.append(value)
      case "_format", "_pretty", "_total": continue
      default:
        let parts = name.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == ":" || $0 == "." }
          .map(String.init)
        guard known.contains(parts[0]) else { throw .unknown(parts[0]) }
        let modifier = parts.count > 1 ? parts[1] : nil
        if let modifier {
          let isOfText = FHIRSearch.texts.contains(parts[0]) && ["contains", "exact"].contains(modifier)
          let isOfNumber = FHIRSearch.numbered.contains(parts[0]) && modifier == "identifier"
          guard isOfText && name.contains(":") || isOfNumber else { throw .unknown(name) }
        }
        let values = FHIRSearch.values(of: value)
        guard parameters.count < FHIRSearch.parametersMax, values.count <= FHIRSearch.valuesMax else {
          throw .value(parts[0])
        }
        parameters.append(Parameter(name: parts[0], modifier: modifier, values: values))
      }
    }
    if !self.revincludes.isEmpty { count = min(count, FHIRSearch.countReferredMax) }
    for text in places {
      if let sorting {
        guard let place = sorting.place(text) else { throw .value("_after") }
        afterPlace = place
      } else {
        guard let place = Int(text), (0...FHIRSearch.placeMax).contains(place) else { throw .value("_after") }
        after = place
      }
    }
  }

  /// What this program asks itself: those of which a parameter has one of these values, at most so many.
  public init(_ name: String, oneOf values: [String], count: Int) {
    parameters = [Parameter(name: name, modifier: nil, values: values)]
    self.count = count
  }

  /// The same from its beginning, unsorted, at most so many at once.
  public func whole(count: Int) -> FHIRSearch {
    var whole = self
    (whole.count, whole.after, whole.sorting, whole.afterPlace) = (count, 0, nil, nil)
    return whole
  }

  /// Parameters of the type string.
  private static let texts = ["address", "address-city", "address-postalcode", "family", "given", "name"]
  /// References to people of whom a number alone is known.
  private static let numbered = ["participant", "practitioner"]
  /// Of a page that what refers to it is told with.
  public static let countReferredMax = 50

  /// Parted by commas; a comma of the value itself stands behind a backslash.
  private static func values(of text: String) -> [String] {
    var values = [""]
    var isEscaped = false
    for character in text {
      if isEscaped {
        values[values.count - 1].append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "," {
        values.append("")
      } else {
        values[values.count - 1].append(character)
      }
    }
    return values.filter { !$0.isEmpty }
  }

  public func all(_ name: String) -> [Parameter] { parameters.filter { $0.name == name } }

  /// What every time that a parameter stands there allows, of something that has one value alone; nil where it does not
  /// stand there.
  public func common(_ name: String, _ values: (Parameter) -> [String] = \.values) -> [String]? {
    let allowed = all(name).map(values)
    guard let first = allowed.first else { return nil }
    return first.filter { value in allowed.dropFirst().allSatisfy { $0.contains(value) } }
  }

  /// The dates of a parameter: of each time that it stands there, one must hold.
  public func bounds(_ name: String, _ zone: LocalTime) throws(Fault) -> [[FHIRDateBound]] {
    var found: [[FHIRDateBound]] = []
    for parameter in all(name) {
      let bounds = parameter.values.map { FHIRDateBound($0, zone) }
      guard !bounds.contains(where: { $0 == nil }) else { throw .value(name) }
      found.append(bounds.compactMap(\.self))
    }
    return found
  }
}

extension FHIRSearch.Parameter {
  public var tokens: [FHIRToken] { values.map(FHIRToken.init) }

  /// `<id>` of `Patient/<id>`, of an address that ends so, or of the id alone.
  public func references(_ type: String) -> [String] {
    values.map { text in
      guard let slash = text.lastIndex(of: "/") else { return text }
      return text[..<slash].hasSuffix(type) ? String(text[text.index(after: slash)...]) : ""
    }
  }
}

/// A code or a number of a search: `value`, `system|value`, `|value`, `system|`.
public struct FHIRToken: Sendable {
  /// nil where any will do, empty for what has none.
  public let system: String?
  /// nil where any of the system will do.
  public let value: String?

  init(_ text: String) {
    guard let bar = text.firstIndex(of: "|") else {
      (system, value) = (nil, text)
      return
    }
    let rest = text[text.index(after: bar)...]
    system = String(text[..<bar])
    value = rest.isEmpty && bar != text.startIndex ? nil : String(rest)
  }

  /// The authority that the system says.
  public var authority: String? { system.map(FHIRSystem.authority) }

  public func holds(_ value: String, of system: String?) -> Bool {
    isAsked(value) && (self.system.map { $0.sameBytes(as: system ?? "") } ?? true)
  }

  /// - Parameter resource: one that has identifiers.
  public func holds(numbersOf resource: JSON) -> Bool {
    resource["identifier"]?.array?.contains { holds($0["value"]?.string ?? "", of: $0["system"]?.string) } ?? false
  }

  func holds(_ value: String, ofAuthority known: String) -> Bool {
    isAsked(value) && (authority.map { $0.sameBytes(as: known) } ?? true)
  }

  private func isAsked(_ known: String) -> Bool { value.map { $0.sameBytes(as: known) } ?? true }
}

/// A date of a search, `ge2022-08-21`: what lies against it.
public struct FHIRDateBound: Sendable {
  public enum Comparison: String, Sendable {
    case equal = "eq"
    case notEqual = "ne"
    case after = "gt"
    case before = "lt"
    case atOrAfter = "ge"
    case atOrBefore = "le"
    case startsAfter = "sa"
    case endsBefore = "eb"
  }

  public let comparison: Comparison
  /// What the text spans: from its first moment, to the first after it.
  public let from: Instant
  public let until: Instant

  /// nil for what is no date. Without an offset, it is in the hospital's own time.
  public init?(_ text: String, _ zone: LocalTime) {
    var rest = text[...]
    if let known = Comparison(rawValue: String(text.prefix(2))) {
      comparison = known
      rest = text.dropFirst(2)
    } else {
      comparison = .equal
    }
    guard let span = FHIRDateBound.span(rest, zone) else { return nil }
    (from, until) = span
  }

  /// Whether something that lasts from `start` to `end` answers; one that has not ended has no end.
  public func holds(_ start: Instant, _ end: Instant?) -> Bool {
    let last = end ?? .latest
    switch comparison {
    case .equal: return start >= from && last < until || start == last && start >= from && start < until
    case .notEqual: return !(start >= from && last < until)
    case .after: return last >= until
    case .before: return start < from
    case .atOrAfter: return last >= from
    case .atOrBefore: return start < until
    case .startsAfter: return start >= until
    case .endsBefore: return end.map { $0 < from } ?? false
    }
  }

  /// `2022`, `2022-08`, `2022-08-21`, and times down to the millisecond.
  private static func span(_ text: Substring, _ zone: LocalTime) -> (Instant, Instant)? {
    let parts = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
    guard let date = PartialDate(String(parts[0])), (1...9998).contains(date.year),
      let first = CivilDate(year: date.year, month: date.month ?? 1, day: date.day ?? 1)
    else { return nil }
    if parts.count == 1 {
      let next: Int
      if date.day != nil {
        next = first.daysSince1970 + 1
      } else if let month = date.month {
        next = first.daysSince1970 + CivilDate.length(ofMonth: month, year: date.year)
      } else {
        next = CivilDate(year: date.year + 1, month: 1, day: 1)?.daysSince1970 ?? first.daysSince1970
      }
      return (zone.instant(ofLocal: first.daysSince1970 * 86_400), zone.instant(ofLocal: next * 86_400))
    }
    guard date.day != nil, let (seconds, length, offset) = clock(parts[1]) else { return nil }
    let local = first.daysSince1970 * 86_400 * 1000 + seconds
    let start: Instant
    if let offset {
      start = Instant(milliseconds: Int64(local - offset * 1000))
    } else {
      start = Instant(milliseconds: zone.instant(ofLocal: local / 1000).milliseconds + Int64(local % 1000))
    }
    return (start, Instant(milliseconds: start.milliseconds + Int64(length)))
  }

  /// Milliseconds of the day, how many the text spans, and the offset in seconds where one is said.
  private static func clock(_ text: Substring) -> (Int, Int, Int?)? {
    var time = text
    var offset: Int?
    if time.hasSuffix("Z") {
      offset = 0
      time = time.dropLast()
    } else if let sign = time.lastIndex(where: { $0 == "+" || $0 == "-" || $0 == " " }) {
      // A plus sign that nobody percent-encoded has become a blank.
      let parts = time[time.index(after: sign)...].split(separator: ":").map { Int($0) }
      guard parts.count == 2, let hours = parts[0], let minutes = parts[1], (0...14).contains(hours),
        (0...59).contains(minutes)
      else { return nil }
      offset = (hours * 60 + minutes) * 60 * (time[sign] == "-" ? -1 : 1)
      time = time[..<sign]
    }
    let parts = time.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3, let hour = Int(parts[0]), let minute = Int(parts[1]),
      (0...23).contains(hour), (0...59).contains(minute)
    else { return nil }
    var milliseconds = (hour * 60 + minute) * 60_000
    guard parts.count == 3 else { return (milliseconds, 60_000, offset) }
    let seconds = parts[2].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = Int(seconds[0]), (0...59).contains(whole) else { return nil }
    milliseconds += whole * 1000
    guard seconds.count == 2 else { return (milliseconds, 1000, offset) }
    let digits = seconds[1].prefix(3)
    guard let fraction = Int(digits), fraction >= 0, digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
      return nil
    }
    let scale = [100, 10, 1][digits.count - 1]
    return (milliseconds + fraction * scale, scale, offset)
  }
}
