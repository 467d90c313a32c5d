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
    #expect(patient.deceased == row.deceased)
  }
}
