import Hospital
import Ledger

/// In which order an answer is told: by what resources say of themselves, so that no index is needed for it.
public struct FHIRSorting: Sendable {
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
  private let elements: [FHIRElement]

  /// - Parameter text: `-date,name`.
  /// - Throws: for a parameter by which this type is not sorted.
  public init(_ text: String, type: String) throws(FHIRSearch.Fault) {
    var rules: [Rule] = []
    var elements: [FHIRElement] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let name = String(part.hasPrefix("-") ? part.dropFirst() : part)
      guard FHIRSorting.names(of: type).contains(name), let element = FHIRElement.of(name, type) else {
        throw .unsorted(name, among: FHIRSorting.names(of: type))
      }
      guard !rules.contains(where: { $0.name == name }) else { throw .value("_sort") }
      rules.append(Rule(name: name, isDescending: part.hasPrefix("-")))
      elements.append(element)
    }
    (self.rules, self.elements) = (rules, elements)
  }

  /// The parameters by which resources of a type can be sorted.
  public static func names(of type: String) -> [String] { known[type] ?? [] }

  /// - Parameter resource: whole.
  public func place(of resource: JSON) -> Place {
    let keys = elements.map { element -> String? in
      // Of a list, the first.
      let found = element.paths.compactMap { path in
        FHIRElement.values(resource, path).lazy.compactMap(\.string).first
      }
      guard !found.isEmpty else { return nil }
      // Whatever its case and accents.
      guard case .text = element.kind else { return found.joined(separator: " ") }
      return found.map { NameWords($0).joined }.joined(separator: " ")
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

  /// Hours are all in UTC and as long as each other, and days begin with their year: bytes are in their order.
  private static let known = [
    "Patient": ["_id", "_lastUpdated", "birthdate", "family", "gender", "given", "name"],
    "Encounter": ["_id", "_lastUpdated", "date", "status"],
    "EpisodeOfCare": ["_id", "_lastUpdated", "date", "status"],
    "Appointment": ["_id", "_lastUpdated", "date", "status"],
    "ServiceRequest": ["_id", "_lastUpdated", "authored", "status"], "Location": ["_id", "name", "status"],
    "Organization": ["_id", "name"], "Practitioner": ["_id", "_lastUpdated", "name"],
    "Provenance": ["_id", "recorded"], "AuditEvent": ["_id", "date"],
  ]
}
