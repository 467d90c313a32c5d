import Hospital
import Ledger
import Testing

/// Numbers that another system knows somebody by, said when their file is made.
@Suite struct OtherNumbersTests {
  private func register(_ world: MemoryWorld, _ numbers: [Identifier]) throws -> Patient {
    let command = RegisterPatient(traits: RegisteringTests.louise, numbers: numbers)
    let decision = try world.run(command, by: "account/admission")
    return try #require(world.patients[decision.facts[0].subject])
  }

  private static let lab = Identifier(value: "L-1", authority: "1.2.250.1.77", type: "MR")

  @Test func theyComeAfterOurOwn() throws {
    let patient = try register(MemoryWorld(), [Self.lab])
    #expect(
      patient.identifiers == [Identifier(value: "P10001", authority: "1.2.250.1.999.1", type: "PI"), Self.lab])
  }

  @Test(arguments: [
    ("number-not-yours", Identifier(value: "P1", authority: "1.2.250.1.999.1", type: "PI")),
    ("number-not-yours", Identifier(value: "261032906400175", authority: "1.2.250.1.213.1.4.8", type: "XX")),
    ("number-not-yours", Identifier(value: "261032906400175", authority: "CNAM", type: "INS")),
    ("number-not-yours", Identifier(value: "261032906400175", authority: "CNAM", type: "INS-NIR")),
    ("number-not-yours", Identifier(value: "261032906400175", authority: "CNAM", type: "INS-NIR-DEMO")),
    ("number-invalid", Identifier(value: " ", authority: "1.2.250.1.77", type: "MR")),
    ("number-invalid", Identifier(value: "1", authority: "", type: "MR")),
    ("number-invalid", Identifier(value: String(repeating: "1", count: 101), authority: "1.2.250.1.77", type: "MR")),
    ("number-known", lab),
  ])
  func refused(code: String, number: Identifier) throws {
    let world = MemoryWorld()
    if code == "number-known" { _ = try register(world, [Self.lab]) }
    let before = world.facts.count
    #expect {
      _ = try register(world, [number])
    } throws: { error in
      (error as? Refusal)?.code == code && (error as? Refusal)?.field == "identifiers"
    }
    #expect(world.facts.count == before)
  }
}
