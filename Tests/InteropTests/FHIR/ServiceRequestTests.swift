import Hospital
import Interop
import Ledger
import Testing

/// What is asked for, as FHIR says it.
@Suite struct ServiceRequestTests {
  private static let (stay, patient) = ("stay/0b9f4c1e-7a55-4b6c-8d2e-3f1a2b3c4d5e", Patient(id: "patient/1"))

  private static func folded<State: Folded>(_ state: State, _ facts: [(kind: String, data: JSON)]) -> State {
    var state = state
    for (place, fact) in facts.enumerated() {
      let at = Instant(milliseconds: 1_661_043_600_000 + Int64(place) * 60_000)
      state.fold(
        Heard(
          fact: Fact(kind: fact.kind, subject: "", at: at, data: fact.data), time: HybridTime(instant: at, counter: 0),
          station: "urg-1", author: "account/7", command: "", source: nil))
    }
    return state
  }

  private static func transfer(
    _ steps: [PatientTransfer.Step], kind: PatientTransfer.Kind = .definitive, needs: [JSON] = [], note: JSON = .null
  ) -> PatientTransfer {
    let asked: JSON = [
      "stay": .string(stay), "partner": "partner/1", "kind": .string(kind.rawValue), "needs": .array(needs),
      "reason": "AVC",
    ]
    return folded(
      PatientTransfer(id: "transfer/1"),
      [("transfer.asked", asked)] + steps.map { ("transfer.\($0.rawValue)", ["note": note]) })
  }

  private static func partner(_ destination: String = "1", _ capabilities: [String] = ["ct"]) -> Partner {
    var partner = Partner(id: "partner/1")
    (partner.finess, partner.name) = ("910000901", "Évry")
    (partner.destination, partner.capabilities) = (destination, capabilities)
    return partner
  }

  private static func json(
    _ transfer: PatientTransfer, to partner: Partner? = partner(), beside underway: Underway? = nil
  ) -> JSON {
    ServiceRequestResource.json(
      transfer, to: partner, nil, FHIRMeta(), stay: Stay(id: stay), patient: patient, underway)
  }

  private static func json(
    _ needs: JSON, _ more: [(kind: String, data: JSON)] = [], _ structure: Structure? = nil,
    beside underway: Underway? = nil
  ) -> JSON {
    let made: JSON = [
      "stay": .string(stay), "from": "emergency", "needs": needs, "wantedAt": "2022-08-21T04:00:00.000Z",
    ]
    let request = folded(BedRequest(id: "request/1"), [("request.made", made)] + more)
    return ServiceRequestResource.json(
      request, structure, FHIRMeta(), stay: Stay(id: stay), patient: patient, underway)
  }

  private static func codes(_ concept: JSON?) -> [String] {
    concept?["coding"]?.array?.compactMap { coding in
      coding["system"]?.string.flatMap { system in coding["code"]?.string.map { "\(system)|\($0)" } }
    } ?? []
  }

  @Test(arguments: [
    (PatientTransfer.Kind.definitive, [PatientTransfer.Step](), "active"), (.definitive, [.accepted], "active"),
    (.definitive, [.refused], "revoked"), (.definitive, [.refused, .accepted], "active"),
    (.definitive, [.accepted, .withdrawn], "revoked"), (.definitive, [.accepted, .left], "active"),
    (.definitive, [.accepted, .left, .arrived], "completed"), (.roundTrip, [.accepted, .left, .arrived], "active"),
    (.roundTrip, [.accepted, .left, .arrived, .returned], "completed"),
  ])
  func stepsOfATransfer(kind: PatientTransfer.Kind, steps: [PatientTransfer.Step], status: String) {
    #expect(Self.json(Self.transfer(steps, kind: kind))["status"]?.string == status)
  }

  @Test func whoIsAskedAndWhen() {
    let sent = Self.json(Self.transfer([.accepted, .left], needs: ["intensive-care", "ct"]))
    #expect(Self.codes(sent["category"]?.array?.first) == ["http://snomed.info/sct|19712007"])
    #expect(Self.codes(sent["code"]) == ["http://snomed.info/sct|19712007"])
    let performer = sent["performer"]?.array?.first
    #expect(performer?["identifier"]?["system"]?.string == "https://finess.esante.gouv.fr")
    #expect(performer?["identifier"]?["value"]?.string == "910000901" && performer?["display"]?.string == "Évry")
    #expect(sent["requester"]?["reference"]?.string == "Practitioner/7")
    #expect(sent["encounter"]?["reference"]?.string == "Encounter/\(Self.stay.dropFirst(5))")
    #expect(sent["authoredOn"]?.string == "2022-08-21T01:00:00.000Z")
    #expect(sent["occurrencePeriod"]?["start"]?.string == "2022-08-21T01:02:00.000Z")
    #expect(sent["reasonCode"]?.array?.first?["text"]?.string == "AVC")
    // Of a scanner no list says that and no more.
    let places = sent["locationCode"]?.array ?? []
    #expect(places.map(Self.codes) == [["http://terminology.hl7.org/CodeSystem/v3-RoleCode|ICU"], []])
    #expect(places.last?["text"]?.string == "ct")
  }

  @Test func whyItWasRevokedIsSaid() {
    let refused = Self.json(Self.transfer([.refused], note: "complet"))["extension"]?.array?.first
    #expect(refused?["url"]?.string == "http://hl7.org/fhir/StructureDefinition/request-statusReason")
    #expect(refused?["valueCodeableConcept"]?["text"]?.string == "refused: complet")
    // A refusal that was taken back is over.
    #expect(Self.json(Self.transfer([.refused, .accepted], note: "complet"))["extension"] == nil)
  }

  private static func mark(_ sent: JSON) -> String? { sent["meta"]?["security"]?.array?.first?["code"]?.string }

  /// Whatever else of the same stay says why is said of it too.
  @Test(
    arguments: [
      ("nothing", [], [], nil), ("a scanner", [], ["ct"], nil), ("psychiatry", [], ["psychiatry"], "R"),
      ("psychiatry, refused", [.refused], ["psychiatry"], "R"),
      ("psychiatry, withdrawn", [.withdrawn], ["psychiatry"], nil),
    ] as [(String, [PatientTransfer.Step], [JSON], String?)])
  func whatElseIsUnderWay(beside: String, steps: [PatientTransfer.Step], needs: [JSON], marked: String?) {
    let underway = Underway(transfers: [(Self.transfer(steps, needs: needs), Self.partner())])
    #expect(Self.mark(Self.json(Self.transfer([]), beside: underway)) == marked, "\(beside)")
    #expect(Self.mark(Self.json(["unit": "4EST"], beside: underway)) == marked, "\(beside)")
  }

  /// By the rule of enquiries: to be asked for there says why.
  @Test func psychiatryIsMarked() {
    let mark = Self.mark
    #expect(mark(Self.json(Self.transfer([]))) == nil)
    #expect(mark(Self.json(Self.transfer([], needs: ["psychiatry"]))) == "R")
    #expect(mark(Self.json(Self.transfer([]), to: Self.partner("4"))) == "R")
    #expect(mark(Self.json(Self.transfer([]), to: Self.partner("1", ["psychiatry"]))) == "R")
    let unit = CareUnit(
      code: "ADDICTO", name: "Addictologie", division: "", responsibilities: [], specialty: "medicine", phone: nil,
      rooms: [], discreet: true)
    let structure = Structure(
      name: "", finess: "910000000", fictive: true, timeZone: "Europe/Paris",
      sites: [Site(finess: "910000000", name: "", units: [unit])], numbers: [:], ippAuthority: "", ndaAuthority: "",
      emergencyKeepsNumber: true, lateEntryHoursMax: 72)
    #expect(mark(Self.json(["unit": "4EST"], [], structure)) == nil)
    #expect(mark(Self.json(["unit": "ADDICTO"], [], structure)) == "R")
    #expect(mark(Self.json(["specialty": "psychiatry"])) == "R")
  }

  @Test(arguments: [
    ([String](), "active"), (["accepted"], "active"), (["accepted", "reopened"], "active"),
    (["accepted", "fulfilled"], "completed"), (["withdrawn"], "revoked"),
  ])
  func stepsOfABedRequest(steps: [String], status: String) {
    let said = steps.map { (kind: "request.\($0)", data: ["bed": "bed/9", "reason": "sortie"] as JSON) }
    let sent = Self.json(["unit": "4EST"], said)
    #expect(sent["status"]?.string == status)
    #expect(Self.codes(sent["code"]) == ["http://terminology.hl7.org/CodeSystem/v3-ActClass|ACCM"])
    let why = sent["extension"]?.array?.first?["valueCodeableConcept"]?["text"]?.string
    #expect(why == (status == "revoked" ? "sortie" : nil))
    let places = sent["locationReference"]?.array?.compactMap { $0["reference"]?.string ?? $0["display"]?.string }
    let isGiven = steps.contains("accepted") && !steps.contains("reopened")
    #expect(places == [isGiven ? "Location/9" : "4EST"])
  }

  @Test func whatABedMustHave() {
    let sent = Self.json(["specialty": "intensive", "isolation": "airborne", "single": true, "monitoring": true])
    #expect(sent["occurrenceDateTime"]?.string == "2022-08-21T04:00:00.000Z")
    let details = sent["orderDetail"]?.array ?? []
    let accommodation = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
    #expect(details.map(Self.codes) == [["\(accommodation)|I"], ["\(accommodation)|P"], []])
    #expect(details.map { $0["text"]?.string } == ["airborne", nil, "monitoring"])
    let places = sent["locationCode"]?.array ?? []
    #expect(places.map(Self.codes) == [["http://terminology.hl7.org/CodeSystem/v3-RoleCode|ICU"]])
    // Protective isolation keeps germs out: HL7's code is of who may give them.
    let guarded = Self.json(["unit": "4EST", "isolation": "protective"])["orderDetail"]?.array ?? []
    #expect(guarded.map(Self.codes) == [[]])
  }

  @Test(arguments: [
    ("status", "active", true), ("status", "completed,active", true), ("status", "revoked", false),
    ("code", "19712007", true), ("category", "http://snomed.info/sct|19712007", true),
    ("code", "urn:x|19712007", false),
    ("category", "ACCM", false), ("authored", "2022-08-21", true), ("authored", "ge2022-08-22", false),
    ("encounter", "Encounter/0b9f4c1e-7a55-4b6c-8d2e-3f1a2b3c4d5e", true), ("encounter", "Encounter/1", false),
    ("_id", "1", true), ("_id", "2", false), ("_lastUpdated", "2022-08-21T01:00Z", false),
  ])
  func found(name: String, value: String, holds: Bool) throws {
    let known = Set(ServiceRequestCriteria.parameters.map(\.name))
    let zone = try #require(LocalTime(zone: "Europe/Paris"))
    let criteria = try ServiceRequestCriteria(FHIRSearch([(name, value)], known: known, includes: []), zone)
    #expect(try criteria.holds(Self.transfer([.accepted]), updated: { .earliest }) == holds)
  }

  @Test(arguments: [[("status", "asleep")], [("patient", "1"), ("subject", "2")], [("authored", "hier")]])
  func whatCannotBeAsked(pairs: [(name: String, value: String)]) throws {
    let known = Set(ServiceRequestCriteria.parameters.map(\.name))
    let zone = try #require(LocalTime(zone: "Europe/Paris"))
    let search = try FHIRSearch(pairs, known: known, includes: [])
    #expect(throws: FHIRSearch.Fault.value(pairs[0].name)) { try ServiceRequestCriteria(search, zone) }
  }
}
