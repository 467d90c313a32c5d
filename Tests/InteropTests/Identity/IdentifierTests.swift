import Hospital
import Interop
import Ledger
import Spoken
import Testing

struct IdentifierTests {
  static let ins = "180127612345615^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.8&ISO^INS"
  static let nia = "180127612345615^^^ASIP-SANTE-INS-NIA&1.2.250.1.213.1.4.9&ISO^INS"

  /// PID-3, and the authority and number that name the patient.
  @Test(arguments: [
    ("4711^^^CH&1.2.3&ISO^PI", "1.2.3", "4711"),
    ("88^^^X^MR~4711^^^CH&1.2.3&ISO^PI", "1.2.3", "4711"),
    ("4711^^^CH^PI", "CH", "4711"),
    ("4711^^^^PI", "CH", "4711"),
    ("88^^^LAB^MRN~99^^^NHS^NHSNMBR", "LAB", "88"),
    ("77^^^Doctolib", "Doctolib", "77"),
    ("1^^^^XX~77^^^Doctolib", "Doctolib", "77"),
    ("180127612345615^^^C&1.2.250.1.213.1.4.8&ISO^NH~77^^^Doctolib", "Doctolib", "77"),
    (" 4711 ^^^CH&1.2.3&ISO^PI", "1.2.3", "4711"),
  ])
  func naming(pid3: String, authority: String, number: String) throws {
    let facts = try #require(Spoken.facts([Spoken.header("A28"), "PID|||\(pid3)||A^B^^^^^L"]))
    #expect(facts.facts[0].subject == "patient/\(Name.subject("patient", authority, number))")
  }

  /// PID-3 beside the PI, PID-32, and the INS taken. 1801276123456 modulo 97 is 82: the key is 15.
  static let table: [(also: String, status: String, taken: String?, aside: Bool)] = [
    (ins, "VALI", "1.2.250.1.213.1.4.8", false),
    (ins, "QUAL", "1.2.250.1.213.1.4.8", false),
    (ins, "PROV", nil, true),
    (ins, "RECUP", nil, true),
    (ins, "", nil, true),
    (nia, "VALI", "1.2.250.1.213.1.4.9", false),
    ("\(nia)~\(ins)", "VALI", "1.2.250.1.213.1.4.8", false),
    ("180127612345616^^^A&1.2.250.1.213.1.4.8&ISO^INS", "VALI", nil, true),
    ("111111111111111^^^A&1.2.250.1.213.1.4.8&ISO^INS", "VALI", nil, true),
    ("180127612345615^^^A&1.2.250.1.213.1.4.8&ISO^NH", "VALI", nil, false),
    ("180127612345615^^^A&1.2.250.1.213.1.4.8&ISO", "VALI", "1.2.250.1.213.1.4.8", false),
    ("180127612345615^^^A^INS", "VALI", nil, true),
    ("180127612345615^^^A&1.2.250.1.213.1.4.10&ISO^INS", "VALI", nil, true),
    ("180127612345615^^^A&1.2.250.1.213.1.4.11&ISO^INS", "VALI", nil, true),
    ("0601976981953184076967^^^A&1.2.250.1.213.1.4.2&ISO^INS-C^^20220801", "VALI", nil, false),
    ("\"\"^^^A&1.2.250.1.213.1.4.8&ISO^INS", "VALI", nil, false),
  ]

  @Test(arguments: table.indices)
  func insTaken(row: Int) throws {
    let (also, status, taken, aside) = Self.table[row]
    let segments = [Spoken.header("A31"), pid("4711^^^CH^PI~\(also)", status)]
    let facts = try #require(Spoken.facts(segments))
    #expect(facts.facts[0].data["ins"]?["oid"]?.string == taken, "\(also) \(status)")
    #expect(facts.warnings.map(\.code).contains("hl7.ins-set-aside") == aside, "\(also) \(status)")
    for identifier in facts.facts[0].data["identifiers"]?.array ?? [] { #expect(identifier["type"]?.string != "INS") }
  }

  /// Where no real patient is, test and demonstration numbers are as good as others.
  @Test func practice() {
    let practice = ADTTranslation(localTime: Spoken.paris, isForPractice: true)
    let message = [
      Spoken.header("A31"), pid("4711^^^CH^PI~180127612345615^^^A&1.2.250.1.213.1.4.10&ISO^INS", "VALI"),
    ]
    guard case .facts(let facts) = practice.translate(Spoken.bytes(message)).translated else {
      return #expect(Bool(false))
    }
    #expect(facts.facts[0].data["ins"]?["oid"]?.string == "1.2.250.1.213.1.4.10")
  }

  /// An insured person's number is never an INS: not IN1-49, not GT1-12.
  @Test func insuredIsNobody() throws {
    var in1 = Array(repeating: "", count: 50)
    (in1[0], in1[2], in1[49]) = ("IN1", "AMO", "180127612345615")
    let segments = [
      Spoken.header("A01"), Spoken.pid.replacing("PROV", with: "VALI"), Spoken.pv1, Spoken.zbe(),
      in1.joined(separator: "|"), "GT1|2||NOIR LEO|||||||||180127612345615",
    ]
    let facts = try #require(Spoken.facts(segments))
    #expect(facts.facts[0].data["ins"] == nil)
    #expect(facts.facts[1].data["coverage"]?.array?.first?["IN1-49"]?.string == "180127612345615")
    #expect(facts.facts[1].data["guarantors"]?.array?.first?["GT1-12"]?.string == "180127612345615")
  }

  private func pid(_ identifiers: String, _ status: String) -> String {
    "PID|||\(identifiers)||A^B^^^^^L|||||||||||||||||||||||||||\(status)"
  }
}
