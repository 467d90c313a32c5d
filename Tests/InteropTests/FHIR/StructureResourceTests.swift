import Hospital
import Interop
import Ledger
import Testing

/// A hospital's structure in FR Core's slices.
@Suite struct StructureResourceTests {
  private static let unit = CareUnit(
    code: "2010", name: "Chirurgie", division: nil, responsibilities: [], specialty: "surgery", phone: nil,
    rooms: [Room(code: "12", beds: [Room.Place(code: "A", kind: .bed, isolation: false)])], discreet: false)

  private static func structure(_ finess: String = "910000000") -> Structure {
    Structure(
      name: "Essai", finess: finess, fictive: true, timeZone: "Europe/Paris",
      sites: [Site(finess: "910000001", name: "Site", units: [unit])], numbers: [:], ippAuthority: "1.2.3",
      ndaAuthority: "1.2.4", emergencyKeepsNumber: true, lateEntryHoursMax: 72)
  }

  private static let types = "https://hl7.fr/ig/fhir/core/CodeSystem"

  /// Of each identifier its type's system and code, its own system, its value.
  private static func identifiers(_ json: JSON) -> [[String]] {
    (json["identifier"]?.array ?? []).map { identifier in
      let type = identifier["type"]?["coding"]?.array?.first
      return [type?["system"], type?["code"], identifier["system"], identifier["value"]].map { $0?.string ?? "" }
    }
  }

  private static func national(_ finess: String, _ type: String, in types: String, _ own: String) -> [[String]] {
    [
      [types, type, "https://finess.esante.gouv.fr", finess],
      [types, own, "urn:oid:1.2.250.1.71.4.2.2", "1\(finess)"],
    ]
  }

  @Test func whatBearsAFINESS() {
    let structure = Self.structure()
    let site = structure.sites[0]
    let own = "\(Self.types)/fr-core-cs-v2-0203"
    #expect(
      Self.identifiers(OrganizationResource.json(structure)) == Self.national("910000000", "FINEJ", in: own, "IDNST"))
    #expect(
      Self.identifiers(OrganizationResource.json(site: site, structure))
        == Self.national("910000001", "FINEG", in: own, "IDNST"))
    #expect(
      Self.identifiers(LocationResource.json(site: site, structure))
        == Self.national("910000001", "GLBL", in: "\(Self.types)/fr-core-cs-location-identifier-type", "IDNST"))
  }

  /// An OID has no arc that begins with a nought, and none with a letter.
  @Test(arguments: [
    ("910000000", "urn:oid:1.2.250.1.71.4.2.2.1910000000"), ("010000024", "urn:oid:1.2.250.1.71.4.2.2.1010000024"),
    ("2A0000014", "urn:permanence:authority:2A0000014"), ("2B0000020", "urn:permanence:authority:2B0000020"),
  ])
  func whatAHospitalNamesByItself(finess: String, system: String) throws {
    let structure = Self.structure(finess)
    let site = structure.sites[0]
    let unit = OrganizationResource.json(unit: Self.unit, of: site, structure)
    #expect(Self.identifiers(unit) == [["\(Self.types)/fr-core-cs-v2-0203", "INTRN", system, "2010"]])
    // To the letter, says the profile.
    #expect(unit["type"] == [["coding": [["system": .string("\(Self.types)/fr-core-cs-v2-3307"), "code": "UF"]]]])
    let bed = try #require(structure.beds.first)
    let places = [
      LocationResource.json(unit: Self.unit, of: site, structure),
      LocationResource.json(room: Self.unit.rooms[0], of: Self.unit, structure),
      LocationResource.json(bed: bed, isOccupied: false, structure, FHIRMeta()),
    ]
    let type = "\(Self.types)/fr-core-cs-location-identifier-type"
    #expect(
      places.map(Self.identifiers) == ["2010", "2010.12", "2010.12.A"].map { [[type, "INTRN", system, $0]] })
  }
}
