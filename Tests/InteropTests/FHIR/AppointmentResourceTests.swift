import Hospital
import Interop
import Ledger
import Testing

/// Who is to come, as FHIR says it.
@Suite struct AppointmentResourceTests {
  private static func json(_ change: (inout Appointment) -> Void) -> JSON {
    var appointment = Appointment(id: "appointment/1")
    change(&appointment)
    return AppointmentResource.json(appointment, nil, FHIRMeta(), patient: nil)
  }

  /// Without an hour only what is proposed or cancelled may say nothing of it (app-3).
  @Test(arguments: [
    (AppointmentStatus.pending, "pending", "proposed", false), (.booked, "booked", "proposed", false),
    (.arrived, "arrived", "arrived", true), (.fulfilled, "fulfilled", "fulfilled", true),
    (.cancelled, "cancelled", "cancelled", false), (.discontinued, "cancelled", "cancelled", false),
    (.deleted, "entered-in-error", "entered-in-error", true), (.missed, "noshow", "noshow", true),
  ])
  func statuses(status: AppointmentStatus, atAnHour: String, atNone: String, saysThatNobodyKnows: Bool) {
    let timed = Self.json {
      $0.status = status
      $0.startsAt = Instant("2022-08-25T06:30:00.000Z")
      $0.minutes = 90
    }
    #expect(timed["status"]?.string == atAnHour)
    #expect(timed["start"] == "2022-08-25T06:30:00.000Z" && timed["end"] == "2022-08-25T08:00:00.000Z")
    #expect(timed["_start"] == nil && timed["_end"] == nil)
    let open = Self.json { $0.status = status }
    #expect(open["status"]?.string == atNone)
    #expect(open["start"] == nil && open["end"] == nil)
    for key in ["_start", "_end"] {
      let why = open[key]?["extension"]?.array?.first?["valueCode"]?.string
      #expect(why == (saysThatNobodyKnows ? "unknown" : nil), "\(key)")
    }
  }

  /// By the rule of disclosure: where they are to come, and whose child they are, may say why.
  @Test(
    arguments: [
      ("4EST", false, false, false, nil), ("ADDICTO", false, false, false, "R"), ("4EST", true, false, false, "R"),
      ("4EST", false, true, false, "R"), ("ADDICTO", false, false, true, "V"),
    ] as [(String, Bool, Bool, Bool, String?)])
  func labels(unit: String, isProtected: Bool, isMotherProtected: Bool, isSecret: Bool, label: String?) {
    var appointment = Appointment(id: "appointment/1")
    appointment.unit = unit
    let units = [("4EST", false), ("ADDICTO", true)].map { code, discreet in
      CareUnit(
        code: code, name: code, division: nil, responsibilities: [], specialty: "medicine", phone: nil, rooms: [],
        discreet: discreet)
    }
    let structure = Structure(
      name: "", finess: "910000000", fictive: true, timeZone: "Europe/Paris",
      sites: [Site(finess: "910000000", name: "", units: units)], numbers: [:], ippAuthority: "", ndaAuthority: "",
      emergencyKeepsNumber: true, lateEntryHoursMax: 72)
    var (patient, mother) = (Patient(id: "patient/1"), Patient(id: "patient/2"))
    (patient.protected, patient.secret, mother.protected) = (isProtected, isSecret, isMotherProtected)
    let sent = AppointmentResource.json(appointment, structure, FHIRMeta(), patient: patient, mother: mother)
    #expect(sent["meta"]?["security"]?.array?.first?["code"]?.string == label)
  }

  /// Each has an actor or a type (app-1).
  @Test func whoTakesPart() {
    let nobody = Self.json { _ in }["participant"]?.array ?? []
    #expect(nobody.count == 1 && nobody[0]["status"] == "needs-action" && nobody[0]["actor"] == nil)
    let type = nobody[0]["type"]?.array?.first?["coding"]?.array?.first
    #expect(type?["system"] == "http://terminology.hl7.org/CodeSystem/v3-ParticipationType" && type?["code"] == "PART")
    let known = Self.json {
      $0.patient = "patient/7"
      $0.unit = "4EST"
      $0.practitioner = "LEROY PAUL"
    }
    let actors = known["participant"]?.array?.map { $0["actor"]?["reference"] ?? $0["actor"]?["display"] }
    #expect(actors == ["Patient/7", "4EST", "#attending"])
  }

  /// The number is of whoever the diary named with it, if by nothing else.
  @Test(
    arguments: [
      ("LEROY PAUL", "LEROY PAUL", "LEROY PAUL", ["10100000001"]), ("MOREL EVE", "LEROY PAUL", "MOREL EVE", []),
      ("10100000001", nil, nil, ["10100000001"]), ("MOREL EVE", nil, "MOREL EVE", []),
    ] as [(String, String?, String?, [String])])
  func withWhom(name: String, given: String?, told: String?, numbers: [String]) {
    let sent = Self.json {
      $0.practitioner = name
      $0.other["attending"] = ["RPPS": "10100000001"]
      if let given { $0.other["attending"] = ["name": .string(given), "RPPS": "10100000001"] }
    }
    let physician = sent["contained"]?.array?.first
    #expect(physician?["resourceType"] == "Practitioner" && physician?["id"] == "attending")
    #expect(physician?["name"]?.array?.first?["text"]?.string == told)
    let identifiers = physician?["identifier"]?.array ?? []
    #expect(identifiers.compactMap { $0["value"]?.string } == numbers)
    #expect(identifiers.allSatisfy { $0["system"] == "https://rpps.esante.gouv.fr" })
  }
}
