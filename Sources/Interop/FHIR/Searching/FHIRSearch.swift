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
    /// Who or what it refers to is to be looked up first, and is not in `values`.
    public fileprivate(set) var chain: Chain?
    /// nil where criteria know it.
    fileprivate var word: FHIRElement?
  }

  /// A search for those to whom a parameter refers: `identifier=7` of `patient.identifier=7` and of
  /// `subject:Patient.identifier=7`. All that is asked so of one patient is asked together.
  public struct Chain: Sendable {
    public let type: String
    public fileprivate(set) var pairs: [(name: String, value: String)]
  }

  /// What a resource is asked for by its own words: whether it says something of a parameter, or anything but this.
  private struct Filter {
    enum Question {
      case isMissing(Bool)
      case isNot(Parameter)
    }

    let element: FHIRElement
    let question: Question
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
    /// More than can be looked at are what this parameter may refer to.
    case tooManyToFollow(String)
  }

  public private(set) var parameters: [Parameter] = []
  private var filters: [Filter] = []
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
  ///   - type: whose orders and chains there are; nil where there is none.
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
        try take(name, value, of: type, known: known)
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
    parameters = [Parameter(name: name, modifier: nil, values: values, chain: nil, word: nil)]
    self.count = count
  }

  private mutating func take(
    _ said: String, _ value: String, of type: String?, known: Set<String>
  ) throws(Fault) {
    let name = String(said.prefix { $0 != ":" && $0 != "." })
    guard known.contains(name) else { throw .unknown(name) }
    guard parameters.count + filters.count < FHIRSearch.parametersMax else { throw .value(name) }
    let element = type.flatMap { FHIRElement.of(name, $0) }
    let dot = said.firstIndex(of: ".")
    let head = dot.map { said[..<$0] } ?? said[...]
    var modifier = head.count > name.count ? String(head.dropFirst(name.count + 1)) : nil
    var values = FHIRSearch.values(of: value)
    guard values.count <= FHIRSearch.valuesMax else { throw .value(name) }
    var chain: Chain?
    if let dot {
      let asked = String(said[said.index(after: dot)...])
      if FHIRSearch.numbered.contains(name), modifier == nil, asked == "identifier" {
        modifier = asked
      } else {
        let targets = (element?.targets ?? []).filter { modifier == nil || $0 == modifier }
        guard targets.count == 1, !asked.isEmpty, !asked.contains(".") else { throw .unknown(said) }
        (chain, modifier) = (Chain(type: targets[0], pairs: [(asked, value)]), nil)
        if join(name, targets[0], (asked, value)) { return }
      }
    } else if let asked = modifier {
      switch asked {
      case "missing":
        guard let element else { throw .unknown(said) }
        guard ["true", "false"].contains(value) else { throw .value(name) }
        filters.append(Filter(element: element, question: .isMissing(value == "true")))
        return
      case "not":
        guard let element, case .token(let codes) = element.kind else { throw .unknown(said) }
        guard !values.isEmpty else { throw .value(name) }
        let parameter = Parameter(name: name, modifier: nil, values: values, chain: nil, word: nil)
        if let codes { _ = try parameter.codes(of: codes) }
        filters.append(Filter(element: element, question: .isNot(parameter)))
        return
      case "contains", "exact": guard FHIRSearch.texts.contains(name) else { throw .unknown(said) }
      case "identifier": guard FHIRSearch.numbered.contains(name) else { throw .unknown(said) }
      default:
        guard element?.targets.contains(asked) ?? false else { throw .unknown(said) }
        values = values.map { $0.contains("/") ? $0 : "\(asked)/\($0)" }
        modifier = nil
      }
    }
    let word = element.flatMap { $0.isAskedOfWords ? $0 : nil }
    parameters.append(Parameter(name: name, modifier: modifier, values: values, chain: chain, word: word))
  }

  /// Asks it of the same patient as before.
  private mutating func join(_ name: String, _ type: String, _ pair: (name: String, value: String)) -> Bool {
    let before = parameters.firstIndex { $0.name == name && $0.chain?.type == type }
    guard type == "Patient", let before else { return false }
    parameters[before].chain?.pairs.append(pair)
    return true
  }

  /// The same, with the ids of those to whom parameters refer in place of what was asked of them.
  public func resolved(_ ids: (Parameter, Chain) throws -> [String]) rethrows -> FHIRSearch {
    var resolved = self
    resolved.parameters = try parameters.map { parameter in
      try parameter.chain.map { chain in
        let values = try ids(parameter, chain).map { "\(chain.type)/\($0)" }
        return Parameter(name: parameter.name, modifier: nil, values: values, chain: nil, word: parameter.word)
      } ?? parameter
    }
    return resolved
  }

  /// Whether a resource answers to what is asked of its own words.
  /// - Parameter resource: made where anything is.
  public func holds(_ resource: () -> JSON) -> Bool {
    let words = parameters.filter { $0.word != nil }
    guard !filters.isEmpty || !words.isEmpty else { return true }
    let resource = resource()
    return words.allSatisfy { $0.word?.holds($0, in: resource) ?? true }
      && filters.allSatisfy { filter in
        switch filter.question {
        case .isMissing(let isMissing): filter.element.values(in: resource).isEmpty == isMissing
        case .isNot(let parameter): !filter.element.holds(parameter, in: resource)
        }
      }
  }

  /// Codes of a list, none of which is wanted.
  func unwanted(_ name: String, of list: FHIRCodes) throws(Fault) -> [String] {
    var unwanted: [String] = []
    for filter in filters {
      if case .isNot(let parameter) = filter.question, parameter.name == name {
        unwanted += try parameter.codes(of: list)
      }
    }
    return unwanted
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
