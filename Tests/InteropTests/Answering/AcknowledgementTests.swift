import Hospital
import Interop
import Ledger
import Spoken
import Testing

struct AcknowledgementTests {
  static let instant = Instant("2022-08-21T01:00:00.000Z")!

  private func answer(_ acknowledgement: Acknowledgement, to segments: [String], _ charset: Charset = .utf8) -> String {
    let envelope = Spoken.translation.translate(Spoken.bytes(segments)).envelope
    let answer = acknowledgement.bytes(
      answering: envelope, control: "P-7", at: Self.instant, Spoken.paris, in: charset)
    return String(decoding: answer.bytes, as: UTF8.self)
  }

  /// MSA-2 repeats MSH-10, and sender and receiver change places.
  @Test func accepted() {
    #expect(
      answer(Acknowledgement(.accepted), to: [Spoken.header("A28", control: "1117"), Spoken.pid])
        == "MSH|^~\\&|PERM|CH|GAM|CH|20220821030000+0200||ACK^A28^ACK|P-7|P|2.5^FRA^2.11|||||FRA|UNICODE UTF-8\r"
        + "MSA|AA|1117\r")
  }

  @Test func refused() {
    let message = [Spoken.header("A28"), "PID|||||A^B"]
    guard case .refused(let refusal) = Spoken.translate(message) else { return #expect(Bool(false)) }
    let acknowledgement = Acknowledgement(refusal) { "\($0.code) | no" }
    #expect(
      answer(acknowledgement, to: message).split(separator: "\r").dropFirst().joined(separator: "/")
        == "MSA|AE|1001/ERR||PID^1^3|101^Required field missing^HL70357|E||||hl7.no-identifier \\F\\ no")
  }

  @Test func acceptedWithAWarning() {
    let warnings = [Warning("hl7.code-unknown", field: "PID-32")]
    let text = answer(Acknowledgement(warnings: warnings) { $0.code }, to: [Spoken.header("A28")])
    #expect(text.hasSuffix("MSA|AA|1001\rERR||PID^1^32|0^Message accepted^HL70357|W||||hl7.code-unknown\r"))
  }

  /// Nothing could be read of it: there is an answer all the same.
  @Test func toNoise() {
    let text = answer(Acknowledgement(.notHL7) { $0.code }, to: ["hello"])
    #expect(text.hasPrefix("MSH|^~\\&|||||20220821030000+0200||ACK^^ACK|P-7|P|2.5|"))
    #expect(text.contains("MSA|AR|UNKNOWN\rERR||MSH|200^Unsupported message type^HL70357|E||||hl7.not-hl7\r"))
  }

  /// A character that the partner's set lacks is transliterated, and counted.
  @Test(arguments: [
    (Charset.latin1, "é", [0xE9] as [UInt8], 0), (.latin1, "œ", Array("oe".utf8), 1), (.latin9, "œ", [0xBD], 0),
    (.latin1, "€", Array("EUR".utf8), 1), (.latin9, "€", [0xA4], 0), (.windows1252, "€", [0x80], 0),
    (.ascii, "é", Array("e".utf8), 1), (.latin1, "e\u{301}", [0xE9], 0), (.latin9, "¤", Array("?".utf8), 1),
    (.latin1, "漢", Array("?".utf8), 1), (.utf8, "œ", Array("œ".utf8), 0),
  ])
  func written(charset: Charset, text: String, bytes: [UInt8], lost: Int) throws {
    let envelope = Envelope()
    let acknowledgement = Acknowledgement(
      .error, remarks: [.init(location: "PID", condition: 101, isWarning: false, text: text)])
    let answer = acknowledgement.bytes(answering: envelope, control: "1", at: Self.instant, Spoken.paris, in: charset)
    let last = try #require(answer.bytes.lastIndex(of: UInt8(ascii: "|")))
    #expect(Array(answer.bytes[(last + 1)...].dropLast()) == bytes)
    #expect(answer.lost == lost)
  }
}
