import Hospital
import Interop
import Ledger
import Seeded
import Spoken
import Testing

/// What a stay comes to after some messages, in whatever order they come.
struct FoldingTests {
  /// Trigger, ZBE-1, ZBE-2's hour on 21 August 2022, action, ZBE-5, ZBE-6, ZBE-9, class and unit, in the order sent.
  struct Line {
    var trigger: String
    var id: String
    var hour: String
    var action = "INSERT"
    var historic = "N"
    var inserted = ""
    var nature = "HMS"
    var place = "I|4EST"
    /// PV1-51.
    var level = "V"
  }

  static let table:
    [(name: String, lines: [Line], status: StayStatus, unit: String?, stayClass: StayClass?, live: [String])] = [
      ("admitted", [Line(trigger: "A01", id: "1", hour: "01")], .admitted, "4EST", .inpatient, ["1"]),
      ("expected", [Line(trigger: "A05", id: "1", hour: "01")], .preadmitted, "4EST", .inpatient, ["1"]),
      (
        "moved",
        [Line(trigger: "A01", id: "1", hour: "01"), Line(trigger: "A02", id: "2", hour: "02", place: "I|3NORD")],
        .admitted, "3NORD", .inpatient, ["1", "2"]
      ),
      (
        "moved back",
        [
          Line(trigger: "A01", id: "1", hour: "01"), Line(trigger: "A02", id: "2", hour: "02", place: "I|3NORD"),
          Line(trigger: "A12", id: "2", hour: "02", action: "CANCEL", inserted: "A02"),
        ], .admitted, "4EST", .inpatient, ["1"]
      ),
      (
        "gone", [Line(trigger: "A01", id: "1", hour: "01"), Line(trigger: "A03", id: "2", hour: "05")], .discharged,
        "4EST", .inpatient, ["1", "2"]
      ),
      (
        "gone, then not",
        [
          Line(trigger: "A01", id: "1", hour: "01"), Line(trigger: "A03", id: "2", hour: "05"),
          Line(trigger: "A13", id: "2", hour: "05", action: "CANCEL", inserted: "A03"),
        ], .admitted, "4EST", .inpatient, ["1"]
      ),
      (
        "never came",
        [Line(trigger: "A01", id: "1", hour: "01"), Line(trigger: "A11", id: "1", hour: "01", action: "CANCEL")],
        .cancelled, nil, nil, []
      ),
      (
        "admission undone leaves the pre-admission",
        [
          Line(trigger: "A05", id: "1", hour: "01"), Line(trigger: "A01", id: "2", hour: "01"),
          Line(trigger: "A11", id: "2", hour: "01", action: "CANCEL", inserted: "A01"),
        ], .preadmitted, "4EST", .inpatient, ["1"]
      ),
      (
        "the whole account undone leaves nobody expected",
        [
          Line(trigger: "A05", id: "1", hour: "01"), Line(trigger: "A01", id: "2", hour: "01"),
          Line(trigger: "A11", id: "2", hour: "01", action: "CANCEL", inserted: "A01", level: "A"),
        ], .cancelled, nil, nil, []
      ),
      (
        "expected anew under an account undone",
        [
          Line(trigger: "A05", id: "1", hour: "01"), Line(trigger: "A01", id: "2", hour: "01"),
          Line(trigger: "A11", id: "2", hour: "01", action: "CANCEL", inserted: "A01", level: ""),
          Line(trigger: "A05", id: "3", hour: "02"),
        ], .preadmitted, "4EST", .inpatient, ["3"]
      ),
      (
        "a session that was is not undone with the account",
        [
          Line(trigger: "A01", id: "1", hour: "01", place: "R|DIAL"),
          Line(trigger: "A03", id: "2", hour: "02", place: "R|DIAL"),
          Line(trigger: "A01", id: "3", hour: "05", place: "R|DIAL"),
          Line(trigger: "A11", id: "3", hour: "05", action: "CANCEL", inserted: "A01", level: "A"),
        ], .discharged, "DIAL", .recurring, ["1", "2"]
      ),
      (
        "a correction of nobody knows what moves nobody",
        [
          Line(trigger: "A01", id: "1", hour: "01"),
          Line(trigger: "Z99", id: "9", hour: "04", action: "UPDATE", place: "E|URG"),
        ], .admitted, "4EST", .inpatient, ["1", "9"]
      ),
      (
        "known by such a correction alone, nobody is here or expected",
        [Line(trigger: "Z99", id: "9", hour: "04", action: "UPDATE")], .preadmitted, nil, nil, ["9"]
      ),
      (
        "emergency becomes inpatient, and back",
        [
          Line(trigger: "A04", id: "1", hour: "01", place: "E|URG"), Line(trigger: "A06", id: "2", hour: "03"),
          Line(trigger: "A07", id: "2", hour: "03", action: "CANCEL", inserted: "A06"),
        ], .admitted, "URG", .emergency, ["1"]
      ),
      (
        "late insertion does not move present place",
        [
          Line(trigger: "A01", id: "1", hour: "01"), Line(trigger: "A02", id: "3", hour: "05", place: "I|3NORD"),
          Line(trigger: "A02", id: "2", hour: "03", historic: "Y", place: "I|UHCD"),
        ], .admitted, "3NORD", .inpatient, ["1", "2", "3"]
      ),
      (
        "correction of an hour changes the order",
        [
          Line(trigger: "A01", id: "1", hour: "01"), Line(trigger: "A02", id: "2", hour: "05", place: "I|3NORD"),
          Line(trigger: "A02", id: "3", hour: "04", place: "I|UHCD"),
          Line(trigger: "Z99", id: "3", hour: "06", action: "UPDATE", inserted: "A02", place: "I|UHCD"),
        ], .admitted, "UHCD", .inpatient, ["1", "2", "3"]
      ),
      (
        "class corrected without a movement",
        [
          Line(trigger: "A04", id: "1", hour: "01", place: "O|URG"),
          Line(trigger: "Z99", id: "1", hour: "01", action: "UPDATE", inserted: "A04", nature: "MC", place: "E|URG"),
        ], .admitted, "URG", .emergency, ["1"]
      ),
      (
        "a cancellation first: a tombstone, and the insertion stays cancelled",
        [
          Line(trigger: "A13", id: "2", hour: "05", action: "CANCEL", inserted: "A03"),
          Line(trigger: "A01", id: "1", hour: "01"), Line(trigger: "A03", id: "2", hour: "05"),
        ], .admitted, "4EST", .inpatient, ["1"]
      ),
      (
        "discharge known by its correction alone",
        [Line(trigger: "Z99", id: "2", hour: "05", action: "UPDATE", inserted: "A03", nature: "MH")], .discharged,
        "4EST",
        .inpatient, ["2"]
      ),
      (
        "planned moves nobody",
        [Line(trigger: "A01", id: "1", hour: "01"), Line(trigger: "A15", id: "2", hour: "04", place: "I|3NORD")],
        .admitted,
        "4EST", .inpatient, ["1", "2"]
      ),
      (
        "on leave, the stay goes on",
        [Line(trigger: "A01", id: "1", hour: "01"), Line(trigger: "A21", id: "2", hour: "04")],
        .admitted, "4EST", .inpatient, ["1", "2"]
      ),
    ]

  static let stay = "stay/\(Name.subject("stay", "1.2.250.1.99.2", "9001"))"

  @Test(arguments: table.map(\.name))
  func stays(name: String) throws {
    let row = try #require(Self.table.first { $0.name == name })
    let messages = row.lines.enumerated().map { index, line in
      [
        Spoken.header(line.trigger, control: "\(index + 1)", at: "202208211200\(10 + index)"), Spoken.pid,
        Spoken.pv1.replacing("PV1||I|4EST^401^1", with: "PV1||\(line.place)")
          + String(repeating: "|", count: 32) + line.level,
        Spoken.zbe(
          id: "\(line.id)^CH^1.2.250.1.99.2^ISO", at: "20220821\(line.hour)0000", action: line.action,
          historic: line.historic, trigger: line.inserted, nature: line.nature),
      ]
    }
    var random = Seeded(seed: 8)
    for order in [messages, messages.reversed()] + (0..<4).map({ _ in messages.shuffled(using: &random) }) {
      let known = try #require(Known(order).stays[Self.stay])
      let outline = known.outline
      #expect(outline.status == row.status)
      #expect(known.isUnclear == row.live.contains("9"))
      #expect(outline.status != .preadmitted || (outline.expectedAt == nil) == known.isUnclear)
      if row.status != .cancelled { #expect(outline.place.unit == row.unit) }
      if row.status != .cancelled { #expect(outline.stayClass == row.stayClass) }
      #expect(known.movements.filter { !$0.cancelled }.map(\.id).sorted() == row.live)
    }
  }

  /// Feeds without ZBE: each message is a movement, and a cancellation undoes the last of its kind.
  @Test(arguments: [
    (["A01"], StayStatus.admitted), (["A01", "A03"], .discharged), (["A01", "A03", "A13"], .admitted),
    (["A01", "A11"], .cancelled), (["A04", "A11"], .cancelled), (["A05", "A38"], .cancelled),
    (["A01", "A02", "A12"], .admitted), (["A01", "A02", "A02", "A12", "A03"], .discharged),
    (["A01", "A03", "A13", "A03"], .discharged),
  ])
  func withoutZBE(triggers: [String], status: StayStatus) throws {
    let messages = triggers.enumerated().map { index, trigger in
      let at = "202208211\(index)0000"
      return [
        Spoken.header(trigger, control: "\(index + 1)", at: at), "EVN||\(at)", Spoken.pid,
        Spoken.pv1.replacing("4EST^401^1", with: "U\(index)"),
      ]
    }
    for order in [messages, messages.reversed()] {
      #expect(try #require(Known(order).stays[Self.stay]).status == status, "\(triggers)")
    }
  }
}
