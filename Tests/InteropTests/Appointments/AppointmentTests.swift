import Hospital
import Interop
import Ledger
import Seeded
import Spoken
import Testing

/// SIU: what each trigger and each field says of an appointment.
struct AppointmentTests {
  static let all = [
    Spoken.scheduleHeader("S12"), Spoken.sch, Spoken.tq1, "NTE|1||à jeun", Spoken.pid, "RGS|1|A", Spoken.ais,
    Spoken.ail,
    Spoken.aip,
  ]
  static let id = "appointment/\(Name.subject("appointment", "1.2.250.1.99.7", "RDV77"))"

  /// The appointment that one message makes.
  private func appointment(_ segments: [String]) throws -> Appointment {
    let known = Known([segments])
    #expect(known.appointments.count == 1)
    return try #require(known.appointments.values.first)
  }

  @Test func everyPartOfIt() throws {
    let made = try appointment(Self.all)
    #expect(made.id == Self.id)
    #expect(made.patient == "patient/\(Name.subject("patient", "1.2.250.1.99.1", "4711"))")
    #expect(made.status == .booked)
    #expect(made.number == "RDV77")
    #expect(made.otherNumber == "D12")
    #expect(made.startsAt == Instant("2022-08-25T06:30:00.000Z"))
    #expect(made.minutes == 90)
    #expect(made.unit == "BLOC")
    #expect(made.room == "S3")
    #expect(made.kind == .operation)
    #expect(made.type == "Bloc opératoire")
    #expect(made.reason == "coxarthrose")
    #expect(made.practitioner == "MOREL EVE")
    #expect(made.stay == "stay/\(Name.subject("stay", "1.2.250.1.99.2", "9001"))")
    #expect(made.other["services"]?.array?.first?["AIS-3"]?.string == "PTH^Prothèse de hanche")
    #expect(made.other["notes"]?.array?.first?["NTE-3"]?.string == "à jeun")
    #expect(made.other["SCH-25"]?.string == "Booked")
    #expect(Spoken.codes(Self.all) == [])
    let known = Known([Self.all])
    #expect(known.patients[made.patient ?? ""]?.birthName == "MARTIN")
  }

  /// Whoever keeps the diary keeps no identities: of somebody known it says numbers and telephones.
  @Test func theIdentityIsTheMainSystemsToSay() throws {
    let ins = "180127612345615^^^N&1.2.250.1.213.1.4.8&ISO^INS"
    let created = [
      Spoken.header("A28", control: "1", at: "20220821010000"),
      "PID|||4711^^^CH&1.2.250.1.99.1&ISO^PI~\(ins)||MARTIN^LOUISE^^^^^L||19610312|F||||||||||||||||||||||||VALI",
      "ZFD||||N|||CN|20301231", "ZFS|1|M1|20220301||INSERT|SDRE",
    ]
    let pid =
      "PID|||4711^^^CH&1.2.250.1.99.1&ISO^PI~D88^^^DIARY^MR||DURAND^LOUISE||19610401|F|||||0600000001"
    let known = [
      Spoken.scheduleHeader("S12", control: "2", at: "20220821020000"), Spoken.sch, pid, "ZFS|1|M1|||CANCEL",
    ]
    for order in [[created, known], [known, created]] {
      let patient = try #require(Known(order).patients.values.first)
      #expect(patient.birthName == "MARTIN" && patient.birthDate?.text == "1961-03-12")
      #expect(patient.identityStatus == .qualified && patient.document?.kind == "CN")
      #expect(patient.identifiers.map(\.value).sorted() == ["4711", "D88"])
      #expect(patient.phones == ["0600000001"])
      #expect(patient.situations.map(\.id) == ["M1"])
    }
    // Said before the identity was, it is somebody to look for; then it is the main system's.
    let before = [Spoken.scheduleHeader("S12", control: "2", at: "20220821000000"), Spoken.sch, pid]
    let later = [
      Spoken.scheduleHeader("S14", control: "3", at: "20220821003000"), Spoken.sch, pid.replacing("DURAND", with: "X"),
    ]
    #expect(Known([later, before]).patients.values.map(\.birthName) == ["DURAND"])
    #expect(Known([later, before, created]).patients.values.map(\.birthName) == ["MARTIN"])
  }

  @Test(arguments: [
    ("S12", AppointmentStatus.booked), ("S13", .booked), ("S14", .booked), ("S15", .cancelled), ("S16", .discontinued),
    ("S17", .deleted), ("S26", .missed),
  ])
  func triggers(trigger: String, status: AppointmentStatus) throws {
    #expect(try appointment([Spoken.scheduleHeader(trigger)] + Self.all.dropFirst()).status == status)
  }

  /// The first of AIP-3, PV1-7 and SCH-16 that names somebody.
  @Test(arguments: [
    ([Spoken.sch, Spoken.aip], #"{"name":"MOREL EVE","id":"10100000002"}"#),
    ([Spoken.sch], #"{"name":"LEROY PAUL","id":"10100000001"}"#),
    (["SCH||7||||||||||||||10100000001^LEROY^PAUL^^^^^^X^^^^RPPS"], #"{"name":"LEROY PAUL","RPPS":"10100000001"}"#),
    (["SCH||7", "PV1|1|O|7700^12|||||||"], nil),
  ])
  func withWhom(segments: [String], said: String?) throws {
    let made = try appointment([Spoken.scheduleHeader("S12")] + segments + [Spoken.tq1, Spoken.pid])
    #expect(made.other["attending"] == (try said.map { try JSON(parsing: $0) }))
    #expect(made.practitioner == made.other["attending"]?["name"]?.string)
  }

  @Test(arguments: ["S01", "S18", "S23"])
  func othersAreNotOurs(trigger: String) {
    guard case .ignored(let why) = Spoken.translate([Spoken.scheduleHeader(trigger)] + Self.all.dropFirst()) else {
      Issue.record("taken")
      return
    }
    #expect(why.code == "hl7.not-ours")
  }

  /// Segments in place of `SCH`, `TQ1` and the resources; what is read out of them.
  static let forms:
    [(name: String, segments: [String], startsAt: String?, minutes: Int?, unit: String?, kind: String?)] = [
      (
        "hour in SCH-11", ["SCH||7|||||||||^^M30^20220825083000^20220825090000"], "2022-08-25T06:30:00.000Z", 30, nil,
        nil
      ),
      ("hour of the service", ["SCH||7", "AIS|1|A|X|20220825083000|||2|H"], "2022-08-25T06:30:00.000Z", 120, nil, nil),
      (
        "hour of the place", ["SCH||7", "AIL|1|A|RAD^1|||20220825083000|||15|M"], "2022-08-25T06:30:00.000Z", 15, "RAD",
        nil
      ),
      ("hour of a person", ["SCH||7", "AIP|1|A|1^A^B|||20220825083000"], "2022-08-25T06:30:00.000Z", nil, nil, nil),
      ("hour of a thing", ["SCH||7", "AIG|1|A|IRM||||1|20220825083000"], "2022-08-25T06:30:00.000Z", nil, nil, nil),
      ("no hour", ["SCH||7"], nil, nil, nil, nil),
      ("with an offset", ["SCH||7", "TQ1|1||||||20220825083000+0000"], "2022-08-25T08:30:00.000Z", nil, nil, nil),
      ("place of PV1", ["SCH||7", "PV1|1|O|7700^12"], nil, nil, "7700", nil),
      ("place taken away", ["SCH||7", "PV1|1|O|7700", "AIL|1|D|RAD^1"], nil, nil, "7700", nil),
      ("table 0277", ["SCH||7||||||NORMAL"], nil, nil, nil, "consultation"),
      ("hours of a minute's part", ["SCH||7|||||||90|S"], nil, 2, nil, nil),
      ("no unit of time", ["SCH||7|||||||20"], nil, 20, nil, nil),
    ]

  @Test(arguments: forms.indices)
  func whereEachPartMayStand(index: Int) throws {
    let form = Self.forms[index]
    let made = try appointment([Spoken.scheduleHeader("S14")] + form.segments + [Spoken.pid])
    #expect(made.startsAt?.text == form.startsAt, "\(form.name)")
    #expect(made.minutes == form.minutes, "\(form.name)")
    #expect(made.unit == form.unit, "\(form.name)")
    #expect(made.kind?.rawValue == form.kind, "\(form.name)")
  }

  static let odd: [(segments: [String], code: String)] = [
    (["SCH||7|||||||20|FURLONG", Spoken.tq1, Spoken.pid], "hl7.code-unknown"),
    (["SCH||7||||||ZUMBA", Spoken.tq1, Spoken.pid], "hl7.code-unknown"),
    (["SCH||7|||||||||||||||||||||||Perhaps", Spoken.tq1, Spoken.pid], "hl7.code-unknown"),
    (["SCH||7", Spoken.pid], "hl7.field-missing"), (["SCH||7", Spoken.tq1], "hl7.no-patient"),
    (["SCH||7", Spoken.tq1, Spoken.pid, Spoken.pid], "hl7.several-patients"),
  ]

  @Test(arguments: odd.indices)
  func whatIsOddIsKeptWithAWarning(index: Int) throws {
    let segments = [Spoken.scheduleHeader("S12")] + Self.odd[index].segments
    #expect(Spoken.codes(segments) == [Self.odd[index].code])
    #expect(try appointment(segments).status == .booked)
  }

  @Test func anUnknownWordIsKept() throws {
    let made = try appointment([Spoken.scheduleHeader("S12"), "SCH||7||||||ZUMBA", Spoken.tq1, Spoken.pid])
    #expect(made.kind == nil)
    #expect(made.type == "ZUMBA")
    #expect(made.other["SCH-8"]?.string == "ZUMBA")
  }

  /// The hospital's own codes go before the usual words, which stay.
  @Test(arguments: [
    ("BLO", AppointmentKind.operation), ("blo", .operation), ("CS", .session), ("HDJ", .daycase), ("ZUMBA", nil),
  ])
  func theHospitalsOwnCodes(_ code: String, _ kind: AppointmentKind?) throws {
    let translation = ADTTranslation(
      localTime: Spoken.paris, appointmentKinds: ["BLO": .operation, "CS": .session])
    let read = translation.translate(
      Spoken.bytes([Spoken.scheduleHeader("S12"), "SCH||7||||||\(code)^Libellé", Spoken.tq1, Spoken.pid]))
    guard case .facts(let facts) = read.translated else {
      Issue.record("refused")
      return
    }
    let made = try #require(Known([facts]).appointments.values.first)
    #expect(made.kind == kind && made.type == "Libellé")
    #expect(facts.warnings.map(\.code) == (kind == nil ? ["hl7.code-unknown"] : []))
  }

  @Test func withoutANumberItIsRefused() {
    guard case .refused(let refusal) = Spoken.translate([Spoken.scheduleHeader("S12"), "SCH|", Spoken.pid]) else {
      Issue.record("taken")
      return
    }
    #expect(refusal.location == "SCH^1^2")
    #expect(refusal.reason.code == "hl7.no-appointment-number")
  }

  /// The number of the diary names it; where there is none, that of whoever asked.
  @Test func names() throws {
    func id(_ sch: String) throws -> String {
      try appointment([Spoken.scheduleHeader("S12"), sch, Spoken.tq1, Spoken.pid]).id
    }
    #expect(try id("SCH|D12^GAM|RDV77^^1.2.250.1.99.7") == Self.id)
    #expect(try id("SCH|D12^GAM") == "appointment/\(Name.subject("appointment", "GAM", "D12"))")
    #expect(try id("SCH||7") == "appointment/\(Name.subject("appointment", "CH", "7"))")
  }

  /// Sent in this order, a minute apart: trigger, day of August 2022 at 08:30, SCH-25.
  static let stories: [(lines: [(trigger: String, day: Int, status: String)], status: AppointmentStatus, day: Int)] = [
    ([("S12", 25, "")], .booked, 25),
    ([("S12", 25, ""), ("S13", 26, "")], .booked, 26),
    ([("S12", 25, ""), ("S13", 26, ""), ("S15", 26, "Booked")], .cancelled, 26),
    ([("S12", 25, ""), ("S15", 25, ""), ("S14", 25, "")], .cancelled, 25),
    ([("S12", 25, ""), ("S15", 25, ""), ("S12", 27, "")], .booked, 27),
    ([("S12", 25, ""), ("S14", 25, "Started")], .arrived, 25),
    ([("S12", 25, ""), ("S14", 25, "Started"), ("S14", 25, "Complete")], .fulfilled, 25),
    ([("S12", 25, ""), ("S26", 25, "")], .missed, 25), ([("S12", 25, ""), ("S17", 25, "")], .deleted, 25),
    ([("S14", 25, "Pending"), ("S16", 25, "")], .discontinued, 25), ([("S14", 28, "")], .pending, 28),
  ]

  @Test(arguments: stories.indices, 1...4)
  func whateverTheOrderOfArrival(index: Int, seed: Int) throws {
    let story = Self.stories[index]
    var messages = story.lines.enumerated().map { place, line in
      [
        Spoken.scheduleHeader(line.trigger, control: "\(2001 + place)", at: "2022082101\(10 + place)00"),
        "SCH||RDV77^^1.2.250.1.99.7|||||||||||||||||||||||\(line.status)", "TQ1|1||||||202208\(line.day)083000",
        Spoken.pid,
      ]
    }
    var dice = Seeded(seed: UInt64(seed))
    messages.shuffle(using: &dice)
    let known = Known(messages + messages.prefix(1))
    let made = try #require(known.appointments[Self.id])
    #expect(made.status == story.status)
    #expect(made.startsAt?.text == "2022-08-\(story.day)T06:30:00.000Z")
  }
}
