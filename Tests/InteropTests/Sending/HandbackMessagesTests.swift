import Hospital
import Interop
import Ledger
import Seeded
import Spoken
import Testing

struct HandbackMessagesTests {
  private typealias Night = SaidMeanwhile
  private static let patient = "patient/0196f1d2-0000-7000-8000-000000000001"
  private static let stay = "stay/0196f1d2-0000-7000-8000-000000000002"

  /// Somebody in bed 401-1 of 4EST, registered and admitted in one commit.
  private static var admitted: SaidMeanwhile { Night.admitted(patient, stay, bed: "1") }

  @Test func anAdmissionIsAnIdentityThenAVisit() {
    let messages = Self.admitted.messages
    #expect(messages.map(\.trigger) == ["A28", "A01"])
    #expect(
      messages.map { $0.segments.map { String($0.prefix(3)) } } == [
        ["MSH", "EVN", "PID", "PD1", "PV1"], ["MSH", "EVN", "PID", "PD1", "PV1", "ZBE"],
      ])
    #expect(
      messages[1].segments[0]
        == "MSH|^~\\&|PERMANENCE|910000000|||20220821030007+0200||ADT^A01^ADT_A01|\(messages[1].control)|P|2.5^FRA^2.11|"
        + "||||FRA|8859/1")
    #expect(
      messages[1].segments[2]
        == "PID|1||81^^^&1.2.250.1.99.1&ISO^PI||MARTIN^LOUISE^LOUISE^^^^L||19610312|F||||||||||91^^^&1.2.250.1.99.2&ISO^AN|"
        + "|||||||||||N||PROV")
    #expect(messages[1].segments[4].hasPrefix("PV1|1|I|4EST^401^1|R|"))
  }

  /// Somebody protected since is shown by no older message.
  @Test func whoIsProtectedTodayIsProtectedFromTheFirstMessageOn() {
    var night = Self.admitted
    night.say([("patient.protected", Self.patient, ["protected": true])])
    let marks = night.messages.flatMap(\.segments).filter { $0.hasPrefix("PD1") }
    #expect(marks.count >= 2 && marks.allSatisfy { $0 == "PD1||||||||||||Y" })
  }

  @Test(arguments: [(false, "81^^^&1.2.250.1.99.1&ISO^PI"), (true, "")])
  func aBirthUnderSecrecyTellsNobodyWhoseItIs(_ isSecret: Bool, _ mother: String) {
    var night = Night()
    night.say([("patient.registered", Self.patient, Night.identity("81", [("secret", .bool(isSecret))]))])
    let child = "patient/0196f1d2-0000-7000-8000-000000000003"
    night.say([("patient.registered", child, Night.identity("82", [("mother", .string(Self.patient))]))])
    #expect(night.lastSegment("PID")[21] == mother)
  }

  /// A death as PID-29 said it to us goes back with no more than was said.
  @Test(arguments: ["20220820231500", "2022082023", "20220820", "20221030", "202202", "2022"])
  func theHourOfADeathIsAsKnown(_ said: String) throws {
    var pid = Spoken.pid.split(separator: "|", omittingEmptySubsequences: false).map(String.init).prefix(29)
    pid += Array(repeating: "", count: 29 - pid.count) + [said]
    let segments = [Spoken.header("A31"), Spoken.evn, pid.joined(separator: "|"), "PV1||N"]
    let heard = try #require(Spoken.facts(segments)?.facts.first { $0.data["deathAt"] != nil })
    var traits: [(String, JSON)] = [("deceased", true)]
    for key in ["deathAt", "deathBefore"] { if let value = heard.data[key] { traits.append((key, value)) } }
    var night = Night()
    night.say([("patient.registered", Self.patient, Night.identity("81", traits))])
    #expect(night.lastSegment("PID")[29].prefix(14) == said)
  }

  /// The numbers sort as what they tell, and are the same whenever they are made.
  @Test func theNumbersAreOfTheCommitAlone() {
    let messages = Self.admitted.messages
    #expect(messages == Self.admitted.messages)
    #expect(messages[0].control < messages[1].control)
    #expect(messages.allSatisfy { $0.control.utf8.count == 20 })
  }

  /// Another station's line comes late and goes before: what was sent keeps its number, so that nobody is created
  /// twice and nothing is left out.
  @Test(arguments: [0, 1, 2, 3])
  func aLineThatComesLateShiftsNothing(_ sent: Int) {
    var night = Self.admitted
    night.say([("stay.transferred", Self.stay, Night.movement("m2", "A02", unit: "CHIR", bed: "2"))])
    let first = night.messages
    #expect(first.map(\.trigger) == ["A28", "A01", "A02"])
    var late = night
    late.say([
      ("patient.corrected", Self.patient, ["usedName": "DURAND"]),
      ("stay.movement-corrected", Self.stay, Night.movement("m1", "A01")),
    ])
    let (patients, stays) = (late.patients, late.stays)
    var story = HandbackStory(late.settings, patientNow: { patients[$0] }, stayNow: { stays[$0] })
    for message in first.prefix(sent) {
      for commit in night.said where commit[0].place.commit == message.commit {
        story.note(told: message.control, message.trigger, by: commit)
      }
    }
    let second = ([late.said[2]] + late.said.prefix(2)).flatMap { story.hear($0, tells: true) }
    let controls = second.map(\.control)
    #expect(Set(controls).count == controls.count)
    #expect(second.filter { $0.trigger == "A28" }.map(\.control) == [first[0].control])
    #expect(second.first { $0.trigger == "A28" }?.commit == (sent > 0 ? night.said[0] : late.said[2])[0].place.commit)
    #expect(Set(first.dropFirst().map(\.control)).isSubset(of: controls))
  }

  /// Acknowledgements of when messages were counted in their commit.
  @Test func whoWasCreatedUnderAFormerNumberIsNotCreatedAgain() {
    let night = Self.admitted
    #expect(night.messages.map(\.former) == ["0L72MH5UG000300SNH76", "0L72MH5UG000301SNH76"])
    var story = HandbackStory(night.settings, patientNow: { night.patients[$0] }, stayNow: { night.stays[$0] })
    story.note(told: night.messages[0].former, "A28", by: night.said[0])
    var late = night
    late.say([("patient.corrected", Self.patient, ["usedName": "DURAND"])])
    #expect(story.hear(late.said[1], tells: true).map(\.trigger) == ["A31"])
    #expect(story.hear(late.said[0], tells: true).map(\.trigger) == ["A28", "A01"])
  }

  /// N would say that it is of an identity alone.
  @Test(arguments: [("A01", nil, "I"), ("A04", nil, "O"), ("A04", "1", "I"), ("A05", nil, "O")])
  func aVisitWithoutAClass(_ trigger: String, _ bed: String?, _ code: String) {
    var night = Night()
    night.say([("patient.registered", Self.patient, Night.identity("81"))])
    night.say([
      (
        trigger == "A05" ? "stay.preadmitted" : "stay.admitted", Self.stay,
        Night.movement("m1", trigger, unit: "4EST", bed: bed, Night.opening(Self.patient, "91"))
      )
    ])
    #expect(night.lastSegment("PV1")[2] == code)
  }

  /// Whether a later movement is known is decided once; whom a mark hides since is hidden, and what says something else
  /// has another number.
  @Test func aRepeatSaysTheSame() throws {
    var night = Self.admitted
    let first = try #require(night.messages.last)
    let creation = night.messages[0]
    night.say([("stay.transferred", Self.stay, Night.movement("m2", "A02", unit: "CHIR", bed: "2"))])
    var again = night.messages[1]
    #expect(again.control == first.control && again != first)
    again.repeats(first.text)
    #expect(again == first)
    night.say([("patient.protected", Self.patient, ["protected": true])])
    let hidden = night.messages[1]
    again = hidden
    again.repeats(first.text)
    #expect(again.segments.dropFirst() == hidden.segments.dropFirst() && again.segments != first.segments)
    #expect(again.control == first.control && again.number != first.number)
    #expect(again.number.utf8.count == 20 && again.number.hasPrefix(first.number.prefix(15)))
    // That is repeated in its turn, and the same words have the same number.
    var third = hidden
    third.repeats(again.text)
    #expect(third == again)
    third = hidden
    third.repeats(first.text)
    #expect(third == again)
    // For another receiver it has yet another number.
    third = hidden
    third.segments[0] = third.segments[0].replacing("|PERMANENCE|", with: "|PERMANENCE2|")
    third.repeats(again.text)
    #expect(![first.number, again.number].contains(third.number))
    // Nobody is created twice for what came late.
    var created = creation
    created.segments[2] = created.segments[2].replacing("|F", with: "|M")
    #expect(created.segments != creation.segments)
    let today = created
    created.repeats(creation.text)
    #expect(created == creation)
    // Whom the main system refused was not.
    created = today
    created.repeats(creation.text, isRefused: true)
    #expect(created.segments.dropFirst() == today.segments.dropFirst() && created.number != creation.number)
    created = night.messages[0]
    created.repeats(creation.text)
    #expect(created.number != creation.number && created.segments.dropFirst() == night.messages[0].segments.dropFirst())
  }

  /// What happens to that stay, the trigger, ZBE-4, ZBE-6.
  @Test(arguments: [
    ("stay.transferred", "A02", "A02", "INSERT", ""), ("stay.discharged", "A03", "A03", "INSERT", ""),
    ("stay.class-changed", "A06", "A06", "INSERT", ""), ("stay.class-changed", "A07", "A07", "INSERT", ""),
    ("stay.left", "A21", "A21", "INSERT", ""), ("stay.returned", "A22", "A22", "INSERT", ""),
    ("stay.attending-changed", "A54", "A54", "INSERT", ""), ("stay.preadmitted", "A05", "A05", "INSERT", ""),
    ("stay.planned", "A15", "A15", "INSERT", ""),
  ])
  func movements(_ kind: String, _ trigger: String, _ sent: String, _ action: String, _ original: String) {
    var night = Self.admitted
    night.say([(kind, Self.stay, Night.movement("m2", trigger, unit: "CHIR", bed: "2"))])
    #expect(night.lastTriggers == [sent])
    let zbe = night.lastSegment("ZBE")
    #expect(zbe[4] == action && zbe[5] == "N")
    #expect(zbe[1].hasPrefix("m2^PERMANENCE^2.25."))
    #expect(night.messages.last?.segments[0].contains("^ADT_") == true)
  }

  @Test(arguments: [
    ("A01", "A11"), ("A02", "A12"), ("A03", "A13"), ("A04", "A11"), ("A05", "A38"), ("A06", "A07"), ("A07", "A06"),
    ("A14", "A27"), ("A15", "A26"), ("A16", "A25"), ("A21", "A52"), ("A22", "A53"), ("A54", "A55"),
  ])
  func whatDidNotHappen(_ trigger: String, _ sent: String) {
    var night = Self.admitted
    let beside: [(String, JSON)] = [("PV1-51", "A")]
    night.say([("stay.planned", Self.stay, Night.movement("m2", trigger, unit: "CHIR", bed: "2", beside))])
    night.say([("stay.movement-cancelled", Self.stay, Night.movement("m2", trigger))])
    #expect(night.lastTriggers == [sent])
    // This movement alone, though the main system spoke of the whole account.
    #expect(night.lastSegment("PV1")[51] == "V")
    let zbe = night.lastSegment("ZBE")
    #expect(zbe[4] == "CANCEL" && zbe[6] == trigger)
    // The situation without it.
    #expect(night.lastSegment("PV1")[3] == "4EST^401^1")
  }

  @Test func aCorrectionNamesWhatItCorrects() {
    var night = Self.admitted
    night.say(
      [("stay.movement-corrected", Self.stay, Night.movement("m1", "A01"))], at: Night.start.adding(seconds: -600))
    #expect(night.lastTriggers == ["Z99"])
    let zbe = night.lastSegment("ZBE")
    #expect([zbe[2], zbe[4], zbe[6]] == ["20220821025000+0200", "UPDATE", "A01"])
  }

  /// A movement that others followed is marked, so that nobody acts on it.
  @Test func onlyTheLastMovementIsNotHistoric() {
    var night = Self.admitted
    night.say([("stay.transferred", Self.stay, Night.movement("m2", "A02", unit: "CHIR", bed: "2"))])
    let marks = night.messages.compactMap { $0.segments.first { $0.hasPrefix("ZBE") } }.map {
      String($0.split(separator: "|", omittingEmptySubsequences: false)[5])
    }
    #expect(marks == ["Y", "N"])
  }

  @Test func whomTheMainSystemKnowsIsNotCreatedAgain() {
    var night = Night()
    let source = Source(sender: "GAM|CH", control: "1", text: "", instant: Night.start)
    night.say([("patient.described", Self.patient, Night.identity("71"))], source: source)
    night.say([("patient.corrected", Self.patient, ["usedName": "DURAND"])])
    #expect(night.messages.map(\.trigger) == ["A31"])
    #expect(night.lastSegment("PID")[5] == "DURAND^^^^^^D~MARTIN^LOUISE^LOUISE^^^^L")
    night.say([("patient.corrected", Self.patient, ["usedName": nil])])
    #expect(night.lastSegment("PID")[5] == "\"\"^^^^^^D~MARTIN^LOUISE^LOUISE^^^^L")
  }

  /// Its clock is ahead of ours, so that what it said comes behind what was said here after it.
  @Test func aMainSystemWhoseClockIsAhead() {
    var night = Night()
    night.say([("stay.transferred", Self.stay, Night.movement("m2", "A02", unit: "CHIR", bed: "2"))])
    let ahead = Source(sender: "GAM|CH", control: "1", text: "", instant: Night.start.adding(seconds: 600))
    night.say(
      [
        ("patient.described", Self.patient, Night.identity("71")),
        (
          "stay.admitted", Self.stay,
          Night.movement("GAM|1", "A01", unit: "4EST", stayClass: "inpatient", Night.opening(Self.patient, "72"))
        ),
      ], at: Night.start, source: ahead)
    var story = HandbackStory(night.settings, patientNow: { night.patients[$0] }, stayNow: { night.stays[$0] })
    for part in night.said.joined() { story.foresee(part.heard) }
    let messages = story.hear(night.said[0], tells: true)
    #expect(messages.map(\.trigger) == ["A02"])
    #expect(messages.first?.segments[2].contains("|MARTIN^LOUISE^") == true)
  }

  /// A visit that began before, of which the main system never heard, is told from its beginning.
  @Test func whatItNeverHeardOfComesFirst() {
    var before = Self.admitted
    before.say([("stay.transferred", Self.stay, Night.movement("m2", "A02", unit: "CHIR", bed: "2"))])
    var story = HandbackStory(
      before.settings, patientNow: { before.patients[$0] }, stayNow: { before.stays[$0] })
    #expect(story.hear(before.said[0], tells: false).isEmpty)
    #expect(story.hear(before.said[1], tells: true).map(\.trigger) == ["A28", "A01", "A02"])
  }

  /// As it would be told today, without its being taken in: what is then heard says what was known.
  @Test func aCommitIsToldWithWhatIsKnownTodayBesideWhatWasKnown() {
    var night = Night()
    night.say([("patient.registered", Self.patient, Night.identity("81"))])
    night.say([("patient.corrected", Self.patient, ["birthName": "DURAND"])])
    var story = HandbackStory(night.settings, patientNow: { night.patients[$0] }, stayNow: { night.stays[$0] })
    let (today, then) = (story.remade(night.said[0]), story.hear(night.said[0], tells: true))
    #expect(today.map(\.trigger) == ["A28"] && today.map(\.control) == then.map(\.control))
    #expect(today[0].text.contains("DURAND^LOUISE") && !today[0].text.contains("MARTIN"))
    #expect(then.map(\.trigger) == ["A28"] && then[0].text.contains("MARTIN^LOUISE"))
    let next = story.hear(night.said[1], tells: true)
    #expect(next.map(\.trigger) == ["A31"] && next[0].text.contains("DURAND^LOUISE"))
  }

  @Test func twoFilesOfOnePersonAndTwoAgain() {
    var night = Self.admitted
    let other = "patient/0196f1d2-0000-7000-8000-000000000003"
    night.say([("patient.registered", other, Night.identity("82"))])
    night.say([("patient.merged", other, ["into": .string(Self.patient)])])
    #expect(night.lastTriggers == ["A40"])
    #expect(night.lastSegment("PID")[3].hasPrefix("81^"))
    #expect(night.lastSegment("MRG")[1].hasPrefix("82^"))
    night.say([("patient.unmerged", other, [:])])
    #expect(night.lastTriggers == ["A37"])
    #expect(night.messages.last?.segments.filter { $0.hasPrefix("PID") }.count == 2)
    let known = night.heardElsewhere()
    #expect(known.patients.values.allSatisfy { $0.mergedInto == nil })
  }

  @Test func anINSGoesOnlyWhereItIsQualified() {
    let ins: JSON = ["matricule": "296032116623634", "oid": "1.2.250.1.213.1.4.8"]
    var night = Night()
    night.say([("patient.registered", Self.patient, Night.identity("81", [("ins", ins)]))])
    #expect(night.lastSegment("PID")[3] == "81^^^&1.2.250.1.99.1&ISO^PI")
    night.say([("patient.status-changed", Self.patient, ["status": "VALI"])])
    #expect(
      night.lastSegment("PID")[3]
        == "81^^^&1.2.250.1.99.1&ISO^PI~296032116623634^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.8&ISO^INS")
    #expect(night.lastSegment("PID")[32] == "VALI")
    night.say([("patient.ins-removed", Self.patient, [:])])
    #expect(night.lastTriggers == ["A31", "A47"])
    let known = night.heardElsewhere()
    #expect(known.patients.values.map(\.ins) == [nil])
  }

  private static let leroy = "10^LEROY PAUL^^^^^^^ASIP-SANTE-PS&1.2.250.1.71.4.2.1&ISO^L^^^RPPS"

  /// The family doctor: the feed's, that one with a telephone, another, whoever has no name, and none any more; and of
  /// a birth under secrecy.
  @Test(
    arguments: [
      (["usedName": "DURAND"], "ROL||UC|ODRP|\(leroy)"),
      (
        ["contacts": [["role": "general-practitioner", "name": "LEROY PAUL", "phone": "0380"]]],
        "ROL||UC|ODRP|\(leroy)||||||||^WPN^PH^^^^^^^^^0380"
      ),
      (
        ["contacts": [["role": "general-practitioner", "name": "MOREL EVE"]]],
        "ROL||UC|ODRP|^MOREL EVE^^^^^^^^L"
      ), (["contacts": [["role": "general-practitioner", "name": "", "phone": "0380"]]], nil),
      (["contacts": [["role": "next-of-kin", "name": "LEA"]]], "ROL||DE|ODRP|\(leroy)"),
      (["secret": true], nil),
    ] as [(JSON, String?)])
  func theFamilyDoctor(corrected: JSON, says: String?) {
    var night = Night()
    let source = Source(sender: "GAM|CH", control: "1", text: "", instant: Night.start)
    let given: JSON = ["name": "LEROY PAUL", "RPPS": "10"]
    night.say(
      [("patient.described", Self.patient, Night.identity("81", [("generalPractitioner", given)]))], source: source)
    night.say([("patient.corrected", Self.patient, corrected)])
    #expect(night.messages.last?.trigger == "A31")
    #expect(night.messages.last?.segments.first { $0.hasPrefix("ROL") } == says)
  }

  @Test func whoeverNobodyCanNameIsCalledByTheirLabel() {
    var night = Night()
    let data: JSON = [
      "unknown": ["label": "URG1-003"], "identifiers": [["value": "81", "authority": "1.2.250.1.99.1", "type": "PI"]],
    ]
    night.say([("patient.registered", Self.patient, data)])
    #expect(night.lastSegment("PID")[5] == "INCONNU^URG1-003^URG1-003^^^^L")
  }

  /// A character that the receiver's set lacks is written otherwise, and delimiters are never a value's own.
  @Test func characters() {
    var night = Night()
    night.say([
      ("patient.registered", Self.patient, Night.identity("81", [("usedName", "L'ŒUVRE^É|\u{20AC}")]))
    ])
    let latin1 = night.messages[0].bytes(in: .latin1)
    #expect(latin1.lost == 2)
    #expect(latin1.bytes.contains(0xC9))
    let text = String(decoding: night.messages[0].bytes(in: .utf8).bytes, as: UTF8.self)
    #expect(text.contains("L'ŒUVRE\\S\\É\\F\\€^"))
    #expect(night.heardElsewhere().patients.values.map(\.usedName) == ["L'OEUVRE^É|EUR"])
  }
}
