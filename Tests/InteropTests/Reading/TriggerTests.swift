import Interop
import Spoken
import Testing

/// One message of each trigger that a hospital's feed may hold, and what it says here.
struct TriggerTests {
  static let mrg = "MRG|4712^^^CH&1.2.250.1.99.1&ISO^PI"
  static let other = Spoken.pid.replacing("4711", with: "4712")

  /// The last fact of each; triggers of movements come with ZBE-4 as their own.
  static let table: [(triggers: [String], also: [String], kind: String)] = [
    (["A28", "A31"], [], "patient.described"),
    (["A08"], [], "patient.described"),
    (["A08"], [], "stay.described"),
    (["A47"], [mrg], "patient.described"),
    (["A40", "A34"], [mrg], "patient.merged"),
    (["A24"], [other], "patient.merged"),
    (["A37"], [other], "patient.unmerged"),
    (["A44"], [mrg], "stay.reassigned"),
    (["A05"], [], "stay.preadmitted"),
    (["A01", "A04"], [], "stay.admitted"),
    (["A02"], [], "stay.transferred"),
    (["A03"], [], "stay.discharged"),
    (["A06", "A07"], [], "stay.class-changed"),
    (["A14", "A15", "A16"], [], "stay.planned"),
    (["A21"], [], "stay.left"),
    (["A22"], [], "stay.returned"),
    (["A54"], [], "stay.attending-changed"),
    (["A11", "A12", "A13", "A25", "A26", "A27", "A38", "A52", "A53", "A55"], [], "stay.movement-cancelled"),
    (["Z80", "Z82", "Z84", "Z86", "Z88"], [], "stay.transferred"),
    (["Z81", "Z83", "Z85", "Z87", "Z89"], [], "stay.movement-cancelled"),
    (["Z99"], [], "stay.movement-corrected"),
  ]

  @Test func each() throws {
    for row in Self.table {
      for trigger in row.triggers {
        let segments = [Spoken.header(trigger), Spoken.evn, Spoken.pid] + row.also
        let isMovement = row.kind.hasPrefix("stay.") && row.kind != "stay.reassigned"
        let whole = segments + (isMovement ? [Spoken.pv1, Spoken.zbe(action: "", trigger: "")] : [])
        #expect(Spoken.facts(whole)?.facts.last?.kind == row.kind, "\(trigger)")
      }
    }
  }

  /// Deleting a whole visit, tracking, orders: acknowledged, and no fact.
  @Test(arguments: ["A09", "A10", "A17", "A20", "A29", "A60", "Z90"])
  func others(trigger: String) throws {
    guard case .ignored = Spoken.translate([Spoken.header(trigger), Spoken.evn, Spoken.pid, Spoken.pv1]) else {
      Issue.record("\(trigger) says something")
      return
    }
  }

  /// A link and its end, in whatever order they come.
  @Test func linkedAndNot() throws {
    let link = [Spoken.header("A24", control: "1"), Spoken.pid, Self.other]
    let unlink = [Spoken.header("A37", control: "2", at: "20220821020000"), Spoken.pid, Self.other]
    #expect(Known([link]).patients.values.filter { $0.mergedInto != nil }.count == 1)
    for order in [[link, unlink], [unlink, link]] {
      #expect(Known(order).patients.values.allSatisfy { $0.mergedInto == nil })
    }
    #expect(Spoken.codes([Spoken.header("A24"), Spoken.pid]) == ["hl7.nothing-to-link"])
  }
}
