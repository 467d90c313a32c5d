import Hospital
import Interop
import Ledger
import Spoken
import Testing

/// What other systems answer to messages of ours.
struct AnswerReadingTests {
  private static let header = "MSH|^~\\&|GAM|CH|PERMANENCE|CH|20220821050000||ACK^A28|9|P|2.5^FRA^2.11"

  @Test(arguments: [("AA", true), ("CA", true), ("AE", false), ("AR", false), ("CE", false), ("CR", false)])
  func codes(_ code: String, _ isAccepted: Bool) {
    let answer = AnswerReading(Spoken.bytes([Self.header, "MSA|\(code)|77"]))
    #expect(answer?.control == "77")
    #expect(answer?.isAccepted == isAccepted)
  }

  /// Table 0357: whoever cannot write now takes the same later.
  @Test(arguments: [("AR", "207", true), ("CR", "207", true), ("AE", "207", false), ("AR", "203", false)])
  func whatPasses(_ code: String, _ error: String, _ isPassing: Bool) {
    let answer = AnswerReading(
      Spoken.bytes([Self.header, "MSA|\(code)|77", "ERR|||\(error)^Internal error^HL70357|E"]))
    #expect(answer?.isPassing == isPassing)
  }

  /// HL7 2.5 says why in ERR; older systems in MSA-3. Where nothing is said, the code is something.
  @Test func why() {
    let new = AnswerReading(
      Spoken.bytes([Self.header, "MSA|AE|77", "ERR||PID^1^5|103^Table value not found^HL70357|E||||Nom \\T\\ prénom"]))
    #expect(new?.place == "PID^1^5" && new?.reason == "Nom & prénom")
    let old = AnswerReading(Spoken.bytes([Self.header, "MSA|AR|77|UF inconnue"]))
    #expect(old?.place == nil && old?.reason == "UF inconnue")
    let short = AnswerReading(Spoken.bytes([Self.header, "MSA|AR|77", "ERR|||207^Internal error^HL70357|E"]))
    #expect(short?.reason == "Internal error")
  }

  @Test func theNumberThatItGives() {
    let answer = AnswerReading(Spoken.bytes([Self.header, "MSA|AA|77", "PID|||000777^^^CH&1.2.250.1.99.1&ISO^PI"]))
    #expect(
      answer?.numbers == [Identifier(value: "000777", authority: "1.2.250.1.99.1", authorityName: "CH", type: "PI")])
  }

  /// Ours may come first; what the nation gives is no name of its own.
  @Test(arguments: [
    ("", []), ("R1^^^&1.2.250.1.99.1&ISO^PI~M77^^^&1.2.250.1.99.1&ISO^PI", ["R1", "M77"]),
    ("M77^^^&1.2.250.1.99.1&ISO^PI~R1^^^&1.2.250.1.99.1&ISO^PI", ["M77", "R1"]),
    (
      "296032116623634^^^&1.2.250.1.213.1.4.8&ISO^INS~296032116623634^^^&1.2.250.1.213.1.4.8&ISO^NH"
        + "~M77^^^&1.2.250.1.99.1&ISO^MR", ["M77"]
    ),
  ])
  func allItsNumbers(_ written: String, _ says: [String]) {
    let answer = AnswerReading(Spoken.bytes([Self.header, "MSA|AA|77", "PID|1||\(written)"]))
    #expect(answer?.numbers.map(\.value) == says)
  }

  /// Of a stay as of a person.
  @Test(
    arguments: [
      (["PID|||1^^^CH^PI"], []),
      (["PID|||1^^^CH^PI" + bars + "M900^^^&1.2.250.1.99.2&ISO^AN"], ["M900"]),
      (["PV1||I" + bars + "||77^^^CH"], ["77"]),
      (["PID||" + bars + "|N7^^^CH~M900^^^CH", "PV1||I" + bars + "||77"], ["N7", "M900", "77"]),
      (["PID||" + bars + "|\"\"", "PV1||I"], []),
    ] as [([String], [String])])
  func theStaysNumbers(_ segments: [String], _ says: [String]) {
    #expect(AnswerReading(Spoken.bytes([Self.header, "MSA|AA|77"] + segments))?.stays == says)
  }

  private static let bars = String(repeating: "|", count: 15)

  @Test(arguments: [["hello"], [header], [header, "MSA|ZZ|77"], [header, "MSA|AA"], ["MSA|AA|77"], []])
  func whatIsNoAnswer(_ segments: [String]) {
    #expect(AnswerReading(Spoken.bytes(segments)) == nil)
  }
}
