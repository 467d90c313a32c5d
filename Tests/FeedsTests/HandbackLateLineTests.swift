import Feeds
import Hospital
import Ledger
import Register
import Testing

/// Somebody was moved, on a machine that nobody heard, before they left for a while, which the main system was told.
struct HandbackLateLineTests {
  @Test func whatItChangesIsToldAgain() async throws {
    let night = try await HandbackSendingTests.Night()
    let (_, stay) = try await night.admit("MARTIN", "LOUISE")
    let apart = try ImportStation(copying: night.station)
    _ = try await apart.register.submit(
      Submission(Transfer(stay: stay, unit: "1050"), key: night.station.environment.newID(), author: "system"))
    try await night.say(Leave(stay: stay))
    let main = MainSystem { _ in .taken }
    try await night.send(to: main)
    #expect(main.taken == ["A28 LOUISE", "A01 LOUISE", "A21 LOUISE"])
    let tip = try #require(try apart.register.tips()[night.station.register.station]?.first)
    let lines = try #require(try apart.register.lines(endingAt: tip.hash, after: 0, bytes: .max))
    _ = try await night.station.register.takeIn(lines, from: "lits-2")
    try await night.send(to: main)
    #expect(main.taken.dropFirst(3) == ["A02 LOUISE", "Z99 LOUISE"])
    #expect(main.segments("PV1").suffix(2).allSatisfy { $0.hasPrefix("PV1|1|I|1050") })
    #expect(try night.status.pending == 0)
  }
}
