import Hospital
import Ledger
import Testing

/// A feed says "not protected" and "not deceased" in every message, whatever was said here.
struct FeedAgainstPersonTests {
  enum By { case feed, person }

  static let table: [(name: String, said: [(By, String, JSON)], protected: Bool, deceased: Bool)] = [
    ("the feed alone", [(.feed, "patient.described", ["protected": true, "deceased": true])], true, true),
    (
      "the feed lifts its own",
      [
        (.feed, "patient.described", ["protected": true, "deceased": true]),
        (.feed, "patient.described", ["protected": false, "deceased": false]),
      ], false, false
    ),
    (
      "with the hour that it had said",
      [
        (
          .feed, "patient.described",
          ["deceased": true, "deathAt": "2022-08-19T22:00:00.000Z", "deathBefore": "2022-08-20T22:00:00.000Z"]
        ), (.feed, "patient.described", ["deceased": false]),
      ], false, false
    ),
    (
      "what a person said stays",
      [
        (.person, "patient.protected", ["protected": true]), (.person, "patient.died", [:]),
        (.feed, "patient.described", ["protected": false, "deceased": false, "deathAt": nil]),
      ], true, true
    ),
    (
      "a person lifts what a person said",
      [
        (.person, "patient.protected", ["protected": true]), (.person, "patient.died", [:]),
        (.person, "patient.protected", ["protected": false]), (.person, "patient.death-withdrawn", [:]),
        (.feed, "patient.described", ["protected": false, "deceased": false]),
      ], false, false
    ),
    (
      "registered as protected",
      [
        (.person, "patient.registered", ["protected": true]), (.feed, "patient.described", ["protected": false]),
      ], true, false
    ),
    (
      "once the feed knows, it is the feed's to lift",
      [
        (.person, "patient.protected", ["protected": true]), (.feed, "patient.described", ["protected": true]),
        (.feed, "patient.described", ["protected": false]),
      ], false, false
    ),
    (
      "a person's after the feed's",
      [
        (.feed, "patient.described", ["protected": true]), (.person, "patient.protected", ["protected": true]),
        (.feed, "patient.described", ["protected": false]),
      ], true, false
    ),
    (
      "a diary's, which the feed has not heard of",
      [
        (.feed, "patient.described", ["birthName": "MARTIN", "protected": false]),
        (.feed, "patient.mentioned", ["protected": true]), (.feed, "patient.described", ["protected": false]),
      ], true, false
    ),
    (
      "a diary's, once the feed knows",
      [
        (.feed, "patient.mentioned", ["birthName": "MARTIN", "protected": true]),
        (.feed, "patient.described", ["protected": true]), (.feed, "patient.described", ["protected": false]),
      ], false, false
    ),
    (
      "a diary's beside a person's",
      [
        (.person, "patient.protected", ["protected": true]), (.feed, "patient.mentioned", ["protected": true]),
        (.feed, "patient.described", ["protected": false]),
      ], true, false
    ),
    (
      "a diary lifts none",
      [
        (.feed, "patient.described", ["birthName": "MARTIN", "protected": true]),
        (.feed, "patient.mentioned", ["protected": false]),
      ], true, false
    ),
  ]

  @Test(arguments: table.map(\.name))
  func folds(name: String) throws {
    let row = try #require(Self.table.first { $0.name == name })
    var patient = Patient(id: PatientFoldTests.id)
    for (second, said) in row.said.enumerated() {
      var heard = PatientFoldTests.heard(said.1, said.2, second: second)
      if said.0 == .feed {
        heard.source = Source(sender: "GAM|CH", control: "\(second)", text: "", instant: heard.time.instant)
      }
      patient.fold(heard)
      // A state read back from its row folds on in the same way.
      patient = try #require(Patient(stored: patient.stored))
    }
    #expect(patient.protected == row.protected)
    #expect(patient.deceased == row.deceased && patient.isDead == row.deceased)
  }

  /// What a feed says ended, and at which second; whether what a person set here at second 10 still holds.
  static let ends: [(name: String, end: JSON, second: Int, holds: Bool)] = [
    ("long ago", ["kind": "psychiatric", "id": "M0", "ZFS-4": "20210101"], -9000, true),
    ("long ago, without a name", ["kind": "psychiatric", "ZFS-4": "20210101"], -9000, true),
    ("since", ["kind": "psychiatric", "id": "M0"], 20, false), ("as it began", ["kind": "psychiatric"], 10, false),
    ("never was", ["kind": "psychiatric", "id": "M0", "ZFS-5": "CANCEL"], 20, true),
    ("never was, without a name", ["kind": "psychiatric", "ZFS-5": "CANCEL"], 20, false),
  ]

  @Test(arguments: ends.indices) func aMeasureSetHere(row: Int) {
    let (name, end, second, holds) = Self.ends[row]
    var patient = Patient(id: PatientFoldTests.id)
    let since = Instant.night.adding(seconds: 10)
    let set: JSON = ["kind": "psychiatric", "code": "SDT", "since": .string(since.text)]
    patient.fold(PatientFoldTests.heard("patient.situation-set", set, second: 10))
    let said = patient.situationsSaid
    var heard = PatientFoldTests.heard("patient.situation-ended", end, second: 30)
    heard.fact.at = .night.adding(seconds: second)
    heard.source = Source(sender: "GAM|CH", control: "1", text: "", instant: heard.time.instant)
    patient.fold(heard)
    #expect(patient.situations.isEmpty != holds, "\(name)")
    #expect((patient.situationsSaid == said) == holds, "\(name)")
  }
}
