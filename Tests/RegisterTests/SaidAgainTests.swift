import Foundation
import Hospital
import Ledger
import Register
import Testing

/// A main system that comes back from a backup says again, byte for byte, what it had said before the night.
struct SaidAgainTests {
  private static let patient = "patient/" + Name.subject("patient", "1.2.250.1.999.1", "7100")
  private static let stay = "stay/" + Name.subject("stay", "1.2.250.1.999.2", "7200")

  /// Somebody admitted and moved twice; the last move is taken back by a message that does not name it.
  private static let messages: [Fact] = [
    .registered(patient, "MARTIN", identifier: "7100"),
    .stay("admitted", stay, patient: patient, key: "feed|1", bed: "4EST|1|A", number: "7200", at: .hours(-7)),
    .stay("transferred", stay, key: "feed|2", bed: "4EST|1|B", at: .hours(-6)),
    .stay("transferred", stay, key: "feed|3", bed: "4EST|2|A", at: .hours(-5)),
    Fact(
      kind: "stay.movement-cancelled", subject: stay, at: .hours(-4),
      data: ["movement": ["key": "feed|4", "trigger": "A02", "latest": true]]),
  ]

  /// Before, here and there; and the census.
  private static let sideBySide = ["place: 4EST B, CHIR A, 4EST B", "7200: CHIR A, 4EST B"]

  private func declare(_ mode: Mode, _ station: TestStation) async throws {
    try await station.submit(DeclareMode(mode: mode, isLocal: false, reason: "essai"))
  }

  @discardableResult
  private func feed(_ station: TestStation) async throws -> [Receipt] {
    var receipts: [Receipt] = []
    for (number, fact) in Self.messages.enumerated() {
      let source = Source(sender: "GAM|CH", control: "\(number + 1)", text: "", instant: .hours(number - 8))
      receipts.append(try await station.say(fact, key: "message \(number + 1)", source: source))
    }
    return receipts
  }

  /// The patient is moved here while the main system is away.
  private func night(_ station: TestStation) async throws {
    try await declare(.degraded, station)
    try await station.say(.stay("transferred", Self.stay, key: "ours", bed: "CHIR|1|A"))
    try await declare(.handback, station)
  }

  private func compared(_ station: TestStation) throws -> [String] {
    let found = try #require(try station.register.read { try $0.returnComparison(at: .hours(1)) })
    let differences = found.differences.map { difference in
      let sides = [difference.before, difference.here, difference.there].map { $0?.text ?? "–" }
      return "\(difference.kind.rawValue): \(sides.joined(separator: ", "))"
    }
    if found.census.isUnknown { return differences + ["unknown"] }
    return differences + found.census.differing.map { "\($0.number): \($0.here ?? "–"), \($0.there ?? "–")" }
  }

  private func lines(_ station: TestStation) throws -> Int { try station.register.read { try $0.counts().commits } }

  @Test func whatIsReplayedIsTheMainSystemsOwnState() async throws {
    let station = try TestStation()
    let first = try await feed(station)
    try await night(station)
    #expect(try compared(station) == ["unknown"])
    let (digest, before) = (try station.digest(), try lines(station))
    let again = try await feed(station)
    // The same answer, and nothing that any file shows.
    #expect(again.allSatisfy(\.isRepeated) && again.map(\.hash) == first.map(\.hash))
    #expect(try station.digest() == digest)
    #expect(try station.register.read { try $0.history(of: Self.stay).count } == 5)
    #expect(try compared(station) == Self.sideBySide)
    // Each message once, however often it comes.
    try await feed(station)
    #expect(try lines(station) == before + Self.messages.count)
    let other = try station.joined("urg-2", seed: 7)
    try await other.take(from: station)
    let rebuilt = try TestStation(after: station, rebuilding: true)
    for copy in [other, rebuilt] {
      #expect(try copy.digest() == digest)
      #expect(try compared(copy) == Self.sideBySide)
    }
    #expect(try station.register.verifyLedger().failures.isEmpty)
  }

  /// Lines that the same feed comes to in one mode after another, sent twice in each.
  @Test func onlyWhileTheMainSystemComesBack() async throws {
    let station = try TestStation()
    try await feed(station)
    var written: [Int] = []
    for mode in [Mode.standby, .degraded, .handback, .degraded, .handback, .standby] {
      try await declare(mode, station)
      let before = try lines(station)
      for _ in 1...2 { try await feed(station) }
      written.append(try lines(station) - before)
    }
    #expect(written == [0, 0, 5, 0, 5, 0])
  }

  /// The feed speaks to another station than before the night, or to both: what it says again is said once.
  @Test(arguments: [[1], [0, 1]])
  func whicheverStationHearsIt(hearing: [Int]) async throws {
    let first = try TestStation()
    let stations = [first, try first.joined("urg-2", seed: 7)]
    try await feed(first)
    try await night(first)
    try await stations[1].take(from: first)
    let digest = try first.digest()
    for index in hearing { try await feed(stations[index]) }
    try await first.take(from: stations[1])
    try await stations[1].take(from: first)
    for station in stations {
      #expect(try station.digest() == digest)
      #expect(try compared(station) == Self.sideBySide)
    }
  }
}
