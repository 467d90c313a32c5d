import Hospital
import Ledger
import Testing

struct RegisteringTests {
  static var louise: Traits {
    var traits = Traits()
    traits.birthName = "Martin"
    traits.birthGivenName = "Louise"
    traits.birthDate = PartialDate(year: 1961, month: 3, day: 12)
    traits.sex = .female
    traits.birthPlace = "21231"
    return traits
  }

  static func register(
    _ world: MemoryWorld, _ change: (inout Traits) -> Void = { _ in }, document: IdentityDocument? = nil,
    by author: String = "account/admission"
  ) throws -> Patient {
    var traits = louise
    change(&traits)
    let decision = try world.run(RegisterPatient(traits: traits, document: document), by: author)
    return try #require(world.patients[decision.facts[0].subject])
  }

  @Test func anIdentityOfTheirOwn() throws {
    let world = MemoryWorld()
    let patient = try Self.register(world) { traits in
      traits.birthGivenNames = "Louise  Zoé"
      traits.usedName = "d’Ærø-Müller"
      traits.phones = [" 01 99 00 12 34\u{202E} ", " "]
      traits.addresses = [Address(use: "H", lines: ["", " 3 rue\nX "]), Address(use: "C", lines: [])]
    }
    #expect(patient.birthName == "MARTIN")
    #expect(patient.birthGivenName == "LOUISE")
    #expect(patient.birthGivenNames == "LOUISE ZOE")
    #expect(patient.usedName == "D'AERO-MULLER")
    #expect(patient.phones == ["01 99 00 12 34"])
    #expect(patient.addresses == [Address(use: "H", lines: ["3 rue X"])])
    #expect(patient.identityStatus == .provisional)
    #expect(patient.identifiers == [Identifier(value: "P10001", authority: "1.2.250.1.999.1", type: "PI")])
    #expect(patient.unknown == nil)
  }

  struct Spoilt: Sendable {
    let change: @Sendable (inout Traits) -> Void
    let code: String
    let field: String

    init(_ code: String, _ field: String, _ change: @escaping @Sendable (inout Traits) -> Void) {
      self.code = code
      self.field = field
      self.change = change
    }
  }

  /// Each trait taken away or spoilt, the refusal, its field.
  static let spoilt = [
    Spoilt("birth-name-missing", "birthName") { $0.birthName = nil },
    Spoilt("birth-name-missing", "birthName") { $0.birthName = " \u{A0} " },
    Spoilt("birth-given-name-missing", "birthGivenName") { $0.birthGivenName = nil },
    Spoilt("birth-date-missing", "birthDate") { $0.birthDate = nil },
    Spoilt("date-impossible", "birthDate") { $0.birthDate = PartialDate(year: 1961, month: 2, day: 30) },
    Spoilt("date-future", "birthDate") { $0.birthDate = PartialDate(year: 2022, month: 8, day: 22) },
    Spoilt("sex-missing", "sex") { $0.sex = nil }, Spoilt("sex-unknown", "sex") { $0.sex = .unknown },
    Spoilt("birth-place-missing", "birthPlace") { $0.birthPlace = nil },
    Spoilt("birth-place-code", "birthPlace") { $0.birthPlace = "2123" },
    Spoilt("birth-place-code", "birthPlace") { $0.birthPlace = "2C004" },
    Spoilt("birth-place-code", "birthPlace") { $0.birthPlace = "00000" },
    Spoilt("name-characters", "birthName") { $0.birthName = "<script>" },
    Spoilt("name-characters", "birthName") { $0.birthName = "MARTIN 2" },
    Spoilt("name-characters", "birthName") { $0.birthName = "---" },
    Spoilt("name-characters", "birthName") { $0.birthName = "مارتن" },
    Spoilt("name-characters", "birthName") { $0.birthName = "MARTIN\u{202E}" },
    Spoilt("name-characters", "birthName") { $0.birthName = "𝓜ARTIN" },
    Spoilt("name-characters", "birthName") { $0.birthName = String(repeating: "A", count: 10_000) },
    Spoilt("given-names-mismatch", "birthGivenNames") { $0.birthGivenNames = "ANNE LOUISE" },
    Spoilt("given-names-mismatch", "birthGivenNames") { $0.birthGivenNames = "LOUISETTE" },
    Spoilt("text-too-long", "phones") { $0.phones = [String(repeating: "1", count: 501)] },
    Spoilt("text-too-long", "archiveMark") { $0.archiveMark = String(repeating: "é", count: 10_000) },
  ]

  @Test(arguments: spoilt)
  func refused(_ spoilt: Spoilt) throws {
    let world = MemoryWorld()
    do {
      _ = try Self.register(world, spoilt.change)
      Issue.record("not refused")
    } catch let refusal as Refusal {
      #expect(refusal.code == spoilt.code)
      #expect(refusal.field == spoilt.field)
    }
    #expect(world.facts.isEmpty)
    // No refusal wastes a number.
    #expect(world.numbers[.ipp]?.first == "P10001")
  }

  /// Nobody is turned away for want of a given name: the RNIV has a word for it, in one form.
  @Test(arguments: ["SANSPRENOM", "Sans prénom", "sans-prenom", " SANS  PRÉNOM "])
  func whoeverHasNoGivenName(typed: String) throws {
    let patient = try Self.register(MemoryWorld()) { $0.birthGivenName = typed }
    #expect(patient.birthGivenName == "SANSPRENOM" && patient.birthGivenNames == "SANSPRENOM")
  }

  @Test(arguments: ["21231", "2A004", "2b020", "97105", "99131", "99999"])
  func places(code: String) throws {
    #expect(try Self.register(MemoryWorld()) { $0.birthPlace = code }.birthPlace == code.uppercased())
  }

  /// What was shown, who looked, the year of birth, the status.
  @Test(
    arguments: [
      (nil, "admission", 1961, .provisional), ("", "admission", 1961, .provisional),
      ("CN", "admission", 1961, .validated), ("PA", "admission", 1961, .validated), ("CS", "records", 1961, nil),
      ("CV", "admission", 1961, .provisional), ("PC", "admission", 1961, .provisional),
      ("LE", "admission", 1961, .provisional), ("LE", "admission", 2015, .validated),
      ("AN", "admission", 2004, .validated), ("AN", "admission", 2003, .provisional),
      ("CN", "nurse", 1961, .provisional), ("XX", "admission", 1961, nil),
    ] as [(String?, String, Int, IdentityStatus?)])
  func documents(kind: String?, role: String, year: Int, expected: IdentityStatus?) throws {
    let document = kind.map { IdentityDocument(kind: $0) }
    let patient = try? Self.register(
      MemoryWorld(), { $0.birthDate = PartialDate(year: year, month: 8, day: 22) }, document: document,
      by: "account/\(role)")
    #expect(patient?.identityStatus == expected)
    if let expected { #expect(patient?.statusSaid == expected && patient?.document == document) }
  }

  @Test func whatIsOddIsSaid() throws {
    let world = MemoryWorld()
    var traits = Self.louise
    traits.birthDate = PartialDate(year: 1890)
    let expired = IdentityDocument(kind: "CN", validUntil: "2022-08-20")
    let decision = try world.run(RegisterPatient(traits: traits, document: expired))
    #expect(decision.warnings.map(\.code).prefix(2) == ["birth-date-old", "document-expired"])
  }

  @Test func withoutNumbersOrRightsNothing() {
    let world = MemoryWorld()
    #expect(throws: Refusal("not-permitted")) {
      try world.run(RegisterPatient(traits: Self.louise), by: "account/switchboard")
    }
    world.numbers[.ipp] = []
    #expect(throws: Refusal("numbers-used-up")) { try world.run(RegisterPatient(traits: Self.louise)) }
  }

  @Test func unknownPatientsNeverShareALabel() throws {
    let world = MemoryWorld()
    world.numbers[.unknown] = ["URG1-003", "URG1-004"]
    let first = try world.run(RegisterUnknown(estimatedAge: 40, sex: .male, marks: " tatouage "))
    let second = try world.run(RegisterUnknown(secret: true))
    let one = try #require(world.patients[first.facts[0].subject])
    let other = try #require(world.patients[second.facts[0].subject])
    #expect(one.unknown == UnknownPatient(label: "URG1-003", estimatedAge: 40, marks: "tatouage"))
    #expect(one.sex == .male && !one.secret && one.identityStatus == .provisional)
    #expect(other.unknown == UnknownPatient(label: "URG1-004"))
    #expect(other.secret)
    #expect(one.ipp(of: nil) == "P10001" && other.ipp(of: nil) == "P10002")
    #expect(throws: Refusal("age-impossible", field: "estimatedAge")) {
      try world.run(RegisterUnknown(estimatedAge: 131))
    }
    #expect(throws: Refusal("numbers-used-up")) { try world.run(RegisterUnknown()) }
  }

  @Test func aCorrectionSaysWhatChangedAndNothingElse() throws {
    let world = MemoryWorld()
    let patient = try Self.register(world) { $0.phones = ["01"] }
    let shown = Traits(patient)
    var typed = shown
    typed.birthName = "Martinez"
    typed.phones = []
    let decision = try world.run(CorrectPatient(patient: patient.id, traits: typed, shown: shown))
    #expect(decision.facts.map(\.kind) == ["patient.corrected", "patient.status-changed"])
    #expect(decision.facts[0].data == ["birthName": "MARTINEZ", "phones": nil])
    #expect(decision.warnings == [Warning("print-again")])

    // Somebody else's form, opened before: their part is written, the rest is left alone.
    typed = shown
    typed.usedName = "Durand"
    let other = try world.run(CorrectPatient(patient: patient.id, traits: typed, shown: shown))
    #expect(other.facts[0].data == ["usedName": "DURAND"])
    #expect(other.warnings == [])
    typed = shown
    typed.birthName = "Martinet"
    let third = try world.run(CorrectPatient(patient: patient.id, traits: typed, shown: shown))
    #expect(third.warnings.contains(Warning("changed-meanwhile", field: "birthName")))
    #expect(throws: Refusal("nothing-changed")) {
      try world.run(CorrectPatient(patient: patient.id, traits: shown, shown: shown))
    }
    typed = shown
    typed.birthPlace = nil
    #expect(throws: Refusal("birth-place-missing", field: "birthPlace")) {
      try world.run(CorrectPatient(patient: patient.id, traits: typed))
    }
  }

  @Test func aFeedsOwnSpellingIsNotCorrectedByTheWay() throws {
    let world = MemoryWorld()
    let id = "patient/1"
    world.hear(
      Fact(kind: "patient.described", subject: id, at: .night, data: ["birthName": "Müller 3", "phones": ["1 "]]))
    var typed = Traits(try #require(world.patients[id]))
    typed.birthName = "MULLER"
    #expect(
      try world.run(CorrectPatient(patient: id, traits: typed)).facts[0].data == ["birthName": "MULLER"])
  }

  @Test func whoeverIsNamedIsNoLongerUnknown() throws {
    let world = MemoryWorld()
    let id = try world.run(RegisterUnknown(sex: .female)).facts[0].subject
    try world.run(CorrectPatient(patient: id, traits: Self.louise))
    #expect(world.patients[id]?.unknown == nil)
    #expect(world.patients[id]?.birthGivenNames == "LOUISE")
    #expect(world.patients[id]?.identityStatus == .provisional)
  }

  @Test func theArchiveMarkAndSecrecy() throws {
    let world = MemoryWorld()
    let id = try Self.register(world).id
    var typed = Traits(try #require(world.patients[id]))
    typed.archiveMark = " B-1204 "
    try world.run(CorrectPatient(patient: id, traits: typed))
    #expect(world.patients[id]?.archiveMark == "B-1204")
    typed.archiveMark = nil
    try world.run(CorrectPatient(patient: id, traits: typed))
    #expect(world.patients[id]?.archiveMark == nil)
    try world.run(SetSecret(patient: id, secret: true))
    #expect(world.patients[id]?.secret == true)
    try world.run(ProtectPresence(patient: id, protected: true, reason: "conjoint"))
    #expect(world.patients[id]?.protected == true)
    try world.run(ProtectPresence(patient: id, protected: false))
    #expect(world.patients[id]?.protected == false)
    #expect(throws: Refusal("nothing-changed", field: "protected")) {
      try world.run(ProtectPresence(patient: id, protected: false))
    }
  }

  /// A child born before the secrecy bears her name, and would tell of her.
  @Test func aChildsFileClosesWithItsMothers() throws {
    let world = MemoryWorld()
    let mother = try Self.register(world).id
    let child = try Self.register(world).id
    world.patients[child]?.mother = mother
    try world.run(SetSecret(patient: mother, secret: true))
    #expect(world.patients[child]?.secret == true)
    try world.run(SetSecret(patient: mother, secret: false))
    #expect(world.patients[child]?.secret == false && world.patients[mother]?.secret == false)
  }
}
