import Foundation
import Hospital
import Ledger
import Register
import Testing

/// What the copy holds and lacks, and whether feeds speak as they usually do.
struct CoverageTests {
  /// Hours of the day at which the feed speaks, every half hour, for `days` days from the night on; its last message is of
  /// day `days`, in the half hour before `lastHour`.
  private func station(days: Int, lastHour: Double) async throws -> TestStation {
    let station = try TestStation()
    var number = 0
    for half in stride(from: 16, to: days * 48 + Int(lastHour * 2), by: 1) where (16..<40).contains(half % 48) {
      number += 1
      let wanted = Instant.night.adding(seconds: half * 1800)
      // The clock moves a second at each look.
      let seconds = Int((wanted.milliseconds - station.environment.environment.now().milliseconds) / 1000)
      station.environment.advance(seconds: seconds)
      let source = Source(sender: "GAM|CH", control: "\(number)", text: "", instant: wanted)
      try await station.say(.registered("patient/\(number % 7)", "MARTIN"), source: source)
    }
    return station
  }

  private func pulse(_ register: Register, day: Int, hour: Double) throws -> FeedPulse? {
    try register.read { try $0.feedPulses(now: Instant.night.adding(seconds: day * 86_400 + Int(hour * 3600))).first }
  }

  /// Hours are counted from the night's 01:00. The feed speaks from 8 to 20 and is silent at night.
  @Test(arguments: [
    (12.0, 11.9, false), (12.0, 13.5, true), (20, 27, false), (20, 31.9, false), (20, 33.6, true), (20, 36, true),
  ])
  func silentLongerThanEver(last: Double, now: Double, isSilent: Bool) async throws {
    let station = try await station(days: 5, lastHour: last)
    let found = try #require(try pulse(station.register, day: 5, hour: now))
    #expect(found.isSilent == isSilent)
    #expect(found.sender == "GAM|CH")
  }

  /// A main system whose every message is refused is not silent.
  @Test func whatIsRefusedIsNoSilence() async throws {
    let station = try await station(days: 5, lastHour: 12)
    let before = Instant.night.adding(seconds: 5 * 86_400 + 43_200 - 7200)
    func refuse(_ control: String, at: Instant, sender: String = "GAM|CH") throws {
      let message = RefusedMessage(
        at: at, peer: "10.0.3.7", sender: sender, control: control, type: "ADT^A01", answer: "AE", place: "PID^1^3",
        reason: Refusal("cannot-be-written"), message: Array(control.utf8))
      #expect(try station.register.keep(refused: [message]))
    }
    // Before the last one that was taken, and of another.
    try refuse("1", at: before)
    try refuse("2", at: before.adding(seconds: 10_000), sender: "LAB|CH")
    let silent = try #require(try pulse(station.register, day: 5, hour: 13.5))
    #expect(silent.isSilent && !silent.isRefused && silent.refused == 0)
    for _ in 1...3 { try refuse("3", at: before.adding(seconds: 10_800)) }
    let refused = try #require(try pulse(station.register, day: 5, hour: 13.5))
    #expect(!refused.isSilent && refused.isRefused && refused.refused == 3)
    // Not yet as long as would be silence.
    let early = try #require(try pulse(station.register, day: 5, hour: 12))
    #expect(!early.isSilent && !early.isRefused)
  }

  @Test func whatIsUsualIsTheMeanOfEarlierDays() async throws {
    let station = try await station(days: 5, lastHour: 12)
    let found = try #require(try pulse(station.register, day: 5, hour: 12.1))
    #expect(found.hours.count == 24)
    #expect(found.hours.suffix(5).map(\.count).dropLast() == [2, 2, 2, 2])
    #expect(found.hours.suffix(5).compactMap(\.usual).dropLast() == [2, 2, 2, 2])
    // At night, and the first day had no morning before its first message.
    #expect(found.hours[12].count == 0 && found.hours[12].usual == 0)
    let usual = try #require(found.silenceSecondsUsual)
    #expect((1790...1860).contains(usual), "half an hour, and the seconds that the clock moved")
  }

  @Test(arguments: [0, 1, 2])
  func tooFewDaysSayNothing(days: Int) async throws {
    let station = try await station(days: days, lastHour: 12)
    let found = try #require(try pulse(station.register, day: days, hour: 20))
    #expect(found.silenceSecondsUsual == nil && !found.isSilent)
  }

  @Test func oneThatEndedWeeksAgoAlarmsNobody() async throws {
    let station = try await station(days: 5, lastHour: 12)
    #expect(try pulse(station.register, day: 20, hour: 12)?.isSilent == true)
    #expect(try pulse(station.register, day: 40, hour: 12)?.isSilent == false)
  }

  /// What is usual survives a restart, and a rebuild of the read models.
  @Test(arguments: [false, true])
  func itIsReadFromTheLedger(rebuilding: Bool) async throws {
    let station = try await station(days: 4, lastHour: 12)
    let before = try pulse(station.register, day: 4, hour: 12)
    let again = try TestStation(after: station, rebuilding: rebuilding)
    #expect(try pulse(again.register, day: 4, hour: 12) == before)
  }

  @Test(arguments: [false, true])
  func figures(rebuilding: Bool) async throws {
    let station = try TestStation()
    func movement(_ fact: Fact, _ more: (String, JSON)...) -> Fact {
      var fact = fact
      var data = fact.data.object ?? JSONObject()
      data["movement"] = .object(JSONObject((data["movement"]?.object?.members ?? []) + more))
      fact.data = .object(data)
      return fact
    }
    let ins: JSON = [
      "birthName": "UN", "status": "QUAL", "phones": ["06"],
      "ins": ["matricule": "296032116623634", "oid": "1.2.250.1.213.1.4.8"],
    ]
    try await station.say(
      Fact(kind: "patient.registered", subject: "patient/1", at: .night, data: ins), .registered("patient/2", "DEUX"),
      Fact(kind: "patient.registered", subject: "patient/3", at: .night, data: ["birthName": "T", "status": "VALI"]),
      Fact(kind: "patient.registered", subject: "patient/4", at: .night, data: ["birthName": "T", "phones": ["06"]]),
      Fact(kind: "patient.merged", subject: "patient/4", at: .night, data: ["into": "patient/3"]),
      .stay("admitted", "stay/1", patient: "patient/1", key: "feed|1", bed: "4EST|1|A"),
      .stay("admitted", "stay/2", patient: "patient/9", key: "feed|2", bed: "4EST|1|Z"),
      .stay("admitted", "stay/3", key: "feed|3", bed: "NORD|1|A"),
      movement(.stay("admitted", "stay/4", patient: "patient/2", key: "feed|4", bed: "CHIR"), ("historic", true)),
      .stay("preadmitted", "stay/5", patient: "patient/2", key: "feed|5", bed: "CHIR", at: .hours(48)),
      .stay("preadmitted", "stay/6", patient: "patient/2", key: "feed|6", bed: "CHIR", at: .hours(31 * 24)),
      // Of what, nobody said: nobody is here by the one, and the others stay what they are.
      .stay("movement-corrected", "stay/7", patient: "patient/2", key: "feed|7", bed: "CHIR"),
      .stay("movement-corrected", "stay/5", key: "feed|8", bed: "CHIR"),
      .stay("movement-corrected", "stay/6", key: "feed|9", bed: "CHIR"),
      .stay("movement-cancelled", "stay/6", key: "feed|9"),
      Fact(
        kind: "appointment.booked", subject: "appointment/1", at: .night,
        data: ["startsAt": .string(Instant.hours(24).text), "kind": "operation"]),
      Fact(
        kind: "appointment.booked", subject: "appointment/2", at: .night,
        data: ["startsAt": .string(Instant.hours(25).text)]),
      Fact(kind: "appointment.booked", subject: "appointment/3", at: .night, data: [:]),
      Fact(
        kind: "appointment.missed", subject: "appointment/4", at: .night,
        data: ["startsAt": .string(Instant.hours(24).text)]))
    // Said otherwise since: it counts as what it is now.
    try await station.say(
      Fact(kind: "patient.corrected", subject: "patient/3", at: .night, data: ["status": "PROV"]))
    let read = rebuilding ? try TestStation(after: station, rebuilding: true) : station
    let coverage = try read.register.read { try $0.coverage(now: .hours(1)) }
    #expect(coverage.identities == [.qualified: 1, .provisional: 2, .validated: 0, .retrieved: 0])
    #expect(coverage.merged == 1 && coverage.withINS == 1 && coverage.withPhone == 1)
    #expect(coverage.present == 4 && coverage.occupied == 1 && coverage.beds == 8)
    #expect(
      coverage.lacks == [
        .patient: ["stay/2", "stay/3"], .bed: ["stay/2"], .unit: ["stay/3"], .noBed: ["stay/4"], .gap: ["stay/4"],
        .unclear: ["stay/5", "stay/7"],
      ])
    #expect(coverage.appointments == 2 && coverage.operations == 1 && coverage.withoutHour == 1)
    #expect(coverage.preadmissions == 1)
  }
}
