import Hospital
import Interop
import Ledger
import Testing

/// A field changed for the sending alone.
struct EditedMessageTests {
  private static let message = OutgoingMessage(
    control: "0L6JZ3K5C00030022QX1", former: "", trigger: "A02",
    commit: CommitPlace(station: "urg-1-3fa9c2d1", sequence: 1, hash: LineHash(of: [1])), patients: [],
    subject: "stay/1",
    segments: [
      "MSH|^~\\&|PERMANENCE|CH|||20220829||ADT^A02|0L6JZ3K5C00030022QX1|P|2.5", "NK1|1|DUPONT", "NK1|2|DURAND",
      "PV1|1|I|4EST^412^1",
    ])

  private func edited(
    _ segment: String, _ occurrence: Int, _ field: Int, _ from: String, _ to: String
  ) -> OutgoingMessage {
    Self.message.edited([
      HandbackEdit(segment: segment, occurrence: occurrence, field: field, from: from, to: to)
    ])
  }

  @Test(arguments: [
    ("PV1", 1, 3, "4EST^412^1", "4E^412^1", 3, "PV1|1|I|4E^412^1"),
    ("PV1", 1, 6, "", "X", 3, "PV1|1|I|4EST^412^1|||X"),
    ("NK1", 2, 2, "DURAND", "MARTIN", 2, "NK1|2|MARTIN"),
    // A mark joins the bar before it: it is a bar all the same.
    ("PV1", 1, 2, "I", "\u{301}E", 3, "PV1|1|\u{301}E|4EST^412^1"),
  ]) func oneFieldChanges(
    _ segment: String, _ occurrence: Int, _ field: Int, _ from: String, _ to: String, _ place: Int, _ expected: String
  ) {
    let message = edited(segment, occurrence, field, from, to)
    #expect(message.segments[place].sameBytes(as: expected))
    #expect(message.field(segment, occurrence, field)?.sameBytes(as: to) == true)
    for other in 1...3 where other != place { #expect(message.segments[other] == Self.message.segments[other]) }
    // A number of its own, the same wherever the same was changed; the account goes on under the first.
    #expect(message.control == Self.message.control && message.number != Self.message.control)
    #expect(message.number.utf8.count == 20 && message.number.hasPrefix("0L6JZ3K5C000300"))
    #expect(message == edited(segment, occurrence, field, from, to))
    #expect(message.number != edited(segment, occurrence, field, from, to + "2").number)
    // It is changed again from there.
    let twice = message.edited([
      HandbackEdit(segment: segment, occurrence: occurrence, field: field, from: to, to: "Z")
    ])
    #expect(twice.field(segment, occurrence, field) == "Z")
  }

  @Test(arguments: [("PV1", 1, 3, "CHIR"), ("PV1", 2, 3, "4EST^412^1"), ("ZZZ", 1, 1, "")])
  func whatDoesNotStandThereIsNotChanged(_ segment: String, _ occurrence: Int, _ field: Int, _ from: String) {
    #expect(edited(segment, occurrence, field, from, "X") == Self.message)
  }
}
