import Hospital
import Interop
import Ledger
import Testing

/// What is left of a resource of which some elements alone are asked for.
@Suite struct FHIRSubsetTests {
  private static let patient: JSON = [
    "resourceType": "Patient", "id": "1",
    "meta": [
      "versionId": "v", "profile": ["https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-patient"],
      "security": [["code": "R"]],
    ],
    "extension": [["url": "x", "valueString": "y"]], "identifier": [["value": "0042"]], "active": false,
    "name": [["family": "MARTIN"]], "deceasedBoolean": true, "multipleBirthInteger": 2,
    "contact": [["relationship": [["text": "fille"]]]], "link": [["type": "replaced-by"]],
  ]
  private static let appointment: JSON = [
    "resourceType": "Appointment", "id": "2", "contained": [["resourceType": "Practitioner", "id": "attending"]],
    "status": "arrived", "reasonCode": [["text": "hanche"]], "_start": ["extension": []], "_end": ["extension": []],
    "participant": [["actor": ["reference": "#attending"], "status": "accepted"]],
  ]
  private static let encounter: JSON = [
    "resourceType": "Encounter", "id": "3", "contained": [["resourceType": "Practitioner", "id": "attending"]],
    "status": "finished", "class": ["code": "IMP"], "participant": [["individual": ["reference": "#attending"]]],
    "period": ["start": "2022-08-21T10:00:00.000Z"],
  ]

  /// What the standard asks of every resource, and what changes the meaning of the rest, goes with what is asked for.
  @Test(arguments: [
    (patient, "_elements", "name", ["active", "name", "deceasedBoolean", "link"]),
    (patient, "_elements", "multipleBirth,nothing", ["active", "deceasedBoolean", "multipleBirthInteger", "link"]),
    (patient, "_summary", "text", ["active", "deceasedBoolean", "link"]),
    (patient, "_summary", "true", ["identifier", "active", "name", "deceasedBoolean", "link"]),
    (appointment, "_elements", "id", ["contained", "status", "_start", "_end", "participant"]),
    (encounter, "_elements", "period", ["status", "class", "period"]),
    (encounter, "_elements", "participant", ["contained", "status", "class", "participant"]),
  ])
  func whatIsKept(resource: JSON, name: String, value: String, kept: [String]) throws {
    let subset = try #require(try FHIRSubset([(name: name, value: value)]))
    let told = subset.of(resource)
    #expect(told.object?.members.map(\.key) == ["resourceType", "id", "meta"] + kept)
    for key in kept { #expect(told[key] == resource[key]) }
    let meta = told["meta"]
    #expect(meta?["tag"]?.array?.first?["code"] == "SUBSETTED")
    // A label is never left out; a profile asks for what may be.
    #expect(meta?["security"] == resource["meta"]?["security"])
    #expect(meta?["profile"] == nil)
  }

  @Test(arguments: ["false", "data"]) func withoutATextItIsTheWhole(value: String) throws {
    #expect(try FHIRSubset([(name: "_summary", value: value)]) == nil)
  }

  @Test(arguments: [
    ("_elements", "name.family"), ("_elements", "name,"), ("_elements", "*"), ("_summary", "yes"),
    ("_elements", String(repeating: "a,", count: 100) + "a"),
  ])
  func whatIsNoElementIsRefused(name: String, value: String) {
    #expect(throws: FHIRSearch.Fault.value(name)) { try FHIRSubset([(name: name, value: value)]) }
    #expect(throws: FHIRSearch.Fault.value(name)) { try FHIRSearch([(name, value)], known: [], includes: []) }
  }

  @Test func oneSubsetIsAskedFor() {
    #expect(throws: FHIRSearch.Fault.value("_summary")) {
      try FHIRSearch([("_elements", "name"), ("_summary", "true")], known: [], includes: [])
    }
  }
}
