import Hospital
import Interop
import Ledger
import Testing

struct RPUTests {
  private static let night = Instant("2022-08-21T01:00:00.000Z") ?? Instant(milliseconds: 0)

  private static let structure: Structure = {
    let units = [("URG", "emergency"), ("4EST", "medicine"), ("REA", "intensive"), ("PSY", "psychiatry")].map {
      CareUnit(
        code: $0, name: $0, division: nil, responsibilities: [], specialty: $1, phone: nil, rooms: [], discreet: false)
    }
    return Structure(
      name: "Essai", finess: "910000000", fictive: true, timeZone: "Europe/Paris",
      sites: [Site(finess: "910000001", name: "Site", units: units)], numbers: [:], ippAuthority: "A",
      ndaAuthority: "B", emergencyKeepsNumber: true, lateEntryHoursMax: 72)
  }()

  /// Facts in order, an hour apart.
  private static func stay(_ facts: [(kind: String, data: JSON)]) -> Stay {
    var stay = Stay(id: "stay/1")
    for (index, fact) in facts.enumerated() {
      let at = night.adding(seconds: index * 3600)
      stay.fold(
        Heard(
          fact: Fact(kind: fact.kind, subject: stay.id, at: at, data: fact.data),
          time: HybridTime(instant: at, counter: UInt16(index)), station: "urg-1-3fa9c2d1", author: "system",
          command: "", source: nil))
    }
    return stay
  }

  private static let arrival: (kind: String, data: JSON) = (
    "stay.admitted",
    [
      "entryMode": "8", "provenance": "5",
      "movement": ["key": "1", "trigger": "A04", "unit": "URG", "class": "emergency"],
    ]
  )

  private static func discharge(_ mode: String, _ destination: String? = nil) -> (kind: String, data: JSON) {
    (
      "stay.discharged",
      [
        "exitMode": .string(mode), "destination": destination.map { .string($0) } ?? .null,
        "movement": ["key": "9", "trigger": "A03"],
      ]
    )
  }

  private static func moved(_ unit: String) -> (kind: String, data: JSON) {
    (
      "stay.class-changed",
      ["movement": ["key": "2", "trigger": "A06", "unit": .string(unit), "class": "inpatient"]]
    )
  }

  private static func summary(
    _ facts: [(kind: String, data: JSON)], said: EmergencyVisit? = nil, _ change: (inout Patient) -> Void = { _ in }
  ) -> String? {
    var patient = Patient(id: "patient/1")
    (patient.birthName, patient.birthGivenName, patient.sex) = ("MARTIN", "Louise", .female)
    patient.birthDate = PartialDate(year: 1961, month: 3, day: 12)
    patient.addresses = [Address(use: "H", lines: ["1 rue Haute"], postcode: "91100", city: "CORBEIL-ESSONNES")]
    patient.addresses[0].commune = "91174"
    change(&patient)
    let stay = stay(facts)
    guard let span = stay.outline.emergency else { return nil }
    let care = said ?? EmergencyVisit(id: EmergencyVisit.id(ofStay: stay.id))
    let summary = RPUVisit(stay, span, care, patient, in: structure) { String($0.text.prefix(16)) }
    return RPUVisit.Field.allCases.compactMap { field in summary[field].map { "\(field.rawValue)=\($0)" } }
      .joined(separator: " ")
  }

  private static let who = "CP=91100 COMMUNE=CORBEIL-ESSONNES NAISSANCE=12/03/1961 SEXE=F ENTREE=2022-08-21T01:00"

  @Test func whatIsKnownAndNothingElse() {
    let came = "\(Self.who) MODE_ENTREE=8 PROVENANCE=5"
    #expect(Self.summary([Self.arrival]) == came)
    let left = "\(came) SORTIE=2022-08-21T02:00"
    let rows: [([(kind: String, data: JSON)], String)] = [
      ([Self.discharge("8")], "MODE_SORTIE=8"), ([Self.discharge("8", "6")], "MODE_SORTIE=8 DESTINATION=6"),
      ([Self.discharge("8", "1")], "MODE_SORTIE=8"), ([Self.discharge("7", "1")], "MODE_SORTIE=7 DESTINATION=1"),
      ([Self.discharge("0", "1")], "MODE_SORTIE=7 DESTINATION=1"), ([Self.discharge("9", "1")], "MODE_SORTIE=9"),
      ([Self.moved("4EST")], "MODE_SORTIE=6 DESTINATION=1 ORIENT=MED"),
      // Which of SC, SI and REA nobody says.
      ([Self.moved("REA")], "MODE_SORTIE=6 DESTINATION=1"), ([Self.moved("PSY")], "MODE_SORTIE=6 DESTINATION=4"),
      ([Self.moved("NONE")], "MODE_SORTIE=6"),
      ([Self.moved("4EST"), Self.discharge("8")], "MODE_SORTIE=6 DESTINATION=1 ORIENT=MED"),
    ]
    for (facts, expected) in rows { #expect(Self.summary([Self.arrival] + facts) == "\(left) \(expected)") }
  }

  /// Nobody's name goes out because it was typed where a city stands.
  @Test func aCityThatWasTypedStaysHere() {
    let told = Self.summary([Self.arrival]) { patient in
      (patient.addresses[0].city, patient.addresses[0].commune) = ("MARTIN LOUISE", nil)
    }
    #expect(told?.contains("CP=91100 NAISSANCE=") == true)
  }

  /// Admitted to a ward under the same number, which says how the ward's part began: the visit began as it did.
  @Test(
    arguments: [
      (["entryMode": "7", "provenance": "1"], "MODE_ENTREE=7 PROVENANCE=1"), (["entryMode": "8"], "MODE_ENTREE=8"),
      ([:], nil),
    ] as [(JSON, String?)])
  func theVisitBeganAsItDid(entry: JSON, said: String?) throws {
    var came = try #require(Self.arrival.data.object)
    (came["entryMode"], came["provenance"]) = (entry["entryMode"], entry["provenance"])
    var admitted = Self.moved("4EST")
    admitted.data = [
      "entryMode": "8", "provenance": "5", "movement": try #require(admitted.data["movement"]),
    ]
    let facts = [("stay.admitted", JSON.object(came)), (admitted.kind, admitted.data)]
    let visit = "ENTREE=2022-08-21T01:00\(said.map { " \($0)" } ?? "") SORTIE="
    #expect(Self.summary(facts)?.contains(visit) == true)
    let stay = Self.stay(facts)
    #expect(stay.entryMode == "8" && stay.provenance == "5", "the ward's own is the stay's")
    #expect(Stay(stored: stay.stored) == stay)
  }

  @Test func whatTheEmergencyDepartmentSaid() {
    var said = EmergencyVisit(id: "emergency/1")
    (said.transport, said.transportCare, said.complaint, said.ccmu) = ("VSAB", "PARAMED", "R07.4", "3")
    (said.diagnosis, said.diagnoses, said.acts) = ("I21.9", ["I10", "E11"], ["DEQP003"])
    #expect(
      Self.summary([Self.arrival], said: said)
        == "\(Self.who) MODE_ENTREE=8 PROVENANCE=5 TRANSPORT=VSAB TRANSPORT_PEC=PARAMED MOTIF=R07.4 GRAVITE=3"
        + " DP=I21.9 LISTE_DA=I10 LISTE_ACTES=DEQP003")
    // A code of no list is left out.
    (said.transport, said.ccmu) = ("POLICE", "9")
    #expect(Self.summary([Self.arrival], said: said)?.contains("TRANSPORT=") == false)
    #expect(Self.summary([Self.arrival], said: said)?.contains("GRAVITE") == false)
  }

  @Test func careWithoutConsent() {
    for (code, orientation) in [("SDT", "HDT"), ("SPI", "HDT"), ("SDRE", "HO")] {
      for (exit, said) in [
        (Self.moved("PSY"), "MODE_SORTIE=6 DESTINATION=4 ORIENT=\(orientation)"),
        (Self.discharge("7", "4"), "MODE_SORTIE=7 DESTINATION=4 ORIENT=\(orientation)"),
        // To be operated on elsewhere is no orientation to psychiatry.
        (Self.discharge("7", "1"), "MODE_SORTIE=7 DESTINATION=1"),
      ] {
        let summary = Self.summary([Self.arrival, exit]) {
          $0.situations = [LegalSituation(kind: "psychiatric", code: code)]
        }
        #expect(summary?.hasSuffix(said) == true, "\(code)")
      }
    }
  }

  @Test func noVisitWithoutEmergency() {
    #expect(Self.summary([Self.moved("4EST")]) == nil)
    #expect(
      Self.summary([Self.arrival, ("stay.movement-cancelled", ["movement": ["key": "1", "trigger": "A04"]])]) == nil)
  }

  @Test(
    arguments: [
      (Address(use: "H", lines: [], postcode: "91100"), "91100"),
      (Address(use: "H", lines: [], postcode: "9110", commune: "91174"), "91999"),
      (Address(use: "H", lines: [], city: "Paris"), "99999"),
      (Address(use: "H", lines: [], postcode: "1000", country: "99131"), "99131"),
      (Address(use: "H", lines: [], postcode: "1000", country: "BEL"), "99999"),
      (Address(use: "BDL", lines: [], postcode: "91100"), "99999"),
    ])
  func postcodes(address: Address, code: String) {
    let said = Self.summary([Self.arrival]) { $0.addresses = [address] }
    #expect(said?.hasPrefix("CP=\(code) ") == true)
  }

  @Test func partlyUnknownIsLeftOut() {
    let said = Self.summary([Self.arrival]) {
      ($0.birthDate, $0.sex) = (PartialDate(year: 1961), .unknown)
    }
    #expect(said?.contains("NAISSANCE") == false && said?.contains("SEXE") == false)
    var stray = Self.arrival
    stray.data = [
      "entryMode": "N", "provenance": "5", "movement": ["key": "1", "trigger": "A04", "class": "emergency"],
    ]
    #expect(Self.summary([stray])?.contains("MODE") == false)
    // A home that is no home: a transfer comes from care.
    stray.data = [
      "entryMode": "7", "provenance": "5", "movement": ["key": "1", "trigger": "A04", "class": "emergency"],
    ]
    #expect(Self.summary([stray])?.hasSuffix("MODE_ENTREE=7") == true)
  }

  @Test func theDocument() {
    var visit = RPUVisit()
    (visit[.commune], visit[.arrival], visit[.sex]) = ("L’HAŸ & <fils>\u{1}", "21/08/2022 03:00", "F")
    #expect(
      RPUDocument.xml(finess: "910000000", extracted: "22/08/2022 03:30:00", day: "21/08/2022", [visit]) == """
        <?xml version="1.0" encoding="UTF-8"?>
        <PASSAGES_ETABLISSEMENT>
        <ETABLISSEMENT>
        <FINESS>910000000</FINESS>
        <ORDRE>1</ORDRE>
        <EXTRACT>22/08/2022 03:30:00</EXTRACT>
        <DATEDEBUT>21/08/2022</DATEDEBUT>
        <DATEFIN>21/08/2022</DATEFIN>
        </ETABLISSEMENT>
        <PASSAGES>
        <PATIENT>
        <COMMUNE>L’HAŸ &amp; &lt;fils&gt;</COMMUNE>
        <SEXE>F</SEXE>
        <ENTREE>21/08/2022 03:00</ENTREE>
        </PATIENT>
        </PASSAGES>
        </PASSAGES_ETABLISSEMENT>

        """)
  }
}
