import Foundation
import Hospital
import Ledger
import Register
import Testing

/// The same facts give the same state whatever arrived when.
struct LateFactTests {
  /// Six messages about two patients and a stay, an hour apart.
  static let messages: [(source: Source, facts: [Fact])] = [
    (source(1), [.registered("patient/a", "MARTIN", identifier: "1")]),
    (source(2), [.stay("admitted", "stay/a", patient: "patient/a", key: "feed|1", bed: "4EST|1|A", at: .hours(1))]),
    (source(3), [.registered("patient/a", "MARTINE")]),
    (source(4), [.stay("transferred", "stay/a", key: "feed|2", bed: "CHIR|1|B", at: .hours(3))]),
    (source(5), [.registered("patient/b", "DURAND", identifier: "2")]),
    (source(6), [.stay("discharged", "stay/a", key: "feed|3", at: .hours(5))]),
  ]

  static func source(_ hour: Int) -> Source {
    Source(sender: "GAM|CH", control: "\(hour)", text: "", instant: .hours(hour - 10))
  }

  @Test(arguments: [[5, 4, 3, 2, 1, 0], [3, 0, 5, 1, 4, 2], [1, 2, 3, 4, 5, 0]])
  func anyOrderEndsTheSame(order: [Int]) async throws {
    let inOrder = try TestStation(seed: 1)
    let shuffled = try TestStation(seed: 1)
    for index in 0..<6 { try await say(index, to: inOrder) }
    for index in order { try await say(index, to: shuffled) }
    let expected = try inOrder.register.read { try $0.digest().digest }
    #expect(try shuffled.register.read { try $0.digest().digest } == expected)
    try shuffled.register.read { (reading: Reading) throws in
      #expect(try reading.patient("patient/a")?.birthName == "MARTINE")
      #expect(try reading.stay("stay/a")?.status == .discharged)
      #expect(try reading.census(at: .hours(2)).occupied == 1)
      #expect(try reading.census(at: .hours(6)).occupied == 0)
      #expect(
        try reading.history(of: "stay/a").map(\.heard.fact.kind) == [
          "stay.admitted", "stay.transferred", "stay.discharged",
        ])
    }
  }

  @Test func onlyItsOwnSubjectIsTouched() async throws {
    let station = try TestStation()
    for index in [1, 2, 3, 4] { try await say(index, to: station) }
    let changes = station.register.changes()
    try await say(0, to: station)
    #expect(await changes.first { _ in true } == ["patient/a"])
  }

  private func say(_ index: Int, to station: TestStation) async throws {
    let message = Self.messages[index]
    let submission = Submission(Say(message.facts), key: "key-\(index)", author: "system", source: message.source)
    _ = try await station.register.submit(submission)
  }
}
