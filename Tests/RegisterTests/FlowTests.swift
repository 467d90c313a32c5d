import Hospital
import Ledger
import Register
import Testing

/// Flow figures as they are read: of hours alone, on every station alike, and after a rebuild.
struct FlowTests {
  static func said(_ kind: String, _ name: String, at: Instant, _ more: JSON = [:]) -> Fact {
    var data = JSONObject([("stay", .string("stay/\(name)"))])
    for (key, value) in more.object?.members ?? [] { data[key] = value }
    return Fact(
      kind: "emergency.\(kind)", subject: EmergencyVisit.id(ofStay: "stay/\(name)"), at: at, data: .object(data))
  }

  static func step(_ step: String, _ name: String, at: Instant) -> Fact {
    Fact(
      kind: "transfer.\(step)", subject: "transfer/\(name)", at: at,
      data: step == "asked" ? ["stay": .string("stay/\(name)"), "partner": "partner/p"] : [:])
  }

  @Test func aNightByTheHour() async throws {
    let station = try TestStation()
    for (name, minutes) in [("a", 0), ("b", 30), ("c", 60), ("d", 61), ("old", -5000)] {
      try await station.say(
        .registered("patient/\(name)", name.uppercased()),
        EmergencyTests.stay("admitted", name, class: "emergency", at: .hours(0, minutes: minutes)))
    }
    try await station.say(
      EmergencyTests.triaged("a", "2", at: .hours(0, minutes: 5)), EmergencyTests.triaged("c", "4", at: .hours(1)),
      Self.said("assessed", "a", at: .hours(0, minutes: 25), ["ccmu": "3"]),
      Self.said("oriented", "a", at: .hours(1), ["key": "1", "way": "admit"]),
      Self.said("oriented", "b", at: .hours(1), ["key": "2", "way": "home"]),
      Self.said("orientation-withdrawn", "b", at: .hours(1), ["key": "2"]),
      Self.step("asked", "a", at: .hours(0, minutes: 10)), Self.step("refused", "a", at: .hours(1)),
      Self.step("asked", "c", at: .hours(0, minutes: 50)), Self.step("accepted", "c", at: .hours(1, minutes: 5)),
      Self.step("asked", "old", at: .hours(-169)), Self.step("accepted", "old", at: .hours(1)),
      EmergencyTests.stay("class-changed", "a", class: "inpatient", at: .hours(1, minutes: 40)))
    func flow(_ station: TestStation) throws -> EmergencyFlow {
      try station.register.read { try $0.emergencyFlow(from: .night, until: .hours(2), .usual) }
    }
    let night = try flow(station)
    #expect(night.hours.map(\.arrivals) == [2, 2] && night.hours.map(\.departures) == [0, 1])
    #expect(night.hours.map(\.present) == [2, 3], "whom nobody let go for days is not there")
    #expect(night.triage.minutes == Spread([5, 0]) && night.triage.waiting == 2)
    // Who was oriented was seen, though it was taken back.
    #expect(night.physician.minutes == Spread([25, 30]) && night.levels.map(\.level) == ["2", "4"])
    #expect(night.hours.map(\.orientations) == [[:], [.admit: 1]])
    #expect(night.outcomes.map(\.way) == [.admit] && night.stay.minutes == Spread([100]))
    #expect(night.hours.map(\.transfers) == [[.asked: 2], [.accepted: 1, .refused: 1]])
    #expect(night.answer == Spread([15]))
    let rebuilt = try TestStation(after: station, rebuilding: true)
    #expect(try flow(rebuilt) == night)
    #expect(try rebuilt.digest() == station.digest())
  }
}
