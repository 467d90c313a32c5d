import Hospital
import Ledger
import Testing

/// The rules of IHE PAM with the French extension, one row each: what was said, in order, and what it comes to.
struct StayFoldTests {
  static let id = "stay/5a0f6c2e-1c1e-4d3b-9b58-0f2f8a1d7e01"

  struct Row: Sendable, CustomTestStringConvertible {
    var rule: String
    var facts: [Fact]
    var outcome: String

    init(_ rule: String, _ facts: [Fact], _ outcome: String) {
      (self.rule, self.facts, self.outcome) = (rule, facts, outcome)
    }

    var testDescription: String { rule }
  }

  /// - Parameter at: minutes after one o'clock.
  static func said(
    _ kind: String, _ at: Int, _ key: String, _ movement: JSONObject = [:], _ beside: JSONObject = [:]
  )
    -> Fact
  {
    let movement = JSONObject([("key", .string(key)), ("id", .string(key))] + movement.members)
    let data = JSONObject(beside.members + [("movement", .object(movement))])
    return Fact(kind: "stay.\(kind)", subject: id, at: .night.adding(seconds: at * 60), data: .object(data))
  }

  static func folded(_ facts: [Fact]) -> Stay {
    var stay = Stay(id: id)
    for (index, fact) in facts.enumerated() { stay.fold(heard(fact, index)) }
    return stay
  }

  static func heard(_ fact: Fact, _ index: Int) -> Heard {
    Heard(
      fact: fact, time: HybridTime(instant: .night.adding(seconds: index), counter: 0), station: "urg-1-3fa9c2d1",
      author: "system", command: "", source: nil)
  }

  /// `admitted inpatient 4EST/1/A in 0 out - | A05@0 A04@0 xA03@109`
  static func summary(_ stay: Stay) -> String {
    func minute(_ instant: Instant?) -> String {
      instant.map { String(($0.milliseconds - Instant.night.milliseconds) / 60_000) } ?? "-"
    }
    let place = [stay.place.unit, stay.place.room, stay.place.bed].compactMap { $0 }.joined(separator: "/")
    let movements = stay.movements.map { movement in
      "\(movement.cancelled ? "x" : "")\(movement.trigger)@\(minute(movement.at))"
    }
    return [
      stay.status.rawValue, stay.stayClass?.rawValue ?? "-", place.isEmpty ? "-" : place, "in",
      minute(stay.admittedAt), "out", minute(stay.dischargedAt), "|",
    ].joined(separator: " ") + " " + movements.joined(separator: " ")
  }

  static let visit: JSONObject = ["unit": "7700", "class": "outpatient"]
  static let ward: JSONObject = ["unit": "1120", "class": "inpatient", "nature": "HMS"]

  private static func also(_ numbers: String...) -> JSONObject {
    JSONObject(ward.members + [("also", .array(numbers.map { .string($0) }))])
  }

  static let rows: [Row] = [
    Row(
      "a pre-admission puts nobody in a bed", [said("preadmitted", 0, "1", visit)],
      "preadmitted outpatient 7700 in - out - | A05@0"),
    Row(
      "A05 and A04 in one minute stay in the order first said",
      [
        said("preadmitted", 0, "1", visit),
        said("admitted", 0, "2", ["trigger": "A04", "unit": "7700", "class": "outpatient"]),
      ],
      "admitted outpatient 7700 in 0 out - | A05@0 A04@0"),
    Row(
      "what was expected later does not move who has come",
      [
        said("preadmitted", 90, "1", ["unit": "CHIR", "class": "daycase"]),
        said("admitted", 0, "2", ["trigger": "A01", "unit": "1120", "class": "inpatient"]),
      ], "admitted inpatient 1120 in 0 out - | A01@0 A05@90"),
    Row(
      "the same movement twice is one", [said("admitted", 0, "1", ward), said("admitted", 0, "1", ward)],
      "admitted inpatient 1120 in 0 out - | A01@0"),
    Row(
      "known with other content: the newer wins",
      [said("admitted", 0, "1", ward), said("admitted", 5, "1", ["unit": "1130"])],
      "admitted inpatient 1130 in 5 out - | A01@5"),
    Row(
      "a correction replaces what it fills, its hour too",
      [
        said("admitted", 0, "1", visit), said("class-changed", 110, "2", ward),
        said("movement-corrected", 111, "2", ["trigger": "A06", "unit": "1120", "room": "TRAN", "bed": "TRAN"]),
      ], "admitted inpatient 1120/TRAN/TRAN in 0 out - | A01@0 A06@111"),
    Row(
      "a correction of what was never seen creates it",
      [said("movement-corrected", 30, "9", ["trigger": "A03", "unit": "7700"])],
      "discharged - 7700 in - out 30 | A03@30"),
    Row(
      "a correction without trigger waits for the insertion, which says it",
      [
        said("movement-corrected", 30, "9", ["unit": "7700"]),
        said("admitted", 0, "9", ["trigger": "A04", "class": "outpatient"]),
      ], "admitted outpatient 7700 in 0 out - | A04@0"),
    Row(
      "a correction's hour moves it past others",
      [
        said("admitted", 0, "1", ward), said("transferred", 10, "2", ["unit": "A"]),
        said("transferred", 20, "3", ["unit": "B"]), said("movement-corrected", 40, "2", ["trigger": "A02"]),
      ], "admitted inpatient A in 0 out - | A01@0 A02@20 A02@40"),
    Row(
      "a cancellation marks",
      [said("admitted", 0, "1", ward), said("discharged", 60, "2"), said("movement-cancelled", 60, "2")],
      "admitted inpatient 1120 in 0 out - | A01@0 xA03@60"),
    Row(
      "a cancellation of what was never seen is a tombstone; its PV1 is the situation before",
      [
        said("admitted", 0, "1", ["trigger": "A04", "unit": "7700", "class": "outpatient"]),
        said(
          "movement-cancelled", 119, "2",
          ["trigger": "A03", "unit": "X", "class": "emergency", "nature": "MHC", "medicalUnit": "7700"]),
      ], "admitted outpatient 7700 in 0 out - | A04@0 xA03@119"),
    Row(
      "a late insertion stays cancelled",
      [said("movement-cancelled", 60, "2", ["trigger": "A03"]), said("discharged", 60, "2", ["unit": "1120"])],
      "cancelled - - in - out - | xA03@60"),
    Row(
      "so does a late correction",
      [
        said("admitted", 0, "1", ward), said("transferred", 9, "2", ["unit": "A"]), said("movement-cancelled", 9, "2"),
        said("movement-corrected", 12, "2", ["unit": "B"]),
      ], "admitted inpatient 1120 in 0 out - | A01@0 xA02@9"),
    Row(
      "a feed without movement ids cancels the latest of its kind",
      [
        said("admitted", 0, "1", ward), said("transferred", 10, "2", ["unit": "A"]),
        said("transferred", 20, "3", ["unit": "B"]),
        said("movement-cancelled", 20, "m4", ["trigger": "A02", "latest": true]),
      ], "admitted inpatient A in 0 out - | A01@0 A02@10 xA02@20"),
    Row(
      "A05, A01, A11 leaves the pre-admission standing",
      [said("preadmitted", 0, "1", ward), said("admitted", 10, "2", ward), said("movement-cancelled", 10, "2")],
      "preadmitted inpatient 1120 in - out - | A05@0 xA01@10"),
    Row(
      "A05, A01, A11 of the account takes the pre-admission too",
      [
        said("preadmitted", 0, "1", ward), said("planned", 5, "3", ["trigger": "A14"]), said("admitted", 10, "2", ward),
        said("movement-cancelled", 10, "2", ["trigger": "A01", "account": true]),
      ], "cancelled - - in - out - | xA05@0 xA14@5 xA01@10"),
    Row(
      "what nobody knows what it was acts on nothing until its insertion says it",
      [said("admitted", 0, "1", ward), said("movement-corrected", 30, "9", ["unit": "X", "class": "emergency"])],
      "admitted inpatient 1120 in 0 out - | A01@0 @30"),
    Row(
      "none live: cancelled", [said("preadmitted", 0, "1", ward), said("movement-cancelled", 0, "1")],
      "cancelled - - in - out - | xA05@0"),
    Row(
      "a late insertion goes to its place by its hour; present place and class do not move",
      [
        said("admitted", 0, "1", visit), said("class-changed", 60, "3", ward),
        said("transferred", 30, "2", ["unit": "URG", "class": "emergency", "historic": true]),
      ], "admitted inpatient 1120 in 0 out - | A01@0 A02@30 A06@60"),
    Row(
      "C corrects the class of that movement, without a new one",
      [
        said("preadmitted", 0, "1", visit),
        said("admitted", 0, "2", ["trigger": "A04", "unit": "7700", "class": "outpatient"]),
        said("movement-corrected", 0, "2", ["trigger": "A04", "class": "emergency", "nature": "MC", "historic": true]),
      ], "admitted emergency 7700 in 0 out - | A05@0 A04@0"),
    Row(
      "a correction of the admission after the discharge reopens nothing",
      [
        said("discharged", 60, "2", visit),
        said(
          "movement-corrected", 0, "1", ["trigger": "A04", "unit": "7700", "class": "outpatient", "historic": true]),
      ], "discharged outpatient 7700 in 0 out 60 | A04@0 A03@60"),
    Row(
      "admission and discharge in one minute, the discharge heard first: discharged",
      [said("discharged", 60, "2", visit), said("admitted", 60, "1", visit)],
      "discharged outpatient 7700 in 60 out 60 | A03@60 A01@60"),
    Row(
      "sessions in one account: A01 A03 A01 is here again",
      [
        said("admitted", 0, "1", ["class": "recurring", "unit": "DIAL"]), said("discharged", 240, "2"),
        said("admitted", 2880, "3", ["class": "recurring", "unit": "DIAL"]),
      ], "admitted recurring DIAL in 0 out - | A01@0 A03@240 A01@2880"),
    Row(
      "a transfer after a discharge brings nobody back",
      [said("admitted", 0, "1", ward), said("discharged", 60, "2"), said("transferred", 70, "3", ["unit": "A"])],
      "discharged inpatient A in 0 out 60 | A01@0 A03@60 A02@70"),
    Row(
      "A06 with CANCEL undoes: class and place are those before",
      [said("admitted", 0, "1", visit), said("class-changed", 60, "2", ward), said("movement-cancelled", 60, "2")],
      "admitted outpatient 7700 in 0 out - | A01@0 xA06@60"),
    Row(
      "leave keeps the visit open", [said("admitted", 0, "1", ward), said("left", 60, "2")],
      "admitted inpatient 1120 in 0 out - | A01@0 A21@60"),
    Row(
      "what is planned moves nobody",
      [
        said("admitted", 0, "1", ward), said("planned", 60, "2", ["trigger": "A15", "unit": "A"]),
        said("planned", 90, "3", ["trigger": "A16"]),
      ], "admitted inpatient 1120 in 0 out - | A01@0 A15@60 A16@90"),
    Row(
      "another attending leaves the place",
      [said("admitted", 0, "1", ward), said("attending-changed", 60, "2", ["attending": "DR B", "unit": "X"])],
      "admitted inpatient 1120 in 0 out - | A01@0 A54@60"),
    Row(
      "another unit takes room and bed away unless they are said",
      [
        said("admitted", 0, "1", ["unit": "A", "room": "1", "bed": "2", "class": "inpatient"]),
        said("movement-corrected", 0, "1", ["trigger": "A01", "unit": "B"]),
      ], "admitted inpatient B in 0 out - | A01@0"),
    Row(
      "an admission never heard is known by the hour that the feed says",
      [said("discharged", 60, "1", visit, ["admittedAt": "2022-08-21T00:30:00.000Z"])],
      "discharged outpatient 7700 in -30 out 60 | A03@60"),
    Row(
      "null and an empty text erase, what is absent says nothing",
      [
        said("admitted", 0, "1", ["unit": "A", "room": "1", "bed": "2", "class": "inpatient"]),
        said("movement-corrected", 0, "1", ["trigger": "A01", "room": "", "bed": nil]),
      ], "admitted inpatient A in 0 out - | A01@0"),
    Row(
      "another number of a movement finds it",
      [
        said("admitted", 0, "SIM|1", also("2.25.7|k1")), said("movement-corrected", 5, "2.25.7|k1"),
        said("transferred", 9, "SIM|2", also("2.25.7|k2")), said("movement-cancelled", 9, "2.25.7|k2"),
      ], "admitted inpatient 1120 in 5 out - | A01@5 xA02@9"),
    Row(
      "so does one that is said beside a new number",
      [said("admitted", 0, "2.25.7|k1", ward), said("movement-corrected", 5, "SIM|1", also("2.25.7|k1"))],
      "admitted inpatient 1120 in 5 out - | A01@5"),
    Row(
      "which then finds it alone",
      [
        said("admitted", 0, "2.25.7|k1", ward), said("transferred", 5, "2.25.7|k2", ward),
        said("movement-corrected", 6, "SIM|2", also("2.25.7|k2")), said("movement-cancelled", 6, "SIM|2"),
      ], "admitted inpatient 1120 in 0 out - | A01@0 xA02@6"),
    Row(
      "unless ours beside it names another",
      [
        said("admitted", 0, "2.25.7|k1", ward), said("transferred", 5, "2.25.7|k2", ward),
        said("movement-corrected", 0, "SIM|1", also("2.25.7|k1")),
        said("movement-cancelled", 5, "SIM|1", also("2.25.7|k2")),
      ], "admitted inpatient 1120 in 0 out - | A01@0 xA02@5"),
    Row(
      "one that stands beside two keys makes them not one",
      [said("admitted", 0, "SIM|1", also("2.25.7|k1")), said("transferred", 5, "SIM|2", also("2.25.7|k1"))],
      "admitted inpatient 1120 in 0 out - | A01@0 A02@5"),
    Row(
      "what was cancelled by another number is not inserted again",
      [
        said("movement-cancelled", 0, "2.25.7|k1", ["trigger": "A01"]), said("admitted", 0, "SIM|1", also("2.25.7|k1")),
      ], "cancelled - - in - out - | xA01@0"),
    Row(
      "wrong types, unknown kinds and movements without key say nothing",
      [
        said("admitted", 0, "1", ward), said("invented", 1, "2", ward), said("transferred", 2, "", ["unit": "X"]),
        said("movement-corrected", 0, "1", ["unit": 7, "class": "astronaut", "historic": "yes", "also": 3]),
        Fact(kind: "stay.transferred", subject: id, at: .night, data: []),
        Fact(kind: "stay.transferred", subject: id, at: .night, data: ["movement": "A02"]),
      ], "admitted inpatient 1120 in 0 out - | A01@0"),
  ]

  @Test(arguments: rows)
  func rule(row: Row) { #expect(Self.summary(Self.folded(row.facts)) == row.outcome) }

  @Test func aNewerInsertionOnACancelledMovementWaitsForAPerson() {
    let stay = Self.folded([
      Self.said("admitted", 0, "1", Self.ward), Self.said("movement-cancelled", 0, "1"),
      Self.said("admitted", 5, "1", Self.ward),
    ])
    #expect(stay.movements.map(\.reused) == [true])
    #expect(stay.status == .cancelled)
  }

  @Test func aGapShowsUntilTheLaterMovementComes() {
    let late: JSONObject = ["unit": "7700", "historic": true]
    #expect(Self.folded([Self.said("admitted", 0, "1.2.250|1", late)]).outline.hasGap)
    #expect(
      !Self.folded([Self.said("admitted", 0, "1.2.250|1", late), Self.said("discharged", 9, "1.2.250|2")]).outline
        .hasGap)
    // What a person here entered late knows of nothing later.
    #expect(!Self.folded([Self.said("admitted", 0, "00000000-0000-4000-8000-000000000001", late)]).outline.hasGap)
  }

  @Test func whatATombstoneSays() {
    let stay = Self.folded([
      Self.said("movement-cancelled", 9, "2", ["trigger": "A03", "unit": "X", "nature": "MHC", "medicalUnit": "7700"])
    ])
    #expect(stay.movements.map(\.place) == [Place(medicalUnit: "7700")])
    #expect(stay.movements.map(\.nature) == ["MHC"])
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self.init(elements.map { (key: $0.0, value: $0.1) })
  }
}
