import Hospital
import Ledger
import Testing

/// Who was where, at any instant: what every census is made of.
struct PresenceTests {
  typealias Fold = StayFoldTests

  /// `4EST/1/A 0-60, CHIR/11/B 60- away`
  static func presences(_ facts: [Fact]) -> String {
    Fold.folded(facts).outline.presences.map { presence in
      func minute(_ instant: Instant?) -> String {
        instant.map { String(($0.milliseconds - Instant.night.milliseconds) / 60_000) } ?? ""
      }
      let place = [presence.place.unit, presence.place.room, presence.place.bed].compactMap { $0 }.joined(
        separator: "/")
      return
        "\(place.isEmpty ? "?" : place) \(minute(presence.from))-\(minute(presence.until))\(presence.away ? " away" : "")"
    }.joined(separator: ", ")
  }

  static let inA: JSONObject = ["unit": "A", "room": "1", "bed": "1", "class": "inpatient"]
  static let inB: JSONObject = ["unit": "B", "room": "2", "bed": "1"]

  static let told: [(String, [Fact], String)] = [
    ("expected is not here", [Fold.said("preadmitted", 0, "1", inA)], ""),
    ("admitted", [Fold.said("admitted", 0, "1", inA)], "A/1/1 0-"),
    (
      "nobody says which unit lodges them: with the one that answers, until one is said",
      [
        Fold.said("admitted", 0, "1", ["bed": "1", "medicalUnit": "M"]),
        Fold.said("transferred", 30, "2", ["medicalUnit": "N", "nature": "M"]),
        Fold.said("transferred", 60, "3", ["unit": "B", "nature": "H"]),
      ], "M/1 0-30, N/1 30-60, B 60-"
    ),
    ("moved", [Fold.said("admitted", 0, "1", inA), Fold.said("transferred", 60, "2", inB)], "A/1/1 0-60, B/2/1 60-"),
    (
      "the same place said again is one stretch",
      [
        Fold.said("admitted", 0, "1", inA), Fold.said("transferred", 60, "2", inA),
        Fold.said("discharged", 90, "3", inA),
      ],
      "A/1/1 0-90"
    ),
    (
      "moved in the minute of admission: never in the first bed",
      [Fold.said("admitted", 0, "1", inA), Fold.said("transferred", 0, "2", inB)], "B/2/1 0-"
    ),
    (
      "on leave the bed is kept",
      [Fold.said("admitted", 0, "1", inA), Fold.said("left", 60, "2"), Fold.said("returned", 90, "3")],
      "A/1/1 0-60, A/1/1 60-90 away, A/1/1 90-"
    ),
    (
      "a cancelled return is still away",
      [
        Fold.said("admitted", 0, "1", inA), Fold.said("left", 60, "2"), Fold.said("returned", 90, "3"),
        Fold.said("movement-cancelled", 90, "3"),
      ], "A/1/1 0-60, A/1/1 60- away"
    ),
    (
      "here again after a discharge",
      [Fold.said("admitted", 0, "1", inA), Fold.said("discharged", 60, "2"), Fold.said("admitted", 90, "3", inB)],
      "A/1/1 0-60, B/2/1 90-"
    ),
    ("a transfer is the first news", [Fold.said("transferred", 60, "2", inB)], "B/2/1 60-"),
    ("a discharge is the only news", [Fold.said("discharged", 60, "2", inB)], ""),
    (
      "a discharge is the only news, but the feed says when it began",
      [Fold.said("discharged", 60, "2", inB, ["admittedAt": "2022-08-21T00:30:00.000Z"])], "B/2/1 -30-60"
    ),
    (
      "before a transfer, where is not known",
      [Fold.said("transferred", 60, "2", inB, ["admittedAt": "2022-08-21T00:30:00.000Z"])], "? -30-60, B/2/1 60-"
    ),
    (
      "sessions count for themselves, and end by themselves after twelve hours",
      [
        Fold.said("admitted", 0, "1", ["unit": "DIAL", "class": "recurring"]), Fold.said("attended", 60, "2"),
        Fold.said("attended", 3000, "3", ["unit": "SAT"]), Fold.said("attended", 3100, "4"),
        Fold.said("attended", 5000, "5"), Fold.said("movement-cancelled", 5000, "5"),
      ], "DIAL 60-780, SAT 3000-3100, DIAL 3100-3820"
    ),
  ]

  @Test(arguments: told)
  func presence(rule: String, facts: [Fact], expected: String) {
    #expect(Self.presences(facts) == expected, "\(rule)")
  }

  @Test func aDischargeToComeIsToCome() {
    let stay = Fold.folded([Fold.said("admitted", 0, "1", Self.inA), Fold.said("discharged", 1380, "2", Self.inA)])
    #expect(stay.status == .discharged)
    let instants: [(Int, StayStatus, Bool)] = [
      (-1, .preadmitted, false), (0, .admitted, true), (1379, .admitted, true), (1380, .discharged, false),
    ]
    for (minute, status, isHere) in instants {
      let instant = Instant.night.adding(seconds: minute * 60)
      #expect(stay.status(at: instant) == status, "minute \(minute)")
      #expect(stay.isPresent(at: instant) == isHere, "minute \(minute)")
    }
  }

  /// Lodging and responsibility move apart: natures of ZBE-9.
  @Test(arguments: [
    ("HMS", Place(unit: "B")), ("H", Place(unit: "B", medicalUnit: "A", careUnit: "A")),
    ("HS", Place(unit: "B", medicalUnit: "A")), ("MH", Place(unit: "B", careUnit: "A")),
  ])
  func nature(nature: String, place: Place) {
    let stay = Fold.folded([
      Fold.said("admitted", 0, "1", Self.inA),
      Fold.said("transferred", 60, "2", ["unit": "B", "nature": .string(nature)]),
    ])
    #expect(stay.place == place)
  }

  @Test func whoAnswersIsSaid() {
    let stay = Fold.folded([
      Fold.said("admitted", 0, "1", Self.inA),
      Fold.said("transferred", 60, "2", ["unit": "B", "medicalUnit": "C", "nature": "HM"]),
    ])
    #expect(stay.place == Place(unit: "B", medicalUnit: "C", careUnit: "A"))
  }
}
