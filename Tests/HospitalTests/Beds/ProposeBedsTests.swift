import Hospital
import Ledger
import Testing

struct ProposeBedsTests {
  static let all = Structure.small.beds

  /// `4EST/1/A same-unit …`
  static func proposals(
    _ propose: ProposeBeds, occupied: [String: [Sex?]] = [:], change: (inout [String: Bed]) -> Void = { _ in }
  ) -> [String] {
    var states = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
    change(&states)
    let beds = all.compactMap { states[$0.id] } + states.values.filter { $0.extra }
    return propose.among(beds, occupied: occupied, in: .small).map { proposal in
      let bed = states[proposal.bed]
      let name = [bed?.unit, bed?.room, bed?.code].compactMap { $0 }.joined(separator: "/")
      return ([name] + proposal.reasons).joined(separator: " ")
    }
  }

  /// Room 1 isolates, so that its beds come last for whoever needs no isolation.
  @Test func inTheUnitInItsOrder() {
    #expect(
      Self.proposals(ProposeBeds(unit: "4EST")) == ["4EST/2/A same-unit", "4EST/2/B same-unit", "4EST/1/A same-unit"])
  }

  @Test func isolation() {
    #expect(
      Self.proposals(ProposeBeds(unit: "4EST", isolation: "airborne"), occupied: [Scene.bedA: [nil]]) == [
        "4EST/1/B same-unit isolation-room shared-room", "4EST/2/A same-unit no-isolation-room",
        "4EST/2/B same-unit no-isolation-room",
      ])
  }

  @Test func aBedKeptForThemComesFirst() {
    let proposals = Self.proposals(ProposeBeds(unit: "4EST", own: ["stay/1"])) {
      $0[Scene.bedB]?.condition = .reserved
      $0[Scene.bedB]?.reservedFor = "stay/1"
      $0[Scene.bedA]?.condition = .reserved
      $0[Scene.bedA]?.reservedFor = "stay/2"
    }
    #expect(proposals == ["4EST/1/B kept-for-them same-unit", "4EST/2/A same-unit", "4EST/2/B same-unit"])
  }

  @Test func whatSpeaksAgainstComesLater() {
    let (a, b) = (Scene.bed("4EST", "2", "A"), Scene.bed("4EST", "2", "B"))
    let proposals = Self.proposals(ProposeBeds(unit: "4EST"), occupied: [Scene.bedA: [nil]]) {
      $0[a]?.condition = .toClean
      $0[b]?.staffed = false
    }
    #expect(
      proposals == [
        "4EST/2/A same-unit to-clean", "4EST/1/B same-unit shared-room", "4EST/2/B same-unit unstaffed",
      ])
  }

  @Test func neverClosedIsolatedForAnotherOrWithABody() {
    let proposals = Self.proposals(ProposeBeds(unit: "4EST")) {
      $0[Scene.bedA]?.condition = .closed
      $0[Scene.bedB]?.condition = .bodyPresent
      $0[Scene.bed("4EST", "2", "A")]?.isolation = "BHRe"
      $0[Scene.bed("4EST", "2", "B")]?.removed = true
    }
    #expect(proposals == [])
  }

  /// Nobody's sex is guessed: a room is as asked only where it is said of everybody in it.
  @Test(
    arguments: [
      ([Sex.female], "same-unit shared-as-asked"), ([.male], "same-unit shared-otherwise"),
      ([nil], "same-unit shared-otherwise"),
    ] as [([Sex?], String)])
  func sharingIsAsAsked(lying: [Sex?], reasons: String) {
    let proposals = Self.proposals(
      ProposeBeds(BedNeeds(unit: "4EST", sharing: .women)), occupied: [Scene.bed("4EST", "2", "A"): lying])
    #expect(proposals.contains("4EST/2/B \(reasons)"))
    #expect(proposals.first == (lying == [.female] ? "4EST/2/B \(reasons)" : "4EST/1/A same-unit"))
  }

  @Test func whoMustBeWatchedComesToAUnitThatWatches() {
    var structure = Structure.small
    structure.sites[0].units[1].specialty = "intensive"
    let found = ProposeBeds(BedNeeds(unit: "4EST", monitoring: true)).among(
      structure.beds, occupied: [:], in: structure)
    #expect(found.map(\.reasons).first == ["monitored-unit"])
    #expect(found.map(\.bed).first == Scene.bed("CHIR", "11", "A"))
    #expect(found.last?.reasons == ["same-unit", "no-monitoring"])
    let kind = ProposeBeds(BedNeeds(specialty: "obstetrics")).among(structure.beds, occupied: [:], in: structure)
    #expect(kind.map(\.bed) == [Scene.bed("MATER", "31", "A")])
  }

  @Test func anotherUnitOfTheSpecialty() {
    var structure = Structure.small
    structure.sites[0].units[1].specialty = "medicine"
    let proposals = ProposeBeds(unit: "4EST").among(
      structure.beds,
      occupied: Dictionary(uniqueKeysWithValues: structure.beds.filter { $0.unit == "4EST" }.map { ($0.id, [nil]) }),
      in: structure)
    #expect(proposals.map(\.reasons) == [["same-specialty"], ["same-specialty"]])
    #expect(proposals.map(\.bed) == [Scene.bed("CHIR", "11", "A"), Scene.bed("CHIR", "11", "B")])
  }
}

struct OccupancyTests {
  static func stay(_ id: String, mother: String? = nil, bed: String = "A") -> Stay {
    var stay = Stay(id: id)
    stay.motherStay = mother
    let fact = StayFoldTests.said(
      "admitted", 0, id, ["unit": "4EST", "room": "1", "bed": .string(bed), "class": "inpatient"])
    stay.fold(StayFoldTests.heard(fact, 0))
    return stay
  }

  @Test(
    arguments: [
      ("alone", [stay("stay/1")], false, []), ("two", [stay("stay/2"), stay("stay/1")], false, ["stay/1", "stay/2"]),
      ("two, doubled", [stay("stay/1"), stay("stay/2")], true, []),
      ("three, doubled", [stay("stay/1"), stay("stay/2"), stay("stay/3")], true, ["stay/1", "stay/2", "stay/3"]),
      (
        "mother and twins", [stay("stay/1"), stay("stay/2", mother: "stay/1"), stay("stay/3", mother: "stay/1")], false,
        []
      ),
      ("twins without her", [stay("stay/2", mother: "stay/1"), stay("stay/3", mother: "stay/1")], false, []),
      ("another's newborn", [stay("stay/1"), stay("stay/2", mother: "stay/9")], false, ["stay/1", "stay/2"]),
    ] as [(String, [Stay], Bool, [String])])
  func clash(rule: String, stays: [Stay], doubled: Bool, expected: [String]) {
    #expect(Occupancy.clashing(stays, doubled: doubled) == expected, "\(rule)")
    var beds = Dictionary(uniqueKeysWithValues: Structure.small.beds.map { ($0.id, $0) })
    beds[Scene.bedA]?.doubled = doubled
    let overlaps = Occupancy.overlaps(stays, beds: beds, structure: .small, at: .hours(1))
    #expect(overlaps.map(\.stays) == (expected.isEmpty ? [] : [expected]), "\(rule)")
    #expect(Occupancy.overlaps(stays, beds: beds, structure: .small, at: .hours(-1)) == [], "\(rule)")
  }

  /// A feed's pseudo-places hold whole units.
  @Test func bedsThatNobodyKnowsAreNoConflict() {
    let stays = [Self.stay("stay/1", bed: "TRAN"), Self.stay("stay/2", bed: "TRAN")]
    let beds = Dictionary(uniqueKeysWithValues: Structure.small.beds.map { ($0.id, $0) })
    #expect(Occupancy.overlaps(stays, beds: beds, structure: .small, at: .hours(1)) == [])
  }
}
