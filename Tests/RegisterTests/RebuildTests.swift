import Foundation
import Hospital
import Ledger
import Register
import Testing

/// Read models come and go; what the ledger says stays.
struct RebuildTests {
  @Test func aRebuildGivesTheSame() async throws {
    let station = try TestStation()
    try await fill(station)
    let before = try Seen(station.register)
    try forgetFolds(station.register)
    var heard: [Int] = []
    let reopened = try reopen(station) { done, of in heard.append(done * 1000 / max(of, 1)) }
    #expect(try Seen(reopened) == before)
    #expect(heard.first == 0)
    #expect(heard.last == 1000)
    // What was never used before it is used first after it.
    let next = try await reopened.submit(Submission(Number(), key: "after", author: "system"))
    #expect(next.facts.first?.data["identifiers"]?.array?.first?["value"]?.string == "900103")
  }

  /// Wherever one batch ends: the last new subject of one is spoken of again at the beginning of the next, or much later.
  @Test(arguments: [1, 2, 3, 5, 8])
  func batchesMeetAnywhere(rows: Int) async throws {
    let station = try TestStation()
    try await fill(station)
    for number in 1...12 {
      let source = Source(sender: "GAM", control: "\(100 + number)", text: "", instant: .hours(-10))
      try await station.say(
        .registered("patient/\(number)", "PETIT", identifier: "\(number + 10)"),
        .stay("admitted", "stay/\(number)", patient: "patient/\(number)", key: "feed|\(number + 10)", bed: "4EST|1|B"))
      try await station.say(
        .stay("discharged", "stay/\(number)", patient: "patient/\(number)", key: "feed|out\(number)"), source: source)
      try await station.say(.registered("patient/\(max(1, number - 4))", "PETIT \(number)"))
    }
    let before = try Seen(station.register)
    let copy = try TestStation.copy(of: station.folder)
    try Register.rebuild(folder: copy.path, batchRows: rows)
    let rebuilt = try Register(folder: copy.path, access: .writing, environment: station.environment.environment)
    #expect(try Seen(rebuilt) == before)
    let found = try rebuilt.read { try $0.search("petit", now: .night).map(\.patient.id).sorted() }
    #expect(found.count == 12)
    #expect(try found == station.register.read { try $0.search("petit", now: .night).map(\.patient.id).sorted() })
    let next = try await rebuilt.submit(Submission(Number(), key: "after", author: "system"))
    #expect(next.facts.first?.data["identifiers"]?.array?.first?["value"]?.string == "900103")
  }

  @Test func aReaderRebuildsToo() async throws {
    let station = try TestStation()
    try await fill(station)
    let before = try Seen(station.register)
    try forgetFolds(station.register)
    let (folder, environment) = (station.folder, station.environment.environment)
    let other = try TestStation.copy(of: folder)
    let reader = try Register(folder: other.path, access: .reading, environment: environment)
    #expect(try Seen(reader) == before)
  }

  /// Numbers that a refused command took are used by nobody, and given to nobody else while this station runs.
  @Test func numbersAreGivenOnce() async throws {
    let station = try TestStation()
    func number(_ command: Number) async throws -> String? {
      let submission = Submission(command, key: UUID().uuidString, author: "system")
      return try await station.register.submit(submission).facts.first?.data["identifiers"]?.array?.first?["value"]?
        .string
    }
    #expect(try await number(Number()) == "900100")
    await #expect(throws: Refusal("cannot-be-written")) { try await number(Number(refuses: true)) }
    #expect(try await number(Number()) == "900102")
    // A person typed in what a printed sheet bore: it is used, and those before it are passed over.
    try await station.say(.registered("patient/sheet", "DURAND", identifier: "900110"))
    #expect(try await number(Number()) == "900111")
  }

  @Test func theRangeEnds() async throws {
    let station = try TestStation()
    let left = try station.register.read { try $0.numbersLeft(.ipp) }
    #expect(left == NumbersLeft(left: 100, granted: 100))
    try await station.say(.registered("patient/sheet", "DURAND", identifier: "900169"))
    let low = try station.register.read { try $0.numbersLeft(.ipp) }
    #expect(low == NumbersLeft(left: 30, granted: 100))
    #expect(low.isLow)
    try await station.say(.registered("patient/last", "DURAND", identifier: "900199"))
    await #expect(throws: Refusal("cannot-be-written")) {
      try await station.register.submit(Submission(Number(), key: "none", author: "system"))
    }
  }

  @Test func anotherSliceGoesOnWhereTheFirstEnded() async throws {
    let station = try TestStation()
    try await station.say(.registered("patient/last", "DURAND", identifier: "900199"))
    func grant(_ first: Int, _ last: Int) async throws {
      let command = GrantNumbers(kind: .ipp, first: first, last: last)
      _ = try await station.register.submit(Submission(command, key: UUID().uuidString, author: "system"))
    }
    try await grant(300, 309)
    await #expect(throws: Refusal("numbers-granted", field: "first", ["first": "100", "last": "199"])) {
      try await grant(150, 250)
    }
    let given = try await station.register.submit(Submission(Number(), key: "next", author: "system"))
    #expect(given.facts.first?.data["identifiers"]?.array?.first?["value"]?.string == "900300")
    #expect(try station.register.read { try $0.numbersLeft(.ipp) } == NumbersLeft(left: 9, granted: 110))
  }

  private func fill(_ station: TestStation) async throws {
    for _ in 0..<3 {
      _ = try await station.register.submit(Submission(Number(), key: UUID().uuidString, author: "system"))
    }
    let source = Source(sender: "GAM", control: "1", text: "", instant: .hours(-20))
    try await station.say(
      .registered("patient/a", "MARTIN", identifier: "5"),
      .stay("admitted", "stay/a", patient: "patient/a", key: "feed|1", bed: "4EST|1|A", number: "N000018"))
    try await station.say(
      .registered("patient/b", "DURAND", identifier: "5"),
      .stay("admitted", "stay/b", patient: "patient/b", key: "feed|1", bed: "4EST|1|A", number: "N000018"))
    try await station.say(.registered("patient/a", "MARTON"), source: source)
    try await station.say(
      Fact(kind: "account.opened", subject: "account/x", at: .night, data: ["login": "morel", "roles": ["admission"]]))
    try await station.say(Fact(kind: "mode.declared", subject: "mode/hospital", at: .night, data: ["mode": "degrade"]))
    let bed = Bed.id(finess: "910000000", unit: "CHIR", room: "1", code: "A")
    try await station.say(.bed("closed", bed, ["reason": "fuite"]))
    station.register.recordRead(account: "account/x", patient: "patient/a", where: "/patient/a")
    try station.register.flushReads()
  }

  private func forgetFolds(_ register: Register) throws {
    try register.writeTables { db in try db.execute(sql: "UPDATE meta SET value = -1 WHERE key = 'folds'") }
  }

  private func reopen(_ station: TestStation, _ progress: (Int, Int) -> Void) throws -> Register {
    // The first one still holds the lock, as another process would.
    let copy = try TestStation.copy(of: station.folder)
    return try Register(
      folder: copy.path, access: .writing, environment: station.environment.environment, progress: progress)
  }
}

/// What pages would show.
private struct Seen: Equatable {
  var digest: DigestReport
  /// What each says and turns on.
  var conflicts: [String]
  var board: [[Int]]
  var counts: Counts
  var reads: [PatientRead]
  var mode: ModeState
  var structure: Structure?
  var stays: [String]
  var closed: BedCondition?

  init(_ register: Register) throws {
    self = try register.read { reading in
      try Seen(
        digest: reading.digest(), conflicts: reading.conflicts().map(\.version),
        board: reading.board(at: .hours(1)).units.map { $0.places.map(\.occupants.count) },
        counts: reading.counts(),
        reads: reading.reads(ofPatient: "patient/a"), mode: reading.mode, structure: reading.structure,
        stays: reading.stays(withNumber: "N000018"),
        closed: reading.bed(Bed.id(finess: "910000000", unit: "CHIR", room: "1", code: "A"))?.condition)
    }
  }

  private init(
    digest: DigestReport, conflicts: [String], board: [[Int]], counts: Counts, reads: [PatientRead], mode: ModeState,
    structure: Structure?, stays: [String], closed: BedCondition?
  ) {
    self.digest = digest
    self.conflicts = conflicts
    self.board = board
    self.counts = counts
    self.reads = reads
    self.mode = mode
    self.structure = structure
    self.stays = stays
    self.closed = closed
  }
}
