import Hospital
import Interop
import Ledger
import Testing

/// Beds of a partner's server, counted by line of care.
struct FHIRCapacityTests {
  private static func place(
    _ id: String, in parent: String? = nil, type: JSON? = nil, bed status: String?? = nil, _ state: String = "active"
  ) -> JSON {
    var out = JSONObject([("resourceType", "Location"), ("id", .string(id)), ("status", .string(state))])
    if let parent { out.append("partOf", ["reference": .string("https://ailleurs.example/fhir/Location/\(parent)")]) }
    if let type { out.append("type", [["coding": [type]]]) }
    guard let status else { return .object(out) }
    out.append(
      "physicalType",
      ["coding": [["system": "http://terminology.hl7.org/CodeSystem/location-physical-type", "code": "bd"]]])
    if let status { out.append("operationalStatus", ["code": .string(status)]) }
    return .object(out)
  }

  private static func page(_ places: [JSON], next: String? = nil) -> [UInt8] {
    let link: JSON = next.map { [["relation": "self", "url": "x"], ["relation": "next", "url": .string($0)]] } ?? []
    return JSON.object(
      JSONObject([
        ("resourceType", "Bundle"), ("link", link), ("entry", .array(places.map { ["resource": $0] })),
      ])
    ).bytes
  }

  private static let intensive: JSON = [
    "system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "ICU",
  ]
  private static let medicine: JSON = ["system": "http://snomed.info/sct", "code": "419192003"]

  private static func said(_ pages: [UInt8]...) throws -> [HearPartner.Said] {
    var capacity = FHIRCapacity()
    for page in pages { _ = try capacity.take(page) }
    return capacity.said
  }

  @Test func freeBedsByUnit() throws {
    let ward = [Self.place("rea", type: Self.intensive), Self.place("med", type: Self.medicine)]
    let beds = [
      Self.place("1", in: "rea", bed: "U"), Self.place("2", in: "rea", bed: "O"), Self.place("3", in: "rea", bed: "K"),
      Self.place("room", in: "med"), Self.place("4", in: "room", bed: "O"), Self.place("5", in: "room", bed: "I"),
    ]
    let expected: [HearPartner.Said] = [.init(.intensiveCare, .open, places: 1), .init(.medicine, .limited, places: 0)]
    #expect(try Self.said(Self.page(ward + beds)) == expected)
    #expect(try Self.said(Self.page(beds), Self.page(ward)) == expected, "a unit on a later page")
  }

  @Test func whatIsNotSaid() throws {
    let ward = Self.place("rea", type: Self.intensive)
    #expect(try Self.said(Self.page([Self.place("1", bed: "U")])) == [], "nobody says which care")
    #expect(try Self.said(Self.page([ward, Self.place("1", in: "rea", bed: .some(nil))])) == [], "nor how it is")
    let closed = [Self.place("1", in: "rea", bed: "C"), Self.place("2", in: "rea", bed: "U", "suspended")]
    #expect(try Self.said(Self.page([ward] + closed)) == [.init(.intensiveCare, .closed)])
    // A ring of places ends.
    let ring = [Self.place("a", in: "b"), Self.place("b", in: "a"), Self.place("1", in: "a", bed: "U")]
    #expect(try Self.said(Self.page(ring)) == [])
  }

  @Test func pagesAsServersSendThem() throws {
    var capacity = FHIRCapacity()
    #expect(try capacity.take(Self.page([], next: "https://ailleurs.example/fhir?page=2")) != nil)
    // Numbers with decimals, other resources, and words nobody knows.
    let odd =
      #"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"OperationOutcome","type":3}},"#
      + #"{"resource":{"resourceType":"Location","id":"r","position":{"latitude":48.85},"type":[{"text":"?"}]}}]}"#
    #expect(try capacity.take(Array(odd.utf8)) == nil)
    for broken in ["", "<html>", "[]", #"{"resourceType":"Patient"}"#, #"{"entry":[]}"#] {
      #expect(throws: (any Error).self, "\(broken)") { try capacity.take(Array(broken.utf8)) }
    }
  }

  /// Two hospitals that run this program read each other.
  @Test func ourOwnPlaces() throws {
    let units = [
      ("REA", "intensive"), ("MED", "medicine"), ("CHIR", "surgery"), ("MATER", "obstetrics"), ("X", "theatre"),
    ]
    .map { code, specialty in
      CareUnit(
        code: code, name: code, division: nil, responsibilities: [], specialty: specialty, phone: nil,
        rooms: [Room(code: "1", beds: [Room.Place(code: "A", kind: .bed, isolation: false)])], discreet: false)
    }
    let structure = Structure(
      name: "Essai", finess: "910000000", fictive: true, timeZone: "Europe/Paris",
      sites: [Site(finess: "910000001", name: "Site", units: units)], numbers: [:], ippAuthority: "A",
      ndaAuthority: "B", emergencyKeepsNumber: true, lateEntryHoursMax: 72)
    let places = structure.sites.flatMap { site in
      site.units.flatMap { unit in
        [LocationResource.json(unit: unit, of: site, structure)]
          + unit.rooms.map { LocationResource.json(room: $0, of: unit, structure) }
      }
    }
    let beds = structure.beds.map {
      LocationResource.json(bed: $0, isOccupied: $0.unit == "MED", structure, FHIRMeta())
    }
    #expect(
      try Self.said(Self.page(places + beds)) == [
        .init(.intensiveCare, .open, places: 1), .init(.maternity, .open, places: 1),
        .init(.medicine, .limited, places: 0), .init(.surgery, .open, places: 1),
      ])
  }
}
