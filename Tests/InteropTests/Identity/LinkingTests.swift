import Hospital
import Interop
import Ledger
import Spoken
import Testing

struct LinkingTests {
  static let kept = "patient/\(Name.subject("patient", "1.2.3", "4711"))"
  static let other = "patient/\(Name.subject("patient", "1.2.3", "4712"))"
  static let pid = "PID|||4711^^^CH&1.2.3&ISO^PI||MARTIN^ANNE^ANNE^^^^L|||||||||||||||||||||||||||VALI"
  static let ins = "180127612345615^^^N&1.2.250.1.213.1.4.8&ISO^INS"

  /// Trigger, PID-3 after the PI, MRG-1, and the facts but for the description of PID.
  static let table: [(trigger: String, also: String, mrg: String, facts: [String])] = [
    ("A40", "", "4712^^^CH&1.2.3&ISO^PI", ["4712 patient.described", "4712 patient.merged into 4711"]),
    ("A34", "", "4712^^^CH&1.2.3&ISO^PI", ["4712 patient.described", "4712 patient.merged into 4711"]),
    ("A40", "", "4711^^^CH&1.2.3&ISO^PI", []),
    ("A40", "", "", []),
    ("A47", "~\"\"^^^N&1.2.250.1.213.1.4.8&ISO^INS", ins, ["4711 patient.ins-removed"]),
    ("A47", "", "\"\"^^^N&1.2.250.1.213.1.4.8&ISO^INS", ["4711 patient.ins-removed"]),
    ("A47", "", "\"\"^^^LAB^MR", []),
    ("A47", "~\(ins)", "190127612345678^^^N&1.2.250.1.213.1.4.8&ISO^INS", ["4711 patient.ins-removed"]),
    ("A47", "", "88^^^LAB^MR", ["4711 patient.identifier-withdrawn 88"]),
    ("A47", "~89^^^LAB^MR", "88^^^LAB^MR", ["4711 patient.identifier-withdrawn 88 by 89"]),
    (
      "A47", "", "4712^^^CH&1.2.3&ISO^PI",
      ["4711 patient.identifier-withdrawn 4712 by 4711", "4712 patient.described", "4712 patient.merged into 4711"]
    ),
    ("A47", "", "", []),
  ]

  @Test(arguments: table.indices)
  func links(row: Int) throws {
    let (trigger, also, mrg, expected) = Self.table[row]
    let segments = [Spoken.header(trigger), Self.pid.replacing("^PI||", with: "^PI\(also)||"), "MRG|\(mrg)"]
    let facts = try #require(Spoken.facts(segments)).facts
    #expect(facts.contains { $0.kind == "patient.described" && $0.subject == Self.kept })
    let rest = facts.filter { $0.kind != "patient.described" || $0.subject != Self.kept }
    #expect(rest.map(shown) == expected, "row \(row)")
  }

  private func shown(_ fact: Fact) -> String {
    var words = [fact.subject == Self.kept ? "4711" : fact.subject == Self.other ? "4712" : "?", fact.kind]
    if let into = fact.data["into"]?.string { words += ["into", into == Self.kept ? "4711" : "?"] }
    if let value = fact.data["value"]?.string { words.append(value) }
    if let heir = fact.data["replacedBy"]?.string { words += ["by", heir] }
    return words.joined(separator: " ")
  }

  /// Several patients in one A40.
  @Test func severalGroups() throws {
    let segments = [
      Spoken.header("A40"), Self.pid, "MRG|4712^^^CH&1.2.3&ISO^PI", Self.pid.replacing("4711", with: "5711"),
      "MRG|5712^^^CH&1.2.3&ISO^PI",
    ]
    let merged = try #require(Spoken.facts(segments)).facts.filter { $0.kind == "patient.merged" }
    #expect(merged.count == 2)
    #expect(merged[1].data["into"]?.string == "patient/\(Name.subject("patient", "1.2.3", "5711"))")
  }

  /// The INS goes by A47 alone: later messages without it take nothing away.
  @Test func anINSGoesByA47Alone() throws {
    func message(_ trigger: String, _ control: String, _ also: String, _ mrg: [String] = []) -> [String] {
      let header = Spoken.header(trigger, control: control)
      return [header, Self.pid.replacing("^PI||", with: "^PI\(also)||")] + mrg
    }
    let given = message("A28", "1", "~\(Self.ins)")
    let silent = message("A31", "2", "")
    let withdrawn = message("A47", "3", "~\"\"^^^N&1.2.250.1.213.1.4.8&ISO^INS", ["MRG|\(Self.ins)"])
    #expect(Known([given, silent]).patients[Self.kept]?.identityStatus == .qualified)
    let after = try #require(Known([given, withdrawn, silent]).patients[Self.kept])
    #expect(after.ins == nil)
    #expect(after.identityStatus == .validated)
    #expect(Known([withdrawn, silent, given]).patients[Self.kept]?.ins == nil)
  }

  /// A44: the account changes hands; nothing else makes it do so.
  @Test func accountMoves() throws {
    let admitted = [Spoken.header("A01", control: "1"), Spoken.evn, Spoken.pid, Spoken.pv1, Spoken.zbe()]
    let moved = [
      Spoken.header("A44", control: "2"), Spoken.pid.replacing("4711", with: "4712"),
      "MRG|4711^^^CH&1.2.250.1.99.1&ISO^PI",
    ]
    let heir = "patient/\(Name.subject("patient", "1.2.250.1.99.1", "4712"))"
    let stay = "stay/\(Name.subject("stay", "1.2.250.1.99.2", "9001"))"
    for order in [[admitted, moved], [moved, admitted]] {
      let known = try #require(Known(order).stays[stay])
      #expect(known.patient == heir)
      #expect(known.status == .admitted)
      #expect(known.otherPatients == [])
    }
    let third = moved.map { $0.replacing("MRG|4711", with: "MRG|4713") }
    #expect(try #require(Known([admitted, third]).stays[stay]).otherPatients == [heir])
  }
}
