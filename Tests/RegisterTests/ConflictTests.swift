import Hospital
import Ledger
import Register
import Testing

/// What was said twice differently is kept, shown, and gone once it was settled.
struct ConflictTests {
  /// Before two files bear one INS, whoever writes it down for the second hears so.
  @Test func anINSThatAnotherFileBearsIsSaid() async throws {
    let station = try TestStation()
    let ins = INS(matricule: "296032116623634", oid: "1.2.250.1.213.1.4.8")
    let traits: JSON = ["birthName": "PETIT", "birthGivenName": "Lise", "birthDate": "1996-03-12", "sex": "F"]
    try await station.say(
      Fact(kind: "patient.registered", subject: "patient/a", at: .night, data: ["ins": ins.json]),
      Fact(kind: "patient.registered", subject: "patient/b", at: .night, data: traits))
    let command = ChangeIdentityStatus(patient: "patient/b", status: .retrieved, ins: ins)
    let receipt = try await station.register.submit(Submission(command, key: "status", author: "system"))
    #expect(receipt.warnings.map(\.code) == ["ins-borne-by-another"])
  }

  @Test func twoPatientsInOneBed() async throws {
    let station = try TestStation()
    try await admit("a", station, bed: "4EST|1|A")
    #expect(try conflicts(station) == [])
    try await admit("b", station, bed: "4EST|1|A")
    #expect(try conflicts(station) == [.init(.bed, BoardTests.bedA, ["stay/a", "stay/b"])])
    // Declared: two on purpose. Not three.
    try await station.say(.bed("doubled", BoardTests.bedA, ["doubled": true, "reason": "afflux"]))
    #expect(try conflicts(station) == [])
    try await admit("c", station, bed: "4EST|1|A")
    #expect(try conflicts(station) == [.init(.bed, BoardTests.bedA, ["stay/a", "stay/b", "stay/c"])])
    try await station.say(.stay("discharged", "stay/b", key: "b2", at: .hours(1)))
    try await station.say(.stay("transferred", "stay/c", key: "c2", bed: "4EST|1|B", at: .hours(1)))
    #expect(try conflicts(station) == [])
  }

  @Test func theSameCodeInAnotherRoomIsAnotherBed() async throws {
    let station = try TestStation()
    try await admit("a", station, bed: "4EST|1|A")
    try await admit("b", station, bed: "4EST|2|A")
    #expect(try conflicts(station) == [])
  }

  /// Of two rooms each with a bed of that code; who says no room may be in either.
  @Test(arguments: [["4EST|1|A", "4EST|1|A", "4EST|2|A", "4EST|2|A"], ["4EST|1|A", nil, "4EST|2|A"]] as [[String?]])
  func eachRoomIsAskedAbout(beds: [String?]) async throws {
    let station = try TestStation()
    for (name, bed) in zip(["a", "b", "c", "d"], beds) {
      if let bed {
        try await admit(name, station, bed: bed)
      } else {
        let movement: JSON = ["key": .string("\(name)1"), "unit": "4EST", "bed": "A"]
        try await station.say(
          Fact(
            kind: "stay.admitted", subject: "stay/\(name)", at: .night,
            data: ["patient": .string("patient/\(name)"), "movement": movement]))
      }
    }
    let other = Bed.id(finess: "910000000", unit: "4EST", room: "2", code: "A")
    let expected: [Found] = [
      .init(.bed, BoardTests.bedA, ["stay/a", "stay/b"]),
      .init(.bed, other, beds.count == 4 ? ["stay/c", "stay/d"] : ["stay/b", "stay/c"]),
    ]
    #expect(try conflicts(station).sorted { $0.subjects[0] < $1.subjects[0] } == expected)
  }

  @Test func aMotherAndHerTwinsAreWhereTheyShouldBe() async throws {
    let station = try TestStation()
    try await admit("m", station, bed: "4EST|1|A")
    for child in ["t1", "t2"] {
      try await station.say(
        Fact(
          kind: "patient.registered", subject: "patient/\(child)", at: .night,
          data: ["birthName": "MARTIN", "mother": "patient/m"]))
      try await station.say(
        .stay("admitted", "stay/\(child)", patient: "patient/\(child)", key: "\(child)1", bed: "4EST|1|A"))
    }
    #expect(try conflicts(station) == [])
  }

  @Test func oneNumberOfTwoIdentities() async throws {
    let station = try TestStation()
    try await station.say(.registered("patient/a", "MARTIN", identifier: "77", authority: "1.2"))
    try await station.say(.registered("patient/b", "MARTIN", identifier: "77", authority: "1.3"))
    #expect(try conflicts(station) == [])
    let receipt = try await station.say(.registered("patient/c", "MARTIN", identifier: "77", authority: "1.2"))
    #expect(try conflicts(station) == [.init(.identifier, "77", ["patient/a", "patient/c"])])
    let facts = try station.register.read { try $0.conflicts() }.first?.facts
    #expect(
      facts?.last
        == FactPlace(station: station.register.station, sequence: receipt.sequence, hash: receipt.hash, place: 0))
    try await station.say(
      Fact(kind: "patient.merged", subject: "patient/c", at: .night, data: ["into": "patient/a"]))
    #expect(try conflicts(station) == [])
    try await station.say(Fact(kind: "patient.unmerged", subject: "patient/c", at: .night, data: [:]))
    #expect(try conflicts(station) == [.init(.identifier, "77", ["patient/a", "patient/c"])])
    try await station.say(
      Fact(
        kind: "patient.identifier-withdrawn", subject: "patient/c", at: .night,
        data: ["value": "77", "authority": "1.2", "type": "PI"]))
    #expect(try conflicts(station) == [])
  }

  @Test func oneNumberOfTwoStays() async throws {
    let station = try TestStation()
    try await admit("a", station, number: "N1")
    try await admit("b", station, number: "N1")
    #expect(try conflicts(station) == [.init(.number, "N1", ["stay/a", "stay/b"])])
  }

  @Test func oneNumberOfTwoAuthoritiesTwice() async throws {
    let station = try TestStation()
    for (name, authority) in [("a", "1.2"), ("b", "1.3"), ("c", "1.2"), ("d", "1.3")] {
      try await admit(name, station, number: "N1")
      try await station.say(
        Fact(
          kind: "stay.described", subject: "stay/\(name)", at: .night, data: ["numberAuthority": .string(authority)]))
    }
    let expected = [["stay/a", "stay/c"], ["stay/b", "stay/d"]].map { Found(.number, "N1", $0) }
    #expect(try conflicts(station).sorted { $0.subjects[0] < $1.subjects[0] } == expected)
  }

  @Test func mergesThatCloseARing() async throws {
    let station = try TestStation()
    for (from, into) in [("a", "b"), ("b", "c"), ("c", "a"), ("x", "a")] {
      try await station.say(
        Fact(kind: "patient.merged", subject: "patient/\(from)", at: .night, data: ["into": .string("patient/\(into)")])
      )
    }
    #expect(try conflicts(station) == [.init(.ring, nil, ["patient/a", "patient/b", "patient/c"])])
    #expect(try station.register.read { try $0.survivor(of: "patient/a") } == "patient/a")
    #expect(try station.register.read { try $0.survivor(of: "patient/x") } == "patient/a")
  }

  @Test func oneStayOfTwoPatients() async throws {
    let station = try TestStation()
    try await admit("a", station)
    try await station.say(Fact(kind: "stay.described", subject: "stay/a", at: .night, data: ["patient": "patient/b"]))
    #expect(try conflicts(station) == [.init(.claimed, nil, ["patient/a", "patient/b", "stay/a"])])
    try await station.say(Fact(kind: "stay.reassigned", subject: "stay/a", at: .night, data: ["patient": "patient/b"]))
    #expect(try conflicts(station) == [])
  }

  @Test func oneMovementOfTwoVisits() async throws {
    let station = try TestStation()
    try await admit("a", station, key: "GAM|1")
    try await admit("b", station, key: "GAM|1")
    #expect(try conflicts(station) == [.init(.movement, "GAM|1", ["stay/a", "stay/b"])])
  }

  private func admit(
    _ name: String, _ station: TestStation, bed: String? = nil, number: String? = nil, key: String? = nil
  ) async throws {
    try await station.say(
      .registered("patient/\(name)", "MARTIN"),
      .stay("admitted", "stay/\(name)", patient: "patient/\(name)", key: key ?? "\(name)1", bed: bed, number: number))
  }

  private func conflicts(_ station: TestStation) throws -> [Found] {
    try station.register.read { try $0.conflicts() }.map { Found($0.kind, $0.key, $0.subjects) }
  }
}

private struct Found: Equatable {
  var kind: Conflict.Kind
  var key: String?
  var subjects: [String]

  init(_ kind: Conflict.Kind, _ key: String?, _ subjects: [String]) {
    self.kind = kind
    self.key = key
    self.subjects = subjects
  }
}
