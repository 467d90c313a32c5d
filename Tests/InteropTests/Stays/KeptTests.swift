import Hospital
import Interop
import Ledger
import Spoken
import Testing

/// No field of a message is lost: of each in the segments of PAM France its code stands in some fact, or all of it as it
/// came.
struct KeptTests {
  typealias Row = (segment: String, fields: Int, passedOver: Set<Int>)

  /// Segment, how many fields of it are filled, and those that say nothing of their own: what they are is told by others.
  static let table: [Row] = [
    // PID-2 and PID-4 are other numbers of old versions, PID-25 a rank of 1 to 20.
    ("PID", 39, [1, 2, 4, 7, 8, 21, 25, 29, 30, 32]),
    // The discharge is the A03 movement.
    ("PV1", 52, [1, 2, 44, 45]), ("PV2", 49, []), ("ZBE", 9, [2, 4, 5, 6]), ("ZFA", 8, []), ("ZFP", 2, []),
    ("ZFV", 11, []), ("ZFM", 4, []), ("ZFD", 8, [7, 8]), ("IN1", 55, [1]), ("GT1", 57, [1]), ("NK1", 39, [1]),
    // ZFS-5 makes the kind of fact.
    ("OBX", 19, [1]), ("AL1", 6, [1]), ("ROL", 12, [1]), ("ZFS", 8, [1, 3, 5]), ("MRG", 7, [1]),
  ]
  /// Values of those that hold codes or hours.
  private static let coded = [
    "PID-7": "19610312", "PID-8": "F", "PID-25": "2", "PID-30": "N", "PID-32": "PROV", "PV1-2": "I", "ZBE-4": "INSERT",
    "ZBE-5": "N", "ZBE-6": "A01", "ZBE-2": "20220821004500", "PV1-44": "20220821",
    "PID-29": "20220821",
  ]

  /// What such messages say nothing of.
  static let triggers: [(triggers: [String], without: Set<String>)] = [
    (["A01", "A02", "A03", "A04", "A05", "A06", "A07", "A14", "A15", "A16", "A21", "A22", "A54", "Z99"], []),
    // PV1 is the situation before.
    (cancelling, ["PV1-3"]),
    // No movement, and where somebody lies is the movements' to say.
    (["A08", "A23", "A44"], ["PV1-3", "ZBE"]),
    // No stay: PV1-2 is N.
    (
      ["A28", "A31", "A24", "A37", "A40", "A47"],
      ["PID-18", "PV1", "PV2", "ZBE", "ZFA", "ZFP", "ZFV", "ZFM"]
    ),
  ]
  static let cancelling = ["A11", "A12", "A13", "A25", "A26", "A27", "A38", "A52", "A53", "A55"]
  static let cases: [(String, Row, Set<String>)] = triggers.flatMap { kind in
    kind.triggers.flatMap { trigger in
      table.filter { !kind.without.contains($0.segment) }.map { (trigger, $0, kind.without) }
    }
  }

  private static func value(_ name: String) -> String {
    if let value = coded[name] { return value }
    let mark = "k\(name.lowercased().replacing("-", with: "x"))"
    switch name {
    case "PID-3": return "\(mark)^^^CH^PI"
    case "PID-5": return "\(mark)^ANNE^^^^^L"
    case "PID-18", "PV1-19", "PID-21": return "\(mark)^^^CH"
    case "ZBE-7", "ZBE-8": return "^^^^^^UF^^^\(mark)"
    case "PV1-7", "PV1-8", "ROL-4": return "1^\(mark)"
    default: return mark
    }
  }

  @Test(arguments: cases.indices)
  func everyField(row: Int) throws {
    let (trigger, (segment, fields, passedOver), without) = Self.cases[row]
    let isOfStay = !without.contains("PV1")
    let beside = isOfStay ? [("PID", 18), ("PV1", 7), ("ZBE", 9)] : [("PID", 17)]
    let others = beside.filter { $0.0 != segment }
    let segments = (others + [(segment, fields)]).sorted { $0.0 == "PID" && $1.0 != "PID" }.map { name, count in
      ([name] + (1...count).map { Self.value("\(name)-\($0)") }).joined(separator: "|")
        .replacing("|INSERT|", with: Self.cancelling.contains(trigger) ? "|CANCEL|" : "|INSERT|")
    }
    let whole = [Spoken.header(trigger)] + segments + (isOfStay ? [] : ["PV1|1|N"])
    let facts = try #require(Spoken.facts(whole)).facts
    let said = facts.map { String(decoding: $0.data.bytes, as: UTF8.self) }.joined()
    for number in 1...fields where !passedOver.contains(number) && !without.contains("\(segment)-\(number)") {
      let name = "\(segment)-\(number)"
      let mark = "k\(name.lowercased().replacing("-", with: "x"))"
      // A longer number begins with a shorter one.
      let isThere = said.ranges(of: mark).contains { range in
        range.upperBound == said.endIndex || !said[range.upperBound].isNumber
      }
      #expect(isThere, "\(name) of \(trigger) is lost")
    }
  }

  /// What is more than a list or a segment may hold is told once of each name, with how many.
  @Test(
    arguments: [
      ("A01", Array(repeating: "OBX|1|a", count: 50), []),
      ("A01", Array(repeating: "OBX|1|a", count: 53) + Array(repeating: "AL1|1|a", count: 51), ["AL1 1", "OBX 3"]),
      ("A28", Array(repeating: "GT1|1|a", count: 52) + Array(repeating: "ROL|1|a", count: 51), ["GT1 2", "ROL 1"]),
      (
        "A01", Array(repeating: ["IN1|1|a", "IN2|1|b", "IN3|1|c", "IN3|2|d"], count: 52).flatMap(\.self),
        ["IN1 2", "IN2 2", "IN3 4"]
      ), ("A31", Array(repeating: "NK1|1|NOIR^LEO", count: 57), ["NK1 7"]),
      ("A01", ["PV2" + String(repeating: "|a", count: 80)], []),
      (
        "A01", ["PV2" + String(repeating: "|a", count: 83), "ZFM" + String(repeating: "|", count: 99) + "a"],
        ["PV2 3", "ZFM 1"]
      ),
      ("A31", Array(repeating: "OBX" + String(repeating: "|a", count: 81), count: 52), ["OBX 2", "OBX 50"]),
      ("S12", Array(repeating: "NTE|1|a", count: 51), ["NTE 1"]),
    ] as [(String, [String], [String])])
  func tooMany(trigger: String, more: [String], told: [String]) throws {
    let head =
      trigger == "S12"
      ? [Spoken.scheduleHeader(trigger), Spoken.sch, Spoken.tq1, Spoken.pid]
      : [Spoken.header(trigger), Spoken.evn, Spoken.pid]
    let stay = trigger == "A01" ? [Spoken.pv1, Spoken.zbe()] : []
    let warnings = try #require(Spoken.facts(head + stay + more)).warnings.filter { $0.code.contains("too-many") }
    #expect(warnings.map { "\($0.arguments["segment"] ?? "") \($0.arguments["count"] ?? "")" } == told)
    #expect(warnings.allSatisfy { $0.arguments["most"] == ($0.code == "hl7.too-many-fields" ? "80" : "50") })
  }

  /// A stay's where the message names one, else the person's; PV1-2 `N` names none.
  @Test(arguments: [
    ("A31", "PV1|1|N", ["latex"], [] as [String]), ("A08", "PV1|1|N", ["latex"], []), ("A31", "", ["latex"], []),
    ("A08", Spoken.pv1, [], ["latex"]), ("A23", Spoken.pv1, [], ["latex"]),
  ])
  func whoseItIs(trigger: String, pv1: String, person: [String], stay: [String]) throws {
    let known = Known([[Spoken.header(trigger), Spoken.pid, pv1, "AL1|1|DA|^latex"].filter { !$0.isEmpty }])
    #expect(known.patients.values.flatMap(\.allergies).map(\.to) == person)
    #expect(known.stays.values.flatMap(\.allergies).map(\.to) == stay)
    #expect(known.stays.values.allSatisfy { $0.movements.isEmpty && $0.patient == known.patients.keys.first })
  }

  /// Of a merge the number absorbed, of a legal measure all that tells it, of a stay whose it was.
  @Test(arguments: [
    ("A40", "MRG|kmrg1^^^CH^PI", ["kmrg1"]), ("A44", "MRG|kmrg1^^^CH^PI", ["patient/"]),
    (
      "A31", "ZFS|1|kzfs2|20220801|20991231|INSERT|kzfs6|kzfs7|kzfs8",
      ["kzfs2", "kzfs6", "kzfs7", "kzfs8", "2022-07-31T22:00:00.000Z", "20991231"]
    ),
    (
      "A31", "ZFS|1|kzfs2|20220801|20220810|UPDATE|kzfs6|kzfs7|kzfs8",
      ["kzfs2", "kzfs6", "kzfs7", "kzfs8", "2022-07-31T22:00:00.000Z", "20220810"]
    ), ("A31", "ZFS|1|kzfs2|20220801||CANCEL|kzfs6", ["kzfs2", "kzfs6", #""ZFS-5":"CANCEL""#]),
  ])
  func others(trigger: String, segment: String, marks: [String]) throws {
    let facts = try #require(Spoken.facts([Spoken.header(trigger), Spoken.pid, segment])).facts
    let said = facts.map { String(decoding: $0.data.bytes, as: UTF8.self) }.joined()
    for mark in marks { #expect(said.contains(mark), "\(mark) is lost") }
  }

  /// The whole visit taken back: whatever arrives when.
  @Test(
    arguments: [
      (["A01", "A02", "A23"], StayStatus.cancelled, 0), (["A23"], .cancelled, 0), (["A05", "A23"], .cancelled, 0),
      (["A01", "A23", "A04"], .admitted, 1),
    ], 0...3)
  func aVisitDeleted(story: (triggers: [String], status: StayStatus, live: Int), turn: Int) throws {
    let messages = story.triggers.enumerated().map { place, trigger in
      [
        Spoken.header(trigger, control: "\(1000 + place)", at: "2022082101\(10 + place)00"), Spoken.pid, Spoken.pv1,
        trigger == "A23" ? Spoken.evn : Spoken.zbe(id: "\(500 + place)^CH^1.2.250.1.99.2^ISO"),
      ]
    }
    let shift = turn % messages.count
    let known = Known(Array(messages[shift...] + messages[..<shift]).reversed())
    let stay = try #require(known.stays.values.first)
    #expect(stay.status == story.status)
    #expect(stay.movements.count { !$0.cancelled } == story.live)
    #expect(stay.movements.count == story.triggers.count { $0 != "A23" }, "nothing is deleted")
    #expect(known.patients.values.first?.birthName == "MARTIN")
  }
}
