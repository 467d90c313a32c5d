import Hospital
import Ledger
import Register
import Testing

/// Who lies where, now and at any hour of the past.
struct BoardTests {
  static let bedA = Bed.id(finess: "910000000", unit: "4EST", room: "1", code: "A")

  @Test func everyPlaceIsOnTheBoard() async throws {
    let station = try TestStation()
    try await fill(station)
    let board = try station.register.read { try $0.board(at: .hours(2)) }
    #expect(board.units.map(\.code) == ["4EST", "CHIR", "URG"])
    // Four beds each; a stretcher made in CHIR; URG is in no structure.
    #expect(board.units.map(\.places.count) == [4, 5, 0])
    #expect(board.units.map(\.occupied) == [1, 1, 0])
    #expect(board.units.map(\.free) == [2, 4, 0])
    #expect(board.units.map(\.unplaced.count) == [0, 0, 1])
    let first = try #require(board.units.first?.places.first)
    #expect(first.bed.id == Self.bedA)
    #expect(first.occupants.map(\.patient?.birthName) == ["MARTIN"])
    #expect(first.occupants.map(\.since) == [.hours(0)])
    #expect(board.units[1].places.last?.bed.code == "BR1")
    #expect(board.units[1].places.last?.occupants.map(\.stay.id) == ["stay/b"])
  }

  @Test func thePastIsAsItWas() async throws {
    let station = try TestStation()
    try await fill(station)
    func occupied(_ instant: Instant) throws -> [Int] {
      try station.register.read { try $0.census(at: instant) }.units.map(\.occupied)
    }
    #expect(try occupied(.hours(-1)) == [0, 0])
    #expect(try occupied(.hours(0)) == [1, 0])
    #expect(try occupied(.hours(4)) == [0, 2, 0])
    #expect(try occupied(.hours(6)) == [0, 1, 0])
    let census = try station.register.read { try $0.census(at: .hours(4)) }
    #expect(census.beds == 9)
    #expect(census.occupied == 2)
    let ward = try station.register.read { try $0.unit("CHIR", at: .hours(4)) }
    #expect(ward?.places.map { $0.occupants.map(\.stay.id) } == [["stay/a"], [], [], [], ["stay/b"]])
    #expect(try station.register.read { try $0.occupants(ofBed: Self.bedA, at: .hours(2)) } == ["stay/a"])
    #expect(try station.register.read { try $0.occupants(ofBed: Self.bedA, at: .hours(4)) } == [])
  }

  @Test func figuresSayWhatTheBoardShows() async throws {
    let station = try TestStation()
    try await fill(station)
    let figures = try station.register.read { try $0.figures(at: .hours(2)) }
    #expect(
      figures == [
        UnitFigures(code: "4EST", beds: 4, occupied: 1, free: 2, reserved: 0, toClean: 0, closed: 1, present: 1),
        UnitFigures(code: "CHIR", beds: 5, occupied: 1, free: 4, reserved: 0, toClean: 0, closed: 0, present: 1),
        UnitFigures(code: "URG", beds: 0, occupied: 0, free: 0, reserved: 0, toClean: 0, closed: 0, present: 1),
      ])
  }

  /// Of whom no movement says in which unit they are: nobody who is here is on no list.
  @Test func whoeverIsInNoUnit() async throws {
    let station = try TestStation()
    try await station.say(
      Fact(
        kind: "stay.admitted", subject: "stay/d", at: .night,
        data: ["patient": "patient/d", "movement": ["key": "d1", "trigger": "A01"]]))
    try station.register.read { (reading: Reading) throws in
      let row = try #require(try reading.board(at: .hours(1)).units.last)
      #expect(row.code == BoardUnitRow.unsaid && row.unplaced.map(\.stay.id) == ["stay/d"])
      #expect(try reading.unit(row.code, at: .hours(1))?.unplaced.map(\.stay.id) == ["stay/d"])
      #expect(try reading.figures(at: .hours(1)).last?.present == 1)
      #expect(try reading.coverage(now: .hours(1)).lacks[.unit] == ["stay/d"])
    }
  }

  @Test func occupancyOverTheNight() async throws {
    let station = try TestStation()
    try await fill(station)
    let points = try station.register.read {
      try $0.occupancy(from: .hours(-1), to: .hours(6), stepSeconds: 3600)
    }
    #expect(points.map(\.at) == (-1...6).map { .hours($0) })
    #expect(points.map(\.occupied) == [0, 1, 2, 2, 2, 2, 1, 1])
    #expect(points.map(\.present) == [0, 1, 3, 3, 3, 3, 2, 2])
  }

  /// Merged identities show as the one that absorbed them, with the stays of both.
  @Test func absorbedIdentitiesShowTheirHeir() async throws {
    let station = try TestStation()
    try await fill(station)
    try await station.say(
      Fact(kind: "patient.merged", subject: "patient/a", at: .hours(1), data: ["into": "patient/b"]))
    try station.register.read { (reading: Reading) throws in
      let first = try reading.board(at: .hours(2)).units.first?.places.first
      #expect(first?.occupants.map(\.patient?.id) == ["patient/b"])
      #expect(try reading.survivor(of: "patient/a") == "patient/b")
      #expect(try reading.stays(ofPatient: "patient/b") == ["stay/b", "stay/a"])
      #expect(try reading.stays(ofPatient: "patient/a") == ["stay/a"])
      #expect(try reading.absorbed(by: "patient/b") == ["patient/a"])
    }
    try await station.say(Fact(kind: "patient.unmerged", subject: "patient/a", at: .hours(1), data: [:]))
    #expect(try station.register.read { try $0.stays(ofPatient: "patient/b") } == ["stay/b"])
  }

  @Test func newbornsLieWithTheirMother() async throws {
    let station = try TestStation()
    try await station.say(
      .registered("patient/mother", "MARTIN"),
      Fact(
        kind: "patient.registered", subject: "patient/child", at: .night,
        data: ["birthName": "MARTIN", "mother": "patient/mother", "birthRank": 1]))
    #expect(try station.register.read { try $0.newborns(ofMother: "patient/mother") } == ["patient/child"])
  }

  /// a: 4EST 1 A, from 0 h to CHIR 1 A at 3 h, gone at 5 h; b: a stretcher of CHIR since 1 h; c: URG, without a bed.
  private func fill(_ station: TestStation) async throws {
    try await station.say(
      .registered("patient/a", "MARTIN"),
      .stay("admitted", "stay/a", patient: "patient/a", key: "a1", bed: "4EST|1|A"),
      .stay("transferred", "stay/a", key: "a2", bed: "CHIR|1|A", at: .hours(3)),
      .stay("discharged", "stay/a", key: "a3", at: .hours(5)))
    let stretcher = Bed.id(finess: "910000000", unit: "CHIR", room: "C", code: "BR1")
    try await station.say(
      .bed("made", stretcher, ["unit": "CHIR", "room": "C", "code": "BR1", "kind": "stretcher", "staffed": true]),
      .bed("closed", Bed.id(finess: "910000000", unit: "4EST", room: "2", code: "B"), ["reason": "fuite"]))
    try await station.say(
      .registered("patient/b", "DURAND"),
      .stay("admitted", "stay/b", patient: "patient/b", key: "b1", bed: "CHIR|C|BR1", at: .hours(1)),
      .registered("patient/c", "PETIT"),
      .stay("admitted", "stay/c", patient: "patient/c", key: "c1", bed: "URG", at: .hours(1)))
  }
}
