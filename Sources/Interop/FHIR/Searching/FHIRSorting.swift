import Hospital
import Ledger

/// In which order an answer is told: by what resources say of themselves, so that no index is needed for it.
public struct FHIRSorting: Sendable, Equatable {
  /// A search parameter, and whether the last comes first.
  public struct Rule: Sendable, Equatable {
    public let name: String
    public let isDescending: Bool
  }

  /// Where a resource stands.
  public struct Place: Sendable, Equatable {
    /// One for each rule; nil where the resource does not say it.
    let keys: [String?]
    let id: String

    /// As `_after` bears it.
    public var text: String {
      "\(JSON.array([.string(id)] + keys.map { $0.map(JSON.string) ?? .null }))"
    }
  }

  public let rules: [Rule]
  private let elements: [Element]

  private struct Element: Equatable {
    var paths: [String]
    /// Whatever its case and accents.
    var isText = false
  }

  /// - Parameter text: `-date,name`.
  /// - Throws: for a parameter by which this type is not sorted.
  public init(_ text: String, type: String) throws(FHIRSearch.Fault) {
    var rules: [Rule] = []
    var elements: [Element] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let name = String(part.hasPrefix("-") ? part.dropFirst() : part)
      guard let element = FHIRSorting.known[type]?[name] else {
        throw .unsorted(name, among: FHIRSorting.names(of: type))
      }
      guard !rules.contains(where: { $0.name == name }) else { throw .value("_sort") }
      rules.append(Rule(name: name, isDescending: part.hasPrefix("-")))
      elements.append(element)
    }
    (self.rules, self.elements) = (rules, elements)
  }

  /// The parameters by which resources of a type can be sorted.
  public static func names(of type: String) -> [String] { (known[type] ?? [:]).keys.sorted() }

  /// - Parameter resource: whole.
  public func place(of resource: JSON) -> Place {
    let keys = elements.map { element -> String? in
      let found = element.paths.compactMap { Self.value(resource, $0.split(separator: ".")[...]) }
      guard !found.isEmpty else { return nil }
      return element.isText ? found.map { NameWords($0).joined }.joined(separator: " ") : found.joined(separator: " ")
    }
    return Place(keys: keys, id: resource["id"]?.string ?? "")
  }

  /// nil where it is not a place of this order.
  public func place(_ text: String) -> Place? {
    guard let values = (try? JSON(parsing: text))?.array, values.count == rules.count + 1,
      let id = values.first?.string, values.dropFirst().allSatisfy({ $0.isNull || $0.string != nil })
    else { return nil }
    return Place(keys: values.dropFirst().map(\.string), id: id)
  }

  /// What does not say it comes last, whichever way it goes; what says the same goes on by its id.
  public func precedes(_ one: Place, _ other: Place) -> Bool {
    for (rule, (mine, theirs)) in zip(rules, zip(one.keys, other.keys)) {
      switch (mine, theirs) {
      case (nil, nil): continue
      case (nil, _): return false
      case (_, nil): return true
      case (let mine?, let theirs?):
        if mine.sameBytes(as: theirs) { continue }
        return mine.precedesInBytes(theirs) != rule.isDescending
      }
    }
    return one.id.precedesInBytes(other.id)
  }

  /// Of a list, the first.
  private static func value(_ json: JSON, _ path: ArraySlice<Substring>) -> String? {
    if let list = json.array { return list.lazy.compactMap { value($0, path) }.first }
    guard let name = path.first else { return json.string }
    return json[String(name)].flatMap { value($0, path.dropFirst()) }
  }

  private static let id = Element(paths: ["id"])
  private static let updated = Element(paths: ["meta.lastUpdated"])
  private static let status = Element(paths: ["status"])

  /// Hours are all in UTC and as long as each other, and days begin with their year: bytes are in their order.
  private static let known: [String: [String: Element]] = [
    "Patient": [
      "_id": id, "_lastUpdated": updated, "birthdate": Element(paths: ["birthDate"]),
      "family": Element(paths: ["name.family"], isText: true), "gender": Element(paths: ["gender"]),
      "given": Element(paths: ["name.given"], isText: true),
      "name": Element(paths: ["name.family", "name.given", "name.text"], isText: true),
    ],
    "Encounter": ["_id": id, "_lastUpdated": updated, "date": Element(paths: ["period.start"]), "status": status],
    "EpisodeOfCare": ["_id": id, "_lastUpdated": updated, "date": Element(paths: ["period.start"]), "status": status],
    "Appointment": ["_id": id, "_lastUpdated": updated, "date": Element(paths: ["start"]), "status": status],
    "ServiceRequest": [
      "_id": id, "_lastUpdated": updated, "authored": Element(paths: ["authoredOn"]), "status": status,
    ],
    "Location": ["_id": id, "name": Element(paths: ["name"], isText: true), "status": status],
    "Organization": ["_id": id, "name": Element(paths: ["name"], isText: true)],
    "Practitioner": ["_id": id, "_lastUpdated": updated, "name": Element(paths: ["name.text"], isText: true)],
    "Provenance": ["_id": id, "recorded": Element(paths: ["recorded"])],
    "AuditEvent": ["_id": id, "date": Element(paths: ["recorded"])],
  ]
}
