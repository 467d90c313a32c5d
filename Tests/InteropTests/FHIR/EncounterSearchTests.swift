import Hospital
import Interop
import Ledger
import Testing

/// What stays answer to.
@Suite struct EncounterSearchTests {
  private static let unit = CareUnit(
    code: "2010", name: "Chirurgie", division: nil, responsibilities: [], specialty: "surgery", phone: nil, rooms: [],
    discreet: false)
  private static let structure = Structure(
    name: "Essai", finess: "910000000", fictive: true, timeZone: "Europe/Paris",
    sites: [Site(finess: "910000001", name: "Site", units: [unit])], numbers: [:], ippAuthority: "1.2.3",
    ndaAuthority: "1.2.4", emergencyKeepsNumber: true, lateEntryHoursMax: 72)

  /// Since 10 o'clock in UTC, 12 in Paris, on 21 August 2022.
  private static func stay(_ stayClass: String?, authority: String? = nil) throws -> Stay {
    let at = try #require(Instant("2022-08-21T10:00:00.000Z"))
    let movement: JSON = [
      "key": "1", "trigger": "A01", "unit": "2010", "class": stayClass.map { .string($0) } ?? .null,
    ]
    let data: JSON = [
      "number": "77", "visit": "78", "numberAuthority": authority.map { .string($0) } ?? .null, "movement": movement,
    ]
    var stay = Stay(id: "stay/1")
    stay.fold(
      Heard(
        fact: Fact(kind: "stay.admitted", subject: stay.id, at: at, data: data),
        time: HybridTime(instant: at, counter: 0), station: "urg-1-3fa9c2d1", author: "system", command: "",
        source: nil))
    return stay
  }

  private static func holds(
    _ name: String, _ value: String, _ stay: Stay, of kind: EncounterCriteria.Kind = .encounter
  ) throws -> Bool {
    let search = try FHIRSearch([(name, value)], known: Set(EncounterCriteria.parameters.map(\.name)), includes: [])
    let zone = try #require(LocalTime(zone: "Europe/Paris"))
    let now = try #require(Instant("2022-08-22T10:00:00.000Z"))
    return try EncounterCriteria(search, zone, of: kind).holds(stay, structure, at: now) { now }
  }

  @Test(arguments: [
    ("status", "in-progress", true), ("status", "finished", false), ("status", "finished,in-progress", true),
    ("date", "2022-08-21", false), ("date", "ge2022-08-21", true), ("date", "lt2022-08-21", false),
    ("date", "sa2022-08-21", false), ("date", "lt2022-08-22", true),
    ("location", "Location/unit-2010", true), ("location", "Location/unit-2011", false),
    ("service-provider", "Organization/uf-2010", true), ("service-provider", "Organization/uf-2011", false),
    ("identifier", "77", true), ("identifier", "79", false), ("identifier", "urn:oid:1.2.5|77", true),
    ("identifier", "urn:oid:1.2.4|77", false), ("identifier", "|77", false), ("identifier", "urn:oid:1.2.5|", true),
    ("identifier", "urn:oid:1.2.4|", false), ("_id", "1", true), ("_id", "2", false),
    ("_lastUpdated", "2022-08-22", true), ("_lastUpdated", "lt2022-08-22", false),
  ])
  func stays(name: String, value: String, holds: Bool) throws {
    #expect(try Self.holds(name, value, try Self.stay("inpatient", authority: "1.2.5")) == holds)
  }

  /// Each answers to the codes and the numbers that it bears; what R4 has not there is refused.
  @Test(
    arguments: [
      ("identifier", "77", true, true), ("identifier", "78", true, false), ("status", "in-progress", true, nil),
      ("status", "active", nil, true), ("status", "onhold", nil, false), ("status", "onleave", false, nil),
      ("status", "waitlist", nil, false), ("status", "triaged", false, nil), ("status", "asleep", nil, nil),
      ("status", "planned,cancelled", false, false),
      ("status", "http://hl7.org/fhir/encounter-status|in-progress", true, nil),
      ("status", "http://hl7.org/fhir/episode-of-care-status|active", nil, true),
      ("status", "http://hl7.org/fhir/encounter-status|", true, nil), ("status", "|in-progress", nil, nil),
    ] as [(String, String, Bool?, Bool?)])
  func whatEachBears(name: String, value: String, encounter: Bool?, episode: Bool?) throws {
    let stay = try Self.stay("inpatient")
    for (kind, expected) in [(EncounterCriteria.Kind.encounter, encounter), (.episode, episode)] {
      if let expected {
        #expect(try Self.holds(name, value, stay, of: kind) == expected, "\(kind)")
      } else {
        #expect(throws: FHIRSearch.Fault.value(name), "\(kind)") { try Self.holds(name, value, stay, of: kind) }
      }
    }
  }

  /// The account of a stay of nobody is none.
  @Test(arguments: [(nil, nil), ("patient/7", "EpisodeOfCare/1")] as [(String?, String?)])
  func theAccountThatItIsUnder(patient: String?, account: String?) throws {
    let now = try #require(Instant("2022-08-22T10:00:00.000Z"))
    let sent = EncounterResource(try Self.stay("inpatient"), Self.structure, at: now)
      .json(FHIRMeta(), patient: patient.map { Patient(id: $0) })
    #expect(sent["episodeOfCare"]?.array?.first?["reference"]?.string == account)
  }

  /// A number of which nobody said whose it is bears the hospital's own authority.
  @Test(arguments: [("urn:oid:1.2.4|77", true), ("urn:oid:1.2.5|77", false), ("|77", false)])
  func aNumberOfOurs(value: String, holds: Bool) throws {
    #expect(try Self.holds("identifier", value, try Self.stay("inpatient")) == holds)
  }

  @Test(arguments: [
    ("inpatient", "IMP"), ("daycase", "SS"), ("emergency", "EMER"), ("outpatient", "AMB"), ("recurring", "AMB"),
    ("preadmit", "PRENC"), ("none", "UNK"), (nil, "UNK"),
  ])
  func classes(stayClass: String?, code: String) throws {
    let stay = try Self.stay(stayClass)
    for asked in ["IMP", "SS", "EMER", "AMB", "PRENC", "UNK"] {
      let system = asked == "UNK" ? "v3-NullFlavor" : "v3-ActCode"
      for value in [asked, "http://terminology.hl7.org/CodeSystem/\(system)|\(asked)"] {
        #expect(try Self.holds("class", value, stay) == (asked == code), "\(value)")
      }
    }
    #expect(try Self.holds("class", "SS,\(code)", stay))
  }

  @Test(arguments: [nil, "PA12"]) func theProfileIsClaimedOfWhatHasAllOfIt(preadmission: String?) throws {
    var stay = try Self.stay("inpatient")
    stay.preadmissionNumber = preadmission
    let now = try #require(Instant("2022-08-22T10:00:00.000Z"))
    let sent = EncounterResource(stay, Self.structure, at: now).json(FHIRMeta(), patient: nil)
    let profile = sent["meta"]?["profile"]?.array?.first?.string
    #expect(
      profile == (preadmission == nil ? "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-encounter" : nil))
    let number = sent["hospitalization"]?["preAdmissionIdentifier"]
    #expect(number?["value"]?.string == preadmission)
  }

  /// What no index knows is looked at in every state, never left out before.
  @Test(arguments: [("IMP", [StayClass.inpatient]), ("UNK", nil), ("IMP,UNK", nil)] as [(String, [StayClass]?)])
  func classesThatAnIndexKnows(value: String, classes: [StayClass]?) throws {
    let search = try FHIRSearch([("class", value)], known: ["class"], includes: [])
    #expect(try EncounterCriteria(search, LocalTime(offsetSeconds: 0)).classes == classes)
  }

  @Test(arguments: ["ZZ", "http://terminology.hl7.org/CodeSystem/v3-NullFlavor|IMP", "urn:oid:1.2.3|IMP"])
  func aClassThatIsNone(value: String) throws {
    let search = try FHIRSearch([("class", value)], known: ["class"], includes: [])
    #expect(throws: FHIRSearch.Fault.value("class")) { try EncounterCriteria(search, LocalTime(offsetSeconds: 0)) }
  }

  /// A physician is contained in what they are named in: their number finds it, and no reference does.
  @Test(
    arguments: [
      ("participant.identifier", "10100000001", true), ("practitioner.identifier", "10100000001", true),
      ("participant:identifier", "https://rpps.esante.gouv.fr|10100000001", true),
      ("participant:identifier", "https://adeli.esante.gouv.fr|10100000001", false),
      ("participant.identifier", "10100000002", false), ("participant", "Practitioner/attending", false),
      ("participant.identifier", "10100000003", true), ("practitioner.identifier", "10100000003", true),
    ])
  func physicians(name: String, value: String, holds: Bool) throws {
    var stay = try Self.stay("inpatient")
    stay.other.append("attending", ["name": "LEROY PAUL", "RPPS": "10100000001"])
    stay.other.append("referring", ["name": "MOREL EVE", "RPPS": "10100000003"])
    let known = Set(EncounterCriteria.parameters.map(\.name))
    let now = try #require(Instant("2022-08-22T10:00:00.000Z"))
    for (narrow, isNarrow) in [
      (("identifier", "77"), true), (("_id", "1"), true), (("patient", "7"), true), (("location", "unit-2010"), true),
      (("status", "planned,in-progress"), true), (("status", "in-progress,finished"), false), (("class", "IMP"), false),
      (("identifier", "urn:oid:1.2.4|"), false),
    ] {
      let search = try FHIRSearch([narrow, (name, value)], known: known, includes: [])
      let zone = LocalTime(offsetSeconds: 0)
      if isNarrow {
        let criteria = try EncounterCriteria(search, zone)
        #expect(try criteria.holds(stay, Self.structure, at: now) { now } == holds, "\(narrow)")
      } else {
        let asked = String(name.prefix { $0.isLetter })
        #expect(throws: FHIRSearch.Fault.unbounded(asked, among: EncounterCriteria.indexed), "\(narrow)") {
          try EncounterCriteria(search, zone)
        }
      }
    }
  }

  /// Whoever cares for them, and whoever sent them, each by their number.
  @Test func whoTakesPart() throws {
    var stay = try Self.stay("inpatient")
    let now = try #require(Instant("2022-08-22T10:00:00.000Z"))
    func json() -> JSON { EncounterResource(stay, Self.structure, at: now).json(FHIRMeta(), patient: nil) }
    #expect(json()["participant"] == nil && json()["contained"] == nil)
    stay.other.append("referring", ["RPPS": "10100000003"])
    stay.other.append("attending", ["name": "LEROY PAUL", "RPPS": "10100000001"])
    let sent = json()
    let told = (sent["participant"]?.array ?? []).map { one in
      [one["type"]?.array?.first?["coding"]?.array?.first?["code"], one["individual"]?["reference"]]
    }
    #expect(told == [["ATND", "#attending"], ["REF", "#referring"]])
    let numbers = (sent["contained"]?.array ?? []).map { [$0["id"], $0["identifier"]?.array?.first?["value"]] }
    #expect(numbers == [["attending", "10100000001"], ["referring", "10100000003"]])
  }
}
