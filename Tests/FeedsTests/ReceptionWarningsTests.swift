import Interop
import Ledger
import Register
import Spoken
import Testing

/// What is odd about a message only beside what is known already.
struct ReceptionWarningsTests {
  /// Messages taken before, the message, and what is warned of.
  @Test(arguments: [
    ([] as [String], "A01", [] as [String], ["hl7.patient-unseen", "hl7.unit-unknown"]),
    (["A28"], "A01", [], ["hl7.unit-unknown"]),
    (["A01"], "A01", [], ["hl7.movement-known", "hl7.unit-unknown"]),
    (["A28"], "Z99", ["UPDATE", "A01"], ["hl7.movement-unseen", "hl7.unit-unknown"]),
    (
      ["A28"], "Z99", ["UPDATE", ""],
      ["hl7.field-missing", "hl7.movement-unseen", "hl7.trigger-unknown", "hl7.unit-unknown"]
    ),
    (["A28"], "A11", ["CANCEL", "A01"], ["hl7.movement-unseen"]),
    (["A01"], "A11", ["CANCEL", "A01"], []),
    (["A01", "A11"], "A01", [], ["hl7.movement-cancelled", "hl7.unit-unknown"]),
    (["A28"], "A44", [], []),
  ])
  func warnings(before: [String], trigger: String, zbe: [String], codes: [String]) async throws {
    let station = try ImportStation()
    for (index, earlier) in before.enumerated() {
      _ = try await station.take([message(earlier, earlier == "A11" ? ["CANCEL", "A01"] : [], "\(index)")])
    }
    let (_, warned) = try await station.take([message(trigger, zbe, "99")])
    #expect(warned.keys.sorted() == codes, "\(before) \(trigger)")
  }

  /// The account is another patient's: by A44 it may go, by nothing else.
  @Test func anAccountOfAnother() async throws {
    let station = try ImportStation()
    _ = try await station.take([message("A01", [], "1")])
    let other = MessageSplitter.Piece.message(
      Spoken.bytes([
        Spoken.header("A02", control: "2"), Spoken.pid.replacing("4711^^^CH", with: "4799^^^CH"), Spoken.pv1,
        Spoken.zbe(id: "502^CH^1.2.250.1.99.2^ISO"),
      ]))
    let (_, warned) = try await station.take([other])
    #expect(warned["hl7.account-of-another"] == 1)
  }

  /// A sender that was put back to its backup counts anew: what it says is taken, and told. So it is after a rebuild.
  @Test func aNumberUsedAgain() async throws {
    let station = try ImportStation()
    _ = try await station.take([message("A28", [], "1")])
    let other = MessageSplitter.Piece.message(
      Spoken.bytes([Spoken.header("A28", control: "1"), Spoken.pid.replacing("ANNE", with: "LUCIE")]))
    let elsewhere = MessageSplitter.Piece.message(
      Spoken.bytes([Spoken.header("A28", control: "1", sender: "LABO|CH"), Spoken.pid]))
    let (counts, codes) = try await station.take([other, elsewhere])
    #expect(codes == ["hl7.control-known": 1])
    #expect(counts.accepted == 1 && counts.warned == 1 && counts.all == 2)
    let rebuilt = try ImportStation(rebuilding: station)
    let third = MessageSplitter.Piece.message(
      Spoken.bytes([Spoken.header("A28", control: "1"), Spoken.pid.replacing("ANNE", with: "JEANNE")]))
    #expect(try await rebuilt.take([third]).1 == ["hl7.control-known": 1])
    let (again, _) = try await rebuilt.take([other])
    #expect(again.duplicates == 1 && again.all == 1)
  }

  private func message(_ trigger: String, _ zbe: [String], _ control: String) -> MessageSplitter.Piece {
    var segments = [Spoken.header(trigger, control: control), Spoken.pid]
    if trigger == "A44" {
      segments.append("MRG|4712^^^CH&1.2.250.1.99.1&ISO^PI")
    } else if trigger != "A28" {
      segments += [Spoken.pv1, Spoken.zbe(action: zbe.first ?? "INSERT", trigger: zbe.last ?? "")]
    }
    return .message(Spoken.bytes(segments))
  }
}
