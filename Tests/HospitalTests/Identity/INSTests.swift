import Hospital
import Testing

struct INSTests {
  static let nir = "1.2.250.1.213.1.4.8"

  /// Keys reckoned by hand: 97 minus the first 13 modulo 97.
  @Test(arguments: [
    ("296032116623634", true), ("296032116623635", false),
    ("111111111111120", true), ("111111111111111", false),
    // Corsica: 2A counts as 19, 2B as 18, in the department alone.
    ("170032A00100101", true), ("170032B00100128", true), ("170032A00100128", false), ("170032B00100101", false),
    ("1700A2A00100101", false), ("170032C00100101", false), ("2A0032A00100101", false), ("170031A00100101", false),
    ("29603211662363", false), ("2960321166236340", false), ("", false), ("296032116623 34", false),
    ("２９６032116623634", false), ("29603211662363A", false),
  ])
  func keys(matricule: String, fits: Bool) {
    #expect(INS(matricule: matricule, oid: Self.nir).keyFits == fits)
  }

  @Test(arguments: [
    ("1.2.250.1.213.1.4.8", INS.Domain.nir, false), ("1.2.250.1.213.1.4.9", .nia, false),
    ("1.2.250.1.213.1.4.10", .test, true), ("1.2.250.1.213.1.4.11", .demonstration, true),
  ])
  func domains(oid: String, domain: INS.Domain, isForPractice: Bool) throws {
    let found = try #require(INS(matricule: "296032116623634", oid: oid).domain)
    #expect(found == domain)
    #expect(found.isForPractice == isForPractice)
  }

  @Test(arguments: ["1.2.250.1.213.1.4.2", "1.2.250.1.213.1.4.80", "", " 1.2.250.1.213.1.4.8"])
  func otherDomains(oid: String) {
    #expect(INS(matricule: "296032116623634", oid: oid).domain == nil)
    #expect(!INS(matricule: "296032116623634", oid: oid).isWellFormed)
  }
}

struct IdentityStatusTests {
  private func patient(_ status: IdentityStatus?, _ attributes: [String] = [], ins: INS? = nil) -> Patient {
    var patient = Patient(id: "patient/1")
    patient.statusSaid = status
    patient.attributes = attributes
    patient.ins = ins
    return patient
  }

  static let good = INS(matricule: "296032116623634", oid: "1.2.250.1.213.1.4.8")
  static let wrongKey = INS(matricule: "296032116623635", oid: "1.2.250.1.213.1.4.8")

  @Test(
    arguments: [
      (nil, [], nil, IdentityStatus.provisional), (.provisional, [], nil, .provisional),
      (.retrieved, [], nil, .retrieved), (.retrieved, [], good, .retrieved), (.provisional, [], good, .provisional),
      (.validated, [], nil, .validated), (.validated, [], good, .qualified), (.qualified, [], good, .qualified),
      (.qualified, [], nil, .validated), (.validated, [], wrongKey, .validated), (.qualified, [], wrongKey, .validated),
      (.validated, ["DOUT"], good, .provisional), (.qualified, ["HOMA", "FICT"], good, .provisional),
      (.retrieved, ["DOUT"], nil, .provisional), (.validated, ["HOMA", "CACH"], good, .qualified),
    ] as [(IdentityStatus?, [String], INS?, IdentityStatus)])
  func derived(said: IdentityStatus?, attributes: [String], ins: INS?, expected: IdentityStatus) {
    let patient = patient(said, attributes, ins: ins)
    #expect(patient.identityStatus == expected)
    #expect((QualifiedINS(of: patient) != nil) == (expected == .qualified))
  }
}
