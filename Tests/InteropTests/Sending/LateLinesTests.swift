import Hospital
import Interop
import Ledger
import Testing

/// A line of another station that comes once the main system was told of what follows it: it takes nothing back, and
/// where it changes what was told, that is told again.
struct LateLinesTests {
  private typealias Night = SaidMeanwhile
  private static let patient = "patient/0196f1d2-0000-7000-8000-000000000001"
  private static let stay = "stay/0196f1d2-0000-7000-8000-000000000002"

  /// - Parameter late: the commit of that place; all others were told.
  private static func messages(_ night: SaidMeanwhile, late: Int) -> [OutgoingMessage] {
    var story = HandbackStory(night.settings, patientNow: { night.patients[$0] }, stayNow: { night.stays[$0] })
    for part in night.said.joined() { story.foresee(part.heard) }
    for (place, commit) in night.said.enumerated() where place != late { story.foresee(told: commit) }
    return night.said.enumerated().flatMap { place, commit in
      let messages = story.hear(commit, tells: true)
      return place == late ? messages : []
    }
  }

  private static let left = Night.movement("leave", "A21")
  private static let moved = Night.movement("move", "A02", unit: "CHIR", bed: "2")

  struct Row: Sendable {
    var name: String
    /// The first one comes late; hours are seconds after the admission.
    var said: [(kind: String, hour: Int, movement: JSON)]
    /// Trigger, movement, ZBE-4, PV1-3.
    var told: [String]
  }
  static let rows = [
    Row(
      name: "the leave was told with the bed before",
      said: [("stay.transferred", 10, moved), ("stay.left", 20, left)],
      told: ["A02 move INSERT CHIR^401^2", "Z99 leave UPDATE CHIR^401^2"]),
    Row(
      name: "the transfer beneath the leave was told",
      said: [("stay.left", 20, left), ("stay.transferred", 10, moved)],
      told: ["A21 leave INSERT CHIR^401^2"]),
    Row(
      name: "the transfer was told as of another hour",
      said: [
        ("stay.left", 20, left), ("stay.transferred", 10, moved),
        ("stay.movement-corrected", 30, Night.movement("move", "A02")),
      ], told: ["A21 leave INSERT 4EST^401^1"]),
    Row(
      name: "what was told says its own place",
      said: [("stay.transferred", 10, moved), ("stay.transferred", 20, Night.movement("last", "A02", unit: "URG"))],
      told: ["A02 move INSERT CHIR^401^2"]),
    Row(
      name: "what was told did not happen",
      said: [
        ("stay.transferred", 10, moved), ("stay.left", 20, left), ("stay.movement-cancelled", 20, left),
      ], told: ["A02 move INSERT CHIR^401^2"]),
  ]

  @Test(arguments: rows.indices) func itGoesWithWhatWasTold(row: Int) {
    let row = Self.rows[row]
    var night = Night.admitted(Self.patient, Self.stay, bed: "1")
    let began = Night.start.adding(seconds: 7)
    for (kind, hour, movement) in row.said {
      night.say([(kind, Self.stay, movement)], at: began.adding(seconds: hour))
    }
    let told = Self.messages(night, late: 1).map { message in
      let movement = message.field("ZBE", 1, 1)?.prefix { $0 != "^" } ?? ""
      return [
        message.trigger, String(movement), message.field("ZBE", 1, 4) ?? "", message.field("PV1", 1, 3) ?? "",
      ].joined(separator: " ")
    }
    #expect(told == row.told, "\(row.name)")
  }

  /// A telephone number said late, of whom a name was told since: the name stands.
  @Test func aTraitThatWasTold() {
    var night = Night.admitted(Self.patient, Self.stay, bed: "1")
    night.say([("patient.corrected", Self.patient, ["usedName": "LEROY"])])
    night.say([("patient.corrected", Self.patient, ["phones": ["0600000001"]])])
    night.say([("patient.corrected", Self.patient, ["usedName": "DURAND"])])
    let messages = Self.messages(night, late: 2)
    #expect(messages.map(\.trigger) == ["A31"])
    #expect(messages.first?.field("PID", 1, 5)?.hasPrefix("DURAND^") == true)
    #expect(messages.first?.field("PID", 1, 13)?.contains("0600000001") == true)
  }

  /// An isolation told first stands, and so does its end.
  @Test(arguments: [("airborne", "Air", "F"), (nil, "\"\"", "D")] as [(String?, String, String)])
  func anIsolationThatWasTold(since: String?, told: String, status: String) {
    var night = Night.admitted(Self.patient, Self.stay, bed: "1")
    night.say([("stay.asked", Self.stay, ["isolation": "contact"])])
    night.say([("stay.asked", Self.stay, ["isolation": since.map { JSON.string($0) } ?? JSON.null])])
    let messages = Self.messages(night, late: 1)
    #expect(messages.map { [$0.field("OBX", 1, 5), $0.field("OBX", 1, 11)] } == [[told, status]])
  }

  /// A measure told first is not said again by what comes before it.
  @Test func aMeasureThatWasTold() {
    var night = Night.admitted(Self.patient, Self.stay, bed: "1")
    for code in ["SPI", "SDRE"] {
      night.say([
        (
          "patient.situation-set", Self.patient,
          ["kind": "psychiatric", "code": .string(code), "since": "2022-08-21T01:00:00.000Z"]
        )
      ])
    }
    #expect(Self.messages(night, late: 1).flatMap(\.segments).filter { $0.hasPrefix("ZFS") } == [])
  }
}
