import Foundation
import Hospital
import Ledger
import Register
import Seeded
import Testing

/// Who is awaited, by hour and by patient, out of the read models.
struct AppointmentTests {
  private static func fact(_ kind: AppointmentFact, _ id: String, _ patient: String, at hour: Instant) -> Fact {
    Fact(
      kind: kind.rawValue, subject: "appointment/\(id)", at: .night,
      data: ["patient": .string(patient), "startsAt": .string(hour.text), "unit": "CHIR"])
  }

  private static let story: [Fact] = [
    fact(.booked, "a", "patient/a", at: .hours(30)), fact(.booked, "b", "patient/b", at: .hours(20)),
    fact(.booked, "c", "patient/a", at: .hours(10)), fact(.cancelled, "c", "patient/a", at: .hours(10)),
    fact(.booked, "d", "patient/b", at: .hours(10)), fact(.moved, "d", "patient/b", at: .hours(25)),
    fact(.missed, "e", "patient/b", at: .hours(25)),
  ]

  private func say(_ index: Int, to station: TestStation) async throws {
    let source = Source(sender: "RDV|CH", control: "\(index)", text: "", instant: .hours(index - 10))
    _ = try await station.register.submit(
      Submission(Say([Self.story[index]]), key: "key-\(index)", author: "system", source: source))
  }

  private func expectRows(_ reading: Reading) throws {
    let awaited = try reading.awaitedAppointments(from: .night, to: .hours(40))
    #expect(awaited.map(\.id) == ["appointment/b", "appointment/d", "appointment/a"])
    #expect(try reading.awaitedAppointments(from: .hours(20), to: .hours(25)).map(\.id) == ["appointment/b"])
    #expect(
      try reading.appointments(ofPatient: "patient/a").map { "\($0.id) \($0.status)" } == [
        "appointment/a booked", "appointment/c cancelled",
      ])
    // `d` was moved to 25; `c` and `e` are awaited no more, and are found all the same.
    for (units, from, until, count) in [
      (nil, nil, nil, 5), (["CHIR"], nil, nil, 5), (["MED"], nil, nil, 0), (nil, Instant.hours(25), nil, 3),
      (nil, nil, Instant.hours(20), 1), (nil, Instant.hours(10), Instant.hours(30), 4),
      (["CHIR"], Instant.hours(10), Instant.hours(25), 2), (["MED"], Instant.hours(10), nil, 0),
    ] as [([String]?, Instant?, Instant?, Int)] {
      let found = try reading.appointmentNumbers(units: units, from: from, until: until, after: 0, limit: 10)
      #expect(found.count == count && found == found.sorted())
      let rest = try found.first.map {
        try reading.appointmentNumbers(units: units, from: from, until: until, after: $0, limit: 2)
      }
      #expect(rest ?? [] == Array(found.dropFirst().prefix(2)))
    }
  }

  @Test(arguments: 1...6)
  func anyOrderEndsTheSame(seed: Int) async throws {
    let (inOrder, shuffled) = (try TestStation(seed: 1), try TestStation(seed: 1))
    for index in Self.story.indices { try await say(index, to: inOrder) }
    var dice = Seeded(seed: UInt64(seed))
    for index in Self.story.indices.shuffled(using: &dice) { try await say(index, to: shuffled) }
    #expect(
      try shuffled.register.read { try $0.digest().digest } == inOrder.register.read { try $0.digest().digest })
    try inOrder.register.read { try expectRows($0) }
    try shuffled.register.read { try expectRows($0) }
  }

  @Test func aRebuildGivesTheSame() async throws {
    let station = try TestStation()
    for index in Self.story.indices { try await say(index, to: station) }
    let copy = try TestStation.copy(of: station.folder)
    try Register.rebuild(folder: copy.path, batchRows: 2)
    let rebuilt = try Register(folder: copy.path, access: .reading, environment: station.environment.environment)
    try rebuilt.read { try expectRows($0) }
  }
}
