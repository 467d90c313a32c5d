import Hospital
import Ledger
import Testing

struct BirthAndDeathTests {
  /// A mother in the maternity's only bed.
  private func maternity(secret: Bool = false) throws -> (MemoryWorld, mother: String, stay: String) {
    let world = MemoryWorld()
    let structure = try #require(world.structure)
    world.numbers[.unknown] = ["URG1-001", "URG1-002"]
    let mother =
      secret
      ? try world.run(RegisterUnknown(sex: .female, secret: true)).facts[0].subject
      : try RegisteringTests.register(world).id
    let bed = structure.bedID(unit: "MATER", room: "31", code: "A")
    let admitted = try world.run(
      Admit(patient: mother, stayClass: .inpatient, unit: "MATER", bed: bed, entryMode: "8"), at: .hours(-3))
    return (world, mother, try #require(admitted.facts.first { $0.subject.hasPrefix("stay/") }?.subject))
  }

  @Test func aChildHasItsNumbersFromTheFirstMinute() throws {
    let (world, mother, stay) = try maternity()
    let decision = try world.run(
      RegisterBirth(mother: mother, children: [.init(sex: .female, at: .hours(-1))]), by: "account/nurse")
    #expect(decision.facts.map(\.kind) == ["patient.registered", "stay.admitted"])
    let child = try #require(world.patients[decision.facts[0].subject])
    #expect(child.birthName == "MARTIN")
    #expect(child.birthGivenName == nil)
    // 00:00 UTC is 02:00 in Paris: that same Sunday.
    #expect(child.birthDate == PartialDate(year: 2022, month: 8, day: 21))
    #expect(child.sex == .female)
    #expect(child.mother == mother)
    #expect(child.birthRank == nil)
    #expect(child.identityStatus == .provisional)
    #expect(child.ipp(of: "1.2.250.1.999.1") == "P10002")
    let admitted = try #require(world.stays[decision.facts[1].subject])
    #expect(admitted.patient == child.id)
    #expect(admitted.number == "N10002")
    #expect(admitted.entryMode == "N")
    #expect(admitted.motherStay == stay)
    #expect(admitted.place.unit == "MATER")
    #expect(admitted.movements.map(\.at) == [.hours(-1)])
  }

  /// And before its mother was admitted: on the way.
  @Test func anHourBeforeMidnightInParisIsTheDayBefore() throws {
    let (world, mother, _) = try maternity()
    // 21:30 UTC on Saturday is 23:30 in Paris.
    let born = Instant.night.adding(seconds: -(3 * 3600 + 1800))
    let decision = try world.run(RegisterBirth(mother: mother, children: [.init(sex: .male, at: born)]))
    #expect(world.patients[decision.facts[0].subject]?.birthDate == PartialDate(year: 2022, month: 8, day: 20))
    #expect(world.stays[decision.facts[1].subject]?.place.unit == "MATER")
  }

  @Test func twinsAreRankedAndNeverTheSame() throws {
    let (world, mother, stay) = try maternity()
    let decision = try world.run(
      RegisterBirth(
        mother: mother, motherStay: stay, children: [.init(sex: .female, givenName: "Anne"), .init(sex: .male)]))
    #expect(
      decision.facts.map(\.kind) == ["patient.registered", "stay.admitted", "patient.registered", "stay.admitted"])
    let children = [0, 2].compactMap { world.patients[decision.facts[$0].subject] }
    #expect(children.map(\.birthRank) == [1, 2])
    #expect(children.map(\.birthGivenName) == ["ANNE", nil])
    #expect(Set(children.map(\.id)).count == 2)
    #expect(children[0].isKin(of: children[1]))
    let third = try world.run(RegisterBirth(mother: mother, children: [.init(sex: .male)], firstRank: 3))
    #expect(world.patients[third.facts[0].subject]?.birthRank == 3)
  }

  /// Of a man, a child, or a woman past sixty: the file that is open may be another's.
  @Test(arguments: [
    (Sex.female, 1990, false), (.female, 1961, true), (.female, 2015, true), (.male, 1990, true),
    (.indeterminate, 1990, false),
  ])
  func anUnlikelyMotherIsSaid(sex: Sex, year: Int, isWarned: Bool) throws {
    let (world, mother, _) = try maternity()
    world.patients[mother]?.sex = sex
    world.patients[mother]?.birthDate = PartialDate(year: year)
    let decision = try world.run(RegisterBirth(mother: mother, children: [.init(sex: .female)]))
    #expect(decision.warnings.contains(Warning("mother-unlikely")) == isWarned)
  }

  @Test func underSecrecyNothingPassesToTheChild() throws {
    let (world, mother, _) = try maternity(secret: true)
    let decision = try world.run(RegisterBirth(mother: mother, children: [.init(sex: .female)]))
    let child = try #require(world.patients[decision.facts[0].subject])
    #expect(child.birthName == nil)
    #expect(child.unknown == UnknownPatient(label: "URG1-002"))
    #expect(child.secret)
  }

  @Test func whatIsNoDelivery() throws {
    let (world, mother, _) = try maternity()
    let other = try RegisteringTests.register(world).id
    for (command, code) in [
      (RegisterBirth(mother: mother, children: []), "children-count"),
      (RegisterBirth(mother: other, children: [.init(sex: .male)]), "mother-stay-unknown"),
      (RegisterBirth(mother: mother, motherStay: "stay/?", children: [.init(sex: .male)]), "mother-stay-unknown"),
      (
        RegisterBirth(mother: mother, children: [.init(sex: .male, bed: "bed/1"), .init(sex: .male, bed: "bed/1")]),
        "bed-occupied"
      ),
      (RegisterBirth(mother: mother, children: [.init(sex: .male, at: .hours(1))]), "at-future"),
      (RegisterBirth(mother: "patient/?", children: [.init(sex: .male)]), "patient-unknown"),
    ] {
      do {
        try world.run(command)
        Issue.record("\(code) was not refused")
      } catch { #expect(error.code == code) }
    }
  }

  @Test func aDeathEndsTheStayAndTheBedSaysSo() throws {
    let (world, mother, stay) = try maternity()
    let decision = try world.run(
      RecordDeath(
        patient: mother, wristband: "P10001", at: .hours(0, minutes: -20), physician: "Dr Petit", obstacle: true,
        familyToldBy: "IDE Morel"),
      by: "account/physician")
    #expect(decision.facts.map(\.kind) == ["patient.died", "stay.discharged", "bed.body-present"])
    #expect(
      decision.facts[0].data == [
        "deathAt": "2022-08-21T00:40:00.000Z", "physician": "Dr Petit", "obstacle": true, "familyToldBy": "IDE Morel",
      ])
    #expect(world.stays[stay]?.exitMode == "9")
    #expect(world.stays[stay]?.dischargedAt == .hours(0, minutes: -20))
    let bed = try #require(world.structure?.bedID(unit: "MATER", room: "31", code: "A"))
    #expect(world.beds[bed]?.condition == .bodyPresent)
    #expect(throws: Refusal("already-deceased", field: "patient")) {
      try world.run(RecordDeath(patient: mother, wristband: "P10001", physician: "x"))
    }
    let back = try world.run(WithdrawDeath(patient: mother))
    #expect(back.warnings == [Warning("death-stay-ended", ["number": "N10001"])])
    #expect(world.patients[mother]?.deceased == false)
    #expect(throws: Refusal("not-deceased", field: "patient")) { try world.run(WithdrawDeath(patient: mother)) }
  }

  @Test func whoArrivedDeadStaysNowhere() throws {
    let world = MemoryWorld()
    let id = try RegisteringTests.register(world).id
    try world.run(Admit(patient: id, stayClass: .emergency, unit: "URG"))
    let decision = try world.run(
      RecordDeath(patient: id, wristband: "P10001", at: .hours(0, minutes: -30), physician: "Dr Petit"),
      at: .hours(0, minutes: 10))
    #expect(decision.facts.map(\.kind) == ["patient.died", "stay.discharged"])
    let stay = try #require(world.stays.values.first)
    #expect(stay.status == .discharged && stay.exitMode == "9")
    #expect(world.patients[id]?.deathAt == .hours(0, minutes: -30))
  }

  @Test func aDeathIsWrittenWhateverItsStaySays() throws {
    let (world, mother, stay) = try maternity()
    try world.run(Transfer(stay: stay, unit: "4EST", at: .hours(0, minutes: -10)))
    // The hour of death is before a movement: the stay cannot end there.
    let decision = try world.run(
      RecordDeath(patient: mother, wristband: "P10001", at: .hours(-1), physician: "Dr Petit"))
    #expect(decision.facts.map(\.kind) == ["patient.died"])
    #expect(decision.warnings == [Warning("death-stay-open", ["number": "N10001"])])
    #expect(throws: Refusal("physician-missing", field: "physician")) {
      try world.run(
        RecordDeath(patient: try RegisteringTests.register(world).id, wristband: "P10002", physician: " "))
    }
  }
}

struct SituationTests {
  @Test func oneOfEachKindHolds() throws {
    let world = MemoryWorld()
    let id = try RegisteringTests.register(world).id
    try world.run(SetSituation(patient: id, situation: LegalSituation(kind: "minor", note: " père ")))
    try world.run(
      SetSituation(patient: id, situation: LegalSituation(kind: "psychiatric", code: "SL", since: .hours(-2))))
    try world.run(
      SetSituation(patient: id, situation: LegalSituation(kind: "psychiatric", code: "SDTU", since: .hours(-1))))
    #expect(
      world.patients[id]?.situations == [
        LegalSituation(kind: "minor", since: .night, note: "père"),
        LegalSituation(kind: "psychiatric", code: "SDTU", since: .hours(-1)),
      ])
    #expect(world.patients[id]?.situation(.minor)?.note == "père")
    try world.run(EndSituation(patient: id, kind: "minor"))
    #expect(world.patients[id]?.situations.map(\.kind) == ["psychiatric"])
    #expect(throws: Refusal("situation-absent", field: "kind")) {
      try world.run(EndSituation(patient: id, kind: "minor"))
    }
  }

  @Test(arguments: [
    (LegalSituation(kind: "tired"), "situation-unknown"),
    (LegalSituation(kind: "psychiatric"), "psychiatric-care-unknown"),
    (LegalSituation(kind: "psychiatric", code: "HDT"), "psychiatric-care-unknown"),
    (LegalSituation(kind: "custody", since: .hours(1)), "at-future"),
  ])
  func refused(situation: LegalSituation, code: String) throws {
    let world = MemoryWorld()
    let id = try RegisteringTests.register(world).id
    do {
      try world.run(SetSituation(patient: id, situation: situation))
      Issue.record("not refused")
    } catch { #expect(error.code == code) }
  }

  /// The same measure told more exactly keeps the name that a feed gave it; another one has none.
  @Test(arguments: [(Instant.hours(-2), "7^CH"), (.hours(-1), nil)] as [(Instant, String?)])
  func theFeedsNameOfIt(since: Instant, id: String?) throws {
    let world = MemoryWorld()
    let patient = try RegisteringTests.register(world).id
    let told = LegalSituation(kind: "psychiatric", code: "SDT", since: .hours(-2), id: "7^CH")
    world.hear(Fact(kind: "patient.situation-set", subject: patient, at: .hours(-2), data: told.json))
    try world.run(
      SetSituation(patient: patient, situation: LegalSituation(kind: "psychiatric", code: "SDTU", since: since)))
    #expect(world.patients[patient]?.situation(.psychiatric)?.id == id)
  }

  /// From Sunday 21 August, 01:00 UTC, hour to hour.
  @Test(arguments: ["SDT", "SDTU", "SPI", "SDRE"])
  func deadlines(code: String) {
    let situation = LegalSituation(kind: "psychiatric", code: code, since: .night)
    #expect(situation.deadlines.map(\.kind.rawValue) == ["certificate-24h", "certificate-72h", "judge-12d"])
    #expect(
      situation.deadlines.map(\.at.text) == [
        "2022-08-22T01:00:00.000Z", "2022-08-24T01:00:00.000Z", "2022-09-02T01:00:00.000Z",
      ])
  }

  @Test(arguments: [
    LegalSituation(kind: "psychiatric", code: "SL", since: .night), LegalSituation(kind: "psychiatric", code: "SDT"),
    LegalSituation(kind: "custody", code: "SDT", since: .night), LegalSituation(kind: "minor", since: .night),
  ])
  func withoutDeadlines(situation: LegalSituation) {
    #expect(situation.deadlines == [])
  }
}
