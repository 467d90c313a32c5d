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
    let operations: [String]

    public init(
      _ type: String, profiles: [String], interactions: [String], search: [(name: String, type: String)],
      includes: [String] = [], operations: [String] = []
    ) {
      self.type = type
      self.profiles = profiles
      self.interactions = interactions
      self.search = search
      self.includes = includes
      self.operations = operations
    }
  }

  /// The day of this description's last change.
  private static let date = "2026-11-29"

  public static func json(base: String, _ resources: [Resource], operations: [String] = []) -> JSON {
    var rest = FHIRObject()
    rest.put("mode", "server")
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
    rest.put("resource", resources.map(json))
    rest.put("operation", operations.map(operation))
    return [
      "resourceType": "CapabilityStatement", "status": "active", "date": .string(date), "kind": "instance",
      "software": ["name": "Permanence"],
      "implementation": ["description": "Permanence", "url": .string(base)], "fhirVersion": "4.0.1",
      "format": ["application/fhir+json", "json"], "rest": [rest.json],
    ]
  }

  private static func json(_ resource: Resource) -> JSON {
    var out = FHIRObject()
    out.put("type", resource.type)
    out.put("supportedProfile", resource.profiles.map { .string(FHIRSystem.profile($0)) })
    out.put("interaction", resource.interactions.map { ["code": .string($0)] })
    out.put("versioning", resource.interactions.contains("vread") ? "versioned" : "no-version")
    out.put("readHistory", resource.interactions.contains("vread"))
    if resource.interactions.contains("create") { out.put("conditionalCreate", true) }
    out.put("conditionalRead", resource.interactions.contains("vread") ? "not-match" : nil)
    out.put("searchInclude", resource.includes.map(JSON.string))
    out.put("searchParam", resource.search.map { ["name": .string($0.name), "type": .string($0.type)] })
    out.put("operation", resource.operations.map(operation))
    return out.json
  }

  private static func operation(_ name: String) -> JSON {
    let definitions = [
      "match": "http://hl7.org/fhir/OperationDefinition/Patient-match",
      "export": "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export",
    ]
    return ["name": .string(name), "definition": .string(definitions[name] ?? "")]
  }
}
