import Ledger

/// Where a resource says what a search parameter asks of it.
struct FHIRElement: Sendable {
  enum Kind: Sendable {
    case date, text
    /// Of a list of codes that R4 has, where it is one.
    case token(FHIRCodes?)
    /// To resources of these types, as far as they are served here and may be looked up for it.
    case reference([String])
  }

  /// From the root, `name.family`; of a list each.
  let paths: [String]
  let kind: Kind
  /// Of those the ones whose member begins so: a telecom's system, a reference's type.
  private(set) var having: (key: String, start: String)?
  /// Asks whether there is any.
  private(set) var isPresence = false
  /// No criteria know it: each resource is asked for its own words.
  private(set) var isAskedOfWords = false

  /// Types that it refers to.
  var targets: [String] { if case .reference(let types) = kind { types } else { [] } }

  /// nil where a type has no such parameter, or no element that says it.
  static func of(_ parameter: String, _ type: String) -> FHIRElement? { known[type]?[parameter] ?? common[parameter] }

  func values(in resource: JSON) -> [JSON] {
    var found = paths.flatMap { Self.values(resource, $0) }
    if let having { found = found.filter { $0[having.key]?.string?.hasPrefix(having.start) ?? false } }
    return isPresence ? [.bool(!found.isEmpty)] : found
  }

  static func values(_ resource: JSON, _ path: String) -> [JSON] { values(resource, path.split(separator: ".")[...]) }

  private static func values(_ json: JSON, _ path: ArraySlice<Substring>) -> [JSON] {
    if let list = json.array { return list.flatMap { values($0, path) } }
    guard let name = path.first else { return [json] }
    return json[String(name)].map { values($0, path.dropFirst()) } ?? []
  }

  /// Whether a resource says one of the values of a parameter.
  func holds(_ parameter: FHIRSearch.Parameter, in resource: JSON) -> Bool {
    let values = values(in: resource)
    switch kind {
    case .token(let codes):
      return parameter.tokens.contains { token in values.contains { token.isSaid(by: $0, of: codes?.system) } }
    case .reference(let types):
      let asked = types.flatMap { type in parameter.references(type).map { "\(type)/\($0)" } }
      return values.contains { value in asked.contains { value["reference"]?.string == $0 } }
    case .date, .text: return false
    }
  }

  private static func token(_ path: String, _ codes: FHIRCodes? = nil, isAskedOfWords: Bool = false) -> FHIRElement {
    FHIRElement(paths: [path], kind: .token(codes), isAskedOfWords: isAskedOfWords)
  }

  private static func date(_ path: String) -> FHIRElement { FHIRElement(paths: [path], kind: .date) }

  private static func text(
    _ paths: String..., having: (key: String, start: String)? = nil
  ) -> FHIRElement {
    FHIRElement(paths: paths, kind: .text, having: having)
  }

  /// - Parameter start: of the reference; one without is a name alone.
  private static func reference(
    _ path: String, to types: [String], start: String = "", isAskedOfWords: Bool = false
  ) -> FHIRElement {
    FHIRElement(
      paths: [path], kind: .reference(types), having: ("reference", start), isAskedOfWords: isAskedOfWords)
  }

  private static let common = ["_id": token("id"), "_lastUpdated": date("meta.lastUpdated")]

  private static let known: [String: [String: FHIRElement]] = [
    "Patient": [
      "active": token("active"), "address": text("address"), "address-city": text("address.city"),
      "address-postalcode": text("address.postalCode"), "birthdate": date("birthDate"),
      "deceased": FHIRElement(
        paths: ["deceasedBoolean", "deceasedDateTime"], kind: .token(nil), isPresence: true, isAskedOfWords: true),
      // However a telephone number is parted, it is the same: it is no token to be told apart by its text.
      "email": text("telecom", having: ("system", "email")), "family": text("name.family"),
      "gender": token("gender", .gender), "given": text("name.given"), "identifier": token("identifier"),
      "name": text("name.family", "name.given", "name.text"), "phone": text("telecom", having: ("system", "phone")),
      "telecom": text("telecom"),
    ],
    "Encounter": [
      "class": token("class"), "date": date("period.start"), "identifier": token("identifier"),
      "location": reference("location.location", to: ["Location"]),
      "participant": reference("participant.individual", to: []), "patient": reference("subject", to: ["Patient"]),
      "practitioner": reference("participant.individual", to: []),
      "service-provider": reference("serviceProvider", to: ["Organization"]),
      "status": token("status", .encounterStatus), "subject": reference("subject", to: ["Patient"]),
    ],
    "EpisodeOfCare": [
      "date": date("period.start"), "identifier": token("identifier"),
      "organization": reference("managingOrganization", to: ["Organization"], isAskedOfWords: true),
      "patient": reference("patient", to: ["Patient"]), "status": token("status", .episodeStatus),
    ],
    "Appointment": [
      "actor": reference("participant.actor", to: ["Patient", "Location"]), "date": date("start"),
      "identifier": token("identifier"),
      "location": reference("participant.actor", to: ["Location"], start: "Location/"),
      "patient": reference("participant.actor", to: ["Patient"], start: "Patient/"),
      "practitioner": reference("participant.actor", to: [], start: "#"), "status": token("status", .appointmentStatus),
    ],
    "ServiceRequest": [
      "authored": date("authoredOn"), "category": token("category"), "code": token("code"),
      "encounter": reference("encounter", to: ["Encounter"]), "patient": reference("subject", to: ["Patient"]),
      "status": token("status", .requestStatus), "subject": reference("subject", to: ["Patient"]),
    ],
    "Location": [
      "identifier": token("identifier"), "name": text("name"),
      "operational-status": token("operationalStatus", .bedStatus),
      "organization": reference("managingOrganization", to: ["Organization"]),
      "partof": reference("partOf", to: ["Location"]), "status": token("status", .locationStatus),
      "type": token("type"),
    ],
    "Organization": [
      "identifier": token("identifier"), "name": text("name"), "partof": reference("partOf", to: ["Organization"]),
      "type": token("type"),
    ],
    "Practitioner": [
      "active": token("active", isAskedOfWords: true), "identifier": token("identifier"), "name": text("name.text"),
    ],
    "Provenance": [
      "patient": reference("target", to: ["Patient"], start: "Patient/"), "recorded": date("recorded"),
      "target": reference(
        "target", to: ["Patient", "Encounter", "EpisodeOfCare", "ServiceRequest", "Appointment", "Location"]),
    ],
    // Whose files were read is asked by ids alone: an audit is whole, and a search is not.
    "AuditEvent": [
      "agent": reference("agent.who", to: []), "date": date("recorded"), "patient": reference("entity.what", to: []),
    ],
  ]
}

extension FHIRToken {
  /// - Parameters:
  ///   - value: a code, a Coding, a CodeableConcept or an Identifier.
  ///   - system: of a code that stands alone.
  fileprivate func isSaid(by value: JSON, of system: String?) -> Bool {
    switch value {
    case .string(let code): return holds(code, of: system)
    case .bool(let flag): return holds(flag ? "true" : "false", of: nil)
    case .object:
      if let codings = value["coding"]?.array { return codings.contains { isSaid(by: $0, of: nil) } }
      if let code = value["code"]?.string { return holds(code, of: value["system"]?.string) }
      guard let number = value["value"]?.string else { return false }
      return holds(number, ofAuthority: FHIRSystem.authority(ofURI: value["system"]?.string ?? ""))
    default: return false
    }
  }
}
