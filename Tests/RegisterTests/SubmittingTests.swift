import Foundation
import GRDB
import Hospital
import Ledger
import Register
import Testing

/// Deciding and keeping: once, whole, and in nobody else's way.
struct SubmittingTests {
  @Test func aKeyThatWasHeardAnswersTheSame() async throws {
    let station = try TestStation()
    let first = try await station.say(.registered("patient/a", "MARTIN"), key: "key-1")
    let again = try await station.say(.registered("patient/b", "DURAND"), key: "key-1")
    #expect(!first.isRepeated)
    #expect(again.isRepeated)
    #expect(again.hash == first.hash)
    #expect(again.sequence == 3)
    #expect(again.facts == first.facts)
    #expect(try station.register.read { try $0.patient("patient/b") } == nil)
  }

  /// A page that reads and calls what reads is a mistake nobody dies of: both see one state.
  @Test func readingWhileReading() async throws {
    let station = try TestStation()
    try await station.say(.registered("patient/a", "MARTIN"), key: "key-1")
    let found = try station.register.read { outer in
      try station.register.read { inner in
        try inner.patient("patient/a")?.id == outer.patient("patient/a")?.id
      }
    }
    #expect(found)
    #expect(try station.register.read { try $0.patient("patient/a") } != nil)
  }

  @Test func anotherFormUnderItsKeyIsRefused() async throws {
    let station = try TestStation()
    func send(_ patient: String, asked: [UInt8]) async throws -> Receipt {
      try await station.register.submit(
        Submission(Say([.registered(patient, "MARTIN")]), key: "key-1", author: "system", asked: asked))
    }
    let first = try await send("patient/a", asked: [1, 2])
    #expect(try await send("patient/a", asked: [1, 2]).hash == first.hash)
    await #expect(throws: Refusal("command-used")) { _ = try await send("patient/b", asked: [1, 3]) }
    #expect(try station.register.read { try $0.patient("patient/b") } == nil)
  }

  @Test func warningsAreHeardAgain() async throws {
    struct Warn: Command {
      func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
        Decision(
          facts: [.registered("patient/a", "MARTIN")], warnings: [Warning("odd-hour", field: "at", ["unit": "4EST"])])
      }
    }
    let station = try TestStation()
    for _ in 1...2 {
      let receipt = try await station.register.submit(Submission(Warn(), key: "key-1", author: "system"))
      #expect(receipt.warnings == [Warning("odd-hour", field: "at", ["unit": "4EST"])])
    }
  }

  @Test func oneRefusalAmongThirtyTwo() async throws {
    let station = try TestStation()
    let submissions = (0..<32).map { number in
      Submission(
        number == 17 ? Refuse() : Say([.registered("patient/\(number)", "MARTIN")]), key: "key-\(number)",
        author: "system")
    }
    let results = await station.register.submit(submissions)
    #expect(results.count == 32)
    for (number, result) in results.enumerated() {
      switch result {
      case .success(let receipt): #expect(receipt.subject("patient") == "patient/\(number)")
      case .failure(let error): #expect(number == 17 && error as? Refusal == Refusal("cannot-be-written"))
      }
    }
    // Two lines of the opening, thirty-one of these.
    #expect(try station.register.read { try $0.counts().commits } == 33)
    #expect(try station.register.read { try $0.counts().patients } == 31)
    #expect(try station.register.verifyLedger().failures.isEmpty)
  }

  /// A bug takes its own submission back, and no other.
  @Test func aBugRefusesItsOwnSubmissionAlone() async throws {
    let station = try TestStation()
    try await station.say(.registered("patient/damaged", "MARTIN"))
    try station.register.writeTables { db in try db.execute(sql: "UPDATE states SET stored = x'00' WHERE revision > 2")
    }
    // The writer still holds it; another process would not.
    let folder = try TestStation.copy(of: station.folder)
    let register = try Register(folder: folder.path, access: .writing, environment: station.environment.environment)
    let results = await register.submit(
      ["a", "damaged", "b"].map {
        Submission(Say([.registered("patient/\($0)", "DURAND")]), key: "key-\($0)", author: "system")
      })
    #expect(try results[0].get().subject("patient") == "patient/a")
    #expect(throws: Refusal("software-failed")) { try results[1].get() }
    #expect(try results[2].get().subject("patient") == "patient/b")
    #expect(try register.read { try $0.patient("patient/a") }?.birthName == "DURAND")
    #expect(try register.read { try $0.counts().patients } == 3)
    let next = try await register.submit(
      Submission(Say([.registered("patient/c", "PETIT")]), key: "c", author: "system"))
    #expect(next.sequence == (try results[2].get().sequence) + 1)
    #expect(try register.verifyLedger().failures.isEmpty)
  }

  @Test func whatNoLineCanHoldIsRefused() async throws {
    let station = try TestStation()
    await #expect(throws: Refusal("cannot-be-written")) {
      try await station.say(.registered("patient/a", String(repeating: "A", count: 2_000_000)))
    }
    await #expect(throws: Refusal("cannot-be-written")) {
      try await station.say(.registered("patient/a", "MARTIN", at: Instant(milliseconds: .max)))
    }
    try await station.say(.registered("patient/a", "MARTIN"))
  }

  @Test func sixtyFourAtOnce() async throws {
    let station = try TestStation()
    let numbers = try await withThrowingTaskGroup(of: String?.self) { group in
      for _ in 0..<64 {
        group.addTask {
          try await station.register.submit(Submission(Number(), key: UUID().uuidString, author: "system"))
            .facts.first?.data["identifiers"]?.array?.first?["value"]?.string
        }
      }
      return try await group.reduce(into: [String?]()) { $0.append($1) }
    }
    #expect(Set(numbers).count == 64)
    #expect(numbers.compactMap(\.self).sorted().first == "900100")
    let report = try station.register.verifyLedger()
    #expect(report.failures.isEmpty)
    #expect(report.commits == 66)
  }

  @Test func listenersHearWhatChanged() async throws {
    let station = try TestStation()
    let changes = station.register.changes()
    try await station.say(
      .registered("patient/a", "MARTIN"),
      .stay("admitted", "stay/a", patient: "patient/a", key: "m1", bed: "4EST|1|A"))
    let heard = try #require(await changes.first { _ in true })
    #expect(heard == ["patient/a", "stay/a", "unit:4EST"])
  }

  /// Nothing was said of the file that lives on, and it tells something else.
  @Test(arguments: [("patient.merged", ["into": "patient/b"]), ("patient.unmerged", [:])] as [(String, JSON)])
  func whoeverListensHearsOfTheFileThatAnotherJoinedOrLeft(kind: String, data: JSON) async throws {
    let station = try TestStation()
    try await station.say(.registered("patient/a", "MARTIN"), .registered("patient/b", "MARTIN"))
    if kind == "patient.unmerged" {
      try await station.say(Fact(kind: "patient.merged", subject: "patient/a", at: .night, data: ["into": "patient/b"]))
    }
    let changes = station.register.changes()
    try await station.say(Fact(kind: kind, subject: "patient/a", at: .night, data: data))
    #expect(await changes.first { _ in true } == ["patient/a", "patient/b"])
  }

  /// A visit goes on under another name: that stay's page shows what is said of both, and so do its units.
  @Test func whoeverListensHearsOfTheStayThatGoesOn() async throws {
    let station = try TestStation()
    try await station.say(
      .registered("patient/a", "MARTIN"), EmergencyTests.stay("admitted", "a", class: "emergency"),
      .stay("admitted", "stay/b", patient: "patient/a", key: "m1", bed: "CARD|1|A"))
    let changes = station.register.changes()
    try await station.say(Fact(kind: "stay.continued", subject: "stay/a", at: .night, data: ["as": "stay/b"]))
    #expect(await changes.first { _ in true } == ["stay/a", "stay/b", "unit:4EST", "unit:CARD"])
    let later = station.register.changes()
    try await station.say(FlowTests.said("oriented", "a", at: .night, ["key": "1", "way": "here"]))
    #expect(await later.first { _ in true }?.contains("unit:CARD") == true)
  }

  /// Where somebody goes next may close their name on the pages of a unit, wherever they were meanwhile.
  @Test(arguments: [
    ("transfer.left", "transfer/a", ["transfer/a", "transfers"]),
    ("emergency.oriented", EmergencyVisit.id(ofStay: "stay/a"), [EmergencyVisit.id(ofStay: "stay/a"), "transfers"]),
    ("request.made", "request/a", ["request/a", "requests"]),
  ])
  func whoeverListensToAUnitHearsWhereItsPatientsGo(kind: String, subject: String, others: [String]) async throws {
    let station = try TestStation()
    try await station.say(
      .registered("patient/a", "MARTIN"),
      .stay("admitted", "stay/a", patient: "patient/a", key: "m1", bed: "4EST|1|A"),
      .stay(
        "transferred", "stay/a", key: "m2", bed: "CARD|2|B", at: Instant(milliseconds: Instant.night.milliseconds + 1)),
      Fact(
        kind: "transfer.asked", subject: "transfer/a", at: .night, data: ["stay": "stay/a", "partner": "partner/b"]))
    let changes = station.register.changes()
    try await station.say(Fact(kind: kind, subject: subject, at: .night, data: ["stay": "stay/a", "way": "here"]))
    let heard = try #require(await changes.first { _ in true })
    #expect(heard == Set(others + ["unit:4EST", "unit:CARD"]))
  }

  @Test func oneWriterForAFolder() throws {
    let station = try TestStation()
    #expect(throws: RegisterFault.locked(folder: station.folder.path)) {
      try Register(folder: station.folder.path, access: .writing, environment: station.environment.environment)
    }
    let reader = try Register(
      folder: station.folder.path, access: .reading, environment: station.environment.environment)
    #expect(try reader.read { try $0.counts().commits } == 2)
    #expect(throws: RegisterFault.stationThere(folder: station.folder.path)) {
      try Register.create(
        folder: station.folder.path, station: "urg-1", structure: .small,
        environment: station.environment.environment)
    }
    #expect(try Register.isThere(folder: station.folder.path))
  }

  @Test func noStationInAnEmptyFolder() throws {
    let folder = try TemporaryFolder()
    #expect(try !Register.isThere(folder: folder.path))
    #expect(throws: RegisterFault.noStation(folder: folder.path)) {
      try Register(folder: folder.path, access: .reading, environment: TestEnvironment().environment)
    }
  }

  @Test func everythingAcknowledgedIsSynced() throws {
    let station = try TestStation()
    let synchronous = try station.register.writeTables { db in try Int.fetchOne(db, sql: "PRAGMA synchronous") }
    #expect(synchronous == 2)
  }
}
