import Hospital
import Ledger
import Testing

/// Which changes of a refused message are taken.
struct HandbackEditTests {
  private func answer(
    _ segment: String, _ field: Int, _ to: String, reason: String? = "le SIH dit autrement", by author: String = "duty",
    control: String = "C2", isOfFile: Bool = false
  ) -> String? {
    var handback = Handback(id: "exchange/1")
    for (kind, control) in [("handback.acknowledged", "C1"), ("handback.refused", "C2")] {
      handback.fold(
        Heard(
          fact: Fact(kind: kind, subject: "exchange/1", at: .night, data: ["control": .string(control), "of": 2]),
          time: HybridTime(instant: .night, counter: 0), station: "urg-1-3fa9c2d1", author: "system", command: "",
          source: nil))
    }
    let edit = HandbackEdit(segment: segment, occurrence: 1, field: field, from: "before", to: to)
    do throws(Refusal) {
      _ = try MemoryWorld().run(
        EditHandback(handback, control: control, edits: [edit], reason: reason, isOfFile: isOfFile),
        by: "account/\(author)")
      return nil
    } catch { return error.code }
  }

  @Test func onlyARefusedMessageAndWithAReason() {
    #expect(answer("PV1", 3, "4E") == nil)
    #expect(answer("PV1", 3, "4E", control: "C1") == "handback-not-refused")
    #expect(answer("PV1", 3, "4E", reason: " ") == "handback-edit-reason")
    #expect(answer("PV1", 3, "4E", by: "nurse") == "not-permitted")
    #expect(answer("PV1", 3, "before") == "handback-edit-nothing")
  }

  @Test(arguments: ["A|B", "A\rPID|1", "A\n", "A\u{85}", "A\\T", "\u{7F}"])
  func brokenSegments(_ to: String) { #expect(answer("PV1", 3, to) == "handback-edit-broken") }

  @Test(arguments: ["", "A^B&C~D", "A\\T\\B", "\"\""]) func wholeOnes(_ to: String) {
    #expect(answer("PV1", 3, to) == nil)
  }

  @Test(arguments: [
    ("MSH", 10), ("EVN", 2), ("MRG", 1), ("PID", 2), ("PID", 3), ("PID", 4), ("PID", 5), ("PID", 7), ("PID", 8),
    ("PID", 18),
    ("PID", 21), ("PID", 32), ("PD1", 12), ("PV1", 5), ("PV1", 19), ("PV1", 50), ("ZBE", 1), ("PV1", 0),
  ]) func whoItIsStays(_ segment: String, _ field: Int) {
    #expect(answer(segment, field, "X") == "handback-edit-closed")
  }

  /// What the file says today may name the person otherwise; whose message it is stays, and nobody need say why.
  @Test(
    arguments: [
      ("PID", 5, nil), ("PID", 7, nil), ("PID", 8, nil), ("PID", 32, nil), ("EVN", 6, nil), ("PV1", 3, nil),
      ("PID", 3, "handback-edit-closed"), ("PID", 18, "handback-edit-closed"), ("PID", 21, "handback-edit-closed"),
      ("PD1", 12, "handback-edit-closed"), ("PV1", 19, "handback-edit-closed"), ("ZBE", 1, "handback-edit-closed"),
      ("MSH", 7, "handback-edit-closed"), ("EVN", 2, "handback-edit-closed"), ("MRG", 1, "handback-edit-closed"),
    ] as [(String, Int, String?)])
  func asTheFileIsToday(_ segment: String, _ field: Int, _ refusal: String?) {
    #expect(answer(segment, field, "X", reason: nil, isOfFile: true) == refusal)
  }
}
