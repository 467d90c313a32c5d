import Ledger

/// What a station answers to under `/fhir`.
public enum CapabilityStatement {
  /// One type of resources.
  public struct Resource: Sendable {
    let type: String
    /// Of FR Core, that such resources may say of themselves.
    let profiles: [String]
    /// `read`, `vread`, `history-instance`, `search-type`, `create`.
    let interactions: [String]
    /// Names of search parameters, with their types.
    let search: [(name: String, type: String)]
    let includes: [String]
    let revincludes: [String]
    let operations: [String]

    public init(
      _ type: String, profiles: [String], interactions: [String], search: [(name: String, type: String)],
      includes: [String] = [], revincludes: [String] = [], operations: [String] = []
    ) {
      self.type = type
      self.profiles = profiles
      self.interactions = interactions
      self.search = search
      self.includes = includes
      self.revincludes = revincludes
      self.operations = operations
    }
  }

  /// The day of this description's last change.
  private static let date = "2026-11-30"

  public static func json(base: String, _ resources: [Resource], operations: [String] = []) -> JSON {
    var rest = FHIRObject()
    rest.put("mode", "server")
    rest.put("documentation", documentation)
    rest.put(
      "security",
      [
        "cors": false,
        "service": [
          [
            "coding": [
              ["system": "http://terminology.hl7.org/CodeSystem/restful-security-service", "code": "SMART-on-FHIR"]
            ]
          ]
        ],
        "extension": [
          [
            "url": "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
            "extension": [["url": "token", "valueUri": .string("\(base)/token")]],
          ]
        ],
      ])
    rest.put("resource", resources.map { json($0, base) })
    rest.put(
      "searchParam",
      common.map {
        ["name": .string($0.name), "type": .string($0.type), "documentation": .string($0.documentation)]
      })
    rest.put("operation", operations.map { operation($0, base) })
    return [
      "resourceType": "CapabilityStatement", "status": "active", "date": .string(date), "kind": "instance",
      "software": ["name": "Permanence"],
      "implementation": ["description": "Permanence", "url": .string(base)], "fhirVersion": "4.0.1",
      "format": ["application/fhir+json", "json"], "rest": [rest.json],
    ]
  }

  private static let documentation =
    "Modifiers: :missing of every parameter; :not of tokens, but for telephones and e-mail; :exact and :contains of "
    + "strings. A chain (patient.birthdate, location.name) asks by any parameter of what is referred to."

  /// What every search takes.
  private static let common: [(name: String, type: String, documentation: String)] = [
    ("_count", "number", "At most \(FHIRSearch.countMax) on a page, \(FHIRSearch.countUsual) where nothing is said."),
    (
      "_elements", "special",
      "Elements at the root of what is found, with those that are mandatory or modify; reads take it too."
    ),
    (
      "_sort", "special",
      "By the parameters that each type says in its documentation, of an answer that others narrow enough."
    ),
    ("_summary", "token", "true, text, data, count, false; reads take it too, but for count."),
  ]

  private static func json(_ resource: Resource, _ base: String) -> JSON {
    var out = FHIRObject()
    out.put("type", resource.type)
    out.put("supportedProfile", resource.profiles.map { .string(FHIRSystem.profile($0)) })
    out.put("documentation", "_sort: \(FHIRSorting.names(of: resource.type).joined(separator: ", "))")
    out.put("interaction", resource.interactions.map { ["code": .string($0)] })
    out.put("versioning", resource.interactions.contains("vread") ? "versioned" : "no-version")
    out.put("readHistory", resource.interactions.contains("vread"))
    if resource.interactions.contains("create") { out.put("conditionalCreate", true) }
    out.put("conditionalRead", resource.interactions.contains("vread") ? "not-match" : nil)
    out.put("searchInclude", resource.includes.map(JSON.string))
    out.put("searchRevInclude", resource.revincludes.map(JSON.string))
    out.put(
      "searchParam",
      resource.search.map { name, type in
        var parameter = FHIRObject()
        parameter.put("name", name)
        parameter.put("type", type)
        parameter.put("documentation", documentation(of: name, resource.type))
        return parameter.json
      })
    out.put("operation", resource.operations.map { operation($0, base) })
    return out.json
  }

  private static func documentation(of parameter: String, _ type: String) -> String? {
    if let targets = FHIRElement.of(parameter, type)?.targets, !targets.isEmpty {
      return "Also as a chain, by a parameter of \(targets.joined(separator: " or "))."
    }
    let needed: (unindexed: [String], indexed: [String]) =
      switch type {
      case "Patient": (PatientCriteria.unindexed, PatientCriteria.indexed)
      case "Encounter": (EncounterCriteria.unindexed, EncounterCriteria.indexed)
      case "Appointment": (AppointmentCriteria.unindexed, AppointmentCriteria.indexed)
      default: ([], [])
      }
    guard needed.unindexed.contains(parameter) else { return nil }
    let byNumber = type == "Patient" ? "" : "By \(parameter).identifier, the RPPS or ADELI of whoever is contained. "
    return "\(byNumber)Beside one of \(needed.indexed.joined(separator: ", "))."
  }

  private static func operation(_ name: String, _ base: String) -> JSON {
    let definitions = [
      "changes": "\(base)/\(ChangesDefinition.path)",
      "match": "http://hl7.org/fhir/OperationDefinition/Patient-match",
      "export": "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export",
      "patient-export": "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/patient-export",
    ]
    return [
      "name": name == "patient-export" ? "export" : .string(name), "definition": .string(definitions[name] ?? ""),
    ]
  }
}
