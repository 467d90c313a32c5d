import Hospital
import Interop
import Ledger
import Testing

/// What was asked of somebody, and their comings, as messages tell them and as they are read back.
struct AskedMessagesTests {
  private typealias Night = SaidMeanwhile
  private static let patient = "patient/0196f1d2-0000-7000-8000-000000000001"
  private static let stay = "stay/0196f1d2-0000-7000-8000-000000000002"
  private static let source = Source(sender: "GAM|CH", control: "1", text: "", instant: Night.start)

  private static var admitted: SaidMeanwhile { Night.admitted(patient, stay, bed: "1") }

  /// The segments of that name in what the last commit comes to.
  private static func told(_ name: String, _ night: SaidMeanwhile) -> [String] {
    let last = night.said.last?[0].place.commit
    return night.messages.filter { $0.commit == last }.flatMap(\.segments).filter { $0.hasPrefix("\(name)|") }
  }

  struct Allergies: Sendable {
    var name: String
    var heard: JSON = []
    /// A commit each.
    var answers: [JSON]
    var says: [String]
    /// What another station then knows of; `-` where it knows that there is none.
    var known: [String]

    static let penicillin: JSON = ["AL1-2": "DA", "AL1-3": "C08^Pénicilline", "AL1-5": "Oedeme", "AL1-6": "20191222"]
  }

  static let allergies: [Allergies] = [
    Allergies(
      name: "one", answers: [["allergies": "pénicilline"]], says: ["AL1|1||^pénicilline|||20220821"],
      known: ["pénicilline"]),
    Allergies(
      name: "a semicolon parts them, a comma does not",
      answers: [["allergies": "latex ; fruits à coque, sauf noix; Latex"]],
      says: ["AL1|1||^latex|||20220821", "AL1|2||^fruits à coque, sauf noix|||20220821"],
      known: ["latex", "fruits à coque, sauf noix"]),
    Allergies(
      name: "none", answers: [["allergies": ""]],
      says: ["AL1|1||716186003^Aucune allergie connue^SCT|||20220821"], known: ["-"]),
    Allergies(
      name: "none after all", answers: [["allergies": "latex"], ["allergies": ""]],
      says: ["AL1|1||716186003^Aucune allergie connue^SCT|||20220821"], known: ["-"]),
    Allergies(
      name: "taken back", answers: [["allergies": "latex"], ["allergies": nil]],
      says: [#"AL1|""|""|""|""|""|"""#], known: []),
    Allergies(
      name: "what the main system has is said once", heard: [Allergies.penicillin],
      answers: [["allergies": "pénicilline; latex"]],
      says: ["AL1|1|DA|C08^Pénicilline||Oedeme|20191222", "AL1|2||^latex|||20220821"], known: ["Pénicilline", "latex"]),
    Allergies(
      name: "none takes back nothing that it has", heard: [Allergies.penicillin], answers: [["allergies": ""]],
      says: ["AL1|1|DA|C08^Pénicilline||Oedeme|20191222"], known: ["Pénicilline"]),
    Allergies(
      name: "taken back, it keeps what it has", heard: [Allergies.penicillin],
      answers: [["allergies": "latex"], ["allergies": nil]], says: ["AL1|1|DA|C08^Pénicilline||Oedeme|20191222"],
      known: ["Pénicilline"]),
    Allergies(
      name: "its none gives way", heard: [["AL1-3": "716186003^No known allergy^SCT"]],
      answers: [["allergies": "latex"]], says: ["AL1|1||^latex|||20220821"], known: ["latex"]),
    Allergies(
      name: "delimiters are the words' own", answers: [["allergies": #"a&b|c^d~e\f"#]],
      says: [#"AL1|1||^a\T\b\F\c\S\d\R\e\E\f|||20220821"#], known: [#"a&b|c^d~e\f"#]),
  ]

  /// Of the person, or of one of their stays.
  @Test(arguments: allergies.indices, [false, true])
  func allergiesAreAList(row: Int, isOfStay: Bool) {
    let row = Self.allergies[row]
    var night = Night()
    let heard: [(String, JSON)] = [("allergies", row.heard)]
    night.say(
      [
        ("patient.described", Self.patient, Night.identity("71", isOfStay ? [] : heard)),
        (
          "stay.admitted", Self.stay,
          Night.movement(
            "GAM|1", "A01", unit: "4EST", stayClass: "inpatient",
            Night.opening(Self.patient, "72") + (isOfStay ? heard : []))
        ),
      ], source: Self.source)
    for answer in row.answers { night.say([("patient.asked", Self.patient, answer)]) }
    #expect(night.lastTriggers == ["A31"], "\(row.name)")
    #expect(Self.told("AL1", night) == row.says, "\(row.name)")
    let known = KnownAllergies(heard: night.heardElsewhere().patients.values.flatMap(\.allergies), answers: [])
    #expect(known.heard.map(\.to) + (known.noneHeard == nil ? [] : ["-"]) == row.known, "\(row.name)")
  }

  /// A message of something else says nothing of them: the main system has its own list.
  @Test func allergiesGoWithWhoeverIsCreatedAndWithWhatSaysThem() {
    var night = Night()
    night.say([
      ("patient.registered", Self.patient, Night.identity("81")),
      ("patient.asked", Self.patient, ["allergies": "latex", "situation": ""]),
    ])
    #expect(night.lastTriggers == ["A28"])
    #expect(Self.told("AL1", night) == ["AL1|1||^latex|||20220821"])
    #expect(night.messages[0].segments.map { $0.prefix(3) } == ["MSH", "EVN", "PID", "PD1", "PV1", "AL1"])
    night.say([("patient.corrected", Self.patient, ["usedName": "DURAND"])])
    #expect(night.lastTriggers == ["A31"] && Self.told("AL1", night).isEmpty)
    // That there is no legal situation has no segment.
    night.say([("patient.asked", Self.patient, ["situation": ""])])
    #expect(night.lastTriggers.isEmpty)
  }

  /// The list replaces theirs, so what their feed said since goes with it.
  @Test func theListIsTodays() {
    var night = Night()
    night.say([("patient.described", Self.patient, Night.identity("71"))], source: Self.source)
    night.say([("patient.asked", Self.patient, ["allergies": "latex"])])
    let since: [(String, JSON)] = [("allergies", [Allergies.penicillin])]
    night.say([("patient.described", Self.patient, Night.identity("71", since))], source: Self.source)
    var story = HandbackStory(night.settings, patientNow: { night.patients[$0] }, stayNow: { night.stays[$0] })
    #expect(story.hear(night.said[0], tells: false).isEmpty)
    let told = story.hear(night.said[1], tells: true).flatMap(\.segments).filter { $0.hasPrefix("AL1") }
    #expect(told == ["AL1|1|DA|C08^Pénicilline||Oedeme|20191222", "AL1|2||^latex|||20220821"])
  }

  struct OfStay: Sendable {
    var name: String
    var answers: [JSON]
    /// PV1-38.
    var diet = ""
    /// From OBX-2 on.
    var observation: String?
    /// As it is read: empty for none.
    var known: String?
  }

  static let ofStay: [OfStay] = [
    OfStay(
      name: "a diet", answers: [["diet": "mixé & sans sel"]], diet: #"^mixé \T\ sans sel"#, known: "mixé & sans sel"),
    OfStay(name: "no diet", answers: [["diet": ""]], diet: "AUCUN^Aucun régime particulier^L", known: ""),
    OfStay(name: "a diet is taken back", answers: [["diet": "mixé"], ["diet": nil]], diet: #""""#),
    OfStay(
      name: "no isolation", answers: [["isolation": ""]],
      observation: "ST|ISOLEMENT^Isolement^L||Aucun||||||F|||20220821030014+0200"),
    OfStay(
      name: "an isolation", answers: [["isolation": "air | contact", "diet": "mixé"]], diet: "^mixé",
      observation: #"ST|ISOLEMENT^Isolement^L||air \F\ contact||||||F|||20220821030014+0200"#, known: "mixé"),
    OfStay(
      name: "the isolation of a bed", answers: [["isolation": "airborne"]],
      observation: "ST|ISOLEMENT^Isolement^L||Air||||||F|||20220821030014+0200"),
    OfStay(
      name: "an isolation is taken back", answers: [["isolation": ""], ["isolation": nil]],
      observation: #"ST|ISOLEMENT^Isolement^L||""||||||D|||20220821030021+0200"#),
  ]

  @Test(arguments: ofStay.indices)
  func anAnswerOfAStayGoesWithItsMovement(row: Int) {
    let row = Self.ofStay[row]
    var night = Self.admitted
    for answer in row.answers { night.say([("stay.asked", Self.stay, answer)]) }
    #expect(night.lastTriggers == ["Z99"], "\(row.name)")
    let (pv1, zbe) = (night.lastSegment("PV1"), night.lastSegment("ZBE"))
    #expect((pv1.count > 38 ? pv1[38] : "") == row.diet, "\(row.name)")
    #expect([zbe[2], zbe[4], zbe[6]] == ["20220821030007+0200", "UPDATE", "A01"], "\(row.name)")
    #expect(Self.told("OBX", night) == (row.observation.map { ["OBX|1|\($0)"] } ?? []), "\(row.name)")
    let known = night.heardElsewhere().stays.values
    #expect(known.map(\.dietHeard) == [row.known], "\(row.name)")
    #expect(known.map { $0.movements.count } == [1], "\(row.name)")
  }

  @Test func itGoesWithTheMovementThatTheStayStandsOn() {
    var night = Self.admitted
    night.say([("stay.asked", Self.stay, ["diet": "mixé"])])
    night.say([("stay.transferred", Self.stay, Night.movement("m2", "A02", unit: "CHIR", bed: "2"))])
    // Who moves them says nothing of what they eat: the main system may have another diet since.
    #expect(night.lastTriggers == ["A02"] && night.lastSegment("PV1")[38].isEmpty)
    night.say([("stay.asked", Self.stay, ["isolation": ""])])
    let (pv1, zbe) = (night.lastSegment("PV1"), night.lastSegment("ZBE"))
    #expect(pv1[3] == "CHIR^401^2" && zbe[1].hasPrefix("m2^") && zbe[6] == "A02" && zbe[5] == "N")
  }

  /// Where the main system itself said a diet, and the one that was answered here is none any more.
  @Test func itsOwnDietStands() {
    var night = Night()
    let own: [(String, JSON)] = [("PV1-38", "DIAB^Diabétique")]
    night.say(
      [
        ("patient.described", Self.patient, Night.identity("71")),
        (
          "stay.admitted", Self.stay,
          Night.movement("GAM|1", "A01", unit: "4EST", stayClass: "inpatient", Night.opening(Self.patient, "72") + own)
        ),
      ], source: Self.source)
    #expect(night.stays[Self.stay]?.dietHeard == "Diabétique")
    night.say([("stay.asked", Self.stay, ["diet": "mixé"])])
    #expect(night.lastSegment("PV1")[38] == "^mixé")
    night.say([("stay.asked", Self.stay, ["diet": nil])])
    #expect(night.lastSegment("PV1")[38] == "DIAB^Diabétique")
    // Its movement is the one that it knows.
    #expect(night.lastSegment("ZBE")[1] == "1^GAM")
  }

  /// Its hour, unit and physician, under one name whatever becomes of it; it moves nobody.
  @Test func comingsOfASeries() {
    var night = Night.admitted(Self.patient, Self.stay, bed: "1", "A04", "recurring")
    func coming(_ key: String, _ minutes: Int, _ kind: String = "stay.attended", _ more: [(String, JSON)] = []) {
      let said = JSONObject([("key", .string(key)), ("id", .string(key))] + more)
      night.say(
        [(kind, Self.stay, ["movement": .object(said)])], at: Night.start.adding(seconds: 60 * minutes))
    }
    func last(_ movement: String = "m2", _ trigger: String = "A02", _ place: String = "CHIR^401^2") -> [String] {
      #expect(night.lastTriggers == ["Z99"] && night.lastSegment("PV1")[3] == place)
      let zbe = night.lastSegment("ZBE")
      #expect(zbe[1].hasPrefix("\(movement)^") && zbe[4] == "UPDATE" && zbe[6] == trigger)
      return night.lastSegment("OBX")
    }
    coming("k1", 60, "stay.attended", [("unit", "URG"), ("attending", "LEROY PAUL")])
    let first = last("m1", "A04", "4EST^401^1")
    let name = first[4]
    #expect(name.utf8.count == 20)
    #expect(
      first.joined(separator: "|")
        == "OBX|1|TS|SEANCE^Venue^L|\(name)|20220821040000+0200||||||F|||20220821040000+0200|URG^Unité URG|"
        + "^LEROY PAUL^^^^^^^^L")
    night.say(
      [("stay.transferred", Self.stay, Night.movement("m2", "A02", unit: "CHIR", bed: "2"))],
      at: Night.start.adding(seconds: 7200))
    #expect(night.lastTriggers == ["A02"] && night.lastSegment("PV1")[3] == "CHIR^401^2")
    coming("k1", 90)
    #expect([last()[4], last()[5], last()[11]] == [name, "20220821043000+0200", "C"])
    coming("k2", 60 * 48)
    #expect(last()[4] != name && last()[11] == "F" && last()[5] == "20220823030000+0200")
    coming("k1", 90, "stay.movement-cancelled")
    #expect([last()[4], last()[5], last()[11]] == [name, "20220821043000+0200", "D"])
  }

  /// Of a visit that it never heard of, what was answered comes last; what no message tells makes nobody known.
  @Test func whatItNeverHeardOfComesFirst() {
    var night = Self.admitted
    night.say([("stay.continued", Self.stay, ["as": nil])])
    night.say([("stay.asked", Self.stay, ["diet": "mixé"])])
    var story = HandbackStory(night.settings, patientNow: { night.patients[$0] }, stayNow: { night.stays[$0] })
    #expect(story.hear(night.said[0], tells: false).isEmpty)
    #expect(story.hear(night.said[1], tells: true).isEmpty)
    #expect(story.hear(night.said[2], tells: true).map(\.trigger) == ["A28", "A01", "Z99"])
  }
}
