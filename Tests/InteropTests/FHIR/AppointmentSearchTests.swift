import Hospital
import Interop
import Ledger
import Testing

/// What appointments answer to.
@Suite struct AppointmentSearchTests {
  private static let structure: Structure = {
    let units = ["2010", "2011"].map { code in
      CareUnit(
        code: code, name: code, division: nil, responsibilities: [], specialty: "surgery", phone: nil, rooms: [],
        discreet: false)
    }
    return Structure(
      name: "Essai", finess: "910000000", fictive: true, timeZone: "Europe/Paris",
      sites: [Site(finess: "910000001", name: "Site", units: units)], numbers: [:], ippAuthority: "1.2.3",
      ndaAuthority: "1.2.4", emergencyKeepsNumber: true, lateEntryHoursMax: 72)
  }()

  private static func criteria(_ pairs: [(String, String)]) throws -> AppointmentCriteria {
    let search = try FHIRSearch(
      pairs.map { (name: $0.0, value: $0.1) }, known: Set(AppointmentCriteria.parameters.map(\.name)), includes: [])
    return try AppointmentCriteria(search, LocalTime(offsetSeconds: 0))
  }

  /// Of patient 7, in 2010, with Dr Leroy.
  @Test(
    arguments: [
      ([("actor", "Patient/7")], true), ([("actor", "Patient/8")], false), ([("actor", "Location/unit-2010")], true),
      ([("actor", "Location/unit-2011")], false), ([("actor", "Patient/8,Location/unit-2010")], true),
      ([("actor", "unit-2010")], true), ([("actor", "Practitioner/7")], false),
      ([("location", "Location/unit-2010")], true), ([("location", "Location/unit-2011")], false),
      ([("location", "Patient/7")], false), ([("patient", "7"), ("location", "unit-2011")], false),
      ([("patient", "7"), ("practitioner.identifier", "10100000001")], true),
      ([("patient", "7"), ("practitioner:identifier", "https://rpps.esante.gouv.fr|10100000001")], true),
      ([("patient", "7"), ("practitioner:identifier", "https://adeli.esante.gouv.fr|10100000001")], false),
      ([("patient", "7"), ("practitioner.identifier", "10100000002")], false),
      ([("patient", "7"), ("practitioner", "Practitioner/10100000001")], false),
      ([("date", "2022-08-25"), ("practitioner.identifier", "10100000001")], true),
      ([("date", "2022-08-26"), ("practitioner.identifier", "10100000001")], false),
    ] as [([(String, String)], Bool)])
  func appointments(pairs: [(String, String)], holds: Bool) throws {
    var appointment = Appointment(id: "appointment/1")
    appointment.unit = "2010"
    appointment.startsAt = Instant("2022-08-25T06:30:00.000Z")
    appointment.practitioner = "LEROY PAUL"
    appointment.other.append("attending", ["name": "LEROY PAUL", "RPPS": "10100000001"])
    let isHeld = try Self.criteria(pairs).holds(
      appointment, Self.structure, isOf: { $0.contains("7") }, updated: { .earliest })
    #expect(isHeld == holds)
  }

  @Test(
    arguments: [
      ("2022-08-25", "2022-08-25T00:00:00.000Z", "2022-08-26T00:00:00.000Z"),
      ("ge2022-08-25", "2022-08-25T00:00:00.000Z", nil), ("gt2022-08-25", "2022-08-26T00:00:00.000Z", nil),
      ("lt2022-08-25", nil, "2022-08-25T00:00:00.000Z"), ("le2022-08-25", nil, "2022-08-26T00:00:00.000Z"),
      ("ne2022-08-25", nil, nil), ("2022-08-25,2022-09-01", nil, nil),
    ] as [(String, String?, String?)])
  func hours(date: String, from: String?, until: String?) throws {
    let hours = try Self.criteria([("date", date)]).hours
    #expect(hours.from?.text == from && hours.until?.text == until)
    let both = try Self.criteria([("date", date), ("date", "ge2022-08-25"), ("date", "lt2022-08-26")]).hours
    #expect(both.from.map { $0 >= hours.from ?? .earliest } ?? false)
  }

  /// Among which units the index looks: nil wherever somebody may answer who is elsewhere.
  @Test(
    arguments: [
      ("location", "unit-2010", ["2010"]), ("actor", "Location/unit-2010,Location/unit-2011", ["2010", "2011"]),
      ("location", "unit-none", []), ("actor", "Patient/7,Location/unit-2010", nil), ("actor", "unit-2010", nil),
      ("patient", "7", nil),
    ] as [(String, String, [String]?)])
  func units(name: String, value: String, units: [String]?) throws {
    #expect(try Self.criteria([(name, value)]).units(Self.structure) == units)
  }

  @Test func aPhysicianIsLookedForAmongFew() {
    #expect(throws: FHIRSearch.Fault.unbounded("practitioner", among: AppointmentCriteria.indexed)) {
      try Self.criteria([("practitioner.identifier", "10100000001"), ("status", "booked")])
    }
  }
}
