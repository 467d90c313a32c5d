import Foundation
import Hospital
import Ledger
import Register
import Testing

/// Which commits go back to the main system, and what is known of those that went.
struct ToHandBackTests {
  private func declare(_ station: TestStation, _ mode: Mode, isLocal: Bool = false) async throws {
    _ = try await station.register.submit(
      Submission(
        DeclareMode(mode: mode, isLocal: isLocal, reason: "essai"), key: UUID().uuidString, author: "system"))
  }

  /// The patients of those commits, in order.
  private func names(_ register: Register) throws -> [String] {
    try register.read { try $0.commitsToHandBack() }.flatMap(\.subjects)
  }

  /// What was said in standby is the main system's own people's; beds are the stays' to say; a feed's is its own.
  private func nights(_ station: TestStation) async throws {
    try await station.say(.registered("patient/before", "A"))
    try await declare(station, .degraded)
    try await station.say(.registered("patient/degraded", "A"))
    try await station.say(.bed("closed", "bed/1"))
    let source = Source(sender: "GAM", control: "1", text: "", instant: .hours(1))
    try await station.say(.registered("patient/feed", "A"), source: source)
    try await declare(station, .handback)
    try await station.say(.registered("patient/reprise", "A"))
    try await declare(station, .standby)
    try await station.say(.registered("patient/between", "A"))
    try await declare(station, .degraded, isLocal: true)
    try await station.say(.registered("patient/local", "A"))
  }

  @Test func whatWasSaidWhileNobodyElseWasInCharge() async throws {
    let station = try TestStation()
    #expect(try names(station.register) == [])
    try await nights(station)
    #expect(try names(station.register) == ["patient/degraded", "patient/reprise", "patient/local"])
  }

  @Test func aRebuildFindsTheSame() async throws {
    let station = try TestStation()
    try await nights(station)
    let first = try #require(try station.register.read { try $0.commitsToHandBack() }.first)
    _ = try await station.register.submit(
      Submission(
        NoteHandback([
          .init(commit: first.place, count: 1, control: "C1", trigger: "A28", at: .night),
          .init(
            commit: first.place, count: 2, control: "C2", trigger: "A31", at: .night, refusal: .init(answer: "AE")),
        ]), key: "note", author: "system"))
    let rebuilt = try TestStation(after: station, rebuilding: true)
    for register in [station.register, rebuilt.register] {
      let (commits, counts, refused) = try register.read {
        (try $0.commitsToHandBack(), try $0.handbackCounts(), try $0.handbacksRefused())
      }
      #expect(commits.flatMap(\.subjects) == ["patient/degraded", "patient/reprise", "patient/local"])
      #expect(commits.allSatisfy { !$0.isDone })
      #expect(counts == (1, 1, 0))
      #expect(refused.map(\.commit) == [first.place])
    }
    let handback = try #require(try rebuilt.register.read { try $0.handbacksRefused() }.first)
    _ = try await rebuilt.register.submit(
      Submission(SettleHandback(handback, control: "C2", way: .byHand), key: "settle", author: "system"))
    #expect(try rebuilt.register.read { try $0.commitsToHandBack() }.map(\.isDone) == [true, false, false])
  }
}
