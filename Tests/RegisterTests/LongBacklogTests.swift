import Hospital
import Ledger
import Register
import Seeded
import Testing

/// Lines that are read and kept in several parts: long ones, so that few of them are more than a mebibyte.
struct LongBacklogTests {
  /// Lines of one station's chain, nearly three mebibytes.
  private static let lines = 240

  @Test(arguments: [false, true])
  func aLongBacklogGivesTheSameHospital(isShuffled: Bool) async throws {
    let first = try await Self.talkative()
    let second = try first.joined("urg-2", seed: 7)
    try second.register.hasten()
    var lines = try first.lines()
    var dice = Seeded(seed: 3)
    if isShuffled { lines.shuffle(using: &dice) }
    let taken = try await second.register.takeIn(lines, from: "urg-1")
    #expect(taken.accepted == lines.count)
    #expect(isShuffled || taken == TakenIn(accepted: lines.count))
    try second.register.close()
    let again = try TestStation(after: second)
    for station in [second, again] {
      #expect(try station.digest() == first.digest())
      #expect(try station.heads()[first.register.station] == first.heads()[first.register.station])
      #expect(try station.register.read { try $0.linesAside() } == [])
      #expect(try station.register.verifyLedger().failures == [])
    }
    #expect(try await second.register.takeIn(lines, from: "urg-1") == TakenIn(known: lines.count))
  }

  @Test func whoeverAdmitsMeanwhileIsAnswered() async throws {
    let first = try await Self.talkative()
    let second = try first.joined("urg-2", seed: 7)
    let lines = try first.lines()
    async let taken = second.register.takeIn(lines, from: "urg-1")
    for number in 0..<5 { try await second.say(.registered("patient/here-\(number)", "DURAND")) }
    #expect(try await taken == TakenIn(accepted: lines.count))
    try await first.take(from: second)
    #expect(try second.digest() == first.digest())
    #expect(try second.register.verifyLedger().failures == [])
  }

  /// A bug of ours meets one line: those before it are kept, it lies aside with those that stand on it, and another
  /// chain's go on.
  @Test func aLineThatCannotBeFoldedLiesAsideAlone() async throws {
    let first = try TestStation()
    let before = try first.joined("urg-2", seed: 7)
    try await first.say(.registered("patient/damaged", "MARTIN"))
    try await before.take(from: first)
    try before.register.writeTables { db in
      try db.execute(
        sql: "UPDATE states SET stored = x'00' WHERE subject = (SELECT id FROM subjects WHERE name = 'patient/damaged')"
      )
    }
    // The writer still holds it; another process would not.
    let second = try TestStation(after: before)
    try await Self.talk(first, lines: 150)
    let damaging = try await first.say(.registered("patient/damaged", "DURAND"))
    try await Self.talk(first, lines: 90)
    let third = try first.joined("urg-3", seed: 8)
    try await third.say(.registered("patient/c", "PETIT"))
    let lines = try first.lines()
    let known = try second.heads()[first.register.station]?.first?.sequence ?? 0
    let taken = try await second.register.takeIn(lines + third.lines(), from: "urg-1")
    #expect(taken == TakenIn(accepted: damaging.sequence - 1 - known + 2, known: known, aside: 91))
    #expect(try second.heads()[first.register.station]?.map(\.sequence) == [damaging.sequence - 1])
    let aside = try second.register.read { try $0.linesAside() }
    #expect(aside.compactMap(\.sequence).min() == damaging.sequence && aside.count == 91)
    #expect(aside.allSatisfy { $0.reason == "it could not be folded here" })
    #expect(try second.register.read { try $0.patient("patient/c") }?.birthName == "PETIT")
    #expect(try second.register.verifyLedger().failures == [])
  }

  private static func talkative() async throws -> TestStation {
    let station = try TestStation()
    try await talk(station, lines: lines)
    return station
  }

  /// Patients who come again, under names of their own, each in a line of some twelve kibibytes.
  private static func talk(_ station: TestStation, lines: Int) async throws {
    let long = JSON.string(String(repeating: "x", count: 12_000))
    for number in 0..<lines {
      let data: JSON = ["birthName": .string("MARTIN \(number)"), "remark": long]
      try await station.say(
        Fact(kind: "patient.registered", subject: "patient/\(number % 50)", at: .hours(number), data: data))
    }
  }
}
