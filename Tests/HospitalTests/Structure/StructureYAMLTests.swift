import Hospital
import Testing

struct StructureYAMLTests {
  /// Lines 1 to 16 are right; units follow on line 17.
  static let head = """
    name: Hôpital
    finess: "910000000"
    fictive: true
    ippAuthority: IPP
    ndaAuthority: NDA
    numbers:
      ipp:
        length: 10
        first: 1
        last: 99999
      nda: { length: 9, prefix: "N", check: luhn, first: 1, last: 99999 }
    sites:
      - finess: "910000001"
        name: Site
        units:

    """

  static func problems(_ yaml: String) -> [String] {
    do {
      _ = try Structure(yaml: yaml)
      return []
    } catch { return error.problems.map(\.description) }
  }

  /// Capitals are the same; a code says one thing.
  @Test(
    arguments: [
      ("{ operation: [blo, AMB-OP], session: [12] }", ["BLO": .operation, "AMB-OP": .operation, "12": .session], nil),
      ("{ surgery: [BLO] }", nil, "line 1: surgery is not a key of appointmentKinds"),
      ("{ operation: BLO }", nil, "line 1: operation is a list"),
      ("{ operation: [BLO], session: [blo] }", nil, "line 1: code BLO is already on line 1"),
      ("{ operation: [[BLO]] }", nil, "line 1: a code of appointmentKinds"),
    ] as [(String, [String: AppointmentKind]?, String?)])
  func theDiarysOwnCodes(_ text: String, _ kinds: [String: AppointmentKind]?, _ problem: String?) throws {
    let yaml =
      "appointmentKinds: \(text)\n" + Self.head + "      - { code: A, name: A, specialty: medicine, rooms: [] }"
    let found = Self.problems(yaml)
    #expect(found.map { $0.hasPrefix(problem ?? "?") } == (problem == nil ? [] : [true]), "\(found)")
    if let kinds { #expect(try Structure(yaml: yaml).appointmentKinds == kinds) }
  }

  @Test func theSmallestHospital() throws {
    let structure = try Structure(
      yaml: Self.head + """
              - code: 0412
                name: Médecine
                specialty: medicine
                rooms:
                  - { code: 01, beds: 2 }
                  - { codes: B08..B10, beds: 1, kind: bay, isolation: true }
                  - { code: X, beds: [A, { code: B, kind: cot }] }
        """)
    #expect(structure.timeZone == "Europe/Paris")
    #expect(structure.emergencyKeepsNumber)
    #expect(structure.lateEntryHoursMax == 72)
    #expect(structure.numbers[.nda] == NumberFormat(prefix: "N", length: 9, check: "luhn", first: 1, last: 99_999))
    #expect(structure.numbers[.ipp] == NumberFormat(prefix: "", length: 10, check: "none", first: 1, last: 99_999))
    let bay = { Room.Place(code: $0, kind: .bay, isolation: true) }
    let bed = { (code: String, kind: BedKind) in Room.Place(code: code, kind: kind, isolation: false) }
    #expect(
      structure.sites == [
        Site(
          finess: "910000001", name: "Site",
          units: [
            CareUnit(
              code: "0412", name: "Médecine", division: nil, responsibilities: ["medical", "lodging", "care"],
              specialty: "medicine", phone: nil,
              rooms: [
                Room(code: "01", beds: [bed("01-1", .bed), bed("01-2", .bed)]), Room(code: "B08", beds: [bay("B08")]),
                Room(code: "B09", beds: [bay("B09")]), Room(code: "B10", beds: [bay("B10")]),
                Room(code: "X", beds: [bed("A", .bed), bed("B", .cot)]),
              ], discreet: false)
          ])
      ])
  }

  @Test func everythingThatIsWrongAtOnce() {
    let found = Self.problems(
      """
      name: Hôpital
      finess: 12345
      fictive: oui
      timeZone: Europe/Pariss
      ippAuthority: IPP
      numbers:
        ipp: { length: 3, prefix: "99", first: 5, last: 4 }
        nda: { length: 9, first: 1, last: 9, check: modulo }
      colour: red
      sites:
        - finess: "91000000X"
          name: Site
          units:
            - code: A
              name: Un
              specialty: medecine
            - code: B
              name: Deux
              specialty: surgery
              responsibilities: [medical, hotel]
              rooms:
                - { code: 1, beds: many }
                - { codes: 5..2, beds: 1 }
                - { code: 2, beds: [a, a] }
                - { code: 3, beds: 1, kind: sofa }
                - { beds: 1 }
                - { code: 4 }
                - 5
            - code: B
              name: Trois
              specialty: surgery
      """)
    #expect(
      found.map { String($0.prefix { $0 != ":" }) } == [
        "line 1", "line 2", "line 3", "line 4", "line 7", "line 8", "line 9", "line 11", "line 16", "line 20",
        "line 22", "line 23", "line 24", "line 25", "line 26", "line 27", "line 28", "line 29",
      ], "\(found.joined(separator: "\n"))")
    for (index, word) in [
      (0, "ndaAuthority is missing"), (1, "12345 is no FINESS"), (2, "true or false"), (3, "Europe/Pariss"),
      (4, "first, then last"), (5, "modulo is none of none, luhn, mod97"), (6, "colour is not a key of the hospital"),
      (7, "91000000X"), (8, "medecine is none of medicine, surgery"), (9, "medical, lodging, care"), (10, "many"),
      (11, "5..2 is no series"), (12, "bed a is already on line 24"), (13, "sofa is none of bed, bay"),
      (14, "code is missing"), (15, "beds is missing"), (16, "`key: value`"), (17, "unit B is already on line 17"),
    ] where index < found.count {
      #expect(found[index].contains(word), "\(found[index])")
    }
  }

  @Test func aFaultOfASeriesIsSaidOnce() {
    let found = Self.problems(
      Self.head + """
              - code: A
                name: Un
                specialty: surgery
                rooms:
                  - { codes: 401..412, beds: [a, a], kind: sofa, isolation: oui }
        """)
    #expect(
      found == [
        "line 20: kind: sofa is none of bed, bay, chair, stretcher, corridor, cot, extra",
        "line 20: isolation is true or false", "line 20: bed a is already on line 20: give it another code",
      ])
  }

  @Test(arguments: [
    ("", "line 1: the file is empty"), ("- a\n- b", "line 1: the hospital is written as"),
    ("name: [", "line 2: not YAML"), ("name: a\nname: b", "line 1: name: written twice"),
    ("name: a\n\tfiness: b", "line 2: not YAML"),
    ("name: \"\u{7}\"", "line"),
  ])
  func whatIsNoHospital(yaml: String, expected: String) {
    let found = Self.problems(yaml)
    #expect(found.first?.hasPrefix(expected) == true, "\(found)")
  }

  @Test(arguments: ["URGENCES", "urgences", "GUIDE", "Tel"])
  func aUnitThatPaperCouldNotTellFromASheetOfNoUnit(code: String) {
    let found = Self.problems(Self.head + "      - { code: \(code), name: Urgences, specialty: emergency }")
    #expect(found == ["line 16: code: \(code) is what paper calls a sheet of no unit: give the unit another code"])
  }

  @Test func aRangeThatDoesNotFit() {
    let yaml = Self.head.replacing("last: 99999\n  nda", with: "last: 99999999999\n  nda")
    #expect(Self.problems(yaml).contains { $0.hasPrefix("line 10: 99999999999 does not fit: 10 digits") })
  }
}
