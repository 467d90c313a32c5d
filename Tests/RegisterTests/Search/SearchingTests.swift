import Hospital
import Ledger
import Register
import Testing

struct SearchingTests {
  static let louise = 1
  static let lois = 2
  static let goff = 3
  static let mai = 4
  static let jeanPierre = 5
  static let zoe = 6
  static let unknown = 7
  static let secret = 8
  static let xavier = 9

  static func station() async throws -> TestStation {
    let station = try TestStation()
    var louise = Patient.person(1, "MARTIN", "Louise", "1961-03-12", used: "DURAND")
    louise.identifiers = [Identifier(value: "000059284275", authority: "1.2.250.1.999.1", type: "PI")]
    louise.ins = INS(matricule: "261039122800123", oid: "1.2.250.1.213.1.4.10")
    var unknown = Patient.person(7, nil, nil, nil)
    unknown.unknown = UnknownPatient(label: "URG1-003")
    var secret = Patient.person(8, "LEROUX", "Alice", "1995-05-05")
    secret.secret = true
    try await station.register([
      louise, .person(2, "MARTIN", "Loïs", "1961-03-12", .male), .person(3, "LE GOFF", "Yann", "1950-07-01", .male),
      .person(4, "Nguyễn Thị", "Mai", "1999"), .person(5, "d’Artagnan", "Jean-Pierre", "1944-02-29", .male),
      .person(6, "MARTIN-DUPONT", "Zoé", "2020-02-10"), unknown, secret,
      .person(9, "XAVIER", "Paul", "1980-05-06", .male),
    ])
    return station
  }

  @Test func asPeopleType() async throws {
    let station = try await Self.station()
    let table: [(String, [Int])] = [
      ("12031961 MARTIN LO", [Self.louise, Self.lois]),
      ("12031961 MAR", [Self.louise, Self.lois]),
      ("martin louise", [Self.louise]),
      ("Louise MARTIN", [Self.louise]),
      ("martin lou 12/3/61", [Self.louise]),
      ("120361 louise", [Self.louise]),
      ("12 03 1961 louise martin", [Self.louise]),
      ("1961-03-12 martin louise", [Self.louise]),
      ("louise durand", [Self.louise]),
      ("&éà\"&ç-& martin louise", [Self.louise]),
      ("martn louise", [Self.louise]),
      ("MARTIN Louise 13031961", [Self.louise]),
      ("MARTIN Louise 1203961", [Self.louise]),
      ("MARTIN Louise 03121961", [Self.louise]),
      ("MARTIN Louize 12/03/1961", [Self.louise]),
      ("MARTINLouise 12/03/1961", [Self.louise]),
      ("1961 martin louise", [Self.louise]),
      ("000059284275", [Self.louise]),
      ("2 61 03 91 228 001 23", [Self.louise]),
      ("legoff", [Self.goff]),
      ("le goff", [Self.goff]),
      ("goff yann", [Self.goff]),
      ("Yan Le-Goff", [Self.goff]),
      ("01071950", [Self.goff]),
      ("nguyen thi mai", [Self.mai]),
      ("nguyen 1999", [Self.mai]),
      ("15031999 mai nguyen", [Self.mai]),
      ("dartagnan", [Self.jeanPierre]),
      ("d'artagnan 29/02/1944", [Self.jeanPierre]),
      ("jean pierre artagnan", [Self.jeanPierre]),
      ("dupont zoé", [Self.zoe]),
      ("martindupont zoe", [Self.zoe]),
      ("URG1-003", [Self.unknown]),
      ("xavier", [Self.xavier]),
      ("XAV", [Self.xavier]),
      ("ksavier paul", [Self.xavier]),
    ]
    for (typed, expected) in table {
      let found = try station.found(typed).map(\.patient.id)
      #expect(Array(found.prefix(expected.count)) == expected.map(Patient.id), "\(typed)")
    }
  }

  /// Screens, labels and wristbands write `INCONNU URG1-003`; who came in last is who is looked for.
  @Test func theUnknownByWhatIsWrittenOfThem() async throws {
    let station = try await Self.station()
    func unknown(_ number: Int, _ label: String, given: String? = nil) -> Patient {
      var patient = Patient.person(number, nil, given, nil)
      patient.unknown = UnknownPatient(label: label)
      return patient
    }
    try await station.register([
      unknown(21, "URG1-004"), unknown(22, "URG2-003", given: "Zita"), unknown(23, "ADM-1-012"),
      .person(24, "URGELL", "Ana", "1970-04-05"),
    ])
    let all = [23, 22, 21, Self.unknown]
    let table: [(String, [Int])] = [
      ("inconnu", all), ("INCONNUE", all), ("unknown", all), ("inconu", all),
      ("inconnu urg1", [21, Self.unknown]), ("urg1", [21, Self.unknown]), ("Unknown URG2", [22]),
      ("INCONNU URG1-003", [Self.unknown]), ("inconnue urg1 003", [Self.unknown]), ("urg1-003", [Self.unknown]),
      ("urg1 3", [Self.unknown]), ("urg1003", [Self.unknown]), ("inconnu urg2 3", [22]),
      ("urg1 00", [21, Self.unknown]),
      ("inconnu adm-1-012", [23]), ("adm-1", [23]), ("ADM 1 12", [23]), ("inconnu zita", [22]),
      ("urgell", [24]),
    ]
    for (typed, expected) in table {
      let found = try station.found(typed, limit: 10).map(\.patient.id)
      #expect(found == expected.map(Patient.id), "\(typed)")
    }
    #expect(try Array(station.found("inconnu 3").map(\.patient.id).prefix(2)) == [22, Self.unknown].map(Patient.id))
    #expect(try station.found("urg1 3").first?.reasons == [.sameNumber])

    try await station.say(
      Fact(
        kind: "patient.corrected", subject: Patient.id(21), at: .hours(1),
        data: ["birthName": "PRAT", "birthGivenName": "Luc", "unknown": .null]))
    #expect(try station.found("inconnu urg1").map(\.patient.id) == [Patient.id(Self.unknown)])
    #expect(try station.found("prat luc").map(\.patient.id) == [Patient.id(21)])
  }

  @Test func nobodyAnswersToNothingOrNonsense() async throws {
    let station = try await Self.station()
    for typed in [
      "", " ", "'", "qwxz", "99999999", "00/00/0000", "32131961", "%", "' OR 1=1", "\u{0}", "🙂🙂🙂",
      String(repeating: "a", count: 10_000), String(repeating: "1 ", count: 10_000),
    ] {
      #expect(try station.found(typed).isEmpty, "\(typed.prefix(20))")
    }
  }

  @Test func reasonsAndHomonyms() async throws {
    let station = try await Self.station()
    #expect(try station.found("12031961 MARTIN Louise").first?.reasons == [.sameBirthDate, .sameName, .sameGivenName])
    #expect(try station.found("13031961 MARTIN Louise").first?.reasons == [.closeBirthDate, .sameName, .sameGivenName])
    #expect(try station.found("000059284275").first?.reasons == [.sameNumber])
    #expect(try station.found("martin louise").first?.isHomonym == false)
    try await station.register([.person(20, "Martin", "LOUISE", "1980-01-02")])
    let both = try station.found("martin louise")
    #expect(both.prefix(2).map(\.isHomonym) == [true, true])
  }

  @Test func aScanIsExactOrNothing() async throws {
    let station = try await Self.station()
    let scan = { (number: String) in try station.register.read { try $0.scan(number).map(\.patient.id) } }
    #expect(try scan("000059284275") == [Patient.id(Self.louise)])
    #expect(try scan(" 261039122800123\n") == [Patient.id(Self.louise)])
    #expect(try scan("00005928427").isEmpty)
    #expect(try scan("MARTIN").isEmpty)
    try await station.say(.stay("admitted", "stay/1", patient: Patient.id(Self.goff), key: "m1", number: "N000017"))
    #expect(try scan("N000017") == [Patient.id(Self.goff)])
    #expect(try station.found("N000017").map(\.patient.id) == [Patient.id(Self.goff)])
  }

  @Test func secrecyMergesAndChangesAreFollowed() async throws {
    let station = try await Self.station()
    #expect(try station.found("leroux alice 05051995").isEmpty)
    #expect(
      try station.found("leroux alice 05051995", includingSecret: true).map(\.patient.id) == [Patient.id(Self.secret)])

    try await station.say(
      Fact(
        kind: "patient.corrected", subject: Patient.id(Self.xavier), at: .hours(1),
        data: ["birthName": "ZAVIERA", "birthDate": "1981-05-06"]))
    #expect(try station.found("zaviera paul").map(\.patient.id) == [Patient.id(Self.xavier)])
    #expect(try station.found("06051980 xavier paul").first?.reasons.contains(.sameBirthDate) != true)

    try await station.say(
      Fact(
        kind: "patient.merged", subject: Patient.id(Self.lois), at: .hours(2),
        data: ["into": .string(Patient.id(Self.louise))]))
    #expect(try station.found("martin loïs").map(\.patient.id) == [Patient.id(Self.louise)])
  }

  /// A rebuild merges everything at once; what comes after is recent again.
  @Test func theSameAfterARebuild() async throws {
    let station = try await Self.station()
    try station.register.writeTables { db in try db.execute(sql: "UPDATE meta SET value = -1 WHERE key = 'folds'") }
    let copy = try TestStation.copy(of: station.folder)
    let again = try Register(folder: copy.path, access: .writing, environment: station.environment.environment)
    let find = { (text: String) in
      try again.read { try $0.search(text, limit: 5, now: .night).map(\.patient.id) }
    }
    #expect(try find("12031961 MARTIN LO") == [Patient.id(Self.louise), Patient.id(Self.lois)])
    #expect(try find("martn louise") == [Patient.id(Self.louise)])
    #expect(try find("inconnu urg1 3") == [Patient.id(Self.unknown)])
    let change = Fact(
      kind: "patient.corrected", subject: Patient.id(Self.louise), at: .hours(1), data: ["birthName": "BERNARD"])
    _ = try await again.submit(Submission(Say([change]), key: "change", author: "system"))
    #expect(try find("bernard louise") == [Patient.id(Self.louise)])
    #expect(try find("12031961 MARTIN LO").first == Patient.id(Self.lois))
  }
}
