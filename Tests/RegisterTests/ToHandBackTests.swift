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

  /// The account tells of all that was written then: also of what is no patient's, and goes nowhere.
  @Test func whatIsKeptHereAlone() async throws {
    let station = try TestStation()
    try await nights(station)
    let first = try #require(try station.register.read { try $0.commitsToHandBack() }.first)
    _ = try await station.register.submit(
      Submission(
        NoteHandback([.init(commit: first.place, count: 1, control: "C1", trigger: "A28", at: .night)]), key: "note",
        author: "system"))
    try await station.say(
      Fact(
        kind: "patient.merged", subject: "patient/local", at: .night,
        data: ["into": "patient/there", "handedBack": true]))
    try await station.say(
      .stay("discharged", "stay/a", key: "a1"),
      Fact(kind: "emergency.oriented", subject: "emergency/a", at: .night, data: [:]))
    let rebuilt = try TestStation(after: station, rebuilding: true)
    for register in [station.register, rebuilt.register] {
      let told: [[String]] = try register.read { reading in
        try reading.commitsOfMeanwhile().map { commit in
          let facts = try reading.facts(of: commit)
          return commit.kinds + ["|"] + facts.filter { $0.isLink || !$0.isOfPatients }.map(\.kind)
        }
      }
      #expect(
        told == [
          ["|", "mode.declared"], ["patient.registered", "|"], ["|", "bed.closed"], ["|", "mode.declared"],
          ["patient.registered", "|"], ["|", "mode.declared"], ["patient.registered", "|"], ["|", "patient.merged"],
          ["stay.discharged", "|", "emergency.oriented"],
        ])
    }
  }

  /// What is sent again of a feed's own file or stay is what was said here of the one that became one with it.
  @Test func whatIsSentAgainOfWhatWasLinked() async throws {
    let station = try TestStation()
    try await declare(station, .degraded)
    try await station.say(.registered("patient/here", "A"))
    try await station.say(.stay("admitted", "stay/here", key: "h1"))
    let source = Source(sender: "GAM", control: "1", text: "", instant: .hours(1))
    try await station.say(
      .registered("patient/there", "A"), .stay("admitted", "stay/there", key: "GAM|1"), source: source)
    func commits() throws -> [Int] {
      try station.register.read { reading in
        try ["patient/there", "stay/there"].map { try reading.handbacks(of: $0).commits }
      }
    }
    #expect(try commits() == [0, 0])
    try await declare(station, .standby)
    try await station.say(
      Fact(kind: "patient.merged", subject: "patient/here", at: .night, data: ["into": "patient/there"]),
      Fact(kind: "stay.continued", subject: "stay/here", at: .night, data: ["as": "stay/there"]))
    #expect(try commits() == [1, 1])
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
      #expect(counts == (1, 1, 0, 0))
      #expect(refused.map(\.commit) == [first.place])
    }
    let handback = try #require(try rebuilt.register.read { try $0.handbacksRefused() }.first)
    _ = try await rebuilt.register.submit(
      Submission(SettleHandback(handback, control: "C2", way: .byHand), key: "settle", author: "system"))
    #expect(try rebuilt.register.read { try $0.commitsToHandBack() }.map(\.isDone) == [true, false, false])
  }

  /// One station says that it sends, and the others hear it.
  @Test func whoSends() async throws {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    func say(_ command: any Command) async throws {
      _ = try await first.register.submit(Submission(command, key: UUID().uuidString, author: "system"))
      try await second.take(from: first)
    }
    func runs() throws -> [HandbackRun] { try second.register.read { try $0.handbackRuns() } }
    try await say(BeginHandback(address: "10.0.3.7:2575"))
    let begun = try #require(try runs().first)
    #expect(begun.station == first.register.station && begun.address == "10.0.3.7:2575")
    try await say(BeginHandback(address: "10.0.3.7:2575"))
    let signed = try #require(try runs().first)
    #expect(try runs().count == 1 && signed.since == begun.since && signed.last > begun.last)
    #expect(!signed.isSilent(at: signed.last.adding(seconds: 599)))
    #expect(signed.isSilent(at: signed.last.adding(seconds: 600)))
    try await say(EndHandback())
    #expect(try runs() == [])
  }

  @Test func whatWentIsKeptUntilItWasTaken() throws {
    /// What was kept before, by place; it goes again with a 9 behind it.
    func keep(_ station: TestStation, _ messages: [(control: String, message: [UInt8])]) throws -> [Int: [UInt8]] {
      var before: [Int: [UInt8]] = [:]
      try station.register.keep(underWay: messages) { place, message in
        before[place] = message
        return message + [9]
      }
      return before
    }
    let station = try TestStation()
    #expect(try keep(station, [("A", [1]), ("B", [2])]) == [:])
    let later = try TestStation(after: station)
    #expect(try keep(later, [("A", [3]), ("C", [4])]) == [0: [1]])
    #expect(try keep(later, [("A", [5])]) == [0: [1, 9]])
    try later.register.forget(underWay: ["A"])
    #expect(try keep(later, [("A", [5]), ("B", [6])]) == [1: [2]])
  }
}
