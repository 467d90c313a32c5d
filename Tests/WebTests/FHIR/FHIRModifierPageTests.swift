import Hospital
import Hummingbird
import Ledger
import Register
import Testing
import Web

/// What a search asks of each resource's own words.
@Suite struct FHIRModifierPageTests {
  /// The CapabilityStatement promises it of every parameter of every type.
  @Test func everyParameterTakesTheModifiers() async throws {
    let site = try await TestSite()
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, ["system/*.rs", "system/AuditEvent.rs"])
      let said = try await browser.fhir("metadata", [:]).json?["rest"]?.array?.first
      let reached: Set<String> = ["email", "phone", "telecom"]
      for type in said?["resource"]?.array ?? [] {
        let name = try #require(type["type"]?.string)
        for parameter in type["searchParam"]?.array ?? [] {
          let asked = try #require(parameter["name"]?.string)
          let missing = try await browser.fhir("\(name)?_id=x&\(asked):missing=true", token)
          #expect(missing.status == 200, "\(name).\(asked)")
          let isToken = parameter["type"] == "token" && !reached.contains(asked)
          let not = try await browser.fhir("\(name)?_id=x&\(asked):not=nothing", token)
          // Of a list of codes, what is none is refused.
          let isListed = ["gender", "operational-status", "status"].contains(asked)
          #expect(not.status == (isToken && !isListed ? 200 : 400), "\(name).\(asked)")
        }
      }
    }
  }

  /// Narrowed with the rest, counted, put in order, and never told of more than a search tells of.
  @Test func whatAnswers() async throws {
    let site = try await TestSite()
    _ = try await site.admit("PETIT", "1", ["phones": ["0601020304"]])
    _ = try await site.admit("GRAND", "2", sex: "M")
    _ = try await site.admit("SECRET", "3", sex: "M", ["protected": true])
    try await site.say(
      Fact(
        kind: "patient.registered", subject: "patient/\(site.clock.environment.newID())", at: site.clock.now,
        data: ["birthName": "MORT", "deceased": true]))
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, ["system/*.rs"])
      for (query, count) in [
        ("Patient?phone:missing=true", 2), ("Patient?phone:missing=false", 1), ("Patient?gender:not=male", 2),
        ("Patient?birthdate=1961-03-12&gender:not=male&_sort=family", 1), ("Patient?birthdate:missing=true", 1),
        ("Patient?deceased=true", 1), ("Patient?deceased=false", 2), ("Patient?deceased:not=true", 2),
        ("Encounter?status:not=finished", 2), ("Encounter?status:not=in-progress", 0),
        ("Encounter?patient:missing=true", 0), ("Location?operational-status:not=O,U", 3),
        ("Location?partof:missing=true", 1), ("Organization?type:not=UF", 2),
        ("Practitioner?active=false", 0), ("Practitioner?active:not=true", 0),
      ] {
        let answer = try await browser.fhir(query, token)
        #expect(answer.status == 200 && answer.resources.count == count, "\(query)")
        let counted = try await browser.fhir("\(query)&_summary=count", token)
        #expect(counted.json?["total"] == .integer(count), "\(query)")
      }
    }
  }
}
