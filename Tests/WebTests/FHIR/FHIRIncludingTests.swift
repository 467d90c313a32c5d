import Foundation
import Hospital
import Hummingbird
import Ledger
import Register
import Testing
import Web

/// What a page is told with, and what is asked of whoever it is about.
@Suite struct FHIRIncludingTests {
  /// What it refers to comes once, under the scope to read it.
  @Test func aPageIsToldWithWhatItRefersTo() async throws {
    let site = try await TestSite()
    let stay = try await site.admit("PETIT", "1")
    _ = try await site.admit("GRAND", "2")
    try await site.run { [stay] client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, ["system/*.rs"])
      let narrow = try await site.program(browser, ["system/Encounter.rs", "system/Location.rs"], "étroit")
      let (place, unit) = ("_include=Encounter:location", "_include=Encounter:service-provider")
      for (query, told) in [
        ("Encounter?_id=\(stay)&\(place)", ["Location"]), ("Encounter?_id=\(stay)&\(unit)", ["Organization"]),
        (
          "Encounter?status=in-progress&_include=Encounter:patient&\(place)&\(unit)",
          ["Location", "Location", "Organization", "Patient", "Patient"]
        ), ("Organization?_id=uf-4EST&_include=Organization:partof", ["Organization"]),
        (
          "Location?_id=unit-4EST&_include=Location:organization&_include=Location:partof",
          ["Location", "Organization"]
        ), ("Location?partof=unit-4EST&_include=Location:partof", ["Location"]),
        ("Location?_count=500&_include=Location:partof", []),
      ] {
        let bundle = try await browser.fhir(query, token)
        #expect(bundle.status == 200, "\(query)")
        let entries = bundle.json?["entry"]?.array ?? []
        let included = entries.filter { $0["search"]?["mode"] == "include" }
        #expect(included.compactMap { $0["resource"]?["resourceType"]?.string }.sorted() == told, "\(query)")
        #expect(Set(entries.compactMap { $0["fullUrl"]?.string }).count == entries.count, "\(query)")
        let served = !query.hasPrefix("Organization") && told.allSatisfy { $0 == "Location" }
        #expect(try await browser.fhir(query, narrow).status == (served ? 200 : 403), "\(query)")
      }
    }
  }

  /// By their number alone, by whichever of the names that references have; nobody whom a search would not tell of.
  @Test func whoIsAskedForByANumber() async throws {
    let site = try await TestSite()
    func identified(_ number: String, _ isProtected: Bool) -> JSON {
      [
        "identifiers": [["value": .string(number), "authority": "1.2.3", "type": "PI"]],
        "protected": .bool(isProtected),
      ]
    }
    let stay = try await site.admit("PETIT", nil, identified("77", false))
    _ = try await site.admit("GRAND", nil, identified("78", true))
    try await site.run { [stay] client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, ["system/*.rs", "system/AuditEvent.rs"])
      for name in ["patient.identifier", "subject.identifier", "subject:Patient.identifier"] {
        for (value, found) in [
          ("urn:oid:1.2.3%7C77", [stay]), ("77", [stay]), ("urn:oid:1.2.4%7C77", []), ("78", []), ("79,77", [stay]),
        ] {
          let answer = try await browser.fhir("Encounter?\(name)=\(value)", token)
          #expect(answer.resources.compactMap { $0["id"]?.string } == found, "\(name)=\(value)")
        }
      }
      #expect(try await browser.fhir("EpisodeOfCare?patient.identifier=77&_summary=count", token).json?["total"] == 1)
      #expect(try await browser.fhir("Provenance?patient.identifier=77", token).resources.count == 1)
      for type in ["Appointment", "ServiceRequest"] {
        let answer = try await browser.fhir("\(type)?patient.identifier=77", token)
        #expect(answer.status == 200 && answer.resources.isEmpty)
      }
      for query in [
        "AuditEvent?patient.identifier=77", "Encounter?patient.colour=red", "Encounter?patient._count=1",
        "Encounter?patient.phone=0601020304", "Encounter?patient.birthdate=hier", "Encounter?patient.gender=x",
      ] { #expect(try await browser.fhir(query, token).status == 400, "\(query)") }
      let narrow = try await site.program(browser, ["system/Encounter.rs", "system/Patient.r"], "étroit")
      #expect(try await browser.fhir("Encounter?patient.identifier=77", narrow).status == 403)
    }
  }

  /// By whatever is asked of the one patient, of the places and of the organization that are referred to, under the scope
  /// to search those; nobody whom a search would not tell of.
  @Test func whatIsReferredToIsAskedFor() async throws {
    let site = try await TestSite()
    let stay = try await site.admit("PETIT", "1")
    _ = try await site.admit("GRAND", "2", sex: "M", ["birthDate": "1980-01-01"])
    _ = try await site.admit("SECRET", "3", ["protected": true])
    try await site.run { [stay] client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, ["system/*.rs"])
      for (query, count) in [
        ("Encounter?patient.family=PETIT", 1), ("Encounter?patient.family=PETIT&patient.birthdate=1961-03-12", 1),
        ("Encounter?patient.family=PETIT&patient.birthdate=1980-01-01", 0), ("Encounter?patient.family=SECRET", 0),
        ("Encounter?subject:Patient.name:exact=GRAND", 1), ("Encounter?patient.gender:not=male", 1),
        ("Encounter?location.name=M%C3%A9decine", 2), ("Encounter?location.type=419192003", 2),
        ("Encounter?location.name=Chirurgie", 0), ("Encounter?service-provider.name=M%C3%A9decine", 2),
        ("EpisodeOfCare?organization.identifier=https://finess.esante.gouv.fr%7C910000000", 2),
        ("EpisodeOfCare?organization.identifier=910000001", 0), ("EpisodeOfCare?organization=910000000", 2),
        ("Location?organization.identifier=910000001", 1), ("Location?partof.name=Valmont", 1),
        ("Organization?partof.identifier=910000000", 1), ("Provenance?target:Encounter.identifier=\(stay)", 1),
      ] {
        let answer = try await browser.fhir(query, token)
        #expect(answer.status == 200 && answer.resources.count == count, "\(query)")
      }
      let narrow = try await site.program(browser, ["system/Encounter.rs", "system/Patient.s"], "étroit")
      for (query, status) in [
        ("Encounter?patient.family=PETIT", 200), ("Encounter?location.name=Valmont", 403),
        ("Encounter?service-provider.name=M%C3%A9decine", 403),
      ] { #expect(try await browser.fhir(query, narrow).status == status, "\(query)") }
    }
  }

  /// Places by the care that is given there and by what is around them.
  @Test func placesAndUnits() async throws {
    let site = try await TestSite()
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, ["system/*.rs"])
      for (query, found) in [
        ("Location?type=419192003", ["unit-4EST"]), ("Location?type=http://snomed.info/sct%7C419192003", ["unit-4EST"]),
        ("Location?type=urn:x%7C419192003", []), ("Location?type=394609007", []),
        ("Organization?partof=910000001", ["uf-4EST"]), ("Organization?partof=Organization/910000000", ["910000001"]),
        ("Organization?partof=Location/910000001", []), ("Organization?type=UF", ["uf-4EST"]),
        ("Organization?type=prov", ["910000000", "910000001"]), ("Organization?type=UF&partof=910000000", []),
      ] { #expect(try await browser.fhir(query, token).resources.compactMap { $0["id"]?.string } == found, "\(query)") }
    }
  }
}
