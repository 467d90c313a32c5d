import Foundation
import Hospital
import Ledger
import Register
import Testing

/// What a diary says of people is not the main system's word.
struct DiaryTests {
  private static let patient = "patient/" + Name.subject("patient", "1.2.250.1.999.1", "7100")
  private static let ours = "patient/0196f1d2-0000-7000-8000-000000000001"

  private func person(_ kind: String, _ name: String, of patient: String = patient) -> Fact {
    Fact(
      kind: kind, subject: patient, at: .night,
      data: [
        "birthName": .string(name), "birthGivenName": "LOUISE", "birthDate": "1961-03-12", "sex": "F",
        "identifiers": [["value": "7100", "authority": "1.2.250.1.999.1", "type": "PI"]],
      ])
  }

  private func say(_ fact: Fact, _ number: Int, _ station: TestStation) async throws {
    let source = Source(sender: "RDV|CH", control: "\(number)", text: "", instant: .hours(number - 9))
    try await station.say(fact, key: "message \(number)", source: source)
  }

  private func kinds(_ station: TestStation) throws -> [Difference.Kind] {
    try #require(try station.register.read { try $0.returnComparison(at: .hours(1)) }).differences.map(\.kind)
  }

  /// Since the main system is back, of somebody it described before: the used name is no other birth name there.
  @Test(arguments: [("patient.mentioned", []), ("patient.described", [Difference.Kind.trait])])
  func aNameSinceTheReturn(kind: String, differs: [Difference.Kind]) async throws {
    let station = try TestStation()
    try await say(person("patient.described", "MARTIN"), 1, station)
    try await station.submit(DeclareMode(mode: .degraded, isLocal: false, reason: "essai"))
    try await station.submit(DeclareMode(mode: .handback, isLocal: false, reason: "essai"))
    try await say(person(kind, "DURAND"), 2, station)
    #expect(try kinds(station) == differs)
  }

  /// Somebody registered here whom the diary numbers is not two people there.
  @Test(arguments: [("patient.mentioned", []), ("patient.described", [Difference.Kind.twice])])
  func somebodyRegisteredHere(kind: String, differs: [Difference.Kind]) async throws {
    let station = try TestStation()
    try await station.submit(DeclareMode(mode: .degraded, isLocal: false, reason: "essai"))
    var registered = person("patient.registered", "MARTIN", of: Self.ours).data.object ?? JSONObject()
    registered["identifiers"] = nil
    try await station.say(
      Fact(kind: "patient.registered", subject: Self.ours, at: .night, data: .object(registered)))
    try await station.submit(DeclareMode(mode: .handback, isLocal: false, reason: "essai"))
    try await say(person(kind, "MARTIN"), 2, station)
    #expect(try kinds(station) == differs)
  }

  /// What somebody typed there is confirmed by the main system alone.
  @Test(arguments: [("patient.mentioned", false), ("patient.described", true)])
  func confirms(kind: String, isHeard: Bool) async throws {
    let station = try TestStation()
    try await say(person(kind, "MARTIN"), 1, station)
    #expect(try station.register.read { try $0.lastHeard(of: Self.patient) != nil } == isHeard)
  }
}
