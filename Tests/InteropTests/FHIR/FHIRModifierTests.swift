import Hospital
import Interop
import Ledger
import Testing

/// What a resource is asked for by its own words: `:missing`, `:not`, and parameters that no criteria know.
@Suite struct FHIRModifierTests {
  private static let resources: [String: JSON] = [
    "Patient": [
      "resourceType": "Patient", "id": "7", "identifier": [["system": "urn:oid:1.2.3", "value": "42"]],
      "active": true, "name": [["use": "official", "family": "LE GOFF"]],
      "telecom": [["system": "phone", "value": "06 01 02 03 04"]], "gender": "female",
      "deceasedDateTime": "2022-08-20",
    ],
    "Encounter": [
      "resourceType": "Encounter", "id": "8", "status": "finished",
      "class": ["system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"],
      "subject": ["reference": "Patient/7"],
    ],
    "EpisodeOfCare": [
      "resourceType": "EpisodeOfCare", "id": "8", "status": "finished",
      "managingOrganization": ["reference": "Organization/910000000"],
    ],
    "Appointment": [
      "resourceType": "Appointment", "id": "9", "status": "booked",
      "participant": [
        ["actor": ["reference": "Patient/7"], "status": "accepted"],
        ["actor": ["display": "BLOC"], "status": "accepted"],
      ],
    ],
    "ServiceRequest": ["resourceType": "ServiceRequest", "id": "1", "subject": ["display": "unknown"]],
    "Location": [
      "resourceType": "Location", "id": "unit-1",
      "type": [["coding": [["system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "ICU"]]]],
      "operationalStatus": ["system": "http://terminology.hl7.org/CodeSystem/v2-0116", "code": "O"],
    ],
    "Practitioner": ["resourceType": "Practitioner", "id": "2", "active": false],
  ]

  private func holds(_ type: String, _ pairs: [(name: String, value: String)]) throws -> Bool {
    let known = Set(pairs.map { String($0.name.prefix { $0 != ":" }) })
    let search = try FHIRSearch(pairs, type: type, known: known, includes: [])
    // Criteria know nothing of it.
    #expect(search.parameters.allSatisfy { ["active", "deceased", "organization"].contains($0.name) })
    let resource = try #require(Self.resources[type])
    return search.holds { resource }
  }

  @Test(arguments: [
    ("Patient", "identifier:missing", false), ("Patient", "birthdate:missing", true),
    ("Patient", "address-city:missing", true), ("Patient", "family:missing", false),
    ("Patient", "given:missing", true), ("Patient", "name:missing", false), ("Patient", "phone:missing", false),
    ("Patient", "email:missing", true), ("Patient", "telecom:missing", false), ("Patient", "_id:missing", false),
    ("Patient", "_lastUpdated:missing", true), ("Patient", "deceased:missing", false),
    ("Encounter", "subject:missing", false), ("Encounter", "date:missing", true),
    ("Encounter", "location:missing", true), ("Appointment", "patient:missing", false),
    ("Appointment", "actor:missing", false), ("Appointment", "location:missing", true),
    ("Appointment", "practitioner:missing", true), ("ServiceRequest", "patient:missing", true),
    ("Location", "operational-status:missing", false), ("Location", "partof:missing", true),
  ])
  func whatIsNotSaid(type: String, name: String, isMissing: Bool) throws {
    #expect(try holds(type, [(name, "true")]) == isMissing)
    #expect(try holds(type, [(name, "false")]) != isMissing)
  }

  /// Whoever says nothing of it is not that either; of several none may be.
  @Test(arguments: [
    ("Patient", "gender", "female", true), ("Patient", "gender", "male", false),
    ("Patient", "gender", "male,female", true),
    ("Patient", "gender", "http://hl7.org/fhir/administrative-gender|female", true),
    ("Patient", "identifier", "42", true), ("Patient", "identifier", "urn:oid:1.2.3|42", true),
    ("Patient", "identifier", "URN:OID:1.2.3|42", true), ("Patient", "identifier", "urn:oid:1.2.4|42", false),
    ("Patient", "identifier", "urn:oid:1.2.3|", true), ("Patient", "active", "true", true),
    ("Patient", "deceased", "true", true), ("Patient", "deceased", "false", false), ("Patient", "_id", "7", true),
    ("Encounter", "status", "finished", true), ("Encounter", "status", "in-progress,planned", false),
    ("Encounter", "class", "IMP", true), ("Encounter", "class", "urn:x|IMP", false),
    ("Encounter", "identifier", "42", false), ("Location", "type", "ICU", true),
    ("Location", "type", "http://terminology.hl7.org/CodeSystem/v3-RoleCode|ICU", true),
    ("Location", "type", "urn:x|ICU", false), ("Location", "operational-status", "O", true),
    ("Location", "status", "active", false),
  ])
  func whatIsNot(type: String, name: String, value: String, isSo: Bool) throws {
    #expect(try holds(type, [("\(name):not", value)]) != isSo)
  }

  @Test(arguments: [
    ("Patient", "deceased", "true", true), ("Patient", "deceased", "false", false),
    ("EpisodeOfCare", "organization", "910000000", true),
    ("EpisodeOfCare", "organization", "Organization/910000000", true),
    ("EpisodeOfCare", "organization", "910000001,910000000", true),
    ("EpisodeOfCare", "organization", "910000001", false),
    ("EpisodeOfCare", "organization", "Location/910000000", false),
    ("Practitioner", "active", "false", true), ("Practitioner", "active", "true", false),
  ])
  func whatNoCriteriaKnow(type: String, name: String, value: String, isSo: Bool) throws {
    #expect(try holds(type, [(name, value)]) == isSo)
  }

  /// What is asked together must all hold.
  @Test(arguments: [("true", "male", true), ("false", "male", false), ("true", "female", false)])
  func modifiersTogether(isMissing: String, gender: String, holds: Bool) throws {
    #expect(try self.holds("Patient", [("birthdate:missing", isMissing), ("gender:not", gender)]) == holds)
  }

  @Test(arguments: [
    ("Patient", "gender:missing", "yes", FHIRSearch.Fault.value("gender")),
    ("Patient", "gender:not", "asleep", .value("gender")), ("Patient", "gender:not", ",", .value("gender")),
    ("Encounter", "status:not", "urn:x|finished", .value("status")),
    ("Patient", "family:not", "MARTIN", .unknown("family:not")), ("Patient", "phone:not", "06", .unknown("phone:not")),
    ("Encounter", "subject:not", "7", .unknown("subject:not")),
    ("Patient", "gender:text", "f", .unknown("gender:text")),
    ("Encounter", "status:in", "x", .unknown("status:in")),
  ])
  func whatIsRefused(type: String, name: String, value: String, fault: FHIRSearch.Fault) {
    #expect(throws: fault) { try holds(type, [(name, value)]) }
  }

  /// A stay that is over is not looked at where nobody wants it.
  @Test(
    arguments: [
      (["status:not=finished"], [.preadmitted, .admitted, .cancelled]),
      (["status:not=finished,cancelled"], [.preadmitted, .admitted]),
      (["status:not=finished", "status:not=cancelled"], [.preadmitted, .admitted]),
      (["status:not=onleave"], [.preadmitted, .admitted, .discharged, .cancelled]),
      (["status:not=finished", "status=planned"], [.preadmitted]), (["status:missing=false"], nil),
    ] as [([String], Set<StayStatus>?)])
  func whichStaysAreLookedAt(asked: [String], statuses: Set<StayStatus>?) throws {
    let pairs = asked.map { text in
      let parts = text.split(separator: "=").map(String.init)
      return (name: parts[0], value: parts[1])
    }
    let search = try FHIRSearch(pairs, type: "Encounter", known: ["status"], includes: [])
    let criteria = try EncounterCriteria(search, LocalTime(offsetSeconds: 0))
    #expect(criteria.statuses.map(Set.init) == statuses)
  }
}
