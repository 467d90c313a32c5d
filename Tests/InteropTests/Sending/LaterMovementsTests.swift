import Hospital
import Interop
import Ledger
import Testing

/// What is said of an earlier hour changes where later movements lead: they are told again.
struct LaterMovementsTests {
  private typealias Night = SaidMeanwhile
  private static let patient = "patient/0196f1d2-0000-7000-8000-000000000001"
  private static let stay = "stay/0196f1d2-0000-7000-8000-000000000002"

  /// Hours are seconds after the admission.
  typealias Saying = (kind: String, hour: Int, movement: JSON)

  /// Somebody in bed 1 of 4EST, and what was said of them, each in its own commit.
  private static func night(_ sayings: [Saying]) -> SaidMeanwhile {
    var night = Night.admitted(patient, stay, bed: "1")
    let began = Night.start.adding(seconds: 7)
    for (kind, hour, movement) in sayings { night.say([(kind, stay, movement)], at: began.adding(seconds: hour)) }
    return night
  }

  private static let left: Saying = ("stay.left", 20, Night.movement("leave", "A21"))
  private static let moved: Saying = (
    "stay.transferred", 10, Night.movement("move", "A02", unit: "CHIR", bed: "2")
  )

  struct Row: Sendable {
    var name: String
    var said: [Saying]
    /// Of the last commit: trigger, movement, ZBE-4, 5 and 6, PV1-2 and 3.
    var told: [String]
  }
  static let rows = [
    Row(
      name: "a transfer before a leave", said: [left, moved],
      told: ["A02 move INSERT Y  I CHIR^401^2", "Z99 leave UPDATE N A21 I CHIR^401^2"]),
    Row(
      name: "a class before a leave",
      said: [
        ("stay.movement-corrected", 0, Night.movement("m1", "A01", stayClass: "emergency")), left,
        ("stay.class-changed", 10, Night.movement("turn", "A06", unit: "CHIR", bed: "2", stayClass: "inpatient")),
      ], told: ["A06 turn INSERT Y  I CHIR^401^2", "Z99 leave UPDATE N A21 I CHIR^401^2"]),
    Row(
      name: "a transfer beneath a leave did not happen",
      said: [moved, left, ("stay.movement-cancelled", 10, Night.movement("move", "A02"))],
      told: ["A12 move CANCEL Y A02 I 4EST^401^1", "Z99 leave UPDATE N A21 I 4EST^401^1"]),
    Row(
      name: "a transfer happened before the leave, not after",
      said: [
        left, ("stay.transferred", 30, Night.movement("move", "A02", unit: "CHIR", bed: "2")),
        ("stay.movement-corrected", 10, Night.movement("move", "A02")),
      ], told: ["Z99 move UPDATE Y A02 I CHIR^401^2", "Z99 leave UPDATE N A21 I CHIR^401^2"]),
    Row(
      name: "a transfer happened after the leave, not before",
      said: [moved, left, ("stay.movement-corrected", 30, Night.movement("move", "A02"))],
      told: ["Z99 move UPDATE N A02 I CHIR^401^2", "Z99 leave UPDATE Y A21 I 4EST^401^1"]),
    Row(
      name: "each of them", said: [left, ("stay.returned", 30, Night.movement("back", "A22")), moved],
      told: [
        "A02 move INSERT Y  I CHIR^401^2", "Z99 leave UPDATE Y A21 I CHIR^401^2", "Z99 back UPDATE N A22 I CHIR^401^2",
      ]),
    Row(
      name: "one that says its own place",
      said: [("stay.transferred", 20, Night.movement("last", "A02", unit: "URG", bed: "3")), moved],
      told: ["A02 move INSERT Y  I CHIR^401^2"]),
    Row(
      name: "one that did not happen",
      said: [left, ("stay.movement-cancelled", 20, Night.movement("leave", "A21")), moved],
      told: ["A02 move INSERT N  I CHIR^401^2"]),
    Row(
      name: "nobody moved", said: [left, ("stay.attending-changed", 10, Night.movement("doctor", "A54"))],
      told: ["A54 doctor INSERT Y  I 4EST^401^1"]),
    Row(
      name: "the last one", said: [left, ("stay.returned", 30, Night.movement("back", "A22"))],
      told: [
        "A22 back INSERT N  I 4EST^401^1"
      ]),
  ]

  @Test(arguments: rows.indices) func theyAreToldAgain(row: Int) {
    let row = Self.rows[row]
    let night = Self.night(row.said)
    let last = night.said.last?[0].place.commit
    let messages = night.messages.filter { $0.commit == last }
    let told = messages.map { message in
      let fields = { (name: String) in
        OutgoingMessage.fields(message.segments.first { $0.hasPrefix("\(name)|") } ?? "")
      }
      let (zbe, pv1) = (fields("ZBE"), fields("PV1"))
      let name = zbe[1].prefix { $0 != "^" }
      return "\(message.trigger) \(name) \(zbe[4]) \(zbe[5]) \(zbe[6]) \(pv1[2]) \(pv1[3])"
    }
    #expect(told == row.told, "\(row.name)")
    let controls = messages.map(\.control)
    #expect(controls.first == controls.min() && Set(controls).count == controls.count, "\(row.name)")
    #expect(controls.allSatisfy { $0.utf8.count == 20 })
  }

  /// A visit that the main system never heard of is told as it was, and then what changed of it.
  @Test func whatItNeverHeardOf() {
    let night = Self.night([Self.left, Self.moved])
    var story = HandbackStory(night.settings, patientNow: { night.patients[$0] }, stayNow: { night.stays[$0] })
    #expect(night.said.prefix(2).allSatisfy { story.hear($0, tells: false).isEmpty })
    let messages = story.hear(night.said[2], tells: true)
    #expect(messages.map(\.trigger) == ["A28", "A01", "A21", "A02", "Z99"])
  }
}
