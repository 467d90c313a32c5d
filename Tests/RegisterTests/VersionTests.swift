import Foundation
import Hospital
import Ledger
import Register
import Testing

/// What this station knew, line by line as they came; and what searches look subjects up by.
struct VersionTests {
  private func source(_ hour: Int) -> Source {
    Source(sender: "GAM|CH", control: "\(hour)", text: "", instant: .hours(hour - 10))
  }

  @Test func aLateLineMakesAVersionAndChangesNoOlderOne() async throws {
    let station = try TestStation()
    try await station.say(.registered("patient/a", "MARTIN"), source: source(2))
    try await station.say(.registered("patient/b", "DURAND"), source: source(3))
    // Said before the others, heard after them: it adds a number, and takes no name back.
    try await station.say(.registered("patient/a", "AUTREFOIS", identifier: "1"), source: source(1))
    for station in [station, try TestStation(after: station, rebuilding: true)] {
      try station.register.read { (reading: Reading) throws in
        let versions = try reading.versions(of: "patient/a")
        #expect(versions.count == 2)
        let states = try versions.map { try reading.state(of: "patient/a", at: $0) as? Patient }
        #expect(states.map { $0?.birthName } == ["MARTIN", "MARTIN"])
        #expect(states.map { $0?.identifiers.map(\.value) } == [[], ["1"]])
        let now = try #require(try reading.versioned("patient/a"))
        #expect(now.state as? Patient == states[1])
        #expect(try reading.version(of: now) == versions[1])
        for version in versions { #expect(try reading.version(version.id) == version) }
        #expect(try reading.version("urg-1.2.00000000") == nil)
        #expect(try reading.version("x") == nil)
      }
    }
  }

  @Test func subjectsAreMetInTheOrderInWhichTheyWereHeardOf() async throws {
    let station = try TestStation()
    for name in ["MARTIN", "DURAND", "MARTINEZ"] {
      try await station.say(.registered("patient/\(name)", name))
    }
    try await station.say(
      .stay("admitted", "stay/a", patient: "patient/MARTIN", key: "1", bed: "4EST|1|A", number: "N1"))
    try await station.say(
      .stay("admitted", "stay/b", patient: "patient/DURAND", key: "2", bed: "CHIR|1|A", number: "N2"))
    try await station.say(.stay("discharged", "stay/b", key: "3", at: .hours(1)))
    try station.register.read { (reading: Reading) throws in
      func names(_ numbers: [Int]) throws -> [String] {
        try numbers.sorted().compactMap { try (reading.versioned($0)?.state as? Patient)?.birthName }
      }
      let all = try reading.numbers(ofType: "patient", after: 0, limit: 10)
      #expect(try names(all) == ["MARTIN", "DURAND", "MARTINEZ"])
      #expect(try reading.numbers(ofType: "patient", after: all[0], limit: 1) == [all[1]])
      #expect(try names(reading.patientNumbers(named: "MART")) == ["MARTIN", "MARTINEZ"])
      #expect(try names(reading.numbers(of: ["patient/DURAND", "patient/nobody"])) == ["DURAND"])
      func stays(_ change: (inout StayLookup) -> Void) throws -> [String] {
        var lookup = StayLookup()
        change(&lookup)
        return try reading.stayNumbers(lookup, after: 0, limit: 10)
          .compactMap { try (reading.versioned($0)?.state as? Stay)?.id }
      }
      #expect(try stays { _ in } == ["stay/a", "stay/b"])
      #expect(try stays { $0.statuses = [.admitted] } == ["stay/a"])
      #expect(try stays { $0.statuses = [] } == [])
      #expect(try stays { $0.units = ["CHIR", "4EST"] } == ["stay/a", "stay/b"])
      #expect(try stays { $0.numbers = ["N2"] } == ["stay/b"])
      #expect(try stays { $0.patients = ["patient/MARTIN", "patient/\"'"] } == ["stay/a"])
    }
  }
}
