import Hospital
import Ledger
import Register
import Testing

struct TwinsTests {
  static func station() async throws -> TestStation {
    let station = try TestStation()
    let population = SamplePopulation(seed: 9)
    try await station.register((1000..<1500).map { population.patient($0, id: Patient.id($0)) })
    try await station.register([.person(1, "MARTIN", "Louise", "1961-03-12", used: "DURAND")])
    return station
  }

  @Test func slipsSwapsAndMarriedNamesAreSeen() async throws {
    let station = try await Self.station()
    for twin: Patient in [
      .person(50, "MARTIN", "Louise", "1961-03-12"), .person(50, "MARTN", "Louise", "1961-03-12"),
      .person(50, "Martin", "Louisa", "1961-03-12"), .person(50, "MARTIN", "Louise", "1961-12-03"),
      .person(50, "Louise", "MARTIN", "1961-03-12"), .person(50, "DURAND", "Louise", "1961-03-12"),
    ] {
      let found = try station.twins(twin)
      #expect(found.first?.patient.id == Patient.id(1), "\(twin.birthName ?? "") \(twin.birthGivenName ?? "")")
      #expect((found.first?.probability ?? 0) >= 0.5)
    }
  }

  @Test func strangersAreNot() async throws {
    let station = try await Self.station()
    for stranger: Patient in [
      .person(50, "MARTIN", "Louise", "1987-10-25"), .person(50, "DUBOIS", "Jean", "1961-03-12", .male),
      .person(50, nil, nil, nil), .person(50, "MARTIN", nil, nil),
    ] {
      #expect(try station.twins(stranger).isEmpty)
    }
  }

  @Test func neverItselfNorWhoeverItAbsorbed() async throws {
    let station = try await Self.station()
    let louise = Patient.person(1, "MARTIN", "Louise", "1961-03-12")
    #expect(try station.twins(louise).isEmpty)
    let twin = Patient.person(2, "MARTIN", "Louise", "1961-03-12")
    try await station.register([twin])
    #expect(try station.twins(louise).map(\.patient.id) == [Patient.id(2)])
    try await station.say(
      Fact(kind: "patient.merged", subject: Patient.id(2), at: .hours(1), data: ["into": .string(Patient.id(1))]))
    #expect(try station.twins(louise).isEmpty)
    #expect(try station.twins(twin).isEmpty)
  }

  @Test func neverMotherAndChildNorChildrenOfOneBirth() async throws {
    let station = try await Self.station()
    var first = Patient.person(10, "MARTIN", "Jeanne", "2022-08-20")
    first.mother = Patient.id(1)
    var second = Patient.person(11, "MARTIN", "Jeanne", "2022-08-21")
    second.mother = Patient.id(1)
    // Entered with the mother's own traits, as happens in the delivery room.
    var third = Patient.person(12, "MARTIN", "Louise", "1961-03-12")
    third.mother = Patient.id(1)
    try await station.register([first, second, third])
    for child in [first, second, third] { #expect(try station.twins(child).isEmpty) }
    #expect(try station.twins(.person(1, "MARTIN", "Louise", "1961-03-12")).isEmpty)
  }

  @Test func neverTheUnknownNorTheSecret() async throws {
    let station = try await Self.station()
    var unknown = Patient.person(20, "MARTIN", "Louise", "1961-03-12")
    unknown.unknown = UnknownPatient(label: "URG1-001")
    var secret = Patient.person(21, "MARTIN", "Louise", "1961-03-12")
    secret.secret = true
    try await station.register([unknown, secret])
    #expect(try station.twins(.person(1, "MARTIN", "Louise", "1961-03-12")).isEmpty)
    #expect(try station.twins(unknown).isEmpty)
    #expect(try station.twins(secret).isEmpty)
  }
}
