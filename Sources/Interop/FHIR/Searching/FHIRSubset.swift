import Ledger

/// Which elements of a resource are asked for (R4 3.1.1.5.8, 3.1.1.5.9). What the standard asks of every resource, and
/// what changes the meaning of the rest, always goes with them.
public enum FHIRSubset: Sendable, Equatable {
  case elements(Set<String>)
  /// Those that the standard calls its summary.
  case summary

  private static let elementsMax = 100
  /// Of every resource here no text is made: without it, it is the whole.
  private static let whole = ["data", "false"]

  /// What an address asks; nil where it asks for the whole. Other parameters are not looked at.
  public init?(_ pairs: [(name: String, value: String)]) throws(FHIRSearch.Fault) {
    var asked: FHIRSubset?
    for (name, value) in pairs where !value.isEmpty {
      guard name == "_elements" || name == "_summary" else { continue }
      let next = try FHIRSubset(name, value)
      guard asked == nil || next == nil else { throw .value(name) }
      asked = next ?? asked
    }
    guard let asked else { return nil }
    self = asked
  }

  init?(_ name: String, _ value: String) throws(FHIRSearch.Fault) {
    if name == "_summary" {
      switch value {
      case "true": self = .summary
      case "text": self = .elements([])
      default:
        guard FHIRSubset.whole.contains(value) else { throw .value(name) }
        return nil
      }
      return
    }
    let names = value.split(separator: ",", omittingEmptySubsequences: false)
    let isElement: (Substring) -> Bool = {
      !$0.isEmpty && $0.utf8.allSatisfy { (65...90).contains($0) || (97...122).contains($0) }
    }
    guard names.count <= FHIRSubset.elementsMax, names.allSatisfy(isElement) else { throw .value(name) }
    self = .elements(Set(names.map(String.init)))
  }

  /// - Parameter resource: whole.
  public func of(_ resource: JSON) -> JSON {
    guard let type = resource["resourceType"]?.string, let members = resource.object?.members else { return resource }
    let asked: Set<String>
    switch self {
    case .elements(let names): asked = names
    case .summary: asked = Self.summaries[type] ?? []
    }
    let needed = Self.needed[type] ?? []
    func isKept(_ key: String) -> Bool {
      // What is said of a value that is not there stands beside it under its name.
      let name = key.hasPrefix("_") ? String(key.dropFirst()) : key
      return asked.contains(name) || needed.contains(name) || asked.contains(where: { Self.is(name, oneOf: $0) })
    }
    var kept = members.filter { isKept($0.key) && !["resourceType", "id", "meta", "contained"].contains($0.key) }
    if let contained = resource["contained"], kept.contains(where: { Self.refersInside($0.value) }) {
      kept.insert(("contained", contained), at: 0)
    }
    var out = JSONObject()
    for key in ["resourceType", "id"] { if let value = resource[key] { out.append(key, value) } }
    out.append("meta", Self.meta(resource["meta"]))
    for (key, value) in kept { out.append(key, value) }
    return .object(out)
  }

  /// `deceasedBoolean` is asked for as `deceased`.
  private static func `is`(_ name: String, oneOf choice: String) -> Bool {
    ["deceased", "multipleBirth", "occurred", "occurrence"].contains(choice) && name.hasPrefix(choice)
  }

  private static func refersInside(_ value: JSON) -> Bool {
    switch value {
    case .array(let values): values.contains(where: refersInside)
    case .object(let object):
      object.members.contains { key, value in
        key == "reference" ? value.string?.hasPrefix("#") ?? false : refersInside(value)
      }
    default: false
    }
  }

  /// Says that this is not all, and claims no profile: what one asks may be left out. Labels stay.
  private static func meta(_ whole: JSON?) -> JSON {
    var out = JSONObject()
    for (key, value) in whole?.object?.members ?? [] where key != "profile" { out.append(key, value) }
    out.append(
      "tag", [["system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"]])
    return .object(out)
  }

  /// What R4 asks of each type, by cardinalities and invariants (app-2, app-3, org-1, prr-1), and its modifiers.
  private static let needed: [String: Set<String>] = [
    "Patient": ["active", "deceasedBoolean", "deceasedDateTime", "link"], "Encounter": ["class", "status"],
    "EpisodeOfCare": ["patient", "status"], "Appointment": ["end", "participant", "start", "status"],
    "ServiceRequest": ["code", "intent", "status", "subject"], "Location": ["status"],
    "Organization": ["active", "identifier", "name"], "Practitioner": [],
    "Provenance": ["agent", "recorded", "target"], "AuditEvent": ["agent", "recorded", "source", "type"],
  ]

  /// Of R4's summaries, what resources here may have.
  private static let summaries: [String: Set<String>] = [
    "Patient": [
      "active", "address", "birthDate", "deceased", "gender", "identifier", "link", "managingOrganization", "name",
      "telecom",
    ],
    "Encounter": ["class", "episodeOfCare", "identifier", "participant", "reasonCode", "status", "subject"],
    "EpisodeOfCare": ["managingOrganization", "patient", "period", "status"],
    "Appointment": ["appointmentType", "end", "identifier", "reasonCode", "serviceType", "start", "status"],
    "ServiceRequest": [
      "authoredOn", "category", "code", "encounter", "identifier", "intent", "locationCode",
      "locationReference", "occurrence", "orderDetail", "performer", "reasonCode", "requester", "status", "subject",
    ],
    "Location": [
      "identifier", "managingOrganization", "mode", "name", "operationalStatus", "physicalType", "status", "type",
    ],
    "Organization": ["active", "identifier", "name", "partOf", "type"],
    "Practitioner": ["active", "identifier", "name"], "Provenance": ["recorded", "target"],
    "AuditEvent": ["action", "outcome", "purposeOfEvent", "recorded", "type"],
  ]
}
