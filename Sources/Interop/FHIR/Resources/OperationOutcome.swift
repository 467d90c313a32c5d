import Ledger

/// Why something was not done, as FHIR says it.
public enum OperationOutcome {
  /// - Parameters:
  ///   - code: of FHIR's IssueType: `not-found`, `forbidden`, `business-rule` …
  ///   - details: the product's own code, `refusal.birth-name-missing`.
  public static func json(
    code: String, _ text: String, details: String? = nil, expression: String? = nil, severity: String = "error",
    diagnostics: String? = nil
  ) -> JSON {
    var issue = FHIRObject()
    issue.put("severity", severity)
    issue.put("code", code)
    var concept = FHIRObject()
    if let details { concept.put("coding", [["code": .string(details)]]) }
    concept.put("text", text)
    issue.put("details", concept)
    issue.put("diagnostics", diagnostics)
    if let expression { issue.put("expression", [.string(expression)]) }
    return ["resourceType": "OperationOutcome", "issue": [issue.json]]
  }

  /// Of a trait, where a Patient says it; nil for what it does not say.
  public static func expression(ofTrait name: String) -> String? { traits[name].map { "Patient.\($0)" } }

  private static let traits = [
    "birthName": "name.family", "birthGivenName": "name.given", "birthGivenNames": "name.given",
    "usedName": "name.family", "usedGivenName": "name.given", "title": "name.prefix", "birthDate": "birthDate",
    "sex": "gender", "birthPlace": "extension", "birthPlaceName": "extension", "phones": "telecom",
    "emails": "telecom", "addresses": "address", "identifiers": "identifier",
  ]

  /// IssueType of an HTTP status.
  public static func code(ofStatus status: Int) -> String {
    switch status {
    case 400: "invalid"
    case 401: "login"
    case 403: "forbidden"
    case 404: "not-found"
    case 405, 406, 415: "not-supported"
    case 409: "conflict"
    case 410: "deleted"
    case 412: "multiple-matches"
    case 413: "too-long"
    case 422: "business-rule"
    case 429: "throttled"
    case 503, 507: "transient"
    default: "exception"
    }
  }
}
