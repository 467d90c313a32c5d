import Hospital
import Interop
import Ledger
import Testing

/// What a message says of the movement that it tells: whose name it bears, where, for when, and through where they came.
struct MovementFieldsTests {
  private typealias Night = SaidMeanwhile
  private static let patient = "patient/0196f1d2-0000-7000-8000-000000000001"
  private static let stay = "stay/0196f1d2-0000-7000-8000-000000000002"
  private static let source = Source(sender: "GAM|CH", control: "1", text: "", instant: Night.start)

  /// The unit is of the movement or of the place, and the hour is said wherever a plan has one.
  @Test func whoIsExpectedToLeaveIsWhereTheyAre() {
    var night = Night.admitted(Self.patient, Self.stay, bed: "1")
    let hour = Night.start.adding(seconds: 86_400)
    night.say([("stay.planned", Self.stay, Night.movement("m2", "A16"))], at: hour)
    #expect(night.lastTriggers == ["A16"])
    let written = "20220822030000+0200"
    #expect(night.lastSegment("EVN") == ["EVN", "", "20220821030014+0200", written, "", "", written])
    #expect(night.lastSegment("PV1")[2...3] == ["I", "4EST^401^1"])
    #expect(night.lastSegment("PV2") == ["PV2", "", "", "", "", "", "", "", "", written])
    #expect(night.lastSegment("ZBE")[2] == written)
    #expect(night.lastSegment("ZBE")[7] == "Unité 4EST^^^^^^UF^^^4EST")
    // What is said of them meanwhile does not take it back.
    night.say([("stay.transferred", Self.stay, Night.movement("m3", "A02", unit: "CHIR", bed: "2"))])
    #expect(night.lastSegment("PV2").last == written && night.lastSegment("EVN")[3].isEmpty)
    night.say([("stay.movement-cancelled", Self.stay, Night.movement("m2", "A16"))], at: hour)
    #expect(night.lastTriggers == ["A25"])
    #expect(night.lastSegment("PV2").last == "\"\"" && night.lastSegment("EVN")[3].isEmpty)
    #expect(night.lastSegment("PV1")[3] == "CHIR^401^2")
  }

  /// PV2-9 as a feed said it goes back as it came.
  @Test func whatTheMainSystemExpectsIsItsOwn() {
    var night = Night()
    let expected: [(String, JSON)] = [("PV2-9", "20220825")]
    night.say(
      [
        ("patient.described", Self.patient, Night.identity("71")),
        (
          "stay.admitted", Self.stay,
          Night.movement("GAM|1", "A01", unit: "4EST", bed: "1", Night.opening(Self.patient, "72") + expected)
        ), ("stay.planned", Self.stay, Night.movement("GAM|2", "A16")),
      ], source: Self.source)
    night.say([("stay.transferred", Self.stay, Night.movement("m3", "A02", unit: "CHIR", bed: "2"))])
    #expect(night.lastSegment("PV2").last == "20220825")
  }

  /// An admission that never was: its class, PV1-2, though nothing is left of the visit.
  @Test(arguments: [
    ("A01", "inpatient", "I"), ("A01", "daycase", "I"), ("A01", nil, "I"), ("A04", "emergency", "E"),
    ("A04", "outpatient", "O"), ("A04", nil, "O"), ("A01", "recurring", "R"),
  ])
  func whatNeverBegan(_ trigger: String, _ stayClass: String?, _ code: String) {
    var night = Night()
    night.say([("patient.registered", Self.patient, Night.identity("81"))])
    night.say([
      (
        "stay.admitted", Self.stay,
        Night.movement("m1", trigger, unit: "4EST", stayClass: stayClass, Night.opening(Self.patient, "91"))
      )
    ])
    night.say([("stay.movement-cancelled", Self.stay, Night.movement("m1", trigger))])
    #expect(night.lastTriggers == ["A11"])
    // Nobody was anywhere before it.
    #expect(night.lastSegment("PV1")[2...3] == [code, ""])
    #expect(night.lastSegment("ZBE")[7] == "Unité 4EST^^^^^^UF^^^4EST")
  }

  /// What undoes or corrects a movement of the main system's names it as it did, all of ZBE-1.
  @Test(arguments: [
    ("1.2.3|501", "GAM", "501^GAM^1.2.3^ISO"), ("1.2.3|501", nil, "501^^1.2.3^ISO"), ("GAM|501", nil, "501^GAM"),
    ("G^M|501", nil, "501^G\\S\\M"), ("1.2.3|501", "G&M", "501^G\\T\\M^1.2.3^ISO"),
  ])
  func theMainSystemsOwnMovement(_ key: String, _ name: String?, _ written: String) {
    func movement(_ more: (String, JSON)...) -> JSON {
      let named: [(String, JSON)] = name.map { [("authorityName", .string($0))] } ?? []
      return .object(JSONObject([("key", .string(key)), ("id", "501"), ("trigger", "A02")] + named + more))
    }
    var night = Night()
    night.say(
      [
        ("patient.described", Self.patient, Night.identity("71")),
        (
          "stay.transferred", Self.stay,
          .object(JSONObject(Night.opening(Self.patient, "72") + [("movement", movement(("unit", "4EST")))]))
        ),
      ], source: Self.source)
    for kind in ["stay.movement-corrected", "stay.movement-cancelled"] {
      // As a command says it: without the name.
      let said: JSON = ["movement": ["key": .string(key), "id": "501", "trigger": "A02"]]
      night.say([(kind, Self.stay, said)])
      #expect(night.lastSegment("ZBE")[1] == written, "\(kind)")
    }
  }

  struct Entry: Sendable {
    var name: String
    /// Kind, trigger, class, and what is said beside.
    var said: [(kind: String, trigger: String, stayClass: String?, beside: [(String, JSON)])]
    /// ZFM of each message of the stay.
    var zfm: [String?]
  }
  private static let home: [(String, JSON)] = [("entryMode", "8")]
  private static let throughEmergency: [(String, JSON)] = [("entryMode", "8"), ("provenance", "5")]
  static let entries = [
    Entry(name: "from home", said: [("stay.admitted", "A01", "inpatient", home)], zfm: ["ZFM|8"]),
    Entry(
      name: "the emergency visit goes on",
      said: [
        ("stay.admitted", "A04", "emergency", home), ("stay.class-changed", "A06", "inpatient", throughEmergency),
        ("stay.transferred", "A02", nil, []),
      ], zfm: ["ZFM|8", "ZFM|8||5||5", "ZFM|8||5||5"]),
    Entry(
      name: "and nobody says how they came",
      said: [("stay.admitted", "A04", "emergency", []), ("stay.class-changed", "A06", "daycase", [])],
      zfm: [nil, "ZFM|||||5"]),
    Entry(
      name: "a stay of its own after it", said: [("stay.admitted", "A01", "inpatient", throughEmergency)],
      zfm: ["ZFM|8||5||5"]),
    Entry(
      name: "from another hospital",
      said: [("stay.admitted", "A01", "inpatient", [("entryMode", "7"), ("provenance", "1")])], zfm: ["ZFM|7||1"]),
    Entry(
      name: "an outpatient becomes one who stays",
      said: [("stay.admitted", "A04", "outpatient", home), ("stay.class-changed", "A06", "inpatient", [])],
      zfm: ["ZFM|8", "ZFM|8"]),
    Entry(
      name: "as the main system had it",
      said: [("stay.admitted", "A01", "inpatient", throughEmergency + [("ZFM-5", "7")])], zfm: ["ZFM|8||5||7"]),
  ]

  /// ZFM-5: they came through this hospital's own emergency unit.
  @Test(arguments: entries.indices) func throughWhereTheyCame(row: Int) {
    let row = Self.entries[row]
    var night = Night()
    night.say([("patient.registered", Self.patient, Night.identity("81"))])
    for (place, said) in row.said.enumerated() {
      let opening = place == 0 ? Night.opening(Self.patient, "91") : []
      night.say([
        (
          said.kind, Self.stay,
          Night.movement("m\(place)", said.trigger, unit: "4EST", stayClass: said.stayClass, opening + said.beside)
        )
      ])
    }
    let told = night.messages.filter { $0.subject == Self.stay }
    #expect(told.map { $0.segments.first { $0.hasPrefix("ZFM") } } == row.zfm, "\(row.name)")
  }
}
