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
    try station.register.read { reading in
      let mother = "patient/mother"
      #expect(try reading.delivery(ofMother: mother).map(\.id) == ["patient/c"])
      #expect(try reading.delivery(ofMother: mother, around: .hours(-900)).map(\.id) == ["patient/a", "patient/b"])
      #expect(try reading.delivery(ofMother: "patient/a").isEmpty)
    }
  }
}
