import Hospital
import Ledger
import Register
import Testing

/// Who is in emergency, as the board reads it; and what two stations said apart.
struct EmergencyTests {
  static func stay(_ kind: String, _ name: String, class stayClass: String? = nil, at: Instant = .night) -> Fact {
    var movement: JSONObject = JSONObject([
      ("key", .string("\(name)-\(kind)")), ("id", .string("\(name)-\(kind)")), ("unit", "4EST"),
      ("trigger", kind == "admitted" ? "A04" : kind == "discharged" ? "A03" : "A06"),
    ])
    movement["class"] = stayClass.map { .string($0) }
    return Fact(
      kind: "stay.\(kind)", subject: "stay/\(name)", at: at,
      data: ["patient": .string("patient/\(name)"), "movement": .object(movement)])
  }

  static func triaged(_ name: String, _ level: String, at: Instant = .night) -> Fact {
    Fact(
      kind: "emergency.triaged", subject: EmergencyVisit.id(ofStay: "stay/\(name)"), at: at,
      data: ["stay": .string("stay/\(name)"), "scale": "FRENCH", "level": .string(level)])
  }

  private func present(_ station: TestStation, at instant: Instant = .hours(5)) throws -> [String] {
    try station.register.read { try $0.emergencyPresent(at: instant, since: .hours(-48)) }
      .map { "\($0.stay.id.dropFirst(5)) \($0.patient?.birthName ?? "?") \($0.visit.triage?.level ?? "-")" }
  }

  @Test func whoIsThereIsOnTheBoardAndNobodyElse() async throws {
    let station = try TestStation()
    for (index, name) in ["a", "b", "c", "d"].enumerated() {
      try await station.say(
        .registered("patient/\(name)", name.uppercased()),
        Self.stay("admitted", name, class: name == "d" ? "inpatient" : "emergency", at: .hours(0, minutes: index)))
    }
    // A triage before anything else of the visit was heard.
    try await station.say(Self.triaged("b", "2"), Self.triaged("ghost", "1"))
    #expect(try present(station) == ["a A -", "b B 2", "c C -"])
    try await station.say(Self.stay("discharged", "a", at: .hours(1)))
    try await station.say(Self.stay("class-changed", "b", class: "inpatient", at: .hours(2)))
    #expect(try present(station) == ["c C -"])
    let reading = { (body: (Reading) throws -> [EmergencyPatient]) in
      try station.register.read(body).map { String($0.stay.id.dropFirst(5)) }
    }
    #expect(try reading { try $0.emergencyArrivals(from: .night, to: .hours(1)) } == ["a", "b", "c"])
    #expect(try reading { try $0.emergencyArrivals(from: .hours(0, minutes: 1), to: .hours(0, minutes: 2)) } == ["b"])
    #expect(try station.register.read { try $0.emergencyPresent(at: .hours(5), since: .hours(1)) }.isEmpty)
    #expect(try station.register.read { try $0.emergencyForgottenCount(before: .hours(1)) } == 1)
    // Taken back: they are there again.
    let cancelled: JSON = ["movement": ["key": "a-discharged", "trigger": "A03"]]
    try await station.say(
      Fact(kind: "stay.movement-cancelled", subject: "stay/a", at: .hours(1), data: cancelled))
    #expect(try present(station) == ["a A -", "c C -"])
    let rebuilt = try TestStation(after: station, rebuilding: true)
    #expect(try present(rebuilt) == ["a A -", "c C -"])
    #expect(try rebuilt.digest() == station.digest())
  }

  @Test func whoIsAnnouncedUntilTheyArrive() async throws {
    let station = try TestStation()
    func told(_ name: String, _ expected: Instant?) -> Fact {
      let at: JSON = expected.map { .string($0.text) } ?? .null
      return Fact(
        kind: "announcement.told", subject: "announcement/\(name)", at: .night,
        data: ["source": "samu", "expectedAt": at])
    }
    try await station.say(told("a", .hours(3)), told("b", .hours(1)), told("c", nil))
    func announced() throws -> [String] {
      try station.register.read { try $0.announced(since: .hours(-1)) }.map { String($0.id.dropFirst(13)) }
    }
    #expect(try announced() == ["c", "b", "a"])
    try await station.say(
      Fact(kind: "announcement.arrived", subject: "announcement/b", at: .hours(1), data: ["stay": "stay/x"]),
      Fact(kind: "announcement.withdrawn", subject: "announcement/c", at: .hours(1), data: [:]))
    #expect(try announced() == ["a"])
    #expect(try station.register.read { try $0.announced(since: .hours(1)) }.isEmpty)
  }

  /// Cut from each other, one sends the patient home, the other admits them: both are kept, both stations ask, and one
  /// decision settles it on both.
  @Test func twoStationsOrientOnePatientDifferently() async throws {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    try await first.say(.registered("patient/a", "MARTIN"), Self.stay("admitted", "a", class: "emergency"))
    try await second.take(from: first)
    try await first.take(from: second)
    func orient(_ station: TestStation, _ way: Orientation.Way, _ orient: String?) async throws {
      let command = OrientPatient(stay: "stay/a", way: way, orient: orient)
      _ = try await station.register.submit(Submission(command, key: "\(way)", author: "system"))
    }
    // Degraded: nobody else ends the visit.
    try await first.say(
      Fact(kind: "mode.declared", subject: "mode/hospital", at: .night, data: ["mode": "degrade", "reason": "essai"]))
    try await second.take(from: first)
    try await orient(first, .home, nil)
    try await orient(second, .admit, "MED")
    #expect(try first.conflictKinds() == [] && second.conflictKinds() == [])
    try await first.take(from: second)
    try await second.take(from: first)
    #expect(try first.conflictKinds() == ["orientation"] && second.conflictKinds() == ["orientation"])
    #expect(try first.digest() == second.digest())
    let rebuilt = try TestStation(after: first, rebuilding: true)
    #expect(try rebuilt.conflictKinds() == ["orientation"])
    let conflict = try #require(try second.register.read { try $0.conflicts() }.first)
    #expect(conflict.sides.count == 2)
    let admits = try #require(conflict.sides.firstIndex { $0.said[0].heard.fact.data["way"]?.string == "admit" })
    try await second.say(
      Fact(
        kind: "account.opened", subject: "account/duty", at: .night, data: ["login": "d", "roles": ["duty"]]))
    _ = try await second.register.submit(
      Submission(DecideConflict(conflict, side: admits), key: "decide", author: "account/duty"))
    try await first.take(from: second)
    for station in [first, second] {
      #expect(try station.conflictKinds() == [])
      let here = try station.register.read { try $0.emergencyPresent(at: .hours(1), since: .hours(-1)) }
      #expect(here.map { $0.visit.orientation?.way } == [.admit])
    }
  }
}

extension EmergencyTests {
  /// Two stations of one hospital, cut from each other, that know of one who is announced and one who is here.
  private func cut() async throws -> (TestStation, TestStation) {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    try await first.say(
      .registered("patient/a", "MARTIN"), Self.stay("admitted", "a", class: "emergency"),
      Fact(kind: "announcement.told", subject: "announcement/x", at: .night, data: ["source": "samu"]),
      Fact(kind: "mode.declared", subject: "mode/hospital", at: .night, data: ["mode": "degrade", "reason": "essai"]),
      Fact(kind: "account.opened", subject: "account/duty", at: .night, data: ["login": "d", "roles": ["duty"]]))
    try await second.take(from: first)
    try await first.take(from: second)
    return (first, second)
  }

  private func exchange(_ first: TestStation, _ second: TestStation) async throws {
    try await first.take(from: second)
    try await second.take(from: first)
  }

  @Test func twoStationsTriageOnePatientDifferently() async throws {
    let (first, second) = try await cut()
    let visit = EmergencyVisit.id(ofStay: "stay/a")
    try await first.say(Self.triaged("a", "2"))
    try await second.say(Self.triaged("a", "4", at: .hours(1)))
    try await exchange(first, second)
    for station in [first, second] {
      #expect(try station.conflictKinds() == ["triage"])
      #expect(try station.register.read { try $0.contestedTriages() }.mapValues { $0.sorted() } == [visit: ["2", "4"]])
    }
    #expect(try first.digest() == second.digest())
    #expect(try TestStation(after: first, rebuilding: true).conflictKinds() == ["triage"])
    let conflict = try #require(try second.register.read { try $0.conflicts() }.first)
    let urgent = try #require(conflict.sides.firstIndex { $0.said[0].heard.fact.data["level"]?.string == "2" })
    _ = try await second.register.submit(
      Submission(DecideConflict(conflict, side: urgent), key: "decide", author: "account/duty"))
    try await first.take(from: second)
    for station in [first, second] {
      #expect(try station.conflictKinds() == [])
      #expect(try station.register.read { try $0.emergencyVisit(visit)?.triage?.level } == "2")
      #expect(try station.register.read { try $0.contestedTriages() }.isEmpty)
    }
  }

  /// Somebody who has both before them triages again: nothing is left to ask.
  @Test func anotherTriageSettlesIt() async throws {
    let (first, second) = try await cut()
    try await first.say(Self.triaged("a", "2"))
    try await second.say(Self.triaged("a", "4"))
    try await exchange(first, second)
    try await first.say(Self.triaged("a", "3A", at: .hours(1)))
    try await second.take(from: first)
    for station in [first, second] { #expect(try station.conflictKinds() == []) }
  }

  /// One announcement, two stations, two unknown patients: it asks, and one decision leaves one stay.
  @Test func oneAnnouncedIsReceivedTwice() async throws {
    let (first, second) = try await cut()
    for (station, name) in [(first, "b"), (second, "c")] {
      try await station.say(
        .registered("patient/\(name)", "X \(name)"), Self.stay("admitted", name, class: "emergency"),
        Fact(
          kind: "announcement.arrived", subject: "announcement/x", at: .night,
          data: ["stay": .string("stay/\(name)")]))
    }
    #expect(try first.conflictKinds() == [])
    try await exchange(first, second)
    for station in [first, second] { #expect(try station.conflictKinds() == ["announced"]) }
    #expect(try TestStation(after: first, rebuilding: true).conflictKinds() == ["announced"])
    let conflict = try #require(try second.register.read { try $0.conflicts() }.first)
    #expect(Set(conflict.sides.map(\.subject)) == ["stay/b", "stay/c"])
    let kept = try #require(conflict.sides.firstIndex { $0.subject == "stay/b" })
    let decided = try await second.register.submit(
      Submission(DecideConflict(conflict, side: kept), key: "decide", author: "account/duty"))
    #expect(decided.warnings.map(\.code) == ["announced-once"])
    try await first.take(from: second)
    for station in [first, second] {
      #expect(try station.conflictKinds() == [])
      #expect(try present(station) == ["a MARTIN -", "b X b -"])
      #expect(try station.register.read { try $0.conflict(conflict.id)?.isSettled } == true, "it can be decided again")
    }
  }

  /// One finds a death, the other sends home and, it turns out, rightly: nobody stays dead, nor ends without an exit mode.
  @Test func aDeathThatLosesIsTakenBack() async throws {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    try await first.say(
      .registered("patient/a", "MARTIN"), Self.stay("admitted", "a", class: "emergency"),
      Fact(kind: "mode.declared", subject: "mode/hospital", at: .night, data: ["mode": "degrade", "reason": "essai"]),
      Fact(kind: "account.opened", subject: "account/duty", at: .night, data: ["login": "d", "roles": ["duty"]]))
    try await second.take(from: first)
    try await first.take(from: second)
    let died = OrientPatient(stay: "stay/a", way: .died, wristband: "a", physician: "Leroy")
    for (station, command) in [(first, died), (second, OrientPatient(stay: "stay/a", way: .home))] {
      _ = try await station.register.submit(Submission(command, key: "\(command.way)", author: "system"))
    }
    try await first.take(from: second)
    try await second.take(from: first)
    #expect(try first.register.read { try $0.patient("patient/a")?.deceased } == true)
    let conflict = try #require(try second.register.read { try $0.conflicts() }.first { $0.kind == .orientation })
    let home = try #require(conflict.sides.firstIndex { $0.said[0].heard.fact.data["way"]?.string == "home" })
    _ = try await second.register.submit(
      Submission(DecideConflict(conflict, side: home), key: "decide", author: "account/duty"))
    try await first.take(from: second)
    for station in [first, second] {
      let (patient, stay) = try station.register.read { (try $0.patient("patient/a"), try $0.stay("stay/a")) }
      #expect(patient?.deceased == false)
      #expect(stay?.status == .discharged && stay?.exitMode == "8")
    }
    #expect(try first.digest() == second.digest())
  }
}

extension TestStation {
  fileprivate func conflictKinds() throws -> [String] {
    try register.read { try $0.conflicts() }.map(\.kind.rawValue)
  }
}
