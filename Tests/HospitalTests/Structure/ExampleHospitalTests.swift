import Foundation
import Hospital
import Testing

struct ExampleHospitalTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test func whatIsBuiltInIsTheExample() throws {
    let file = try String(contentsOf: Self.root.appending(path: "Examples/hospital.yaml"), encoding: .utf8)
    #expect(ExampleHospital.yaml == file)
  }

  /// Counted in the file by hand and by another YAML reader.
  @Test func itIsAHospitalOfAThousandPlaces() throws {
    let structure = try ExampleHospital.structure()
    #expect(structure.fictive)
    #expect(structure.name == "Centre hospitalier de Valfleury")
    #expect(structure.timeZone == "Europe/Paris")
    #expect(structure.sites.map(\.name) == ["Hôpital de Valfleury", "Les Tilleuls"])
    #expect(structure.units.count == 48)
    #expect(structure.bedCount == 1000)
    let kinds = Dictionary(grouping: structure.units.flatMap(\.rooms).flatMap(\.beds), by: \.kind).mapValues(\.count)
    #expect(kinds == [.bed: 810, .chair: 72, .bay: 53, .cot: 47, .stretcher: 18])
  }

  @Test(arguments: [
    ("1010", "emergency", 33, false), ("1020", "short-stay", 16, false), ("1110", "intensive", 18, false),
    ("2010", "medicine", 32, false), ("2140", "medicine", 14, true), ("3900", "theatre", 14, false),
    ("4010", "obstetrics", 46, false), ("4050", "outpatient", 4, true), ("4120", "neonatology", 15, false),
    ("5010", "dialysis", 20, false), ("6010", "outpatient", 0, false), ("7010", "rehabilitation", 46, false),
    ("7110", "long-term", 50, false), ("8020", "psychiatry", 22, true),
  ])
  func itsUnits(code: String, specialty: String, beds: Int, discreet: Bool) throws {
    let unit = try #require(ExampleHospital.structure().unit(code))
    #expect(unit.specialty == specialty)
    #expect(unit.bedCount == beds)
    #expect(unit.discreet == discreet)
  }

  @Test func emergencyTheatresAndCots() throws {
    let structure = try ExampleHospital.structure()
    let emergency = try #require(structure.unit("1010"))
    #expect(
      emergency.rooms[0]
        == Room(
          code: "SAUV",
          beds: ["SAUV-1", "SAUV-2", "SAUV-3"].map {
            Room.Place(code: $0, kind: .bay, isolation: false)
          }))
    #expect(emergency.rooms.filter { $0.code.hasPrefix("B") }.count == 24)
    let theatres = try #require(structure.unit("3900")).rooms.filter { $0.code.hasPrefix("SALLE") }
    #expect(theatres.map(\.code) == (1...9).map { "SALLE\($0)" })
    let double = try #require(structure.unit("2010")).rooms[0]
    #expect(double.beds.map(\.code) == ["201-1", "201-2"])
    let maternity = try #require(structure.unit("4010")).rooms[21]
    #expect(maternity.beds.map(\.kind) == [.bed, .cot, .cot])
  }

  @Test func noTwoBedsHaveOneName() throws {
    let structure = try ExampleHospital.structure()
    let names = structure.units.flatMap { unit in
      unit.rooms.flatMap { room in room.beds.map { structure.bedID(unit: unit.code, room: room.code, code: $0.code) } }
    }
    #expect(Set(names).count == 1000)
  }
}
