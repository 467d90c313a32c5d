import Hospital
import Interop
import Ledger
import Spoken
import Testing

struct TimeTests {
  /// MSH-7 as written, and as UTC in Paris.
  static let sent: [(written: String, utc: String)] = [
    ("20220821030000", "2022-08-21T01:00:00.000Z"),
    ("202208210300", "2022-08-21T01:00:00.000Z"),
    ("20220821", "2022-08-20T22:00:00.000Z"),
    ("20220121030000", "2022-01-21T02:00:00.000Z"),
    ("20220821030000.1234", "2022-08-21T01:00:00.123Z"),
    ("20220821030000+0400", "2022-08-20T23:00:00.000Z"),
    ("20220821030000-0330", "2022-08-21T06:30:00.000Z"),
    ("20220821030000+0000", "2022-08-21T03:00:00.000Z"),
    // 27 March 2022: from 2 a.m. to 3 a.m. there is no hour.
    ("20220327015959", "2022-03-27T00:59:59.000Z"),
    ("20220327023000", "2022-03-27T01:30:00.000Z"),
    ("20220327030000", "2022-03-27T01:00:00.000Z"),
    // 30 October 2022: the hour from 2 to 3 comes twice, and every message in it has the instant of its first coming.
    ("20221030015959", "2022-10-29T23:59:59.000Z"),
    ("20221030020000", "2022-10-30T00:00:00.000Z"),
    ("20221030023000", "2022-10-30T00:00:00.000Z"),
    ("20221030025959", "2022-10-30T00:00:00.000Z"),
    ("20221030030000", "2022-10-30T02:00:00.000Z"),
    ("20221030023000+0100", "2022-10-30T01:30:00.000Z"),
    ("20121028023000", "2012-10-28T00:00:00.000Z"),
    ("20991231235959", "2099-12-31T22:59:59.000Z"),
    ("19400101120000", "1940-01-01T12:00:00.000Z"),
  ]

  @Test(arguments: sent.indices)
  func sending(row: Int) {
    let (written, utc) = Self.sent[row]
    let facts = Spoken.facts([Spoken.header("A28", at: written), "PID|||1^^^CH^PI||A^B^^^^^L"])
    #expect(facts?.source.instant.text == utc, "\(written)")
    #expect(facts?.source.text == written)
  }

  /// ZBE-2 keeps its minutes, in the first of the two hours.
  @Test func movementInTheHourThatComesTwice() {
    let facts = Spoken.facts([Spoken.header("A01"), Spoken.pid, Spoken.pv1, Spoken.zbe(at: "20221030023100")])
    #expect(facts?.facts.last?.at.text == "2022-10-30T00:31:00.000Z")
  }

  static let unreadableTimes = [
    "2022", "20221301", "20220230", "20220821250000", "20220821036000", "hier", "202208211", "20220821030000+9900",
  ]

  /// MSH-7 that cannot be read: EVN-2 serves. The year alone can be read.
  @Test(arguments: unreadableTimes.dropFirst())
  func unreadable(written: String) {
    let segments = [Spoken.header("A28", at: written), Spoken.evn, "PID|||1^^^CH^PI||A^B^^^^^L"]
    #expect(Spoken.facts(segments)?.source.instant.text == "2022-08-20T23:00:00.000Z")
    #expect(Spoken.codes(segments) == ["hl7.time-assumed"])
  }

  @Test func noTimeAtAll() {
    guard case .refused(let refusal) = Spoken.translate([Spoken.header("A28", at: ""), "PID|||1^^^CH^PI||A^B^^^^^L"])
    else {
      Issue.record("taken without any time")
      return
    }
    #expect(refusal.code == .error)
    #expect(refusal.condition == .requiredFieldMissing)
    #expect(refusal.location == "MSH^1^7")
  }

  @Test func answersBearTheirOffset() throws {
    let summer = try #require(Instant("2022-08-21T01:00:00.000Z"))
    let winter = try #require(Instant("2022-10-30T01:00:00.000Z"))
    #expect(Spoken.paris.hl7Text(summer) == "20220821030000+0200")
    #expect(Spoken.paris.hl7Text(winter) == "20221030020000+0100")
    #expect(LocalTime(offsetSeconds: -12_600).hl7Text(summer) == "20220820213000-0330")
  }
}
