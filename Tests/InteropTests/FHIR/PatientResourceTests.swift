import Hospital
import Interop
import Ledger
import Testing

@Suite struct PatientResourceTests {
  private func patient(_ change: (inout Patient) -> Void = { _ in }) -> Patient {
    var patient = Patient(id: "patient/0b9f4c1e-7a55-4b6c-8d2e-3f1a2b3c4d5e")
    patient.birthName = "MARTIN"
    patient.birthGivenName = "LOUISE"
    patient.birthGivenNames = "LOUISE ANNE"
    patient.birthDate = PartialDate(year: 1961, month: 3, day: 12)
    patient.sex = .female
    patient.birthPlace = "29064"
    patient.identifiers = [Identifier(value: "0042", authority: "1.2.250.1.999.1", type: "PI")]
    change(&patient)
    return patient
  }

  private func json(_ patient: Patient) -> JSON { PatientResource(patient, nil).json(FHIRMeta()) }

  /// At noon in UTC on 22 August 2022.
  private func read(_ json: JSON) throws -> PatientReading {
    let now = try #require(Instant("2022-08-22T12:00:00.000Z"))
    return try PatientReading(json, at: now, try #require(LocalTime(zone: "Europe/Paris")))
  }

  /// Every one that Unicode has: a name is one line for whoever receives it.
  @Test func whiteSpaceAndControlCharactersAreSentAsBlanks() {
    let scalars = (0...0x10ffff).compactMap(Unicode.Scalar.init(_:)).filter {
      $0.properties.isWhitespace || $0.properties.generalCategory == .control
    }
    #expect(scalars.count > 80)
    for scalar in scalars {
      let sent = json(patient { $0.birthName = "ÉTÉ\(Character(scalar))Œ 漢" })
      #expect(sent["name"]?.array?.first?["family"] == "ÉTÉ Œ 漢", "U+\(String(scalar.value, radix: 16))")
    }
  }

  @Test(arguments: [
    ("29064", true), (" 29064", false), ("29064 ", false), ("29 064", true), ("29  064", false), (" ", false),
  ])
  func aCodeHasNoBlanksAtItsEndsAndNeverTwo(code: String, isSent: Bool) {
    let sent = json(patient { $0.addresses = [Address(use: "H", lines: ["1 RUE"], commune: code)] })
    let coding = sent["address"]?.array?.first?["extension"]?.array?.first?["valueCoding"]?["code"]
    #expect(coding == (isSent ? .string(code) : nil))
  }

  private static let matricule = "261032906400175"

  /// `Patient.identifier[].type.coding.code` and `system` of the INS alone.
  private func slice(_ json: JSON) -> [String] {
    (json["identifier"]?.array ?? []).filter { $0["value"]?.string == Self.matricule }
      .flatMap { [$0["type"]?["coding"]?.array?.first?["code"]?.string, $0["system"]?.string, $0["use"]?.string] }
      .compactMap(\.self)
  }

  @Test(arguments: [
    ("1.2.250.1.213.1.4.8", ["INS-NIR", "urn:oid:1.2.250.1.213.1.4.8", "official"]),
    ("1.2.250.1.213.1.4.9", ["INS-NIA", "urn:oid:1.2.250.1.213.1.4.9", "temp"]),
    ("1.2.250.1.213.1.4.10", ["INS-NIR-TEST", "urn:oid:1.2.250.1.213.1.4.10", "official"]),
    ("1.2.250.1.213.1.4.11", ["INS-NIR-DEMO", "urn:oid:1.2.250.1.213.1.4.11", "official"]),
  ])
  func aQualifiedINSHasItsSlice(oid: String, expected: [String]) {
    let sent = json(
      patient {
        $0.statusSaid = .qualified
        $0.ins = INS(matricule: Self.matricule, oid: oid)
      })
    #expect(slice(sent) == expected)
    #expect(sent["meta"]?["profile"]?.array?.first?.string?.hasSuffix("fr-core-patient-ins") == true)
  }

  /// What of somebody whose INS is qualified keeps them from the profile of that.
  private static let parts: [(name: String, change: @Sendable (inout Patient) -> Void, isWhole: Bool)] = [
    ("nothing", { _ in }, true), ("born abroad", { $0.birthPlace = "99352" }, true),
    ("sex unknown", { $0.sex = .unknown }, true), ("sex indeterminate", { $0.sex = .indeterminate }, false),
    ("no sex", { $0.sex = nil }, false), ("no birth place", { $0.birthPlace = nil }, false),
    ("birth place unknown", { $0.birthPlace = Traits.unknownPlace }, false),
    ("birth place that is no code", { $0.birthPlace = "29  64" }, false), ("no day", { $0.birthDate = nil }, false),
    ("no given names", { $0.birthGivenNames = nil }, false),
    ("an INS of nobody's domain", { $0.ins = INS(matricule: matricule, oid: "1.2.3") }, false),
  ]

  @Test(arguments: parts.indices)
  func theProfileIsClaimedOfWhatHasAllOfIt(index: Int) {
    let part = Self.parts[index]
    let sent = json(
      patient {
        $0.statusSaid = .qualified
        $0.ins = INS(matricule: Self.matricule, oid: "1.2.250.1.213.1.4.8")
        part.change(&$0)
      })
    let name = part.isWhole ? "fr-core-patient-ins" : "fr-core-patient"
    #expect(
      sent["meta"]?["profile"]?.array == [.string("https://hl7.fr/ig/fhir/core/StructureDefinition/\(name)")],
      "\(part.name)")
  }

  @Test(arguments: [
    ("29064", "TRE_R13-CommuneOM/FHIR/TRE-R13-CommuneOM"), ("99352", "TRE_R20-Pays/FHIR/TRE-R20-Pays"),
    ("99999", nil),
  ])
  func whereSomebodyWasBorn(code: String, system: String?) {
    let sent = json(patient { $0.birthPlace = code })["extension"]?.array?.last
    let place = sent?["valueAddress"]?["extension"]?.array?.first
    #expect(
      place?["url"]?.string
        == system.map { _ in "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-address-insee-code" })
    #expect(place?["valueCoding"]?["code"]?.string == system.map { _ in code })
    #expect(place?["valueCoding"]?["system"]?.string == system.map { "https://mos.esante.gouv.fr/NOS/\($0)" })
    #expect(sent?["valueAddress"]?["country"] == nil)
  }

  /// FR Core's list has no Vitale card and no word of somebody's own.
  @Test(arguments: [("CN", true), ("LE", true), ("TC", true), ("CV", false), ("cn", false), ("ZZ", false), ("", false)])
  func thePaperThatProvesAnIdentity(kind: String, isSent: Bool) {
    let sent = json(patient { $0.document = IdentityDocument(kind: kind) })
    let reliability = sent["extension"]?.array?.first?["extension"]?.array ?? []
    let modes = reliability.filter { $0["url"] == "validationMode" }.map { $0["valueCoding"]?["code"]?.string }
    #expect(modes == (isSent ? [kind] : []))
  }

  @Test(arguments: [IdentityStatus.provisional, .retrieved, nil])
  func anINSThatIsNotQualifiedIsNeverSent(status: IdentityStatus?) {
    let sent = json(
      patient {
        $0.statusSaid = status
        $0.ins = INS(matricule: Self.matricule, oid: "1.2.250.1.213.1.4.8")
        $0.identifiers +=
          [
            Identifier(value: Self.matricule, authority: "1.2.250.1.213.1.4.8", type: "INS"),
            Identifier(value: Self.matricule, authority: "CNAM", type: "NH"),
          ]
          + ["INS-NIR", "INS-NIA", "INS-NIR-TEST", "INS-NIR-DEMO"].map {
            Identifier(value: Self.matricule, authority: "CNAM", type: $0)
          }
      })
    #expect(!"\(sent)".contains(Self.matricule))
  }

  /// In whichever case a program writes the system, and whatever type it gives another system.
  @Test(arguments: [
    ("urn:oid:1.2.250.1.213.1.4.8", "MR", true), ("urn:OID:1.2.250.1.213.1.4.8", "MR", true),
    ("URN:Oid:1.2.250.1.213.1.4.10", "", true), ("urn:permanence:authority:1.2.250.1.213.1.4.9", "", true),
    ("urn:oid:1.2.3", "INS-NIR", true), ("urn:oid:1.2.3", "INS-NIA", true), ("urn:oid:1.2.3", "INS-NIR-TEST", true),
    ("urn:oid:1.2.3", "INS-NIR-DEMO", true), ("urn:oid:1.2.3", "MR", false), ("urn:OID:1.2.3", "", false),
  ])
  func anINSIsReadAsThat(system: String, type: String, isINS: Bool) throws {
    for codes in [[type], ["MR", type]] {
      let read = try read([
        "resourceType": "Patient",
        "identifier": [
          [
            "system": .string(system), "value": .string(Self.matricule),
            "type": ["coding": .array(codes.map { ["code": .string($0)] })],
          ]
        ],
      ])
      #expect((read.ins?.matricule == Self.matricule) == isINS)
      #expect(read.numbers.map(\.authority) == (isINS ? [] : ["1.2.3"]))
    }
  }

  /// A code is said to be of the list that has it.
  @Test(arguments: [
    ("PI", "1.2.3", "http://terminology.hl7.org/CodeSystem/v2-0203"),
    ("MR", "1.2.3", "http://terminology.hl7.org/CodeSystem/v2-0203"),
    ("NDP", "1.2.250.1.176.1.2", "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203"),
    ("INTRN", "1.2.3", "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203"),
    ("NDP", "1.2.3", nil),
  ])
  func ofWhichListATypeIs(type: String, authority: String, system: String?) {
    let sent = json(patient { $0.identifiers = [Identifier(value: "7", authority: authority, type: type)] })
    let said = sent["identifier"]?.array?.first?["type"]
    let coding = said?["coding"]?.array?.first
    #expect(coding?["system"]?.string == system && coding?["code"]?.string == system.map { _ in type })
    #expect(said?["text"]?.string == (system == nil ? type : nil))
  }

  /// Read by R4 as an OID, or named under a URN of ours.
  @Test(arguments: [
    ("1.2.250.1.999.1", true), ("2.16.0.1", true), ("0.9.2342", true), ("3.4.5", false), ("12.3.4", false),
    ("1.02.3", false), ("01.2.3", false), ("1.2", false), ("1..3", false),
  ])
  func whatIsAnOID(authority: String, isOne: Bool) throws {
    let sent = json(patient { $0.identifiers = [Identifier(value: "1", authority: authority, type: "MR")] })
    let system = try #require(sent["identifier"]?.array?.first?["system"]?.string)
    #expect(system.hasPrefix("urn:oid:") == isOne)
    #expect(FHIRSystem.authority(ofURI: system) == authority)
  }

  /// What would change the meaning of all of it.
  @Test(
    arguments: [
      ("active", true, nil), ("active", false, "Patient.active"), ("deceasedBoolean", false, nil),
      ("deceasedBoolean", true, "Patient.deceasedBoolean"), ("deceasedDateTime", "2022", "Patient.deceasedDateTime"),
      ("modifierExtension", [["url": "urn:x"]], "Patient.modifierExtension"), ("maritalStatus", ["text": "M"], nil),
    ] as [(String, JSON, String?)])
  func whatCannotBeRegistered(key: String, value: JSON, place: String?) throws {
    let sent = JSON.object(JSONObject([("resourceType", "Patient"), (key, value)]))
    #expect(try read(sent).untaken == place)
  }

  /// `use` and `period.end` of one of two, and whether it holds still.
  @Test(
    arguments: [
      (nil, nil, true), ("home", nil, true), ("old", nil, false), ("old", "2030", false), ("home", "2021", false),
      ("home", "2022-08-21", false), ("home", "2022-08-22", true), ("home", "2022-08-22T13:59:59+02:00", false),
      ("home", "2022-08-22T14:30:00+02:00", true), (nil, "2022", true),
      ("home", "9999-12-31", true), ("home", "9999-12-31T23:59:59Z", true), ("old", "9999", false),
    ] as [(String?, String?, Bool)])
  func whatIsOverIsLeftOut(use: String?, end: String?, holds: Bool) throws {
    func two(_ first: JSONObject, _ other: JSONObject) -> JSON {
      var first = first
      first["use"] = use.map { .string($0) }
      first["period"] = end.map { ["end": .string($0)] }
      return [.object(first), .object(other)]
    }
    func telecom(_ value: String, _ system: String) -> JSONObject {
      JSONObject([("system", .string(system)), ("value", .string(value))])
    }
    func address(_ city: String) -> JSONObject { JSONObject([("city", .string(city))]) }
    func identifier(_ value: String, _ system: String) -> JSONObject {
      JSONObject([("system", .string(system)), ("value", .string(value))])
    }
    let read = try read([
      "resourceType": "Patient", "telecom": two(telecom("06", "phone"), telecom("a@b", "email")),
      "address": two(address("Brest"), address("Quimper")),
      "identifier": two(
        identifier("261032906400175", "urn:oid:1.2.250.1.213.1.4.8"), identifier("L-7", "urn:oid:1.2.3")),
    ])
    #expect(read.traits.phones == (holds ? ["06"] : []) && read.traits.emails == ["a@b"])
    #expect(read.traits.addresses.map(\.city) == (holds ? ["Brest", "Quimper"] : ["Quimper"]))
    #expect((read.ins != nil) == holds && read.numbers.map(\.value) == ["L-7"])
  }

  /// Each name as `use`, family and the end of its period.
  @Test(
    arguments: [
      ([(nil, "MARTIN", nil)], "MARTIN", nil), ([("old", "DURAND", nil), (nil, "MARTIN", nil)], "MARTIN", nil),
      ([(nil, "DURAND", "2021"), (nil, "MARTIN", nil)], "MARTIN", nil),
      ([(nil, "MARTIN", nil), ("official", "DURAND", nil)], "DURAND", nil),
      ([("maiden", "DURAND", "2002"), ("usual", "MARTIN", nil)], "DURAND", "MARTIN"),
      ([("maiden", "DURAND", nil), ("official", "MARTIN", nil)], "MARTIN", nil),
      ([("nickname", "LOULOU", nil), (nil, "MARTIN", nil)], "MARTIN", nil), ([("nickname", "LOULOU", nil)], nil, nil),
      ([("official", "DURAND", nil), ("usual", "MARTIN", "2021")], "DURAND", nil), ([("old", "DURAND", nil)], nil, nil),
    ] as [([(use: String?, family: String, end: String?)], String?, String?)])
  func theNameThatHolds(names: [(use: String?, family: String, end: String?)], birth: String?, used: String?) throws {
    let sent = names.map { name -> JSON in
      var json = JSONObject([("family", .string(name.family))])
      json["use"] = name.use.map { .string($0) }
      json["period"] = name.end.map { ["end": .string($0)] }
      return .object(json)
    }
    let read = try read(["resourceType": "Patient", "name": .array(sent)])
    #expect(read.traits.birthName == birth && read.traits.usedName == used)
  }

  @Test(arguments: ["name", "telecom", "address", "identifier"]) func anEndThatIsNoDate(key: String) throws {
    let sent: JSON = .object(
      JSONObject([("resourceType", "Patient"), (key, [["period": ["end": "hier"]]])]))
    let fault = #expect(throws: PatientReading.Fault.self) { try read(sent) }
    #expect(fault?.place == "Patient.\(key).period")
  }

  @Test(arguments: [
    (IdentityStatus.provisional, [], "PROV"), (.retrieved, [], "PROV"), (.validated, [], "VALI"),
    (.validated, ["DOUT"], "DOUT"), (.validated, ["FICT"], "FICT"),
  ])
  func reliability(status: IdentityStatus, attributes: [String], expected: String) {
    let sent = json(
      patient {
        $0.statusSaid = status
        $0.attributes = attributes
      })
    let reliability = sent["extension"]?.array?.first {
      $0["url"]?.string == "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-identity-reliability"
    }
    #expect(reliability?["extension"]?.array?.first?["valueCoding"]?["code"]?.string == expected)
  }

  @Test func whatCannotBeAStringIsMadeOne() {
    let sent = json(
      patient {
        $0.birthName = "MAR\u{A0}TIN\u{0B}"
        $0.usedName = " \u{2003} "
        $0.phones = [""]
      })
    #expect(sent["name"]?.array?.first?["family"]?.string == "MAR TIN ")
    #expect(sent["name"]?.array?.last?["family"] == nil)
    #expect(sent["telecom"] == nil)
  }

  @Test(arguments: [("protected", "R"), ("secret", "V"), ("prisoner", "R"), ("nothing", nil)])
  func marks(mark: String, code: String?) {
    let marked = patient {
      $0.protected = mark == "protected"
      $0.secret = mark == "secret"
      if mark == "prisoner" { $0.situations = [LegalSituation(kind: mark)] }
    }
    #expect(json(marked)["meta"]?["security"]?.array?.first?["code"]?.string == code)
  }

  /// Of one person's files, and of a newborn's mother.
  @Test(
    arguments: [
      ("", "", "", nil), ("protected", "", "", "R"), ("", "protected", "", "R"), ("", "", "protected", "R"),
      ("", "secret", "", "V"), ("secret", "protected", "", "V"), ("", "", "secret", "R"),
    ] as [(String, String, String, String?)])
  func marksOfOthers(own: String, heir: String, mother: String, code: String?) {
    func marked(_ mark: String) -> Patient {
      patient {
        $0.protected = mark == "protected"
        $0.secret = mark == "secret"
      }
    }
    let sent = PatientResource(marked(own), nil).json(FHIRMeta(), heir: marked(heir), mothers: [marked(mother)])
    #expect(sent["meta"]?["security"]?.array?.first?["code"]?.string == code)
  }

  /// The family doctor is no relative, and bears the number that a feed gave of that one.
  @Test(arguments: [("LEROY PAUL", ["10100000001"]), ("MOREL EVE", [])])
  func theFamilyDoctor(name: String, numbers: [String]) {
    let sent = json(
      patient {
        $0.contacts = [
          Contact(role: "next-of-kin", name: "MARTIN LUC"),
          Contact(role: "general-practitioner", name: name, phone: "0298000000"),
        ]
        $0.other["generalPractitioner"] = ["name": "LEROY PAUL", "RPPS": "10100000001"]
      })
    let doctor = sent["contained"]?.array?.first
    #expect(doctor?["resourceType"] == "Practitioner" && doctor?["name"]?.array?.first?["text"]?.string == name)
    #expect((doctor?["identifier"]?.array ?? []).compactMap { $0["value"]?.string } == numbers)
    #expect(doctor?["telecom"]?.array?.first?["value"] == "0298000000")
    #expect(sent["generalPractitioner"] == [["reference": "#general-practitioner"]])
    #expect(sent["contact"]?.array?.compactMap { $0["name"]?["text"] } == ["MARTIN LUC"])
    #expect(json(patient())["contained"] == nil && json(patient())["generalPractitioner"] == nil)
  }

  /// No hour is told of a death of which the day alone is known, nor a day where it is the month.
  @Test(
    arguments: [
      ("2022-08-19T22:10:00.000Z", nil, "2022-08-19T22:10:00.000Z"),
      ("2022-08-19T22:00:00.000Z", "2022-08-19T23:00:00.000Z", "2022-08-19T22:00:00.000Z"),
      ("2022-08-19T22:00:00.000Z", "2022-08-20T22:00:00.000Z", "2022-08-20"),
      ("2022-10-29T22:00:00.000Z", "2022-10-30T23:00:00.000Z", "2022-10-30"),
      ("2022-09-30T22:00:00.000Z", "2022-10-31T23:00:00.000Z", "2022-10"),
      ("2021-12-31T23:00:00.000Z", "2022-12-31T23:00:00.000Z", "2022"),
    ] as [(String, String?, String)])
  func whenSomebodyDied(from: String, until: String?, told: String) {
    let sent = json(
      patient {
        $0.deathAt = Instant(from)
        $0.deathBefore = until.flatMap(Instant.init)
      })
    #expect(sent["deceasedDateTime"]?.string == told && sent["deceasedBoolean"] == nil)
  }

  @Test func aMergedIdentityLeadsOn() {
    let sent = json(patient { $0.mergedInto = "patient/7" })
    #expect(sent["active"]?.bool == false)
    #expect(sent["link"]?.array?.first?["other"]?["reference"]?.string == "Patient/7")
    #expect(sent["link"]?.array?.first?["type"]?.string == "replaced-by")
  }

  /// What is sent is understood by whoever reads as we write.
  @Test(arguments: ["29064", "2B033", "99352"]) func whatIsSentIsReadBack(birthPlace: String) throws {
    let whole = patient {
      $0.birthPlace = birthPlace
      $0.usedName = "DURAND"
      $0.phones = ["0102030405"]
      $0.birthPlaceName = "GOULVEN"
      $0.identifiers = [Identifier(value: "L-7", authority: "Labo du Nord", type: "MR")]
    }
    let read = try read(json(whole))
    var expected = Traits(whole)
    expected.addresses = []
    #expect(read.traits == expected)
    #expect(read.numbers == whole.identifiers)
  }

  @Test(arguments: ["1.2.250.1.999.9", "http://labo.example/ids", "Labo du Nord", "é|%", "urn:uuid:1", "CH"])
  func anAuthorityIsFoundAgain(authority: String) throws {
    let sent = json(patient { $0.identifiers = [Identifier(value: "1", authority: authority, type: "MR")] })
    let system = try #require(sent["identifier"]?.array?.first?["system"]?.string)
    #expect(!system.contains(" ") && system.contains(":"))
    #expect(FHIRSystem.authority(ofURI: system) == authority)
  }
}
