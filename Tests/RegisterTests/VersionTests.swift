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

  private func corrected(_ name: String) -> Fact {
    Fact(kind: "patient.corrected", subject: "patient/a", at: .night, data: ["usedName": .string(name)])
  }

  private func present(_ register: Register) throws -> Version {
    try register.read { reading in try reading.version(of: try #require(try reading.versioned("patient/a"))) }
  }

  /// Whoever asks what changed since an hour is told of it, however long the stations were cut apart.
  @Test func whatWasSaidElsewhereIsOfTheHourAtWhichItCame() async throws {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    try await first.say(.registered("patient/a", "MARTIN"))
    second.environment.advance(seconds: 7200)
    let joined = second.environment.environment.now()
    try await second.take(from: first)
    #expect(try present(second.register).cameAt > joined)
    second.environment.advance(seconds: -7000)
    try await second.say(corrected("UN"))
    first.environment.advance(seconds: 1200)
    try await first.say(corrected("DEUX"))
    let own = try present(first.register)
    #expect(own.cameAt == own.writtenAt)
    first.environment.advance(seconds: 86_400)
    let asked = first.environment.environment.now()
    try await first.take(from: second)
    let late = try present(first.register)
    #expect(late.station == second.register.station && late.cameAt > asked && late.writtenAt < asked)
    // Somebody sets the clock back: what comes then is not told before what came.
    first.environment.advance(seconds: -172_800)
    try await second.say(corrected("TROIS"))
    try await first.take(from: second)
    #expect(try present(first.register).cameAt >= late.cameAt)
    try await first.say(corrected("QUATRE"))
    let last = try present(first.register)
    #expect(last.station == first.register.station && last.cameAt >= late.cameAt)
    let rebuilt = try TestStation(after: first, rebuilding: true)
    #expect(try present(rebuilt.register) == last)
    let hours = try rebuilt.register.read { try $0.versions(of: "patient/a").map(\.cameAt) }
    #expect(hours.count == 5 && hours == hours.sorted())
  }

  @Test func whatASnapshotHoldsCameWithIt() async throws {
    let station = try TestStation()
    try await station.say(.registered("patient/a", "MARTIN"))
    let folder = try TemporaryFolder()
    _ = try station.register.snapshot(to: "\(folder.path)/copy")
    station.environment.advance(seconds: 3600)
    let before = station.environment.environment.now()
    try Register.restore(
      snapshot: "\(folder.path)/copy", in: "\(folder.path)/station", station: "secours-1",
      root: try #require(try station.register.rootKey()), hospital: "Essai", unverified: "",
      environment: station.environment.environment)
    let restored = try Register(
      folder: "\(folder.path)/station", access: .writing, environment: station.environment.environment)
    #expect(try present(restored).cameAt > before)
  }

  /// A mark takes back what another station said of a patient: that is a version too, and stays one.
  @Test func aVersionThatAnotherLineMadeStaysReadable() async throws {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    try await first.say(.registered("patient/a", "MARTIN"))
    try await second.take(from: first)
    try await second.say(corrected("UN"))
    try await first.take(from: second)
    try await first.revoke(second, after: 1)
    let made = try present(first.register)
    #expect(made.station == first.register.station)
    let rebuilt = try TestStation(after: first, rebuilding: true)
    #expect(try present(rebuilt.register) == made)
    for station in [first, rebuilt] {
      try await station.say(corrected("DEUX"))
      try station.register.read { (reading: Reading) throws in
        let versions = try reading.versions(of: "patient/a")
        #expect(versions.count == 3 && versions[1] == made)
        let names = try versions.map { (try reading.state(of: "patient/a", at: $0) as? Patient)?.usedName }
        #expect(names == [nil, nil, "DEUX"])
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
        return try reading.stayNumbers(lookup, at: .hours(2), after: 0, limit: 10)
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

  /// What is known to come changes no status before its hour: of such a stay, its state says which it has.
  @Test(arguments: [
    (1, StayStatus.admitted, ["here", "leaving", "coming"]), (1, .discharged, ["leaving", "coming", "left"]),
    (1, .preadmitted, ["leaving", "coming", "expected"]), (2, .admitted, ["here", "coming"]),
    (2, .discharged, ["leaving", "left"]), (2, .preadmitted, ["expected"]), (2, .cancelled, []),
  ])
  func staysThatMayHaveAStatus(hour: Int, status: StayStatus, expected: [String]) async throws {
    let station = try TestStation()
    try await station.say(
      .stay("admitted", "stay/here", key: "1", bed: "4EST|1|A"),
      .stay("admitted", "stay/leaving", key: "2", bed: "4EST|1|B"),
      .stay("discharged", "stay/leaving", key: "3", at: .hours(2)),
      .stay("admitted", "stay/coming", key: "4", bed: "4EST|2|A", at: .hours(2)),
      .stay("admitted", "stay/left", key: "5", bed: "4EST|2|B"),
      .stay("discharged", "stay/left", key: "6", at: .hours(1)),
      .stay("preadmitted", "stay/expected", key: "7", bed: "CHIR|1|A", at: .hours(48)))
    func found(_ change: (inout StayLookup) -> Void) throws -> [String] {
      var lookup = StayLookup()
      change(&lookup)
      return try station.register.read { reading in
        try reading.stayNumbers(lookup, at: .hours(hour), after: 0, limit: 10)
          .compactMap { try (reading.versioned($0)?.state as? Stay)?.id.afterSlash }
      }
    }
    #expect(try found { $0.statuses = [status] } == expected)
    // Spent nowhere yet, and expected somewhere.
    #expect(try found { $0.units = ["CHIR"] } == ["expected"])
    #expect(try found { $0.units = ["4EST"] } == ["here", "leaving", "coming", "left"])
  }

  /// The last line of any of somebody's stays, whichever identity of theirs it was said of.
  @Test func whenSomebodyMovedLast() async throws {
    let station = try TestStation()
    try await station.say(.registered("patient/a", "MARTIN"), .registered("patient/b", "MARTIN"))
    try await station.say(.stay("admitted", "stay/a", patient: "patient/a", key: "1", bed: "4EST|1|A"))
    station.environment.advance(seconds: 600)
    try await station.say(
      Fact(kind: "patient.merged", subject: "patient/b", at: .night, data: ["into": "patient/a"]))
    station.environment.advance(seconds: 600)
    let before = station.environment.environment.now()
    #expect(try #require(try moved(station, "patient/a")) < before)
    #expect(try moved(station, "patient/c") == nil)
    try await station.say(.stay("admitted", "stay/b", patient: "patient/b", key: "2", bed: "4EST|1|B"))
    #expect(try #require(try moved(station, "patient/a")) >= before)
  }

  private func moved(_ station: TestStation, _ patient: String) throws -> Instant? {
    try station.register.read { try $0.lastMoved(ofPatient: patient) }
  }
}
