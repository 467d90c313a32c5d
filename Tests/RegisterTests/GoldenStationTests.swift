import Foundation
import Ledger
import Register
import Testing

/// Facts about stations that some hospital holds: never change a line of `Tests/Golden/Register`; add to it. A line is
/// a fact, and what must be known of the station that says it once it is said after those above it.
struct GoldenStationTests {
  static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Golden/Register/stations.jsonl")

  @Test func stations() async throws {
    let station = try TestStation()
    for line in try String(contentsOf: Self.file, encoding: .utf8).split(separator: "\n") {
      let json = try JSON(parsing: String(line))
      let fact = Fact(
        kind: try #require(json["kind"]?.string), subject: try #require(json["subject"]?.string),
        at: try #require(json["at"]?.string.flatMap { Instant($0) }), data: try #require(json["data"]))
      try await station.say(fact)
      let known = try #require(try station.register.read { try $0.station(station.register.station) })
      #expect(known.addresses == json["then"]?["addresses"]?.array?.compactMap(\.string), "\(fact.kind) at \(fact.at)")
      #expect(
        known.successors == json["then"]?["successors"]?.array?.compactMap(\.string), "\(fact.kind) at \(fact.at)")
    }
  }
}
