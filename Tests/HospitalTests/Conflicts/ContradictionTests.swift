import Hospital
import Ledger
import Testing

/// What two stations say that did not know of each other, and whether both can be.
struct ContradictionTests {
  static let patient = "patient/a"
  static let stay = "stay/a"

  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var here: [Fact]
    var there: [Fact]
    /// Kinds of the facts that contradict each other, oldest first; empty where all is well.
    var parties: [String]

    init(_ rule: String, _ here: Fact..., against there: Fact..., are parties: String...) {
      (testDescription, self.here, self.there, self.parties) = (rule, here, there, parties)
    }
  }

  static func stay(_ kind: String, _ key: String, _ movement: JSON = [:], _ beside: JSON = [:]) -> Fact {
    var data = beside.object ?? JSONObject()
    var said = movement.object ?? JSONObject()
    said["key"] = .string(key)
    data["movement"] = .object(said)
    return Fact(
      kind: "stay.\(kind)", subject: stay, at: key == "first" ? .night : .hours(1), data: .object(data))
  }

  static func corrected(_ traits: JSON) -> Fact {
    Fact(kind: "patient.corrected", subject: patient, at: .night, data: traits)
  }

  static let visit = EmergencyVisit.id(ofStay: stay)

  static func oriented(_ way: String, _ key: String, _ more: JSON = [:]) -> Fact {
    var data = more.object ?? JSONObject()
    data["way"] = .string(way)
    data["key"] = .string(key)
    return Fact(kind: "emergency.oriented", subject: visit, at: .hours(1), data: .object(data))
  }

  static func takenBack(_ key: String) -> Fact {
    Fact(kind: "emergency.orientation-withdrawn", subject: visit, at: .hours(1), data: ["key": .string(key)])
  }

  static func triaged(_ level: String, _ more: JSON = [:]) -> Fact {
    var data = more.object ?? JSONObject()
    data["level"] = .string(level)
    return Fact(kind: "emergency.triaged", subject: visit, at: .hours(1), data: .object(data))
  }

  static func received(_ stay: String) -> Fact {
    Fact(
      kind: "announcement.arrived", subject: "announcement/a", at: .hours(1), data: ["stay": .string("stay/\(stay)")])
  }

  static let moved = stay("transferred", "m", ["unit": "4EST", "room": "1", "bed": "A"])
  static let elsewhere = stay("transferred", "e", ["unit": "CHIR", "room": "1", "bed": "A"])
  static let gone = stay("discharged", "d", ["unit": "4EST"], ["exitMode": "8"])
  /// One movement: under the number that it had here, and beside it under its feed's own.
  static let ours = "2.25.7|m"
  static let named = stay("transferred", ours, ["unit": "4EST", "room": "1", "bed": "A"])
  static let renamed = stay("transferred", "CH|9", ["also": [.string(ours)], "unit": "4EST", "room": "1", "bed": "A"])
  static func cancelled(_ key: String, _ trigger: String) -> Fact {
    stay("movement-cancelled", key, ["trigger": .string(trigger)])
  }

  static let rows: [Row] = [
    Row(
      "discharged here and moved there", gone, against: moved, are: "stay.discharged", "stay.transferred"),
    Row("moved to two places", moved, against: elsewhere, are: "stay.transferred", "stay.transferred"),
    Row(
      "moved to one place twice", moved, against: stay("transferred", "x", ["unit": "4EST", "room": "1", "bed": "A"])),
    Row(
      "gone home here, transferred out there", gone,
      against: stay("discharged", "x", [:], ["exitMode": "7", "destination": "1"]), are: "stay.discharged",
      "stay.discharged"),
    Row("gone home, said twice", gone, against: stay("discharged", "x", ["unit": "CHIR"], ["exitMode": "8"])),
    Row("on leave here and moved there", stay("left", "l"), against: moved, are: "stay.left", "stay.transferred"),
    Row("on leave, said twice", stay("left", "l"), against: stay("left", "x")),
    Row(
      "cancelled here and continued there", cancelled("first", "A01"), against: moved, are: "stay.movement-cancelled",
      "stay.transferred"),
    Row("a discharge taken back here, a move there", cancelled("first", "A03"), against: moved),
    Row("cancelled twice", cancelled("first", "A01"), against: cancelled("first", "A01")),
    Row(
      "a move that was taken back at once", moved, cancelled("m", "A02"), against: gone, are: "stay.discharged",
      "stay.movement-cancelled"),
    Row(
      "a move said under two numbers and taken back under one", named, renamed, cancelled(ours, "A02"), against: gone,
      are: "stay.discharged", "stay.movement-cancelled"),
    Row(
      "one movement corrected in two ways under two numbers",
      stay("movement-corrected", ours, ["attending": "Petit"]),
      against: stay("movement-corrected", "CH|9", ["also": [.string(ours)], "attending": "Morel"]),
      are: "stay.movement-corrected", "stay.movement-corrected"),
    Row(
      "one hour corrected in two ways", stay("movement-corrected", "first", ["attending": "Petit"]),
      against: stay("movement-corrected", "first", ["attending": "Morel"]), are: "stay.movement-corrected",
      "stay.movement-corrected"),
    Row(
      "two movements corrected", stay("movement-corrected", "first", ["attending": "Petit"]),
      against: stay("movement-corrected", "other", ["attending": "Morel"])),
    Row(
      "given to two patients", Fact(kind: "stay.reassigned", subject: stay, at: .night, data: ["patient": "patient/a"]),
      against: Fact(kind: "stay.reassigned", subject: stay, at: .night, data: ["patient": "patient/b"]),
      are: "stay.reassigned", "stay.reassigned"),
    Row(
      "a diet here, a discharge there", Fact(kind: "stay.asked", subject: stay, at: .night, data: ["diet": "x"]),
      against: gone),

    Row(
      "two birth names", corrected(["birthName": "MARTIN"]), against: corrected(["birthName": "DURAND"]),
      are: "patient.corrected", "patient.corrected"),
    Row("one name, spelt twice", corrected(["birthName": "LE GOFF"]), against: corrected(["birthName": "Le Goff"])),
    Row(
      "a name here and a date there", corrected(["birthName": "MARTIN"]),
      against: corrected(["birthDate": "1961-03-12"])),
    Row(
      "oriented in two ways", oriented("on-call", "a"), against: oriented("admit", "b", ["orient": "MED"]),
      are: "emergency.oriented", "emergency.oriented"),
    Row(
      "admitted to two kinds of bed", oriented("admit", "a", ["orient": "REA"]),
      against: oriented("admit", "b", ["orient": "MED"]), are: "emergency.oriented", "emergency.oriented"),
    Row("oriented alike twice", oriented("home", "a", ["reason": "x"]), against: oriented("home", "b")),
    Row(
      "first examined here, then as elsewhere", oriented("here", "a"), oriented("home", "c"),
      against: oriented("home", "b")),
    Row("oriented and taken back", oriented("on-call", "a"), takenBack("a"), against: oriented("home", "b")),
    Row(
      "oriented here and triaged there", oriented("home", "a"),
      against: Fact(kind: "emergency.triaged", subject: visit, at: .night, data: ["level": "2"])),
    Row(
      "triaged at two levels", triaged("2"), against: triaged("4"), are: "emergency.triaged", "emergency.triaged"),
    Row("triaged at one level twice", triaged("3A", ["reason": "x"]), against: triaged("3A")),
    Row("triaged otherwise, then alike", triaged("2"), triaged("4"), against: triaged("4")),
    Row(
      "announced, and received twice", received("x"), against: received("y"), are: "announcement.arrived",
      "announcement.arrived"),
    Row("two telephones", corrected(["phones": ["1"]]), against: corrected(["phones": ["2"]])),
  ]

  /// Both stations know how it began, and nothing of each other.
  static func history(_ row: Row, feed: Bool = false) -> [Said] {
    let began = Self.stay(
      "admitted", "first", ["unit": "4EST", "room": "2", "bed": "B"], ["patient": .string(patient)])
    let first = row.here[0].subject == stay ? [said(began, "adm-1-00000000", 1)] : []
    return first + row.here.enumerated().map { said($1, "urg-1-00000001", $0 + 1, feed: feed) }
      + row.there.enumerated().map { said($1, "lits-2-00000002", $0 + 1, feed: feed) }
  }

  static func said(_ fact: Fact, _ station: String, _ sequence: Int, feed: Bool = false) -> Said {
    let source = feed ? Source(sender: "GAM", control: station, text: "", instant: .night) : nil
    let time = HybridTime(instant: .hours(sequence), counter: 0)
    return Said(
      heard: Heard(fact: fact, time: time, station: station, author: "account/a", command: "", source: source),
      place: FactPlace(
        station: station, sequence: sequence, hash: LineHash(of: Array("\(station)\(sequence)".utf8)), place: 0))
  }

  /// Each knows its own chain, and all know the first.
  static func ownChain(_ later: Said, _ earlier: Said) -> Bool {
    earlier.heard.station == "adm-1-00000000"
      || later.heard.station == earlier.heard.station && later.place.sequence >= earlier.place.sequence
  }

  /// In whichever way they do.
  static func parties(_ history: [Said], of subject: String, hadSeen: Contradiction.HadSeen) rethrows -> [Said] {
    try Contradiction.kinds(of: subject).flatMap {
      try Contradiction.parties(history, $0, of: subject, hadSeen: hadSeen)
    }
  }

  @Test(arguments: rows)
  func whatCannotBothBeIsFound(row: Row) {
    let history = Self.history(row)
    let parties = Self.parties(history, of: row.here[0].subject, hadSeen: Self.ownChain)
    #expect(parties.map(\.heard.fact.kind).sorted() == row.parties.sorted())
    let sides = Contradiction.sides(parties, hadSeen: Self.ownChain)
    #expect(sides.count == (row.parties.isEmpty ? 0 : 2))
    #expect(sides.allSatisfy { Set($0.map(\.heard.station)).count == 1 })
  }

  @Test(arguments: rows)
  func whoeverKnewSaysWhatHappenedNext(row: Row) {
    let parties = Self.parties(Self.history(row), of: row.here[0].subject) { later, earlier in
      later.heard.station == "lits-2-00000002" || Self.ownChain(later, earlier)
    }
    #expect(parties.isEmpty)
  }

  @Test(arguments: rows)
  func aFeedIsInOrderByItself(row: Row) {
    let history = Self.history(row, feed: true)
    #expect(Self.parties(history, of: row.here[0].subject, hadSeen: Self.ownChain).isEmpty)
  }

  /// A person who has both names before them says which it is: nothing is left to decide.
  @Test func whoSaysItAgainKnowingBothHasDecided() {
    let row = Row("", Self.corrected(["birthName": "MARTIN"]), against: Self.corrected(["birthName": "DURAND"]))
    let again = Self.said(Self.corrected(["birthName": "DURANT"]), "bloc-3-00000003", 1)
    let parties = Self.parties(Self.history(row) + [again], of: Self.patient) { later, earlier in
      later.place == again.place || Self.ownChain(later, earlier)
    }
    #expect(parties.isEmpty)
  }
}
