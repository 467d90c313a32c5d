import Hospital
import Ledger
import Register
import Testing

/// A patient triaged and oriented here at night, handed back, whom the main system then speaks of under its own names.
struct ContinuedTests {
  private static let (here, there) = ("stay/here", "stay/there")

  private static func linked() async throws -> TestStation {
    let station = try TestStation()
    let request = BedRequest.subject(ofStay: here)
    try await station.say(
      .registered("patient/here", "MARTIN"), EmergencyTests.stay("admitted", "here", class: "emergency"),
      EmergencyTests.triaged("here", "2", at: .hours(0, minutes: 5)),
      FlowTests.said("arrived", "here", at: .night, ["complaint": "R07.4"]),
      FlowTests.said("oriented", "here", at: .hours(1), ["key": "1", "way": "admit", "orient": "MED"]),
      FlowTests.step("asked", "here", at: .hours(1)),
      Fact(kind: "stay.asked", subject: here, at: .night, data: ["diet": "mixé"]),
      Fact(kind: "patient.situation-set", subject: "patient/here", at: .night, data: ["kind": "custody"]),
      Fact(
        kind: "request.made", subject: request, at: .hours(1),
        data: ["stay": .string(here), "patient": "patient/here", "from": "emergency", "needs": ["unit": "4EST"]]))
    try await station.say(
      .registered("patient/there", "MARTIN"), EmergencyTests.stay("admitted", "there", class: "emergency"),
      Fact(kind: "patient.merged", subject: "patient/here", at: .hours(2), data: ["into": "patient/there"]),
      Fact(kind: "stay.continued", subject: here, at: .hours(2), data: ["as": .string(there)]))
    return station
  }

  private func line(_ patient: EmergencyPatient) -> String {
    [
      patient.stay.id, patient.visit.triage?.level, patient.visit.complaint, patient.visit.orientation?.orient,
      patient.patient?.situations.map(\.kind).joined(separator: "+"),
    ].map { $0 ?? "-" }.joined(separator: " ")
  }

  /// The board, a day's summaries, the flow, and what is asked for of them.
  private func read(_ station: TestStation) throws -> [String] {
    try station.register.read { reading in
      var lines = try reading.emergencyPresent(at: .hours(5), since: .hours(-1)).map(line)
      lines += try reading.emergencyArrivals(from: .night, to: .hours(1)).map(line)
      let flow = try reading.emergencyFlow(from: .night, until: .hours(3), .usual)
      lines.append("triaged \(flow.triage.minutes.median ?? -1) \(flow.levels.map(\.level))")
      for underway in try reading.underway([Self.there]) + [reading.underway(Self.there)] {
        let way = underway.visit?.orientation?.orient ?? "-"
        lines.append("\(way) \(underway.request?.stay ?? "-") \(underway.transfers.map { $0.transfer.stay })")
      }
      lines += try reading.waitingRequests(at: .hours(5)).map { "waits \($0.stay?.id ?? "-") \($0.isGone)" }
      lines += try reading.transfers(since: .night).map { "asked \($0.stay)" }
      let stay = try reading.stay(Self.there).map { try reading.whole($0) }
      return lines + [stay?.answers[.diet]?.text ?? "-"]
    }
  }

  @Test func whatWasSaidIsReadUnderTheOtherName() async throws {
    let station = try await Self.linked()
    let patient = "stay/there 2 R07.4 MED custody"
    let underway = "MED stay/there [\"stay/there\"]"
    let expected = [
      patient, patient, "triaged 5 [\"2\"]", underway, underway, "waits stay/there false", "asked stay/there",
      "mixé",
    ]
    #expect(try read(station) == expected)
    let rebuilt = try TestStation(after: station, rebuilding: true)
    #expect(try read(rebuilt) == expected)
    #expect(try rebuilt.digest() == station.digest())
  }

  /// Late, from a station that had not heard of it.
  @Test func whatIsSaidUnderTheFirstNameStill() async throws {
    let station = try await Self.linked()
    try await station.say(EmergencyTests.triaged("here", "1", at: .hours(3)))
    #expect(try read(station).first == "stay/there 1 R07.4 MED custody")
    try await station.say(
      Fact(kind: "patient.situation-set", subject: "patient/here", at: .hours(3), data: ["kind": "prisoner"]))
    #expect(try read(station).first == "stay/there 1 R07.4 MED custody+prisoner")
  }

  @Test func decisionsReadItToo() async throws {
    let station = try await Self.linked()
    let ended = try await station.register.submit(
      Submission(EndSituation(patient: "patient/there", kind: "custody"), key: "end", author: "system"))
    #expect(ended.facts.map(\.subject) == ["patient/here"])
    #expect(try read(station).first == "stay/there 2 R07.4 MED ")
  }

  /// Whose custody was said of the file that is gone is told of to nobody who asks.
  @Test func enquiriesHearOfIt() async throws {
    let station = try await Self.linked()
    let asked = try station.register.read { try $0.enquiryCandidates(at: .hours(5)) }
    #expect(asked.map(\.patient.id) == ["patient/there"])
    #expect(asked.map(\.patient.isDiscreet) == [true])
  }

  @Test func partedEachHasItsOwn() async throws {
    let station = try await Self.linked()
    try await station.say(Fact(kind: "stay.continued", subject: Self.here, at: .hours(3), data: ["as": nil]))
    #expect(
      try read(station).prefix(2) == ["stay/here 2 R07.4 MED custody", "stay/there - - - custody"])
    let rebuilt = try TestStation(after: station, rebuilding: true)
    #expect(try read(rebuilt) == read(station))
  }
}
