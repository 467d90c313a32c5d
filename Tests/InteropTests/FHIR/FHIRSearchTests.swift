import Hospital
import Interop
import Ledger
import Testing

@Suite struct FHIRSearchTests {
  @Test(arguments: [
    ("system/Patient.rs", true), ("system/*.rs", true), ("system/Patient.c", true), ("system/Patient.cruds", true),
    ("system/Patient.sr", false), ("system/Patient.rr", false), ("system/Patient.", false), ("system/.r", false),
    ("patient/Patient.r", false), ("system/Patient.read", false), ("system/Pat ient.r", false), ("", false),
  ])
  func scopes(text: String, isOne: Bool) {
    #expect((FHIRScope(text) != nil) == isOne)
    if let scope = FHIRScope(text) { #expect(scope.text == text) }
  }

  @Test(arguments: [
    ("system/*.rs", FHIRScope.Right.read, "Patient", true), ("system/*.rs", .create, "Patient", false),
    ("system/*.rs", .read, "AuditEvent", false), ("system/AuditEvent.rs", .read, "AuditEvent", true),
    ("system/Patient.r", .read, "Encounter", false), ("system/Patient.r", .search, "Patient", false),
  ])
  func scopesAllow(text: String, right: FHIRScope.Right, type: String, allowed: Bool) throws {
    let scope = try #require(FHIRScope(text))
    #expect(scope.allows(right, type) == allowed)
  }

  @Test(arguments: [
    ("system/Patient.r", "system/*.rs", true), ("system/*.rs", "system/Patient.rs", false),
    ("system/Patient.crs", "system/Patient.rs", false), ("system/AuditEvent.r", "system/*.rs", false),
  ])
  func fewerMayBeAsked(asked: String, granted: String, isWithin: Bool) throws {
    let scope = try #require(FHIRScope(asked))
    let all = try #require(FHIRScope(granted))
    #expect(scope.isWithin([all]) == isWithin)
  }

  private static let paris = LocalTime(zone: "Europe/Paris")

  /// What something that happened then is against a date.
  @Test(arguments: [
    ("2022-08-21", "2022-08-20T22:00:00.000Z", true), ("2022-08-21", "2022-08-21T22:00:00.000Z", false),
    ("2022-08", "2022-08-31T21:59:59.999Z", true), ("2022", "2022-12-31T22:59:59.999Z", true),
    ("ge2022-08-21", "2022-08-21T00:00:00.000Z", true), ("lt2022-08-21", "2022-08-20T22:00:00.000Z", false),
    ("gt2022-08-21", "2022-08-21T22:00:00.000Z", true), ("ne2022-08-21", "2022-08-21T10:00:00.000Z", false),
    ("2022-08-21T03:00+02:00", "2022-08-21T01:00:59.000Z", true),
    ("2022-08-21T03:00", "2022-08-21T01:00:00.000Z", true),
    ("ge2022-08-21T01:00:00.5Z", "2022-08-21T01:00:00.499Z", false), ("le2022-02-28", "2022-02-28T22:59:59.999Z", true),
  ])
  func dates(text: String, at: String, holds: Bool) throws {
    let zone = try #require(Self.paris)
    let bound = try #require(FHIRDateBound(text, zone))
    let instant = try #require(Instant(at))
    #expect(bound.holds(instant, instant) == holds)
  }

  @Test(arguments: [
    "", "hier", "2022-13", "2022-02-30", "2022-08-21T25:00", "2022-08-21T03", "ap2022", "2022-8-", "99999",
  ])
  func whatIsNoDate(text: String) throws {
    let zone = try #require(Self.paris)
    #expect(FHIRDateBound(text, zone) == nil)
  }

  @Test func whatIsNotUnderstoodIsRefused() {
    #expect(throws: FHIRSearch.Fault.unknown("colour")) {
      try FHIRSearch([("colour", "red")], known: ["family"], includes: [])
    }
    #expect(throws: FHIRSearch.Fault.value("_count")) { try FHIRSearch([("_count", "x")], known: [], includes: []) }
    #expect(throws: FHIRSearch.Fault.value("_include")) {
      try FHIRSearch([("_include", "Patient:link")], known: [], includes: ["Encounter:patient"])
    }
  }

  @Test(arguments: ["foo", "TRUE", "true,foo", "true|", "1"])
  func activeIsTrueOrFalse(value: String) throws {
    let search = try FHIRSearch([("active", value)], known: ["active"], includes: [])
    #expect(throws: FHIRSearch.Fault.value("active")) { try PatientCriteria(search, LocalTime(offsetSeconds: 0)) }
  }

  @Test(arguments: ["x", "urn:x|female", "|female", "female,x", "FEMALE"])
  func aGenderIsOneOfR4(value: String) throws {
    let search = try FHIRSearch([("gender", value)], known: ["gender"], includes: [])
    #expect(throws: FHIRSearch.Fault.value("gender")) { try PatientCriteria(search, LocalTime(offsetSeconds: 0)) }
  }

  /// By the code alone or with the list's own system.
  @Test(
    arguments: [
      ("booked", ["booked"]), ("http://hl7.org/fhir/appointmentstatus|booked", ["booked"]),
      ("booked,noshow", ["booked", "noshow"]), ("asleep", nil), ("urn:x|booked", nil), ("|booked", nil),
      ("urn:x|", nil),
    ] as [(String, [String]?)])
  func codesOfAList(value: String, codes: [String]?) throws {
    let search = try FHIRSearch([("status", value)], known: ["status"], includes: [])
    if let codes {
      #expect(try search.codes("status", of: .appointmentStatus) == [codes])
    } else {
      #expect(throws: FHIRSearch.Fault.value("status")) { try search.codes("status", of: .appointmentStatus) }
    }
  }

  /// What no index knows is looked at in every state, never left out before.
  @Test(arguments: [("0042", 1), ("urn:oid:1.2.3|0042,7", 2), ("urn:oid:1.2.3|", nil), ("urn:oid:1.2.3|,7", nil)])
  func numbersThatAnIndexKnows(value: String, count: Int?) throws {
    let search = try FHIRSearch([("identifier", value)], known: ["identifier"], includes: [])
    let zone = LocalTime(offsetSeconds: 0)
    var looked: Int?
    if case .identifier(let numbers) = try PatientCriteria(search, zone).key { looked = numbers.count }
    #expect(looked == count)
    #expect(try EncounterCriteria(search, zone).numbers?.count == count)
  }

  @Test func aCommaIsAnAlternativeUnlessEscaped() throws {
    let search = try FHIRSearch([("family", #"A\,B,C"#)], known: ["family"], includes: [])
    #expect(search.all("family").first?.values == ["A,B", "C"])
  }

  /// A comma is an alternative; what is said twice must both hold.
  @Test(
    arguments: [([], nil), (["a,b"], ["a", "b"]), (["a,b", "b,c"], ["b"]), (["a", "b"], [])] as [([String], [String]?)])
  func whatIsSaidTwiceMustBothHold(values: [String], common: [String]?) throws {
    let search = try FHIRSearch(values.map { ("agent", $0) }, known: ["agent"], includes: [])
    #expect(search.common("agent") == common)
    #expect(search.common("patient") == nil)
  }

  @Test(arguments: [
    ("family", "mart", true), ("family", "Martin", true), ("family", "artin", false), ("family:contains", "arti", true),
    ("family:exact", "MARTIN", true), ("family:exact", "Martin", false), ("given", "louise", true),
    ("given", "anne", true), ("name", "goff", true), ("birthdate", "1961-03-12", true), ("birthdate", "1961-03", true),
    ("birthdate", "lt1961", false), ("birthdate", "ge1961", true), ("gender", "female", true),
    ("gender", "male", false), ("gender", "http://hl7.org/fhir/administrative-gender|female", true),
    ("gender", "http://hl7.org/fhir/administrative-gender|", true), ("gender", "male,female", true),
    ("family:contains", "-", false), ("name:contains", "' -", false), ("family", "-", false),
    ("identifier", "urn:oid:1.2.250.1.999.1|0042", true), ("identifier", "0042", true),
    ("identifier", "urn:oid:1.2.3|0042", false), ("identifier", "|0042", false),
    ("identifier", "urn:oid:1.2.250.1.999.1|", true), ("identifier", "urn:oid:1.2.3|", false),
    ("identifier", "urn:oid:1.2.3|,0042", true), ("identifier", "|", false), ("active", "true", true),
    ("active", "false", false),
  ])
  func patients(name: String, value: String, holds: Bool) throws {
    var patient = Patient(id: "patient/1")
    patient.birthName = "MARTIN"
    patient.usedName = "Le Goff"
    patient.birthGivenName = "LOUISE"
    patient.birthGivenNames = "LOUISE ANNE"
    patient.birthDate = PartialDate(year: 1961, month: 3, day: 12)
    patient.sex = .female
    patient.identifiers = [Identifier(value: "0042", authority: "1.2.250.1.999.1", type: "PI")]
    let search = try FHIRSearch([(name, value)], known: Set(PatientCriteria.parameters.map(\.name)), includes: [])
    let zone = try #require(Self.paris)
    let criteria = try PatientCriteria(search, zone)
    #expect(try criteria.holds(patient, updated: { .earliest }) == holds)
  }

  /// Where somebody lives and is reached, as their resource tells it; parted as anybody parts it.
  @Test(arguments: [
    ("phone", "0601020304", true), ("phone", "+33 6 01 02 03 04", true), ("phone", "0601020305", false),
    ("phone", "-", false), ("phone", "anne@exemple.fr", false), ("email", "Anne@exemple.fr", true),
    ("email", "0601020304", false), ("telecom", "06.01.02.03.04", true), ("telecom", "anne@exemple.fr", true),
    ("telecom", "luc@exemple.fr", false), ("address", "quimp", true), ("address", "29000", true),
    ("address", "rue de l'eau", false), ("address:contains", "rue de l'eau", true), ("address", "brest", false),
    ("address-city", "QUIMPER", true), ("address-city", "29000", false), ("address-city:exact", "quimper", false),
    ("address-postalcode", "29", true), ("address-postalcode", "quimper", false),
  ])
  func whereaboutsOfPatients(name: String, value: String, holds: Bool) throws {
    var patient = Patient(id: "patient/1")
    patient.birthDate = PartialDate(year: 1961, month: 3, day: 12)
    patient.phones = ["06 01 02 03 04"]
    patient.emails = ["anne@exemple.fr"]
    patient.addresses = [
      Address(use: "H", lines: ["1 rue de l'Eau"], postcode: "29000", city: "Quimper"),
      Address(use: "BDL", lines: [], city: "Brest"),
    ]
    let known = Set(PatientCriteria.parameters.map(\.name))
    let zone = LocalTime(offsetSeconds: 0)
    let search = try FHIRSearch([("birthdate", "1961-03-12"), (name, value)], known: known, includes: [])
    #expect(try PatientCriteria(search, zone).holds(patient, updated: { .earliest }) == holds)
    // No index knows it: it is looked for among few alone.
    let fault = FHIRSearch.Fault.unbounded(
      String(name.prefix { $0 != ":" }), among: ["_id", "birthdate", "family", "identifier"])
    for (other, asked) in [("gender", "female"), ("birthdate", "ge1961"), ("family:contains", "a"), ("name", "a")] {
      let alone = try FHIRSearch([(name, value), (other, asked)], known: known, includes: [])
      #expect(throws: fault) { try PatientCriteria(alone, zone) }
    }
  }

  @Test(arguments: [
    "participant.name", "participant.identifier.value", "family.identifier", "family:identifier", "given.exact",
  ])
  func aModifierThatIsNone(name: String) {
    #expect(throws: FHIRSearch.Fault.unknown(name)) {
      try FHIRSearch([(name, "x")], known: ["participant", "family", "given"], includes: [])
    }
  }

  /// What is asked of those to whom a reference leads, of one type that it may lead to; audits are asked by ids alone.
  @Test(
    arguments: [
      ("patient.identifier", "Encounter", "Patient"), ("subject:Patient.identifier", "Encounter", "Patient"),
      ("patient.family:exact", "Encounter", "Patient"), ("location.identifier", "Encounter", "Location"),
      ("actor:Location.name", "Appointment", "Location"), ("organization.name", "EpisodeOfCare", "Organization"),
      ("partof.name", "Organization", "Organization"), ("actor.name", "Appointment", nil),
      ("patient:identifier", "Encounter", nil), ("subject:Group.identifier", "Encounter", nil),
      ("patient.organization.name", "Encounter", nil), ("patient.", "Encounter", nil),
      ("patient.identifier", "AuditEvent", nil), ("status.name", "Encounter", nil),
    ] as [(String, String, String?)])
  func whoIsLookedUpFirst(name: String, type: String, target: String?) throws {
    let known: Set<String> = ["actor", "location", "organization", "partof", "patient", "status", "subject"]
    func search() throws -> FHIRSearch {
      try FHIRSearch([(name, "1,2"), ("status", "x")], type: type, known: known, includes: [])
    }
    guard let target else {
      #expect(throws: FHIRSearch.Fault.unknown(name)) { try search() }
      return
    }
    let resolved = try search().resolved { parameter, chain in
      #expect(chain.type == target && chain.pairs.map(\.value) == ["1,2"])
      #expect(name.hasPrefix(parameter.name) && name.hasSuffix(".\(chain.pairs[0].name)"))
      return ["a", "b"]
    }
    #expect(resolved.parameters.map(\.values) == [["\(target)/a", "\(target)/b"], ["x"]])
    #expect(resolved.parameters.allSatisfy { $0.modifier == nil && $0.chain == nil })
  }

  /// Who bears this name and was born that day is one person; places are several.
  @Test(arguments: [("patient.family", "patient.birthdate", 1), ("location.name", "location.type", 2)])
  func whatIsAskedOfOnePatient(one: String, other: String, count: Int) throws {
    let search = try FHIRSearch(
      [(one, "x"), (other, "y")], type: "Encounter", known: ["location", "patient"], includes: [])
    #expect(search.parameters.count == count)
    #expect(search.parameters.flatMap { $0.chain?.pairs.map(\.value) ?? [] } == ["x", "y"])
  }

  /// `subject:Patient=7` says of which type the id is.
  @Test(
    arguments: [("subject:Patient", "7", ["7"]), ("subject:Patient", "Group/7", [""]), ("subject:Group", "7", nil)]
      as [(String, String, [String]?)])
  func aReferenceOfOneType(name: String, value: String, ids: [String]?) throws {
    guard let ids else {
      #expect(throws: FHIRSearch.Fault.unknown(name)) {
        try FHIRSearch([(name, value)], type: "Encounter", known: ["subject"], includes: [])
      }
      return
    }
    let search = try FHIRSearch([(name, value)], type: "Encounter", known: ["subject"], includes: [])
    #expect(search.all("subject").first?.references("Patient") == ids)
  }

  @Test func whatIsToldWithAPageIsOneOfTheTypes() throws {
    #expect(throws: FHIRSearch.Fault.value("_revinclude")) {
      try FHIRSearch([("_revinclude", "List:item")], known: [], includes: [], revincludes: ["Encounter:subject"])
    }
    let search = try FHIRSearch(
      [("_count", "500"), ("_revinclude", "Encounter:subject")], known: [], includes: [],
      revincludes: ["Encounter:subject"])
    #expect(search.count == 50 && search.revincludes == ["Encounter:subject"])
  }
}
