import Hospital
import Interop
import Ledger
import Testing

/// Which facts of its commit each message tells.
struct HandbackFactsTests {
  private typealias Night = SaidMeanwhile
  private static let patient = "patient/0196f1d2-0000-7000-8000-000000000001"
  private static let stay = "stay/0196f1d2-0000-7000-8000-000000000002"

  private static var admitted: SaidMeanwhile { Night.admitted(patient, stay) }

  struct Carried: Sendable {
    /// Of one commit, after the admission.
    var said: [(kind: String, subject: String, data: JSON)]
    var told: [(trigger: String, facts: [Int])]
  }
  static let carried = [
    Carried(
      said: [
        ("patient.corrected", patient, ["usedName": "DURAND"]), ("patient.merged", "patient/x", ["into": "patient/y"]),
        ("patient.status-changed", patient, ["attributes": ["HOMD"]]),
      ], told: [("A31", [0, 2]), ("A28", []), ("A28", []), ("A40", [1])]),
    Carried(
      said: [
        ("stay.transferred", stay, Night.movement("m2", "A02", unit: "CHIR")),
        ("stay.described", stay, ["reason": "x"]), ("patient.protected", patient, ["protected": true]),
      ], told: [("A31", [2]), ("A02", [0])]),
    Carried(
      said: [("patient.identifier-withdrawn", patient, ["value": "81", "authority": "1.2.250.1.99.1", "type": "PI"])],
      told: [("A31", [0]), ("A47", [0])]),
  ]

  /// Each message knows the facts that it tells, by their places in its commit.
  @Test(arguments: carried) func theFactsOfAMessage(_ row: Carried) {
    var night = Self.admitted
    #expect(night.messages.map(\.facts) == [[0], [1]])
    night.say(row.said)
    let last = night.messages.filter { $0.commit == night.said[1][0].place.commit }
    #expect(last.map(\.trigger) == row.told.map(\.trigger))
    #expect(last.map(\.facts) == row.told.map(\.facts))
  }

  /// What was said before the crisis is told first, and is no fact of the commit that tells it.
  @Test func whatIsToldFromItsBeginningIsOfNoFact() {
    var night = Self.admitted
    night.say([("stay.transferred", Self.stay, Night.movement("m2", "A02", unit: "CHIR", bed: "2"))])
    let (patients, stays) = (night.patients, night.stays)
    var story = HandbackStory(night.settings, patientNow: { patients[$0] }, stayNow: { stays[$0] })
    #expect(story.hear(night.said[0], tells: false).isEmpty)
    let messages = story.hear(night.said[1], tells: true)
    #expect(messages.map(\.trigger) == ["A28", "A01", "A02"] && messages.map(\.facts) == [[], [], [0]])
  }
}
