import Hospital
import Ledger
import Testing

struct QualifyingTests {
  static let good = INS(matricule: "296032116623634", oid: "1.2.250.1.213.1.4.8")
  static let other = INS(matricule: "170032A00100101", oid: "1.2.250.1.213.1.4.8")
  static let practice = INS(matricule: "296032116623634", oid: "1.2.250.1.213.1.4.10")
  static let card = IdentityDocument(kind: "CN")

  /// A patient of that status, said as a person here would have.
  static func world(_ status: IdentityStatus, _ attributes: [String] = []) -> (MemoryWorld, String) {
    let world = MemoryWorld()
    let id = "patient/1"
    var data: JSONObject = RegisteringTests.louise.json
    data["status"] = .string(status.rawValue)
    data["attributes"] = .array(attributes.map { .string($0) })
    if status == .retrieved || status == .qualified { data["ins"] = good.json }
    if status == .validated || status == .qualified { data["document"] = card.json }
    world.hear(Fact(kind: "patient.registered", subject: id, at: .night, data: .object(data)))
    return (world, id)
  }

  enum Answer: Equatable, Sendable {
    case becomes(IdentityStatus, kinds: [String])
    case refused(String)
  }
  static let changed = ["patient.status-changed"]
  static let removedAndChanged = ["patient.ins-removed", "patient.status-changed"]

  /// From, to, document shown, INS answered, and what becomes of it.
  @Test(
    arguments: [
      (.provisional, .provisional, nil, nil, .refused("status-unchanged")),
      (.provisional, .retrieved, nil, good, .becomes(.retrieved, kinds: changed)),
      (.provisional, .retrieved, nil, nil, .refused("ins-missing")),
      (.provisional, .validated, card, nil, .becomes(.validated, kinds: changed)),
      (.provisional, .validated, nil, nil, .refused("document-missing")),
      (.provisional, .validated, IdentityDocument(kind: "CV"), nil, .refused("document-not-trusted")),
      (.provisional, .validated, IdentityDocument(kind: "ZZ"), nil, .refused("document-unknown")),
      (.provisional, .validated, IdentityDocument(kind: ""), nil, .refused("document-missing")),
      (.provisional, .qualified, card, good, .becomes(.qualified, kinds: changed)),
      (.provisional, .qualified, card, nil, .refused("ins-missing")),
      (.provisional, .qualified, nil, good, .refused("document-missing")),
      (.provisional, .qualified, card, INS(matricule: "296032116623635", oid: good.oid), .refused("ins-key")),
      (.provisional, .qualified, card, INS(matricule: good.matricule, oid: "1.2.3"), .refused("ins-domain")),
      (.retrieved, .provisional, nil, nil, .becomes(.provisional, kinds: removedAndChanged)),
      (.retrieved, .retrieved, nil, nil, .refused("status-unchanged")),
      (.retrieved, .validated, card, nil, .refused("status-move")),
      (.retrieved, .qualified, card, nil, .becomes(.qualified, kinds: changed)),
      (.retrieved, .qualified, nil, nil, .refused("document-missing")),
      (.validated, .provisional, nil, nil, .becomes(.provisional, kinds: changed)),
      (.validated, .retrieved, nil, good, .refused("status-move")),
      (.validated, .validated, card, nil, .refused("status-unchanged")),
      (.validated, .qualified, nil, good, .becomes(.qualified, kinds: changed)),
      (.validated, .qualified, nil, nil, .refused("ins-missing")),
      (.qualified, .provisional, nil, nil, .becomes(.provisional, kinds: removedAndChanged)),
      (.qualified, .retrieved, nil, nil, .becomes(.retrieved, kinds: changed)),
      (.qualified, .validated, nil, nil, .becomes(.validated, kinds: removedAndChanged)),
      (.qualified, .qualified, card, good, .refused("status-unchanged")),
    ] as [(IdentityStatus, IdentityStatus, IdentityDocument?, INS?, Answer)])
  func moves(
    from: IdentityStatus, to: IdentityStatus, document: IdentityDocument?, ins: INS?, expected: Answer
  ) {
    let (world, id) = Self.world(from)
    do {
      let decision = try world.run(ChangeIdentityStatus(patient: id, status: to, document: document, ins: ins))
      let patient = world.patients[id] ?? Patient(id: id)
      #expect(.becomes(patient.identityStatus, kinds: decision.facts.map(\.kind)) == expected)
      // Proofs that are not needed any more are gone with it.
      #expect((patient.ins != nil) == [.retrieved, .qualified].contains(to))
      #expect((patient.document != nil) == [.validated, .qualified].contains(to))
    } catch { #expect(.refused(error.code) == expected) }
  }

  @Test(arguments: [("DOUT", "identity-doubtful"), ("FICT", "identity-fictive")])
  func doubtTakesEveryProofAway(attribute: String, code: String) throws {
    let (world, id) = Self.world(.qualified, ["HOMA"])
    try world.run(MarkIdentity(patient: id, attribute: attribute, isSet: true))
    var patient = try #require(world.patients[id])
    #expect(patient.identityStatus == .provisional)
    #expect(patient.statusSaid == .provisional)
    #expect(patient.ins == nil)
    #expect(patient.attributes == ["HOMA", attribute])
    for status in [IdentityStatus.retrieved, .validated, .qualified] {
      #expect(throws: Refusal(code, field: "status")) {
        try world.run(ChangeIdentityStatus(patient: id, status: status, document: Self.card, ins: Self.good))
      }
    }
    try world.run(MarkIdentity(patient: id, attribute: attribute, isSet: false))
    patient = try #require(world.patients[id])
    #expect(patient.identityStatus == .provisional)
    #expect(patient.attributes == ["HOMA"])
    try world.run(ChangeIdentityStatus(patient: id, status: .qualified, document: Self.card, ins: Self.good))
    #expect(world.patients[id]?.identityStatus == .qualified)
  }

  /// The status before, its attributes, and the facts that follow the correction.
  @Test(
    arguments: [
      (.qualified, [], removedAndChanged), (.retrieved, [], removedAndChanged), (.validated, [], changed),
      (.provisional, [], changed), (.qualified, ["DOUT"], removedAndChanged),
    ] as [(IdentityStatus, [String], [String])])
  func aStrictTraitCorrectedIsNotProved(status: IdentityStatus, attributes: [String], kinds: [String]) throws {
    let (world, id) = Self.world(status, attributes)
    var typed = Traits(try #require(world.patients[id]))
    typed.usedName = "Durand"
    let other = try world.run(CorrectPatient(patient: id, traits: typed))
    #expect(other.facts.map(\.kind) == ["patient.corrected"] && other.warnings.isEmpty, "a used name proves nothing")
    typed.birthDate = PartialDate(year: 1961, month: 3, day: 21)
    let decision = try world.run(CorrectPatient(patient: id, traits: typed))
    #expect(decision.facts.map(\.kind) == ["patient.corrected"] + kinds)
    #expect(decision.facts[0].data == ["birthDate": "1961-03-21"])
    #expect(decision.warnings.contains(Warning("strict-trait-changed")) == (status != .provisional))
    let patient = try #require(world.patients[id])
    #expect(patient.statusSaid == .provisional && patient.identityStatus == .provisional)
    #expect(patient.ins == nil && patient.document == nil && QualifiedINS(of: patient) == nil)
  }

  @Test func theCorrectionSaysWhatFalls() throws {
    let (world, id) = Self.world(.qualified)
    var typed = Traits(try #require(world.patients[id]))
    typed.birthName = "Martinez"
    let decision = try world.run(CorrectPatient(patient: id, traits: typed))
    #expect(
      decision.facts.map(\.data) == [["birthName": "MARTINEZ"], [:], ["status": "PROV", "document": nil, "ins": nil]])
    #expect(decision.warnings == [Warning("print-again"), Warning("strict-trait-changed")])
    try world.run(ChangeIdentityStatus(patient: id, status: .qualified, document: Self.card, ins: Self.good))
    #expect(world.patients[id]?.identityStatus == .qualified, "proved anew")
  }

  /// What a feed says next of a qualified identity, and the status after it.
  @Test(
    arguments: [
      (["birthName": "MARTINEZ"], .provisional), (["birthDate": "1961-03-21"], .provisional),
      (["birthName": "MARTINEZ", "status": "VALI"], .validated),
      (["birthName": "Martin", "phones": ["01"]], .qualified),
      (["usedName": "DURAND"], .qualified),
    ] as [(JSON, IdentityStatus)])
  func aFeedThatChangesAStrictTraitAnswersForIt(data: JSON, status: IdentityStatus) throws {
    let (world, id) = Self.world(.qualified)
    var patient = try #require(world.patients[id])
    let fact = Fact(kind: "patient.described", subject: id, at: .night, data: data)
    let source = Source(sender: "GAM", control: "1", text: "20220821010000", instant: .night)
    patient.fold(
      Heard(
        fact: fact, time: HybridTime(instant: .night, counter: 1), station: "urg-1", author: "system", command: "c",
        source: source))
    #expect(patient.identityStatus == status)
    #expect((QualifiedINS(of: patient) != nil) == (status == .qualified))
  }

  @Test func marks() throws {
    let (world, id) = Self.world(.validated, ["CACH"])
    try world.run(MarkIdentity(patient: id, attribute: "HOMD", isSet: true))
    #expect(world.patients[id]?.attributes == ["CACH", "HOMD"])
    #expect(world.patients[id]?.identityStatus == .validated)
    #expect(throws: Refusal("nothing-changed", field: "attribute")) {
      try world.run(MarkIdentity(patient: id, attribute: "HOMD", isSet: true))
    }
    #expect(throws: Refusal("attribute-unknown", field: "attribute")) {
      try world.run(MarkIdentity(patient: id, attribute: "CACH", isSet: false))
    }
  }

  @Test func oneINSIsNotWrittenOverByAnother() {
    let (world, id) = Self.world(.retrieved)
    #expect(throws: Refusal("ins-present", field: "ins")) {
      try world.run(ChangeIdentityStatus(patient: id, status: .qualified, document: Self.card, ins: Self.other))
    }
  }

  @Test func anINSThatAnotherFileBearsIsSaid() throws {
    let (world, id) = Self.world(.provisional)
    world.hear(Fact(kind: "patient.described", subject: "patient/2", at: .night, data: ["ins": Self.good.json]))
    let decision = try world.run(ChangeIdentityStatus(patient: id, status: .retrieved, ins: Self.good))
    #expect(decision.warnings == [Warning("ins-borne-by-another", field: "ins")])
  }

  /// 1 is a man's: of a woman's file it is another's number, or a slip.
  @Test func anINSOfTheOtherSexIsSaid() throws {
    let (world, id) = Self.world(.provisional)
    let decision = try world.run(ChangeIdentityStatus(patient: id, status: .retrieved, ins: Self.other))
    #expect(decision.warnings == [Warning("ins-other-sex", field: "ins")])
  }

  @Test func numbersForPracticeAreNobodysWherePatientsAreReal() throws {
    let (world, id) = Self.world(.provisional)
    world.structure?.fictive = false
    #expect(throws: Refusal("ins-practice", field: "ins")) {
      try world.run(ChangeIdentityStatus(patient: id, status: .retrieved, ins: Self.practice))
    }
    world.structure?.fictive = true
    try world.run(ChangeIdentityStatus(patient: id, status: .retrieved, ins: Self.practice))
    #expect(world.patients[id]?.ins == Self.practice)
  }

  @Test func nobodyUnnamedRises() throws {
    let world = MemoryWorld()
    let id = try world.run(RegisterUnknown()).facts[0].subject
    #expect(throws: Refusal("strict-traits-missing", field: "status")) {
      try world.run(ChangeIdentityStatus(patient: id, status: .validated, document: Self.card))
    }
  }

  @Test(arguments: ["account/nurse", "account/switchboard", "account/physician"])
  func notByEverybody(author: String) {
    let (world, id) = Self.world(.provisional)
    #expect(throws: Refusal("not-permitted")) {
      try world.run(ChangeIdentityStatus(patient: id, status: .retrieved, ins: Self.good), by: author)
    }
  }
}
