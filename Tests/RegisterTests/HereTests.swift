import Hospital
import Ledger
import Register
import Testing

/// Who is here or was lately, and where each of their stays goes next.
struct HereTests {
  /// Each with a stay of the same name.
  private static func station(_ names: String...) async throws -> TestStation {
    let station = try TestStation()
    for name in names {
      try await station.say(
        .registered("patient/\(name)", "MARTIN"),
        .stay("admitted", "stay/\(name)", patient: "patient/\(name)", key: name, bed: "4EST|1|A"))
    }
    return station
  }

  private static func merged(_ name: String, into other: String) -> Fact {
    Fact(kind: "patient.merged", subject: "patient/\(name)", at: .night, data: ["into": .string("patient/\(other)")])
  }

  /// b left 48 hours ago, c an hour later; d is a by now.
  @Test func whoIsHereOrWasWithinTwoDays() async throws {
    let station = try await Self.station("a", "b", "c", "d")
    try await station.say(
      .stay("discharged", "stay/b", key: "b2", at: .hours(1)), .stay("discharged", "stay/c", key: "c2", at: .hours(2)),
      Self.merged("d", into: "a"))
    let (patients, candidates) = try station.register.read {
      (try $0.patientsHere(at: .hours(49)), try $0.enquiryCandidates(at: .hours(49)))
    }
    #expect(patients.map(\.id) == ["patient/a", "patient/c"])
    #expect(candidates.map(\.patient.id) == ["patient/a", "patient/c"])
    #expect(candidates.map { $0.stays.map(\.id) } == [["stay/a", "stay/d"], ["stay/c"]])
  }

  /// In the order in which they were asked for, with nothing of each other's.
  @Test func eachStayHasItsOwnWay() async throws {
    let station = try await Self.station("a", "b", "c", "d")
    let request = BedRequest.subject(ofStay: "stay/b")
    var facts = [
      Fact(
        kind: "emergency.oriented", subject: EmergencyVisit.id(ofStay: "stay/a"), at: .night,
        data: ["key": "1", "way": "transfer", "reason": "ct", "stay": "stay/a"]),
      Fact(
        kind: "request.made", subject: request, at: .night,
        data: ["stay": "stay/b", "patient": "patient/b", "from": "ward", "needs": [:]]),
      Fact(kind: "request.accepted", subject: request, at: .night, data: ["bed": "bed/x"]),
      .bed("made", "bed/x", ["unit": "CHIR", "code": "X"]),
      .bed("reserved", "bed/x", ["request": .string(request)]),
      Fact(kind: "partner.declared", subject: "partner/1", at: .night, data: ["finess": "910000901", "name": "Évry"]),
    ]
    for (transfer, stay, partner) in [("2", "c", "1"), ("1", "c", "9"), ("3", "a", "1")] {
      facts.append(
        Fact(
          kind: "transfer.asked", subject: "transfer/\(transfer)", at: .night,
          data: ["stay": .string("stay/\(stay)"), "partner": .string("partner/\(partner)"), "kind": "definitive"]))
    }
    _ = try await station.register.submit(Submission(Say(facts), key: "ways", author: "system"))
    let stays = ["stay/c", "stay/a", "stay/none", "stay/d", "stay/b"]
    let (all, one) = try station.register.read { (try $0.underway(stays), try $0.underway("stay/c")) }
    #expect(all.map { $0.transfers.map(\.transfer.id) } == [["transfer/1", "transfer/2"], ["transfer/3"], [], [], []])
    #expect(all.map { $0.transfers.map(\.partner?.name) } == [[nil, "Évry"], ["Évry"], [], [], []])
    #expect(all.map { $0.visit?.orientation?.reason } == [nil, "ct", nil, nil, nil])
    #expect(all.map(\.request?.id) == [nil, nil, nil, nil, request])
    #expect(all.map { $0.beds.map(\.id) } == [[], [], [], [], ["bed/x"]])
    #expect(one.transfers.map(\.transfer.id) == ["transfer/1", "transfer/2"])
    #expect(try station.register.read { try $0.underway([]) }.isEmpty)
  }

  /// b and c absorbed each other, and b a: c's is not theirs, and a's is.
  @Test func aRingKeepsEachToItselfButNotWhoIsOutsideIt() async throws {
    let station = try await Self.station("a", "b", "c")
    try await station.say(Self.merged("a", into: "b"), Self.merged("b", into: "c"), Self.merged("c", into: "b"))
    let stays = try station.register.read { reading in
      try ["a", "b", "c"].map { Set(try reading.stays(ofPatient: "patient/\($0)")) }
    }
    #expect(stays == [["stay/a"], ["stay/a", "stay/b"], ["stay/c"]])
  }
}
