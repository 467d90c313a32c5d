import Foundation
import Hospital
import Ledger
import Testing

/// Lines that some hospital holds: they must be read, and mean the same, for ever. Never change `Tests/Golden/Hospital`;
/// add to it. Signatures are left out, as 86 times A: meaning is what is held here.
struct GoldenIdentityTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Golden/Hospital")

  static func heard(in file: String) throws -> [Heard] {
    let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
    return try text.split(separator: "\n").flatMap { line in
      let commit = try Commit(reading: Array(line.utf8))
      return commit.facts.map {
        Heard(
          fact: $0, time: commit.time, station: commit.station, author: commit.author, command: commit.command,
          source: commit.source)
      }
    }
  }

  /// The state of one subject once its first `count` facts are folded; all of them without.
  static func state<State: Folded>(_ subject: String, in file: String, first count: Int = .max) throws -> State {
    var state = State(id: subject)
    for heard in try heard(in: file).filter({ $0.fact.subject == subject }).prefix(count) { state.fold(heard) }
    #expect(State(stored: state.stored)?.stored.bytes == state.stored.bytes)
    return state
  }

  static func minute(_ minute: Int) -> Instant { Instant.night.adding(seconds: minute * 60) }

  static func said(_ minute: Int) -> Attribution {
    Attribution(
      at: Self.minute(minute), author: "account/2b1c0d9e-8f7a-4b6c-9d5e-4f3a2b1c0d9e", station: "urg-1-3fa9c2d1")
  }

  static let louise = "patient/6f1de0b2-5c1b-4f0e-9d2c-0a4b7c8d9e01"
  static let unknown = "patient/6f1de0b2-5c1b-4f0e-9d2c-0a4b7c8d9e02"
  static let child = "patient/6f1de0b2-5c1b-4f0e-9d2c-0a4b7c8d9e03"

  static var registered: Patient {
    var patient = Patient(id: louise)
    patient.identifiers = [
      Identifier(value: "900000000001", authority: "2.999.91.1", authorityName: "VALFLEURY", type: "PI")
    ]
    patient.birthName = "MARTIN"
    patient.birthGivenName = "LOUISE"
    patient.birthGivenNames = "LOUISE ANNE"
    patient.birthDate = PartialDate(year: 1961, month: 3, day: 12)
    patient.sex = .female
    patient.birthPlace = "21231"
    patient.birthPlaceName = "DIJON"
    patient.usedName = "DURAND"
    patient.usedGivenName = "LISE"
    patient.title = "MME"
    patient.nationality = "FRA"
    patient.maritalStatus = "M"
    patient.archiveMark = "B-1204"
    patient.addresses = [
      Address(
        use: "H", lines: ["3 RUE DES LILAS", "BÂT. B"], postcode: "91000", city: "ÉVRY", commune: "91228",
        country: "FRA")
    ]
    patient.phones = ["01 99 00 12 34"]
    patient.emails = ["louise@example.org"]
    patient.contacts = [
      Contact(role: "trusted-person", name: "JEAN DURAND", relationship: "SPO", phone: "06 39 98 00 01")
    ]
    patient.statusSaid = .provisional
    patient.document = IdentityDocument(kind: "CN", validUntil: "2030-01-31")
    patient.protected = true
    patient.protectedHere = true
    patient.situations = [
      LegalSituation(
        kind: "protected-adult", code: "curatelle", since: Instant("2020-01-01T00:00:00.000Z"), note: "UDAF")
    ]
    patient.heardAt = minute(1)
    return patient
  }

  @Test func aRegisteredPatient() throws {
    #expect(try Self.state(Self.louise, in: "patient.lines", first: 1) == Self.registered)
  }

  @Test func whatAFeedAddsAndAPersonCorrects() throws {
    var expected = Self.registered
    expected.phones = ["01 99 00 12 34", "06 39 98 00 02"]
    expected.usedGivenName = nil
    expected.attributes = ["HOMA"]
    expected.identifiers.append(
      Identifier(value: "000059284275", authority: "1.2.250.1.211.10.200.2", type: "PI"))
    expected.other = JSONObject([("multipleBirth", false)])
    #expect(try Self.state(Self.louise, in: "patient.lines", first: 2) == expected)
    expected.birthName = "MARTINEZ"
    expected.archiveMark = nil
    #expect(try Self.state(Self.louise, in: "patient.lines", first: 3) == expected)
  }

  @Test func qualifiedThenDeadThenWithoutHerINS() throws {
    var expected: Patient = try Self.state(Self.louise, in: "patient.lines", first: 3)
    expected.statusSaid = .qualified
    expected.document = IdentityDocument(kind: "PA")
    expected.attributes = []
    expected.ins = INS(matricule: "261032123104290", oid: "1.2.250.1.213.1.4.8")
    let qualified: Patient = try Self.state(Self.louise, in: "patient.lines", first: 4)
    #expect(qualified == expected)
    #expect(qualified.identityStatus == .qualified)
    expected.identifiers[1].withdrawn = true
    expected.identifiers.append(
      Identifier(value: "000059284276", authority: "1.2.250.1.211.10.200.2", type: "PI"))
    expected.protected = false
    expected.protectedHere = false
    let since = Instant("2022-08-20T22:10:00.000Z")
    expected.situations = [LegalSituation(kind: "psychiatric", code: "SDT", since: since, note: "tiers: sœur")]
    expected.situationsSaid = Self.said(6)
    #expect(try Self.state(Self.louise, in: "patient.lines", first: 8) == expected)
    expected.deceased = true
    expected.deathAt = Self.minute(5)
    expected.death = DeathRecord(physician: "Dr Petit", obstacle: true, familyToldBy: "IDE Morel")
    #expect(try Self.state(Self.louise, in: "patient.lines", first: 9) == expected)
    expected.ins = nil
    let removed: Patient = try Self.state(Self.louise, in: "patient.lines", first: 10)
    #expect(removed == expected)
    #expect(removed.identityStatus == .validated)
    expected.answers[.allergies] = Answer("pénicilline", said: Self.said(13))
    expected.answers[.situation] = Answer(nil, said: Self.said(13))
    #expect(try Self.state(Self.louise, in: "patient.lines") == expected)
  }

  @Test func anUnknownPatientMergedAndParted() throws {
    var expected = Patient(id: Self.unknown)
    expected.sex = .male
    expected.statusSaid = .provisional
    expected.unknown = UnknownPatient(
      label: "URG1-003", estimatedAge: 40, marks: "tatouage main gauche", belongings: "sac noir")
    expected.identifiers = [Identifier(value: "900000000002", authority: "2.999.91.1", type: "PI")]
    expected.heardAt = Self.minute(8)
    #expect(try Self.state(Self.unknown, in: "patient.lines", first: 1) == expected)
    expected.mergedInto = Self.louise
    #expect(try Self.state(Self.unknown, in: "patient.lines", first: 2) == expected)
    expected.mergedInto = nil
    #expect(try Self.state(Self.unknown, in: "patient.lines", first: 3) == expected)
    expected.answers[.allergies] = Answer(nil, said: Self.said(13))
    #expect(try Self.state(Self.unknown, in: "patient.lines") == expected)
  }

  @Test func aNewbornWhoseDeathWasAMistake() throws {
    var expected = Patient(id: Self.child)
    expected.birthName = "MARTINEZ"
    expected.birthDate = PartialDate(year: 2022, month: 8, day: 21)
    expected.sex = .female
    expected.statusSaid = .provisional
    expected.mother = Self.louise
    expected.birthRank = 2
    expected.identifiers = [Identifier(value: "900000000003", authority: "2.999.91.1", type: "PI")]
    expected.heardAt = Self.minute(10)
    expected.deceased = true
    expected.deathAt = Self.minute(9)
    #expect(try Self.state(Self.child, in: "patient.lines", first: 2) == expected)
    expected.deceased = false
    expected.deathAt = nil
    #expect(try Self.state(Self.child, in: "patient.lines", first: 3) == expected)
    let withoutIt = expected
    // The main system's own number.
    expected.identifiers.append(Identifier(value: "000059284275", authority: "1.2.250.1.999.1", type: "PI"))
    #expect(try Self.state(Self.child, in: "patient.lines", first: 4) == expected)
    // Which was noted by mistake.
    #expect(try Self.state(Self.child, in: "patient.lines") == withoutIt)
  }

  @Test func aMeasureThatAFeedNames() throws {
    let patient: Patient = try Self.state("patient/6f1de0b2-5c1b-4f0e-9d2c-0a4b7c8d9e04", in: "patient.lines")
    let since = Instant("2022-08-20T22:10:00.000Z")
    #expect(patient.situations == [LegalSituation(kind: "psychiatric", code: "SDRE", since: since, id: "7^CH")])
  }

  /// The first diary that speaks of somebody names them; the next one says where to reach them.
  @Test func whomADiaryMentions() throws {
    let id = "patient/6f1de0b2-5c1b-4f0e-9d2c-0a4b7c8d9e05"
    var expected = Patient(id: id)
    expected.identifiers = [Identifier(value: "000059284299", authority: "1.2.250.1.211.10.200.2", type: "PI")]
    expected.birthName = "DURAND"
    expected.phones = ["06 39 98 00 03"]
    expected.heardAt = Self.minute(18)
    #expect(try Self.state(id, in: "patient.lines", first: 1) == expected)
    expected.phones = ["06 39 98 00 03", "06 39 98 00 04"]
    #expect(try Self.state(id, in: "patient.lines") == expected)
  }

  /// A day alone, then its hour, then the day again, then another one.
  @Test func theDayOfADeath() throws {
    let id = "patient/6f1de0b2-5c1b-4f0e-9d2c-0a4b7c8d9e06"
    var expected = Patient(id: id)
    expected.deceased = true
    (expected.deathAt, expected.deathBefore) = (
      Instant("2022-08-19T22:00:00.000Z"), Instant("2022-08-20T22:00:00.000Z")
    )
    expected.heardAt = Self.minute(19)
    #expect(try Self.state(id, in: "patient.lines", first: 1) == expected)
    (expected.deathAt, expected.deathBefore) = (Instant("2022-08-20T06:30:00.000Z"), nil)
    #expect(try Self.state(id, in: "patient.lines", first: 2) == expected)
    #expect(try Self.state(id, in: "patient.lines", first: 3) == expected)
    (expected.deathAt, expected.deathBefore) = (
      Instant("2022-08-20T22:00:00.000Z"), Instant("2022-08-21T22:00:00.000Z")
    )
    #expect(try Self.state(id, in: "patient.lines") == expected)
  }

  @Test func everyKindIsThere() throws {
    #expect(
      Set(try Self.heard(in: "patient.lines").map(\.fact.kind)) == [
        "patient.registered", "patient.described", "patient.corrected", "patient.status-changed",
        "patient.identifier-withdrawn", "patient.ins-removed", "patient.merged", "patient.unmerged",
        "patient.protected", "patient.situation-set", "patient.situation-ended", "patient.died",
        "patient.death-withdrawn", "patient.asked", "patient.named", "patient.unnamed", "patient.mentioned",
      ])
  }

  @Test func aStructure() throws {
    let subject = "structure/f3f3c8b1-6a0e-5e3c-8f0e-0d7f2b9c4a01"
    let declared: DeclaredStructure = try Self.state(subject, in: "structure.lines")
    #expect(
      declared.structure
        == Structure(
          name: "Centre hospitalier de Valfleury", finess: "990000018", fictive: true, timeZone: "Europe/Paris",
          sites: [
            Site(finess: "990000026", name: "Hôpital de Valfleury", units: []),
            Site(finess: "990000034", name: "Les Tilleuls", units: []),
          ],
          numbers: [
            .ipp: NumberFormat(prefix: "9", length: 12, check: "none", first: 1, last: 9_999_999),
            .nda: NumberFormat(prefix: "9", length: 10, check: "luhn", first: 1, last: 9_999_999),
          ], ippAuthority: "2.999.91.1", ndaAuthority: "2.999.91.2", emergencyKeepsNumber: false,
          lateEntryHoursMax: 48))
    let more: DeclaredStructure = try Self.state(
      "structure/f3f3c8b1-6a0e-5e3c-8f0e-0d7f2b9c4a02", in: "structure.lines")
    #expect(more.structure?.appointmentKinds == ["AMB": .daycase, "BLO": .operation])
  }

  @Test func units() throws {
    let unit: DeclaredUnit = try Self.state("unit/0f6e4f1c-9a3b-5d2e-8c7d-1e2f3a4b5c01", in: "unit.lines")
    #expect(unit.order == 3)
    #expect(unit.site == "990000026")
    #expect(!unit.withdrawn)
    #expect(
      unit.unit
        == CareUnit(
          code: "2140", name: "Addictologie", division: "Psychiatrie et addictologie",
          responsibilities: ["medical", "lodging", "care"], specialty: "medicine", phone: "01 99 00 21 40",
          rooms: [
            Room(
              code: "651",
              beds: [
                Room.Place(code: "651-1", kind: .bed, isolation: false),
                Room.Place(code: "651-2", kind: .cot, isolation: true),
              ]), Room(code: "652", beds: []),
          ], discreet: true))
    let gone: DeclaredUnit = try Self.state("unit/0f6e4f1c-9a3b-5d2e-8c7d-1e2f3a4b5c02", in: "unit.lines")
    #expect(gone.withdrawn)
    #expect(gone.unit?.code == "6010")
  }
}
