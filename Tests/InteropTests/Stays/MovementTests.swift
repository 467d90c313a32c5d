import Hospital
import Interop
import Ledger
import Spoken
import Testing

/// Section 3 of PAM's rules: ZBE-4 decides, not the trigger.
struct MovementTests {
  /// MSH-9, ZBE-4, ZBE-6, and the kind of fact with the movement's trigger.
  static let table: [(trigger: String, action: String, inserted: String, says: String)] = [
    ("A01", "INSERT", "", "stay.admitted A01"),
    ("A02", "INSERT", "", "stay.transferred A02"),
    ("A03", "INSERT", "", "stay.discharged A03"),
    ("A04", "INSERT", "", "stay.admitted A04"),
    ("A05", "INSERT", "", "stay.preadmitted A05"),
    ("A06", "INSERT", "", "stay.class-changed A06"),
    ("A07", "INSERT", "", "stay.class-changed A07"),
    ("A14", "INSERT", "", "stay.planned A14"),
    ("A15", "INSERT", "", "stay.planned A15"),
    ("A16", "INSERT", "", "stay.planned A16"),
    ("A21", "INSERT", "", "stay.left A21"),
    ("A22", "INSERT", "", "stay.returned A22"),
    ("A54", "INSERT", "", "stay.attending-changed A54"),
    ("A11", "CANCEL", "A01", "stay.movement-cancelled A01"),
    ("A11", "CANCEL", "A04", "stay.movement-cancelled A04"),
    ("A11", "CANCEL", "", "stay.movement-cancelled -"),
    ("A12", "CANCEL", "", "stay.movement-cancelled A02"),
    ("A13", "CANCEL", "A03", "stay.movement-cancelled A03"),
    ("A25", "CANCEL", "", "stay.movement-cancelled A16"),
    ("A26", "CANCEL", "", "stay.movement-cancelled A15"),
    ("A27", "CANCEL", "", "stay.movement-cancelled A14"),
    ("A38", "CANCEL", "", "stay.movement-cancelled A05"),
    ("A52", "CANCEL", "", "stay.movement-cancelled A21"),
    ("A53", "CANCEL", "", "stay.movement-cancelled A22"),
    ("A55", "CANCEL", "", "stay.movement-cancelled A54"),
    // An A06 that cancels undoes an A07, and the other way round.
    ("A06", "CANCEL", "", "stay.movement-cancelled A07"),
    ("A07", "CANCEL", "", "stay.movement-cancelled A06"),
    ("A06", "CANCEL", "A07", "stay.movement-cancelled A07"),
    ("Z99", "UPDATE", "A03", "stay.movement-corrected A03"),
    ("Z99", "UPDATE", "", "stay.movement-corrected -"),
    // The trigger and the action disagree.
    ("Z99", "INSERT", "A04", "stay.admitted A04"),
    ("Z99", "CANCEL", "A02", "stay.movement-cancelled A02"),
    ("A01", "CANCEL", "", "stay.movement-cancelled A01"),
    ("A01", "UPDATE", "", "stay.movement-corrected A01"),
    ("A13", "INSERT", "", "stay.discharged A03"),
    // The action is missing or unknown: the trigger decides.
    ("A01", "", "", "stay.admitted A01"),
    ("A13", "", "", "stay.movement-cancelled A03"),
    ("Z99", "", "A04", "stay.movement-corrected A04"),
    ("A02", "DELETE", "", "stay.transferred A02"),
    ("A02", "insert", "", "stay.transferred A02"),
    ("A01", "INSERT", "A99", "stay.admitted A01"),
    // Events of old versions.
    ("Z80", "INSERT", "", "stay.transferred A02"),
    ("Z84", "INSERT", "", "stay.transferred A02"),
    ("Z88", "", "", "stay.transferred A02"),
    ("Z81", "", "", "stay.movement-cancelled A02"),
    ("Z85", "CANCEL", "", "stay.movement-cancelled A02"),
    ("Z89", "CANCEL", "", "stay.movement-cancelled A02"),
    ("Z82", "INSERT", "", "stay.transferred A02"),
    ("Z86", "", "", "stay.transferred A02"),
    ("Z83", "", "", "stay.movement-cancelled A02"),
    ("Z87", "CANCEL", "", "stay.movement-cancelled A02"),
  ]

  @Test(arguments: table.indices)
  func kinds(row: Int) throws {
    let (trigger, action, inserted, says) = Self.table[row]
    let segments = [
      Spoken.header(trigger), Spoken.evn, Spoken.pid, Spoken.pv1, Spoken.zbe(action: action, trigger: inserted),
    ]
    let fact = try #require(Spoken.facts(segments)?.facts.last)
    #expect(
      "\(fact.kind) \(fact.data["movement"]?["trigger"]?.string ?? "-")" == says, "\(trigger) \(action) \(inserted)")
    #expect(fact.data["movement"]?["key"]?.string == "1.2.250.1.99.2|501")
    #expect(fact.subject == "stay/\(Name.subject("stay", "1.2.250.1.99.2", "9001"))")
  }

  /// ZBE as written and what is warned of.
  @Test(arguments: [
    ("A01", "ZBE|501^CH|20220821004500||INSERT|N||^^^^^^UF^^^4EST||M", [] as [String]),
    ("A01", "ZBE|501^CH|20220821004500||CANCEL|N|A01|^^^^^^UF^^^4EST||M", ["hl7.action-differs"]),
    ("A01", "ZBE|501^CH|20220821004500|||N||^^^^^^UF^^^4EST||M", ["hl7.no-action"]),
    ("A01", "ZBE|501^CH|20220821004500||INSERT|||^^^^^^UF^^^4EST||M", ["hl7.field-missing"]),
    ("A01", "ZBE|501^CH|20220821004500||INSERT|N||^^^^^^UF^^^4EST", ["hl7.field-missing"]),
    ("A01", "ZBE|501^CH|hier||INSERT|N||^^^^^^UF^^^4EST||M", ["hl7.hour-assumed"]),
    ("A01", "ZBE||20220821004500||INSERT|N||^^^^^^UF^^^4EST||M", ["hl7.field-missing"]),
    ("A03", "ZBE|501^CH|20220823004500||INSERT|N||^^^^^^UF^^^4EST||M", ["hl7.discharge-to-come"]),
    ("Z99", "ZBE|501^CH|20220821004500||UPDATE|N||^^^^^^UF^^^4EST||M", ["hl7.field-missing"]),
    ("Z99", "ZBE|501^CH|20220821004500||UPDATE|N|A99|^^^^^^UF^^^4EST||M", ["hl7.code-unknown"]),
    ("Z80", "ZBE|501^CH|20220821004500||INSERT|N||^^^^^^UF^^^4EST||M", ["hl7.old-trigger"]),
    ("A01", "OBX|1", ["hl7.no-zbe"]),
    ("A08", "OBX|1", ["hl7.update"]),
  ])
  func warnings(trigger: String, segment: String, codes: [String]) {
    #expect(Spoken.codes([Spoken.header(trigger), Spoken.evn, Spoken.pid, Spoken.pv1, segment]) == codes, "\(segment)")
  }

  /// ZBE-1 as written, its key and the other numbers. Ours, under 2.25.7, is the key only where there is no other.
  @Test(
    arguments: [
      ("501^CH^1.2.3^ISO", "1.2.3|501", []), ("k1^PERMANENCE^2.25.7^ISO", "2.25.7|k1", []),
      ("501^CH^1.2.3^ISO~k1^PERMANENCE^2.25.7^ISO", "1.2.3|501", ["2.25.7|k1"]),
      ("k1^PERMANENCE^2.25.7^ISO~501^CH^1.2.3^ISO", "1.2.3|501", ["2.25.7|k1"]),
      ("k1^PERMANENCE^2.25.7^ISO~k2^PERMANENCE^2.25.7^ISO", "2.25.7|k1", ["2.25.7|k2"]),
      ("501^A~502^B~501^A~503", "A|501", ["B|502", "CH|503"]), ("~501", "CH|501", []),
      ("501^A~" + String(repeating: "9", count: 5000), "A|501", []),
    ] as [(String, String, [String])])
  func allItsNumbers(written: String, key: String, also: [String]) throws {
    let translation = ADTTranslation(localTime: Spoken.paris, movementOID: "2.25.7")
    let segments = [Spoken.header("A01"), Spoken.evn, Spoken.pid, Spoken.pv1, Spoken.zbe(id: written)]
    guard case .facts(let facts) = translation.translate(Spoken.bytes(segments)).translated else {
      Issue.record("\(written) is not taken")
      return
    }
    let movement = try #require(facts.facts.last?.data["movement"])
    #expect(movement["key"]?.string == key)
    #expect(movement["id"]?.string == key.split(separator: "|").last.map(String.init))
    #expect((movement["also"]?.array ?? []).compactMap(\.string) == also)
    #expect(facts.warnings.map(\.code) == (written.count > 4096 ? ["hl7.field-too-long"] : []))
  }

  @Test func whatAMovementHolds() throws {
    let segments = [
      Spoken.header("A02"), Spoken.evn, Spoken.pid, Spoken.pv1 + String(repeating: "|", count: 25) + "20220820190000",
      "ZBE|501^CH^1.2.250.1.99.2^ISO|20220821004500||INSERT|Y||^^^^^^UF^^^4MED|^^^^^^UF^^^4SOI|HMS",
    ]
    let fact = try #require(Spoken.facts(segments)?.facts.last)
    let expected = #"""
      {"key":"1.2.250.1.99.2|501","id":"501","authorityName":"CH","trigger":"A02","unit":"4EST","room":"401","bed":"1",
      "class":"inpatient","attending":"LEROY PAUL","medicalUnit":"4MED","careUnit":"4SOI","nature":"HMS","historic":true}
      """#
    #expect(fact.data["movement"] == (try JSON(parsing: expected)))
    #expect(fact.at.text == "2022-08-20T22:45:00.000Z")
    #expect(fact.data["number"]?.string == "9001")
    #expect(fact.data["numberAuthority"]?.string == "1.2.250.1.99.2")
    #expect(fact.data["visit"]?.string == "77")
    #expect(fact.data["admittedAt"]?.string == "2022-08-20T17:00:00.000Z")
    #expect(fact.data["patient"]?.string == "patient/\(Name.subject("patient", "1.2.250.1.99.1", "4711"))")
  }

  /// EVN-3, PV1-44, PV2-8 and PV2-9 as written, and for when that is expected: ZBE-2, or else EVN-6, where none of them
  /// is later.
  @Test(arguments: [
    ("A05", "", "", "", "", "2022-08-20T22:45:00.000Z"),
    ("A05", "", "", "20220824080000", "", "2022-08-24T06:00:00.000Z"),
    ("A05", "20220825080000", "", "20220824080000", "", "2022-08-24T06:00:00.000Z"),
    ("A05", "20220825080000", "", "", "", "2022-08-25T06:00:00.000Z"),
    ("A05", "20220821004500", "20220826", "20220821", "", "2022-08-25T22:00:00.000Z"),
    ("A05", "20220819", "20220819", "20220819", "20220829", "2022-08-20T22:45:00.000Z"),
    ("A14", "", "20220826", "20220824080000", "", "2022-08-24T06:00:00.000Z"),
    ("A15", "20220825080000", "", "20220824080000", "20220824", "2022-08-25T06:00:00.000Z"),
    ("A16", "20220825080000", "", "20220824080000", "20220827100000", "2022-08-27T08:00:00.000Z"),
    ("A01", "20220825080000", "20220825", "20220824080000", "20220827", "2022-08-20T22:45:00.000Z"),
  ])
  func whenItIsExpected(
    trigger: String, event: String, visit: String, admission: String, discharge: String, hour: String
  ) throws {
    let said = [
      Spoken.header(trigger), "EVN||20220821010000|\(event)||login|20220821004500", Spoken.pid,
      Spoken.pv1 + String(repeating: "|", count: 25) + visit, "PV2||||||||\(admission)|\(discharge)",
    ]
    for segments in [said, said + [Spoken.zbe()]] {
      #expect(Spoken.facts(segments)?.facts.last?.at.text == hour)
    }
    guard trigger == "A05" else { return }
    let undone = [Spoken.header("A38")] + said.dropFirst() + [Spoken.zbe(action: "CANCEL")]
    #expect(Spoken.facts(undone)?.facts.last?.at.text == "2022-08-20T22:45:00.000Z")
  }

  /// PV1 of a cancellation tells the situation before the movement: no part of it.
  @Test func aCancellationMovesNobody() throws {
    let segments = [
      Spoken.header("A13"), Spoken.evn, Spoken.pid, Spoken.pv1,
      Spoken.zbe(action: "CANCEL", trigger: "A03", nature: "MHC"),
    ]
    let movement = try #require(Spoken.facts(segments)?.facts.last?.data["movement"])
    #expect(movement["unit"] == nil)
    #expect(movement["class"] == nil)
    #expect(movement["medicalUnit"]?.string == "4EST")
    #expect(movement["nature"]?.string == "MHC")
  }

  /// PV1-51 of a cancelled admission: `V` is the visit alone. What says no level says the account, in PAM France.
  @Test(arguments: [
    ("A11", "V", "2.5^FRA^2.11", false), ("A11", "A", "2.5^FRA^2.11", true), ("A11", "", "2.5^FRA^2.11", true),
    ("A11", "A", "2.5", true), ("A11", "", "2.5", false), ("A13", "A", "2.5^FRA^2.11", false),
  ])
  func whatAnAdmissionTakesWithIt(trigger: String, level: String, version: String, account: Bool) throws {
    let segments = [
      Spoken.header(trigger).replacing("2.5^FRA^2.11", with: version), Spoken.pid,
      Spoken.pv1 + String(repeating: "|", count: 32) + level, Spoken.zbe(action: "CANCEL"),
    ]
    let movement = try #require(Spoken.facts(segments)?.facts.last?.data["movement"])
    #expect(movement["account"]?.bool == (account ? true : nil))
  }

  /// PV1-2 as written, and the class.
  @Test(arguments: [
    ("I", "inpatient"), ("O", "outpatient"), ("E", "emergency"), ("R", "recurring"), ("V", "outpatient"),
    ("P", "preadmit"), ("N", "none"), ("B", "inpatient"), ("?", nil), ("", nil),
  ])
  func classes(written: String, read: String?) throws {
    let segments = [
      Spoken.header("A01"), Spoken.pid, Spoken.pv1.replacing("PV1||I|", with: "PV1||\(written)|"), Spoken.zbe(),
    ]
    #expect(Spoken.facts(segments)?.facts.last?.data["movement"]?["class"]?.string == read)
  }

  /// Without PID-18 the visit is the stay; the same number as an account is another stay.
  @Test func visitWithoutAccount() throws {
    let segments = [
      Spoken.header("A01"), Spoken.pid.replacing("9001^^^CH&1.2.250.1.99.2&ISO^AN", with: ""), Spoken.pv1, Spoken.zbe(),
    ]
    let fact = try #require(Spoken.facts(segments)?.facts.last)
    #expect(fact.data["number"]?.string == "77")
    #expect(fact.data["visit"] == nil)
    #expect(fact.subject != "stay/\(Name.subject("stay", "1.2.250.1.99.2", "77"))")
  }

  @Test func detailsAreKeptUnderTheirNames() throws {
    let segments = [
      Spoken.header("A01"), Spoken.pid, Spoken.pv1, "PV2|||R10^Douleurs||||TO||\"\"", Spoken.zbe(), "ZFM|8||||5",
      "ZFV||||||1 RUE BASSE^^ROUEN", "ZFA|||||||||NA||NA", "ZFP|", "AL1|1|DA|C08^Pénicilline", "OBX|1|NM|T^Temp||38.2",
      "ROL||AD|AT|10^LEROY^PAUL^^^^^^X^^^^RPPS|20220821004500|20991231235959",
    ]
    let data = try #require(Spoken.facts(segments)?.facts.last?.data)
    #expect(data["reason"]?.string == "Douleurs")
    #expect(data["PV2-7"]?.string == "TO")
    #expect(data["PV2-9"]?.isNull == true)
    #expect(data["PV1-4"]?.string == "R")
    #expect(data["entryMode"]?.string == "8")
    #expect(data["ZFM-5"]?.string == "5")
    #expect(data["ZFV-6"]?.string == "1 RUE BASSE^^ROUEN")
    #expect(data["ZFA-9"]?.string == "NA")
    #expect(data["allergies"]?.array?.first?["AL1-3"]?.string == "C08^Pénicilline")
    #expect(data["observations"]?.array?.first?["OBX-5"]?.string == "38.2")
    #expect(
      data["roles"] == [
        [
          "ROL-2": "AD", "ROL-3": "AT", "ROL-4": "10^LEROY^PAUL^^^^^^X^^^^RPPS", "ROL-5": "20220821004500",
          "ROL-6": "20991231235959",
        ]
      ])
  }
}
