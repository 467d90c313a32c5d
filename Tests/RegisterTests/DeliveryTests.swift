import Hospital
import Ledger
import Register
import Testing

/// Children of one mother, of two deliveries.
struct DeliveryTests {
  @Test func childrenOfOneDelivery() async throws {
    let station = try TestStation()
    try await station.say(.registered("patient/mother", "PETIT"))
    for (child, hours) in [("a", -900), ("b", -899), ("c", -1)] {
      try await station.say(
        Fact(
          kind: "patient.registered", subject: "patient/\(child)", at: .night,
          data: ["birthName": "PETIT", "mother": "patient/mother"]),
        source: Source(sender: "GAM", control: child, text: "", instant: .hours(hours)))
    }
    func delivery(_ mother: String, around hour: Instant? = nil) throws -> [String] {
      try station.register.read { try $0.delivery(ofMother: mother, around: hour).map(\.id) }
    }
    #expect(try delivery("patient/mother") == ["patient/c"])
    #expect(try delivery("patient/mother", around: .hours(-900)) == ["patient/a", "patient/b"])
    #expect(try delivery("patient/a").isEmpty)
  }
}
