import Hospital
import Ledger
import Testing

struct MergingTests {
  private func world(_ one: JSONObject = JSONObject(), _ other: JSONObject = JSONObject()) -> MemoryWorld {
    let world = MemoryWorld()
    for (id, more) in [("patient/1", one), ("patient/2", other)] {
      var data = RegisteringTests.louise.json
      data["status"] = "VALI"
      for (key, value) in more.members { data[key] = value }
      world.hear(Fact(kind: "patient.registered", subject: id, at: .night, data: .object(data)))
    }
    return world
  }

  private let merge = MergePatients(absorbed: "patient/1", into: "patient/2", reason: "doublon")

  @Test func thereAndBack() throws {
    let world = world()
    let before = world.patients
    let decision = try world.run(merge, by: "account/records")
    #expect(decision.facts.map(\.subject) == ["patient/1"])
    #expect(decision.facts[0].data == ["into": "patient/2", "reason": "doublon"])
    #expect(world.patients["patient/1"]?.mergedInto == "patient/2")
    #expect(throws: Refusal("patient-merged", field: "patient")) { try world.run(merge, by: "account/records") }
    try world.run(UnmergePatients(patient: "patient/1", reason: "erreur"), by: "account/records")
    #expect(world.patients == before)
    #expect(throws: Refusal("not-merged", field: "patient")) {
      try world.run(UnmergePatients(patient: "patient/1"), by: "account/records")
    }
  }

  /// They are shown as one: no list may tell of the one what is not to be told of the other.
  @Test(arguments: [("patient/1", "patient/2"), ("patient/2", "patient/1")])
  func whatIsClosedOfEitherIsClosedOfBoth(closed: String, other: String) throws {
    let world = world()
    world.hear(Fact(kind: "patient.protected", subject: closed, at: .night, data: ["protected": true]))
    world.hear(Fact(kind: "patient.corrected", subject: closed, at: .night, data: ["secret": true]))
    try world.run(merge, by: "account/records")
    #expect(world.patients[other]?.protected == true && world.patients[other]?.secret == true)
    try world.run(UnmergePatients(patient: "patient/1", reason: "erreur"), by: "account/records")
    #expect(world.patients[other]?.protected == true && world.patients[other]?.secret == true)
  }

  @Test func noRings() throws {
    let world = world()
    try world.run(merge, by: "account/records")
    #expect(throws: Refusal("patient-merged", field: "patient")) {
      try world.run(MergePatients(absorbed: "patient/2", into: "patient/1"), by: "account/records")
    }
    #expect(throws: Refusal("merge-itself", field: "into")) {
      try world.run(MergePatients(absorbed: "patient/2", into: "patient/2"), by: "account/records")
    }
  }

  @Test(arguments: [
    ("system", "merge-by-person"), ("account/nurse", "not-permitted"), ("account/admission", "not-permitted"),
  ])
  func notByAnybody(author: String, code: String) {
    let world = world()
    do {
      try world.run(merge, by: author)
      Issue.record("not refused")
    } catch { #expect(error.code == code) }
    do {
      try world.run(UnmergePatients(patient: "patient/1"), by: author)
      Issue.record("not refused")
    } catch { #expect(error.code == code) }
  }

  /// Of whom, compared by whom, and the refusal.
  @Test(
    arguments: [
      (nil, [], "merge-second-person"), ("account/records", ["birthName", "birthDate"], "merge-second-person"),
      ("account/nobody", ["birthName", "birthDate"], "merge-second-person"),
      ("account/switchboard", ["birthName", "birthDate"], "merge-second-person"),
      ("account/nurse", [], "merge-traits"), ("account/nurse", ["birthName"], "merge-traits"),
      ("account/nurse", ["birthName", "birthName"], "merge-traits"),
      ("account/nurse", ["birthName", "shoes"], "merge-traits"), ("account/nurse", ["birthName", "birthDate"], nil),
    ] as [(String?, [String], String?)])
  func aProvisionalIdentityTakesTwoPeople(second: String?, traits: [String], code: String?) throws {
    let world = world(JSONObject([("status", "PROV")]))
    var merge = merge
    merge.checkedBy = second
    merge.checkedTraits = traits
    do {
      let decision = try world.run(merge, by: "account/records")
      #expect(code == nil)
      #expect(decision.facts[0].data["checkedBy"] == second.map { .string($0) })
      #expect(decision.facts[0].data["checkedTraits"] == ["birthName", "birthDate"])
    } catch { #expect(error.code == code) }
  }

  /// What the two files say of themselves, and the refusal.
  @Test(
    arguments: [
      (["mother": "patient/2"], [:], "merge-kin"), ([:], ["mother": "patient/1"], "merge-kin"),
      (["mother": "patient/m", "birthRank": 1], ["mother": "patient/m", "birthRank": 2], "merge-kin"),
      // One child written twice.
      (["mother": "patient/m", "birthRank": 1], ["mother": "patient/m", "birthRank": 1], nil),
      (
        ["ins": ["matricule": "296032116623634", "oid": "1.2.250.1.213.1.4.8"]],
        ["ins": ["matricule": "170032A00100101", "oid": "1.2.250.1.213.1.4.8"]], "merge-two-ins"
      ),
      (
        ["ins": ["matricule": "296032116623634", "oid": "1.2.250.1.213.1.4.8"]],
        ["ins": ["matricule": "296032116623634", "oid": "1.2.250.1.213.1.4.8"]], nil
      ),
    ] as [(JSON, JSON, String?)])
  func neverTwoPeople(one: JSON, other: JSON, code: String?) throws {
    let world = try world(#require(one.object), #require(other.object))
    do {
      try world.run(merge, by: "account/records")
      #expect(code == nil)
    } catch { #expect(error.code == code) }
  }

  @Test func whatDiffersIsSaid() throws {
    let world = world(JSONObject([("birthDate", "1961-03-21"), ("sex", "M")]))
    #expect(
      try world.run(merge, by: "account/records").warnings == [
        Warning("merge-differs", field: "birthDate"), Warning("merge-differs", field: "sex"), Warning("print-again"),
      ])
  }
}
