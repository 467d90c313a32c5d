import Interop
import Spoken
import Testing

/// What a header must say; a refusal depends on the message alone.
struct EnvelopeTests {
  static let pid = "PID|||1^^^CH^PI||A^B^^^^^L"

  /// MSH from MSH-9 on, the segments after it, and the answer.
  static let table: [(header: String, segments: [String], answer: String)] = [
    ("ADT^A28|1|P|2.5", [pid], "AA"),
    ("ADT^A28^ADT_A05|1|P|2.5^FRA^2.11", [pid], "AA"),
    ("ADT^A28|1|T|2.3", [pid], "AA"),
    ("ADT^A28|1|D|2.8.2", [pid], "AA"),
    ("ADT^A28|1||", [pid], "AA hl7.field-missing hl7.field-missing"),
    ("ADT|1|P|2.5", ["EVN|A28", pid], "AA"),
    ("ADT^A19|1|P|2.5", [pid], "ignored"),
    ("ADT^A29|1|P|2.5", [pid], "ignored"),
    ("ADT|1|P|2.5", [pid], "AR 200 MSH^1^9"),
    ("SIU^^SIU_S12|1|P|2.5", [pid], "AR 200 MSH^1^9"),
    ("ORU|1|P|2.5", [pid], "ignored"),
    ("ORU^R01|1|P|2.5", [pid], "ignored"),
    ("MDM^T02|1|P|2.5", [], "ignored"),
    ("adt^A28|1|P|2.5", [pid], "ignored"),
    ("|1|P|2.5", [pid], "AR 200 MSH^1^9"),
    ("ADT^A28||P|2.5", [pid], "AR 200 MSH^1^10"),
    ("ADT^A28|1|X|2.5", [pid], "AR 202 MSH^1^11"),
    ("ADT^A28|1|P|3.0", [pid], "AR 203 MSH^1^12"),
    ("ADT^A28|1|P|2.5", [], "AE 101 PID^1^3"),
    ("ADT^A28|1|P|2.5", ["PID|||||A^B^^^^^L"], "AE 101 PID^1^3"),
    ("ADT^A28|1|P|2.5", ["PID|||\"\"^^^CH^PI||A^B^^^^^L"], "AE 101 PID^1^3"),
    ("ADT^A01|1|P|2.5", [pid, "PV1||I|4EST"], "AE 101 PID^1^18"),
    ("ADT^Z99|1|P|2.5", [pid, "ZBE|1|20220821||UPDATE|N|A01|||M"], "AE 101 PID^1^18"),
    ("ADT^A44|1|P|2.5", [pid, "MRG|2^^^CH^PI"], "AE 101 PID^1^18"),
    ("ADT^A40|1|P|2.5", ["MRG|2^^^CH^PI"], "AE 101 PID^1^3"),
    ("ADT^A47|1|P|2.5", ["MRG|2^^^CH^PI"], "AE 101 PID^1^3"),
  ]

  @Test(arguments: table.indices)
  func answers(row: Int) {
    let (header, segments, answer) = Self.table[row]
    let message = ["MSH|^~\\&|GAM|CH|PERM|CH|20220821010000||" + header] + segments
    #expect(Self.answer(to: message) == answer, "\(header)")
  }

  static func answer(to message: [String]) -> String {
    switch Spoken.translate(message) {
    case .facts(let facts): (["AA"] + facts.warnings.map(\.code)).joined(separator: " ")
    case .ignored: "ignored"
    case .refused(let refusal): "\(refusal.code.rawValue) \(refusal.condition.rawValue) \(refusal.location)"
    }
  }

  @Test func senderControlAndTimeMakeTheSource() throws {
    let facts = try #require(Spoken.facts([Spoken.header("A28", control: "00042"), Self.pid]))
    #expect(facts.source.sender == "GAM|CH")
    #expect(facts.source.control == "00042")
    #expect(facts.trigger == "A28")
  }

  /// One content, one name; another content under the same number is another message.
  @Test func theNameOfAMessage() throws {
    let one = try #require(Spoken.facts([Spoken.header("A28"), Self.pid]))
    let other = try #require(Spoken.facts([Spoken.header("A28"), "PID|||1^^^CH^PI||A^C^^^^^L"]))
    #expect(one.command != other.command)
    var names: Set<String> = []
    for end in ["\r", "\n", "\r\n"] {
      var splitter = MessageSplitter()
      let text = [Spoken.header("A28"), Self.pid].joined(separator: end) + end
      splitter.feed(Array(text.utf8)) { _ in }
      splitter.finish { piece in
        if case .facts(let facts) = Spoken.translation.translate(piece).translated { names.insert(facts.command) }
      }
    }
    #expect(names == [one.command])
  }
}
