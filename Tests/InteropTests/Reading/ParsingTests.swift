import Interop
import Ledger
import Spoken
import Testing

struct ParsingTests {
  /// A birth name as written in PID-5.1, and as read.
  static let escapes: [(written: String, read: String?)] = [
    ("D\\T\\GAUDE", "D&GAUDE"),
    ("A\\S\\B", "A^B"),
    ("A\\F\\B", "A|B"),
    ("A\\R\\B", "A~B"),
    ("A\\E\\B", "A\\B"),
    ("A\\X42\\C", "ABC"),
    ("A\\XE9\\C", "AéC"),
    ("A\\X4243\\D", "ABCD"),
    ("A\\X4\\D", "A\\X4\\D"),
    ("A\\.br\\D", "A\nD"),
    ("\\H\\GRAS\\N\\", "GRAS"),
    ("A\\B", "A\\B"),
    ("A\\Q\\B", "A\\Q\\B"),
    ("  BLANKS  ", "BLANKS"),
    ("A&B", "A"),
    ("A\u{01}B\\X07\\", "A B"),
    ("   ", nil),
    ("", nil),
  ]

  @Test(arguments: escapes.indices)
  func escape(row: Int) {
    let (written, read) = Self.escapes[row]
    let data = Spoken.data("patient.described", [Spoken.header("A28"), "PID|||1^^^CH^PI||\(written)^ANNE^^^^^L"])
    #expect(data?["birthName"]?.string == read, "row \(row)")
  }

  @Test func delimitersComeFromTheMessage() {
    let data = Spoken.data(
      "patient.described",
      [
        "MSH#*!?%#GAM#CH#PERM#CH#20220821010000##ADT*A28#7#P#2.5",
        "PID###1***CH%1.2.3%ISO*PI!2***X*MR##LE?T?BON*ANNE*****L",
      ])
    #expect(data?["birthName"]?.string == "LE%BON")
    #expect(data?["identifiers"]?.array?.count == 2)
    #expect(data?["identifiers"]?.array?.first?["authority"]?.string == "1.2.3")
  }

  /// What is kept under HL7's names is written with HL7's usual delimiters.
  @Test func keptFieldsHaveTheUsualDelimiters() {
    let data = Spoken.data(
      "stay.admitted",
      [
        "MSH#*!?%#GAM#CH#PERM#CH#20220821010000##ADT*A01#7#P#2.5", "PID###1***CH%1.2.3%ISO*PI##LEBON*ANNE*****L",
        "PV1##I#4EST###########A*B!C?F?D#####9***CH", "ZBE#1*CH#20220821004500##INSERT#N###*********4EST##M",
      ])
    #expect(data?["PV1-14"]?.string == "A^B~C#D")
  }

  @Test func nothingElseIsHL7() {
    for bytes in ["", "MSH", "MSH|", "MSHA^~\\&", "PID|||1", "MSH|||", "\u{00}"] {
      guard case .refused(let refusal) = Spoken.translation.translate(Array(bytes.utf8)).translated else {
        Issue.record("\(bytes) was taken")
        continue
      }
      #expect(refusal.code == .reject)
      #expect(refusal.condition == .unsupportedMessageType)
    }
  }

  /// A repeated segment must not make a key come twice: the ledger would refuse the whole commit.
  @Test func repeatedSegments() throws {
    let segments = [
      Spoken.header("A01"), Spoken.evn, Spoken.pid, Spoken.pid, "PD1||||||||||||Y", "PD1||||||||||||N", Spoken.pv1,
      "PV1||O|X", "PV2|||||||TO", "PV2|||||||CS", Spoken.zbe(), Spoken.zbe(id: "502"), "ZFM|8", "ZFM|6", "ZFD|||||||CN",
      "ZFD|||||||PA",
    ]
    let facts = try #require(Spoken.facts(segments))
    for fact in facts.facts { _ = try JSON(parsing: fact.data.bytes) }
    #expect(facts.facts.count == 2)
    #expect(facts.facts[1].data["PV2-7"]?.string == "TO")
    #expect(facts.facts[1].data["entryMode"]?.string == "8")
    #expect(facts.facts[0].data["protected"]?.bool == true)
  }

  /// A list costs what it is long: it has an end, and the message is taken.
  @Test func endlessLists() throws {
    let numbers = (0..<20_000).map { "\($0)^^^CH^PI" }.joined(separator: "~")
    let segments =
      [Spoken.header("A31"), "PID|||\(numbers)||A^B^^^^^L"] + Array(repeating: "NK1|1|NOIR^LEO", count: 500)
    let facts = try #require(Spoken.facts(segments))
    #expect(facts.facts[0].data["identifiers"]?.array?.count == 100)
    #expect(facts.facts[0].data["contacts"]?.array?.count == 50)
    #expect(facts.warnings.map(\.code) == ["hl7.field-too-long", "hl7.too-many-segments"])
  }
}
