import Hospital
import Interop
import Ledger
import Testing

/// Psychiatric care under a legal measure, as ZFS of A28 and A31 tells it, and as it is read back.
struct SituationMessagesTests {
  private typealias Night = SaidMeanwhile
  private static let patient = "patient/0196f1d2-0000-7000-8000-000000000001"

  struct Step: Sendable {
    var kind = "patient.situation-set"
    var data: JSON

    static func set(_ code: String, _ hour: String, _ note: String? = nil, id: String? = nil) -> Step {
      var data = JSONObject([
        ("kind", "psychiatric"), ("code", .string(code)), ("since", .string("2022-08-21T\(hour):00:00.000Z")),
      ])
      if let note { data.append("note", .string(note)) }
      if let id { data.append("id", .string(id)) }
      return Step(data: .object(data))
    }

    static let ended = Step(kind: "patient.situation-ended", data: ["kind": "psychiatric"])
    static let minor = Step(data: ["kind": "minor", "note": "père"])
  }

  /// What is said, a commit each, and ZFS-3 to 8 of what the last one comes to.
  static let table: [(name: String, steps: [Step], says: [String])] = [
    ("begins", [.set("SDT", "00", "tiers")], ["20220821020000+0200||INSERT|SDT||tiers"]),
    ("told more exactly", [.set("SDT", "00"), .set("SDTU", "00", "mère")], ["20220821020000+0200||UPDATE|SDTU||mère"]),
    ("ends", [.set("SDT", "00"), .ended], ["20220821020000+0200|20220821030021+0200|UPDATE|SDT"]),
    (
      "another one begins", [.set("SDT", "00"), .set("SDRE", "01")],
      ["20220821020000+0200|20220821030000+0200|UPDATE|SDT", "20220821030000+0200||INSERT|SDRE"]
    ),
    (
      "it began sooner", [.set("SDT", "01"), .set("SDT", "00")],
      ["20220821030000+0200|20220821020000+0200|CANCEL|SDT", "20220821020000+0200||INSERT|SDT"]
    ),
    ("said again", [.set("SDT", "00"), .set("SDT", "00")], []),
    ("beside another kind", [.set("SDT", "00"), .minor], []),
  ]

  @Test(arguments: table.indices)
  func told(row: Int) throws {
    let (name, steps, says) = Self.table[row]
    var night = Night()
    night.say([("patient.registered", Self.patient, Night.identity("81"))])
    for step in steps { night.say([(step.kind, Self.patient, step.data)]) }
    let told = Self.zfs(night, ofLast: true)
    #expect(told.map { $0.dropFirst(3).joined(separator: "|") } == says, "\(name)")
    #expect(told.map { $0[1] } == (0..<told.count).map { String($0 + 1) }, "\(name)")
    // What one message calls a measure, the others do.
    #expect(Set(Self.zfs(night).map { $0[2] }).count == Set(Self.zfs(night).map { $0[3] }).count, "\(name)")
    #expect(Self.known(night.heardElsewhere().patients) == Self.known(night.patients), "\(name)")
  }

  /// Somebody registered under one is created with it.
  @Test func toldWithTheIdentity() {
    var night = Night()
    let situations = JSON.array([Step.set("SPI", "00").data, Step.minor.data])
    night.say([("patient.registered", Self.patient, Night.identity("81", [("situations", situations)]))])
    #expect(night.messages.map(\.trigger) == ["A28"])
    #expect(Self.zfs(night).map { $0[5...6].joined(separator: "|") } == ["INSERT|SPI"])
    night.say([("patient.corrected", Self.patient, ["usedName": "DURAND"])])
    #expect(night.lastTriggers == ["A31"] && Self.zfs(night, ofLast: true).isEmpty)
    #expect(Self.known(night.heardElsewhere().patients) == Self.known(night.patients))
  }

  /// The main system's own goes by the name that it gave.
  @Test func itsOwnName() {
    var night = Night()
    let source = Source(sender: "GAM|CH", control: "1", text: "", instant: Night.start)
    let begun = Step.set("SDT", "00", id: "7^CH")
    night.say(
      [("patient.described", Self.patient, Night.identity("71")), (begun.kind, Self.patient, begun.data)],
      source: source)
    night.say([(Step.ended.kind, Self.patient, Step.ended.data)])
    #expect(Self.zfs(night).map { $0[2] } == ["7^CH"])
  }

  /// A situation of another kind has no segment, so that it is nothing to be told.
  @Test func whatHasNoSegment() {
    var night = Night()
    night.say([("patient.registered", Self.patient, Night.identity("81"))])
    night.say([(Step.minor.kind, Self.patient, Step.minor.data)])
    #expect(night.lastTriggers.isEmpty)
  }

  private static func zfs(_ night: SaidMeanwhile, ofLast: Bool = false) -> [[String]] {
    let last = night.said.last?[0].place.commit
    return night.messages.filter { !ofLast || $0.commit == last }.flatMap(\.segments).filter { $0.hasPrefix("ZFS|") }
      .map { $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init) }
  }

  /// But for the name, which a person's own has not.
  private static func known(_ patients: [String: Patient]) -> [LegalSituation] {
    patients.values.flatMap(\.situations).filter { $0.kind == "psychiatric" }.map { situation in
      var situation = situation
      situation.id = nil
      return situation
    }
  }
}
