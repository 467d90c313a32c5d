import Hospital
import Ledger
import Testing

struct PatientFoldTests {
  static let id = "patient/0b2a6f0e-9f0e-4c7e-8a55-6a2f1d2c3b4a"

  static func heard(_ kind: String, _ data: JSON, second: Int = 0) -> Heard {
    let instant = Instant.night.adding(seconds: second)
    return Heard(
      fact: Fact(kind: kind, subject: id, at: instant, data: data), time: HybridTime(instant: instant, counter: 0),
      station: "urg-1-3fa9c2d1", author: "account/1", command: "c", source: nil)
  }

  static func folded(_ facts: (String, JSON)...) -> Patient {
    var patient = Patient(id: id)
    for (second, fact) in facts.enumerated() { patient.fold(heard(fact.0, fact.1, second: second)) }
    return patient
  }

  @Test func aPresentKeySaysNullErasesAnAbsentOneSaysNothing() {
    let patient = Self.folded(
      ("patient.registered", ["birthName": "MARTIN", "birthGivenName": "LOUISE", "usedName": "DURAND", "sex": "F"]),
      ("patient.corrected", ["birthName": "MARTINEZ", "usedName": nil]), ("patient.described", ["usedName": ""]))
    #expect(patient.birthName == "MARTINEZ")
    #expect(patient.birthGivenName == "LOUISE")
    #expect(patient.usedName == nil)
    #expect(patient.sex == .female)
  }

  @Test func whatCannotBeReadSaysNothing() {
    let patient = Self.folded(
      ("patient.described", ["birthDate": "1961-03-12", "sex": "F", "birthName": "MARTIN", "phones": ["01"]]),
      ("patient.described", ["birthDate": "1961-02-30", "sex": "X", "birthName": 4, "phones": "02", "status": "OK"]),
      ("patient.described", ["ins": ["matricule": "1"], "document": [], "identifiers": [["value": ""], 4]]),
      ("patient.nonsense", ["birthName": "X"]), ("stay.admitted", ["birthName": "X"]))
    #expect(patient.birthDate == PartialDate(year: 1961, month: 3, day: 12))
    #expect(patient.sex == .female)
    #expect(patient.birthName == "MARTIN")
    #expect(patient.phones == ["01"])
    #expect(patient.statusSaid == nil)
    #expect(patient.ins == nil)
    #expect(patient.identifiers == [])
  }

  @Test func listsReplaceIdentifiersAdd() {
    let ipp: JSON = ["value": "1", "authority": "A", "type": "PI"]
    let patient = Self.folded(
      ("patient.described", ["phones": ["01", "02"], "identifiers": [ipp]]),
      ("patient.described", ["phones": ["03"], "identifiers": [["value": "2", "authority": "B", "type": "MR"], ipp]]))
    #expect(patient.phones == ["03"])
    #expect(
      patient.identifiers == [
        Identifier(value: "1", authority: "A", type: "PI"), Identifier(value: "2", authority: "B", type: "MR"),
      ])
  }

  @Test func aDiaryAddsTelephones() {
    let patient = Self.folded(
      ("patient.described", ["birthName": "MARTIN", "phones": ["01", "02"]]),
      ("patient.mentioned", ["phones": ["02", "03"]]), ("patient.mentioned", ["phones": nil]))
    #expect(patient.phones == ["01", "02", "03"])
  }

  /// Another one takes the place of the first; one who is none any more is called no longer.
  @Test(
    arguments: [
      (["name": "MOREL EVE", "RPPS": "2"], ["JEAN", "MOREL EVE"]), (["RPPS": "2"], ["JEAN", "2"]), (nil, ["JEAN"]),
    ] as [(JSON, [String])])
  func theFamilyDoctorIsAContact(doctor: JSON, called: [String]) {
    let contacts: JSON = [
      ["role": "next-of-kin", "name": "JEAN"], ["role": "general-practitioner", "name": "LEROY PAUL"],
    ]
    let patient = Self.folded(
      ("patient.described", ["generalPractitioner": ["name": "LEROY PAUL"], "contacts": contacts]),
      ("patient.described", ["generalPractitioner": doctor]))
    #expect(patient.contacts.map(\.name) == called)
  }

  /// Relatives whom a feed names without a doctor leave the one who is known; a person's list is all of it.
  @Test(arguments: [(true, ["LEA", "LEROY PAUL"]), (false, ["LEA"])])
  func relativesAlone(isOfFeed: Bool, called: [String]) {
    var patient = Self.folded(
      ("patient.corrected", ["contacts": [["role": "general-practitioner", "name": "LEROY PAUL"]]]))
    var heard = Self.heard("patient.described", ["contacts": [["role": "next-of-kin", "name": "LEA"]]], second: 1)
    if isOfFeed { heard.source = Source(sender: "GAM|CH", control: "1", text: "", instant: heard.time.instant) }
    patient.fold(heard)
    #expect(patient.contacts.map(\.name) == called)
  }

  @Test func aWithdrawnNumberStaysAsAnAlias() {
    let patient = Self.folded(
      ("patient.described", ["identifiers": [["value": "1", "authority": "A", "type": "PI"]]]),
      ("patient.identifier-withdrawn", ["value": "1", "authority": "A", "type": "PI", "replacedBy": "2"]))
    #expect(
      patient.identifiers == [
        Identifier(value: "1", authority: "A", type: "PI", withdrawn: true),
        Identifier(value: "2", authority: "A", type: "PI"),
      ])
    #expect(patient.ipp(of: "A") == "2")
  }

  @Test func anINSGoesWithItsHistory() {
    let patient = Self.folded(
      (
        "patient.described",
        [
          "status": "VALI", "ins": ["matricule": "296032116623634", "oid": "1.2.250.1.213.1.4.8"],
          "identifiers": [
            ["value": "296032116623634", "authority": "1.2.250.1.213.1.4.8", "type": "INS"],
            ["value": "296032116623634", "authority": "1.2.250.1.213.1.4.8", "type": "NH"],
          ],
        ]
      ), ("patient.ins-removed", [:]))
    #expect(patient.ins == nil)
    #expect(patient.identityStatus == .validated)
    // The insurance number read from a card is no INS.
    #expect(patient.identifiers.map(\.type) == ["NH"])
  }

  @Test func aStatusChangeChangesNothingElse() {
    let patient = Self.folded(
      ("patient.registered", ["birthName": "MARTIN", "status": "PROV"]),
      ("patient.status-changed", ["status": "VALI", "document": ["kind": "CN"], "birthName": "OTHER"]))
    #expect(patient.birthName == "MARTIN")
    #expect(patient.identityStatus == .validated)
    #expect(patient.document == IdentityDocument(kind: "CN"))
  }

  @Test func mergesAndSituationsAndDeathsCanBeUndone() {
    var patient = Self.folded(
      ("patient.merged", ["into": "patient/b", "reason": "doublon"]), ("patient.situation-set", ["kind": "minor"]),
      ("patient.situation-set", ["kind": "psychiatric", "code": "SDT"]),
      ("patient.situation-set", ["kind": "psychiatric", "code": "SL"]),
      ("patient.died", ["deathAt": "2022-08-21T00:40:00.000Z", "physician": "Dr Petit", "obstacle": true]))
    #expect(patient.mergedInto == "patient/b")
    #expect(
      patient.situations == [LegalSituation(kind: "minor"), LegalSituation(kind: "psychiatric", code: "SL")])
    #expect(patient.deceased)
    #expect(patient.deathAt == Instant("2022-08-21T00:40:00.000Z"))
    #expect(patient.death == DeathRecord(physician: "Dr Petit", obstacle: true))
    patient.fold(Self.heard("patient.unmerged", [:]))
    patient.fold(Self.heard("patient.situation-ended", ["kind": "psychiatric"]))
    patient.fold(Self.heard("patient.death-withdrawn", [:]))
    #expect(patient.mergedInto == nil)
    #expect(patient.situations == [LegalSituation(kind: "minor")])
    #expect(!patient.deceased && patient.deathAt == nil && patient.death == nil)
  }

  @Test func noIdentityIsMergedIntoItself() {
    #expect(Self.folded(("patient.merged", ["into": .string(Self.id)])).mergedInto == nil)
  }

  @Test func heardFirstWhateverTheOrderOfFolding() {
    var patient = Patient(id: Self.id)
    for second in [5, 2, 9] { patient.fold(Self.heard("patient.described", [:], second: second)) }
    #expect(patient.heardAt == .night.adding(seconds: 2))
  }

  static let full: JSON = [
    "birthName": "MARTIN", "birthGivenName": "LOUISE", "birthGivenNames": "LOUISE ANNE", "birthDate": "1961-03-12",
    "sex": "F", "birthPlace": "21231", "birthPlaceName": "DIJON", "usedName": "DURAND", "usedGivenName": "LISE",
    "title": "MME", "nationality": "FRA", "maritalStatus": "M", "archiveMark": "B-1204",
    "addresses": [
      ["use": "H", "lines": ["3 RUE X"], "postcode": "91000", "city": "EVRY", "commune": "91228", "country": "FRA"]
    ],
    "phones": ["0102030405"], "emails": ["a@b.c"],
    "contacts": [["role": "trusted-person", "name": "JEAN", "relationship": "SPO", "phone": "06"]], "status": "VALI",
    "attributes": ["HOMA"], "document": ["kind": "CN", "validUntil": "2030-01-01"], "protected": true, "secret": true,
    "deceased": true, "deathAt": "2022-08-21T00:40:00.000Z", "mother": "patient/m", "birthRank": 2,
    "situations": [["kind": "psychiatric", "code": "SDT", "since": "2022-08-20T10:00:00.000Z", "note": "n"]],
    "unknown": ["label": "URG1-003", "estimatedAge": 40, "marks": "tatouage", "belongings": "sac"],
    "ins": ["matricule": "296032116623634", "oid": "1.2.250.1.213.1.4.8"],
    "identifiers": [["value": "1", "authority": "A", "authorityName": "N", "type": "PI"]],
    "laterTrait": ["kept": [1, "é"]], "another": "x",
  ]

  @Test func whatIsStoredIsReadBackWhole() throws {
    let patient = Self.folded(
      ("patient.described", Self.full),
      ("patient.identifier-withdrawn", ["value": "1", "authority": "A", "authorityName": "N", "type": "PI"]),
      ("patient.merged", ["into": "patient/b"]), ("patient.died", ["physician": "P", "familyToldBy": "IDE"]))
    let bytes = patient.stored.bytes
    let back = try #require(Patient(stored: JSON(parsing: bytes)))
    #expect(back == patient)
    #expect(back.stored.bytes == bytes)
    #expect(back.other["laterTrait"] == ["kept": [1, "é"]])
    #expect(back.identifiers[0].withdrawn)
  }

  @Test func theSameStateGivesTheSameBytes() {
    let one = Self.folded(("patient.described", ["sex": "F", "zeta": 1, "birthName": "A", "alpha": 2]))
    let other = Self.folded(
      ("patient.described", ["alpha": 2, "birthName": "A"]), ("patient.described", ["zeta": 1, "sex": "F"]))
    #expect(one.stored.bytes == other.stored.bytes)
    #expect(
      one.stored.description
        == #"{"id":"patient/0b2a6f0e-9f0e-4c7e-8a55-6a2f1d2c3b4a","birthName":"A","sex":"F","heardAt":1661043600000,"#
        + #""other":{"alpha":2,"zeta":1}}"#)
  }

  @Test func noTraitIsForgotten() {
    // Every trait of the contract is understood: none ends among what later versions say.
    let patient = Self.folded(("patient.described", Self.full))
    #expect(patient.other.members.map(\.key) == ["laterTrait", "another"])
    guard case .object(let full) = Self.full else { return }
    for (key, _) in full.members where !["laterTrait", "another"].contains(key) {
      #expect(Self.folded(("patient.described", Self.full), ("patient.corrected", [:])) == patient)
      var erased = JSONObject()
      erased[key] = .null
      let after = Self.folded(("patient.described", Self.full), ("patient.corrected", .object(erased)))
      #expect(key == "identifiers" ? after == patient : after != patient, "null erases \(key)")
    }
  }

  @Test(arguments: [JSON.null, 4, "x", [], [[:]], [:]])
  func nothingIsStoredAsSuch(json: JSON) {
    #expect(Patient(stored: json) == nil)
  }
}
