import Hospital
import Ledger
import Testing

/// A death is said of whoever wears the wristband that was read.
struct WristbandTests {
  private static let authority = "1.2.250.1.999.1"

  /// Louise with two numbers, one of them withdrawn, and an INS; an X whose file hers absorbed; and somebody else.
  private func world(_ status: String = "QUAL") throws -> MemoryWorld {
    let world = Scene.world()
    func number(_ value: String, _ type: String = "PI") -> JSON {
      ["value": .string(value), "authority": .string(Self.authority), "type": .string(type)]
    }
    world.hear(
      Fact(
        kind: "patient.registered", subject: Scene.louise, at: .night,
        data: [
          "status": .string(status), "identifiers": [number("P800123"), number("296032116623634", "INS")],
          "ins": ["matricule": "296032116623634", "oid": "1.2.250.1.213.1.4.8"],
        ]))
    world.hear(
      Fact(kind: "patient.identifier-withdrawn", subject: Scene.louise, at: .night, data: number("P700000")))
    world.hear(
      Fact(
        kind: "patient.registered", subject: Scene.loise, at: .night,
        data: ["identifiers": [number("600042")], "unknown": ["label": "URG1-003"]]))
    world.hear(
      Fact(kind: "patient.registered", subject: "patient/third", at: .night, data: ["identifiers": [number("P900")]]))
    try AfterMergeTests.admitted(Scene.loise)(world)
    AfterMergeTests.merge(Scene.loise, into: Scene.louise, world)
    return world
  }

  private static let died = "patient.died stay.discharged bed.body-present"

  @Test(arguments: [
    ("P800123", died), (" p800 123\n", died), ("600042", died), ("-ààà'é", died),
    ("-ààà'\"", "wristband-of-another [wristband]"),
    ("URG1-003", died), ("urg1-003", died),
    ("louise", died), ("lois", died), ("2 96 03 21 166 236 34", died), ("P900", "wristband-of-another [wristband]"),
    ("third", "wristband-of-another [wristband]"), ("P80012", "wristband-of-another [wristband]"),
    ("N10001", "wristband-of-another [wristband]"), ("P700000", "wristband-withdrawn [wristband]"),
    ("", "wristband-missing [wristband]"), (" \u{A0} ", "wristband-missing [wristband]"),
  ])
  func read(wristband: String, outcome: String) throws {
    let world = try world()
    #expect(Scene.outcome(AfterMergeTests.death(wristband), in: world, by: "account/physician") == outcome)
    #expect(world.patients[Scene.louise]?.deceased == (outcome == Self.died))
  }

  /// No wristband bears the INS of an identity that is not qualified.
  @Test func onlyAQualifiedINS() throws {
    let outcome = Scene.outcome(
      AfterMergeTests.death("296032116623634"), in: try world("RECUP"), by: "account/physician")
    #expect(outcome == "wristband-of-another [wristband]")
  }
}
