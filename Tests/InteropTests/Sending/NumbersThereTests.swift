import Hospital
import Interop
import Ledger
import Testing

/// A number that the main system itself gives somebody, in what is told after that.
struct NumbersThereTests {
  private typealias Night = SaidMeanwhile
  typealias Saying = (kind: String, data: JSON)
  private static let patient = "patient/0196f1d2-0000-7000-8000-000000000001"
  private static let stay = "stay/0196f1d2-0000-7000-8000-000000000002"
  private static let ours = "81^^^&1.2.250.1.99.1&ISO^PI"
  private static let theirs = "M77^^^&1.2.250.1.99.1&ISO^PI"
  private static let number: JSON = ["value": "M77", "authority": "1.2.250.1.99.1", "type": "PI"]
  private static let named: Saying = ("patient.named", ["identifiers": [number]])

  /// Somebody registered and admitted, and what was said of them after that.
  private static func night(_ after: [Saying]) -> SaidMeanwhile {
    var night = Night()
    night.say([("patient.registered", patient, Night.identity("81"))])
    night.say([
      (
        "stay.admitted", stay,
        Night.movement("m1", "A01", unit: "4EST", bed: "1", stayClass: "inpatient", Night.opening(patient, "91"))
      )
    ])
    for (kind, data) in after { night.say([(kind, patient, data)]) }
    return night
  }

  private static func messages(_ night: SaidMeanwhile) -> [OutgoingMessage] {
    var story = HandbackStory(night.settings, patientNow: { night.patients[$0] }, stayNow: { night.stays[$0] })
    for part in night.said.joined() { story.foresee(part.heard) }
    return night.said.flatMap { story.hear($0, tells: true) }
  }

  private static func admission(_ after: [Saying]) throws -> OutgoingMessage {
    try #require(messages(night(after)).first { $0.trigger == "A01" })
  }

  /// What is said after the admission, and PID-3 of it.
  static let table: [(name: String, after: [Saying], says: String)] = [
    ("nothing", [], ours), ("it has a number of its own", [named], "\(ours)~\(theirs)"),
    ("said twice", [named, named], "\(ours)~\(theirs)"),
    ("which was a mistake", [named, ("patient.unnamed", ["identifiers": [number]])], ours),
    ("which it withdrew", [named, ("patient.identifier-withdrawn", number)], ours),
    (
      "a number that a person corrected",
      [("patient.corrected", ["identifiers": [["value": "9", "authority": "1.2.250.1.99.1", "type": "PI"]]])], ours
    ),
  ]

  @Test(arguments: table.indices)
  func olderCommits(row: Int) throws {
    let (name, after, says) = Self.table[row]
    let pid = try #require(try Self.admission(after).segments.first { $0.hasPrefix("PID|") })
    #expect(pid.split(separator: "|", omittingEmptySubsequences: false)[3] == says, "\(name)")
  }

  /// What may have gone is said again byte for byte. What was refused may go with it, under a number of its own; and so
  /// may what says something else beside.
  @Test(arguments: [(false, false, true), (true, false, false), (false, true, false)])
  func repeated(isRefused: Bool, isHidden: Bool, isSame: Bool) throws {
    let before = try Self.admission([])
    let hidden: Saying = ("patient.protected", ["protected": true])
    var again = try Self.admission([Self.named] + (isHidden ? [hidden] : []))
    again.repeats(before.text, isRefused: isRefused)
    #expect((again.text == before.text) == isSame)
    #expect((again.number == before.number) == isSame)
    #expect(again.text.contains("~\(Self.theirs)|") == !isSame)
  }

  /// Whom a diary alone spoke of is created there first, unless by a number that only the main system gives; whom the
  /// main system spoke of is not.
  @Test(arguments: [
    ("patient.mentioned", "D88", "1.2.250.1.99.7", ["A28", "A01"]),
    ("patient.mentioned", "R007", "1.2.250.1.99.1", ["A28", "A01"]),
    ("patient.mentioned", "R700", "1.2.250.1.99.1", ["A01"]), ("patient.mentioned", "88", "1.2.250.1.99.1", ["A01"]),
    ("patient.described", "D88", "1.2.250.1.99.7", ["A01"]), ("patient.described", "R007", "1.2.250.1.99.1", ["A01"]),
  ])
  func whoOnlyTheDiaryNumbers(kind: String, number: String, authority: String, triggers: [String]) {
    var night = Night()
    night.settings.structure.numbers[.ipp] = NumberFormat(prefix: "R", length: 4, check: "none", first: 1, last: 99)
    let source = Source(sender: "RDV|CH", control: "1", text: "", instant: Night.start)
    let said: JSON = [
      "birthName": "MARTIN", "birthGivenName": "LOUISE",
      "identifiers": [["value": .string(number), "authority": .string(authority), "type": "PI"]],
    ]
    night.say([(kind, Self.patient, said)], source: source)
    night.say([
      (
        "stay.admitted", Self.stay,
        Night.movement("m1", "A01", unit: "4EST", bed: "1", stayClass: "inpatient", Night.opening(Self.patient, "91"))
      )
    ])
    #expect(Self.messages(night).map(\.trigger) == triggers)
    #expect(night.messages.map(\.trigger) == triggers)
  }

  /// MRG-1 names the file that is gone, by all that it is called.
  @Test func ofAFileThatIsMerged() throws {
    let other = "patient/0196f1d2-0000-7000-8000-000000000003"
    var night = Self.night([])
    night.say([("patient.registered", other, Night.identity("82"))])
    night.say([("patient.merged", Self.patient, ["into": .string(other)])])
    night.say([(Self.named.kind, Self.patient, Self.named.data)])
    let merge = try #require(Self.messages(night).first { $0.trigger == "A40" })
    #expect(merge.segments.last == "MRG|\(Self.ours)~\(Self.theirs)")
  }
}
