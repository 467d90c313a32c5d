import Foundation
import Hospital
import Hummingbird
import Ledger
import Register
import Testing
import Web

/// What a program keeps of a resource, and how it hears that it is no more what it was.
@Suite struct FHIRVersionTests {
  enum Change: CaseIterable, Sendable { case merged, protected, hour }

  /// A resource tells of more than the subject whose line is its version: of who absorbed whom, of marks, of the hour.
  @Test(arguments: Change.allCases)
  func nothingIsCalledUnchangedThatChanged(change: Change) async throws {
    let site = try await TestSite()
    let stays = ["stay/\(try await site.admit("PETIT", "1"))", "stay/\(try await site.admit("PETIT", "2"))"]
    let people = try site.register.read { reading in try stays.map { try #require(try reading.stay($0)?.patient) } }
    let (gone, kept) = (people[0], people[1])
    @Sendable func merge() async throws {
      try await site.say(
        Fact(kind: "patient.merged", subject: gone, at: site.clock.now, data: ["into": .string(kept)]))
    }
    try await site.say(Fact(kind: "patient.died", subject: gone, at: site.clock.now, data: [:]))
    try await site.say(
      Fact(
        kind: "stay.discharged", subject: stays[0], at: site.clock.now.adding(seconds: 300),
        data: ["exitMode": "8", "movement": ["key": "x", "trigger": "A03"]]))
    if change != .merged { try await merge() }
    site.clock.advance(seconds: 60)
    let since = site.clock.now.text
    try await site.run { client in
      let browser = TestBrowser(client)
      var token = try await site.program(browser, ["system/*.rs"], units: ["4EST"])
      token[HTTPFields.Element.Name("X-Read-Reason")!] = "essai"
      let paths =
        ["Encounter/\(stays[0].afterSlash)", "EpisodeOfCare/\(stays[0].afterSlash)"]
        + (change == .hour ? [] : ["Patient/\(kept.afterSlash)"])
      func isTold(_ path: String) async throws -> Bool {
        let (type, id) = (String(path.prefix { $0 != "/" }), path.afterSlash)
        let found = try await browser.fhir("\(type)?_id=\(id)&_lastUpdated=ge\(since)", token)
        let exported = try await browser.fhir("$export/\(type)?_since=\(since)", token)
        #expect(found.status == 200 && exported.status == 200)
        #expect(exported.text.contains("\"id\":\"\(id)\"") == (found.resources.count == 1))
        return found.resources.count == 1
      }
      var before: [String: TestAnswer] = [:]
      for path in paths {
        let answer = try await browser.fhir(path, token)
        let tag = try #require(answer.headers[.eTag])
        #expect(try await browser.fhir(path, token, [.ifNoneMatch: tag]).status == 304)
        #expect(try await isTold(path) == false)
        before[path] = answer
      }
      switch change {
      case .merged: try await merge()
      case .protected: try await site.submit(ProtectPresence(patient: kept, protected: true))
      case .hour: site.clock.advance(seconds: 300)
      }
      for path in paths {
        let old = try #require(before[path])
        let now = try await browser.fhir(path, token, [.ifNoneMatch: try #require(old.headers[.eTag])])
        #expect(now.status == 200 && now.text != old.text, "\(path)")
        let tag = try #require(now.headers[.eTag])
        #expect(try await browser.fhir(path, token, [.ifNoneMatch: "W/\"x\", \(tag)"]).status == 304)
        // No line says that an hour has come.
        #expect(try await isTold(path) == (change != .hour), "\(path)")
      }
    }
  }

  @Test func aHistoryIsTurnedOverWhileItGrows() async throws {
    let site = try await TestSite()
    let stay = "stay/\(try await site.admit("PETIT", "1"))"
    let patient = try #require(try site.register.read { try $0.stay(stay)?.patient })
    @Sendable func correct(_ name: String) async throws {
      try await site.say(
        Fact(kind: "patient.corrected", subject: patient, at: site.clock.now, data: ["usedName": .string(name)]))
    }
    for name in ["UN", "DEUX", "TROIS", "QUATRE"] { try await correct(name) }
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, ["system/*.rs"])
      let history = "Patient/\(patient.afterSlash)/_history"
      let whole = try await browser.fhir(history, token)
      #expect(whole.resources.count == 5 && whole.json?["total"]?.integer == 5)
      var address: String? = "\(history)?_count=2"
      var met: [JSON] = []
      while let next = address {
        let page = try await browser.fhir(next, token)
        #expect(page.status == 200 && page.json?["total"] == nil)
        met += page.resources
        func link(_ relation: String) -> String? {
          let url = page.json?["link"]?.array?.first { $0["relation"]?.string == relation }?["url"]?.string
          return url?.components(separatedBy: "/fhir/").last
        }
        #expect(link("self") == next)
        address = link("next")
        try await correct("\(met.count)")
      }
      #expect(met == whole.resources)
    }
  }

  /// What came at that hour or later, a page after the other, and the same part of each.
  @Test func aHistorySinceAnHour() async throws {
    let site = try await TestSite()
    let stay = "stay/\(try await site.admit("PETIT", "1"))"
    let patient = try #require(try site.register.read { try $0.stay(stay)?.patient })
    var hours: [String] = []
    for name in ["UN", "DEUX", "TROIS"] {
      site.clock.advance(seconds: 60)
      hours.append(site.clock.now.text)
      try await site.say(
        Fact(kind: "patient.corrected", subject: patient, at: site.clock.now, data: ["usedName": .string(name)]))
    }
    try await site.run { [hours] client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, ["system/*.rs"])
      let history = "Patient/\(patient.afterSlash)/_history"
      for (since, count) in [(hours[0], 3), (hours[1], 2), (hours[2], 1), ("2000", 4), ("2199", 0)] {
        let found = try await browser.fhir("\(history)?_since=\(since)", token)
        #expect(found.resources.count == count && found.json?["total"] == .integer(count), "\(since)")
        let counted = try await browser.fhir("\(history)?_since=\(since)&_summary=count", token)
        #expect(counted.resources.isEmpty && counted.json?["total"] == .integer(count), "\(since)")
      }
      var address: String? = "\(history)?_since=\(hours[1])&_count=1&_elements=birthDate"
      var pages = 0
      while let next = address {
        let page = try await browser.fhir(next, token)
        #expect(page.resources.count == 1 && !page.text.contains("usual"))
        pages += 1
        let url = page.json?["link"]?.array?.first { $0["relation"] == "next" }?["url"]?.string
        address = url?.components(separatedBy: "/fhir/").last
      }
      #expect(pages == 2)
      for since in ["ge2022", "hier"] {
        #expect(try await browser.fhir("\(history)?_since=\(since)", token).status == 400)
      }
    }
  }

  /// Which bed fills or empties is no line about it.
  @Test(arguments: [("system/Location.r", true), ("system/Patient.r", false)])
  func aBedThatFillsIsToldOf(scope: String, isTold: Bool) async throws {
    let site = try await TestSite()
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, ["system/Location.s", scope])
      let beds = try await browser.fhir("Location?_count=500", token).resources
        .filter { $0["operationalStatus"] != nil }.compactMap { $0["id"]?.string }
      #expect(beds.count == 3)
      async let answer = browser.fhir("$changes", token)
      while site.app.pages.listenerCount == 0 { try await Task.sleep(for: .milliseconds(2)) }
      site.app.pages.send("change", "stay/a unit:4EST unit:NONE")
      site.app.pages.close()
      let told = try await answer.text
      for bed in beds { #expect(told.contains("Location/\(bed)") == isTold) }
      #expect(!told.contains("unit:") && !told.contains("stay/"))
    }
  }

  /// A version that was somebody else's, who is told of to nobody, is in no number either.
  @Test(arguments: [true, false]) func aVersionThatIsWithheldIsNotCounted(protected: Bool) async throws {
    let site = try await TestSite()
    let stay = try await site.admit("PETIT", "1", ["protected": .bool(protected)])
    let other = "stay/\(try await site.admit("AUTRE", "2"))"
    let heir = try #require(try site.register.read { try $0.stay(other)?.patient })
    try await site.say(
      Fact(
        kind: "stay.reassigned", subject: "stay/\(stay)", at: site.clock.now, data: ["patient": .string(heir)]))
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, ["system/*.rs"])
      for (query, entries) in [("", protected ? 1 : 2), ("?_summary=count", 0)] {
        let history = try await browser.fhir("Encounter/\(stay)/_history\(query)", token)
        #expect(history.status == 200 && history.resources.count == entries, "\(query)")
        #expect(history.json?["total"]?.integer == (protected ? 1 : 2), "\(query)")
      }
    }
  }
}
